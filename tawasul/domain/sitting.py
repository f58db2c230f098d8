"""A sitting (جلسة المجلس): a stretch of the Amir's time in which audiences are received, cut into slots."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

SittingId = NewType("SittingId", str)


class Purpose(enum.StrEnum):
    """A rehearsal holds the self-test's robots; it never shows on the office's board."""

    MAJLIS = "majlis"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Sitting:
    """From ``opens_at`` to ``closes_at`` (aware datetimes, UTC), a slot every ``slot_length``."""

    id: SittingId
    opens_at: datetime
    closes_at: datetime
    slot_length: timedelta
    purpose: Purpose = Purpose.MAJLIS

    def slots(self) -> Iterator[datetime]:
        """The start of each whole slot, in order."""
        start = self.opens_at
        while start + self.slot_length <= self.closes_at:
            yield start
            start += self.slot_length

    def offers(self, start: datetime) -> bool:
        """Whether ``start`` is the start of one of the slots."""
        since = start - self.opens_at
        on_the_grid = since >= timedelta(0) and since % self.slot_length == timedelta(0)
        return on_the_grid and start + self.slot_length <= self.closes_at
