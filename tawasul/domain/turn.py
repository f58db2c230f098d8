"""Whose turn it is: the one order of all who wait in a sitting, booked or walked in. Pure.

Who holds a slot has the turn of its start, however early they came. Who walked in and holds none was given a turn when
they came (``scheduler.core.order``): after whoever holds the slot of that start, and never before. Where several
without a slot have the same turn, the one who came first goes first; a priority counts as half an hour's waiting, so
that it is felt and that nobody can be passed for longer than that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from tawasul.domain.party import Priority

PRIORITY_IS_WORTH: Final = timedelta(minutes=30)

Turn = tuple[datetime, bool, datetime, str]
"""Compares as the turns follow each other."""


def turn(
    slot_starts_at: datetime,
    arrived_at: datetime | None,
    audience_id: str,
    *,
    holds_slot: bool = True,
    priorities: Collection[Priority] = (),
) -> Turn:
    """The turn of an audience. Of one who has not arrived it is the turn that they will have if they are on time."""
    since = arrived_at or slot_starts_at
    if not holds_slot and priorities:
        since -= PRIORITY_IS_WORTH
    return slot_starts_at, not holds_slot, since, audience_id
