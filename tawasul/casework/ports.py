"""What other rooms lend to casework: words to the citizen, what a ticket's code says, a hint to the desks' pages."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from tawasul.domain.case import Case
from tawasul.domain.places import GovernorateId
from tawasul.store.unit_of_work import UnitOfWork

ReadsCode = Callable[[str], str]
"""The reference of a ticket from what was scanned or typed. Raises: TicketNotValid."""

TasksChanged = Callable[[GovernorateId], None]
"""Told after a commit that made a task of this governorate's desk, or by which one went away."""


class CaseNews(enum.StrEnum):
    """What a citizen is told of, in neutral words: the message's kind has the same value."""

    ANSWER_READY = "answer-ready"
    ANSWER_CLOSES_SOON = "answer-closes-soon"
    QUESTION = "question"


class Telling(Protocol):
    """Plans a message in the transaction of what it tells of."""

    async def tell_of_case(
        self, uow: UnitOfWork, news: CaseNews, case: Case, *, now: datetime, closes_at: datetime | None = None
    ) -> None:
        """Does not commit. ``closes_at``: until when an answer may be contested."""
        ...
