"""Which slots of a sitting can still be booked, and which sitting is meant by "today". Pure.

What is offered here is only an offer: between the offer and the booking somebody else may take the slot, and then the
database says so (``SlotTaken``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from tawasul.domain.sitting import Sitting


def free_slots(
    sitting: Sitting,
    now: datetime,
    *,
    office_taken: Collection[datetime],
    kiosk_taken: Collection[datetime] = (),
) -> list[datetime]:
    """The starts of the slots that are not over and in which neither the office nor the kiosk is taken, in order."""
    taken = {*office_taken, *kiosk_taken}
    return [start for start in sitting.slots() if start not in taken and not is_over(sitting, start, now)]


def is_over(sitting: Sitting, start: datetime, now: datetime) -> bool:
    """Whether the slot has passed. One that has begun can still be given to somebody who stands at the desk."""
    return start + sitting.slot_length <= now


def present_sitting(sittings: Sequence[Sitting], now: datetime) -> Sitting | None:
    """Of sittings in order: the one that is open, else the next to open, else the last that was."""
    for sitting in sittings:
        if now < sitting.closes_at:
            return sitting
    return sittings[-1] if sittings else None
