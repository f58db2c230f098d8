"""Agencies (جهات): who does what was directed. Each has accounts of its own and answers for what is referred to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NewType

from tawasul.domain.errors import AgencyClosed
from tawasul.domain.places import Name

AgencyId = NewType("AgencyId", str)

USUAL_ACCEPTANCE_DAYS: Final = 2
USUAL_ANSWER_DAYS: Final = 15


@dataclass(frozen=True, slots=True)
class Agency:
    """``acceptance_days`` and ``answer_days``: working days it has to take a referral on, and to answer it.

    From ``closed_on`` (a day in Riyadh) nothing is referred to it any more; what it has it still answers.
    """

    id: AgencyId
    name: Name
    acceptance_days: int = USUAL_ACCEPTANCE_DAYS
    answer_days: int = USUAL_ANSWER_DAYS
    closed_on: date | None = None

    def require_open(self, today: date) -> None:
        """Raises: AgencyClosed: nothing may be referred to it any more."""
        if self.closed_on is not None and today >= self.closed_on:
            raise AgencyClosed
