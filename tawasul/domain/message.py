"""A message to a citizen (F107, F113): neutral by its kind, without full name, purpose or number of anybody."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from tawasul.domain.audience import AudienceId
from tawasul.domain.people import CitizenId
from tawasul.domain.private import Private

MessageId = NewType("MessageId", str)


class MessageKind(enum.StrEnum):
    """What it says; its words are in the catalogue: ``message-<kind>``."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER_DAY = "reminder-day"
    REMINDER_HOURS = "reminder-hours"
    OFFER = "offer"
    OFFER_LAPSED = "offer-lapsed"
    OFFER_WITHDRAWN = "offer-withdrawn"
    """The time that was offered is closed, by no doing of the citizen's: they wait as before."""
    REBOOKED = "rebooked"
    """The office's time changed: here is another, which may be changed again."""
    TIME_LOST = "time-lost"
    """The office's time changed and none was found yet: somebody will call."""
    ANSWER_READY = "answer-ready"
    """A case has its answer, which may be accepted or contested for a while."""
    ANSWER_CLOSES_SOON = "answer-closes-soon"
    QUESTION = "question"
    """An agency needs to know something: a desk will ask."""


class MessageState(enum.StrEnum):
    """Where a message stands."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``facts`` fill its words (moments, references, a link), JSON, sealed at rest."""

    id: MessageId
    kind: MessageKind
    citizen_id: CitizenId
    audience_id: AudienceId | None
    language: str
    facts: Private[str]
    due_at: datetime
    made_at: datetime
    state: MessageState = MessageState.DUE
    attempts: int = 0
    sent_at: datetime | None = None
