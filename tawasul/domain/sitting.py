"""A sitting (جلسة المجلس): a stretch of the Amir's or a deputy's time for audiences, cut into slots."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

SittingId = NewType("SittingId", str)

NO_BUFFER = timedelta(0)


class Purpose(enum.StrEnum):
    """A rehearsal holds the self-test's robots; it never shows on the office's board."""

    MAJLIS = "majlis"
    REHEARSAL = "rehearsal"


class Receiver(enum.StrEnum):
    """Whose time it is."""

    AMIR = "amir"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True)
class Sitting:
    """From ``opens_at`` to ``closes_at`` (aware datetimes, UTC): a slot of ``slot_length``, ``buffer`` with nobody, and
    so on. ``quota``: the most slots that one governorate may book until the quota is released
    (``scheduler.core.quota``); ``None``: no bound.
    """

    id: SittingId
    opens_at: datetime
    closes_at: datetime
    slot_length: timedelta
    purpose: Purpose = Purpose.MAJLIS
    receiver: Receiver = Receiver.AMIR
    buffer: timedelta = NO_BUFFER
    quota: int | None = None

    @property
    def stride(self) -> timedelta:
        """From the start of a slot to that of the next."""
        return self.slot_length + self.buffer

    def slots(self) -> Iterator[datetime]:
        """The start of each whole slot, in order."""
        start = self.opens_at
        while start + self.slot_length <= self.closes_at:
            yield start
            start += self.stride

    def offers(self, start: datetime) -> bool:
        """Whether ``start`` is the start of one of the slots."""
        since = start - self.opens_at
        on_the_grid = since >= timedelta(0) and since % self.stride == timedelta(0)
        return on_the_grid and start + self.slot_length <= self.closes_at
