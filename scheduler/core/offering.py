"""Which free time may be offered to whom on the waitlist, and until when they may answer. Pure.

Nobody is asked at night, and nobody loses an offer while they sleep: the time to answer lies within the hours of
``ASKING``. What cannot be offered now may still be booked by a desk; it is looked at again at ``next_asking``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from scheduler.core.availability import FreeSlot
from tawasul.domain.hours import Span
from tawasul.domain.riyadh import RIYADH, day_of
from tawasul.domain.sitting import SittingId
from tawasul.domain.waitlist import EntryId, WaitlistEntry

NOTICE: Final = timedelta(hours=3)
"""From the offer to the audience: time to answer, and to get there."""

ANSWER_WITHIN: Final = timedelta(hours=2)
ANSWER_SOON_WITHIN: Final = timedelta(minutes=30)
SOON: Final = timedelta(hours=24)
"""A time nearer than this has to be answered soon: others could still use it."""

ASKING: Final = Span(time(8), time(22))
"""Between which hours of Riyadh's clock people are asked."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A free time that may be offered to an entry."""

    entry: WaitlistEntry
    sitting_id: SittingId
    starts_at: datetime


def pair(
    in_order: Sequence[WaitlistEntry],
    times_for: Callable[[WaitlistEntry], Sequence[FreeSlot]],
    passed: Mapping[EntryId, Collection[datetime]],
    now: datetime,
) -> list[Chance]:
    """Who may be offered which time: each the first that fits, in the order of the waitlist, and no time to two.

    ``times_for``: the free times at the place that an entry wishes for, in order. ``passed``: those that it was
    offered before, and did not take: they go to the next.
    """
    chances: list[Chance] = []
    promised: set[tuple[SittingId, datetime]] = set()
    for entry in in_order:
        for slot in times_for(entry):
            time = (slot.sitting_id, slot.starts_at)
            wanted = wishes(entry, slot.starts_at) and slot.starts_at not in passed.get(entry.id, ())
            if time not in promised and wanted and answer_until(now, slot.starts_at):
                promised.add(time)
                chances.append(Chance(entry, slot.sitting_id, slot.starts_at))
                break
    return chances


def answer_until(now: datetime, slot_starts_at: datetime) -> datetime | None:
    """Until when an offer made now may be answered; ``None``: it cannot be made now.

    It cannot at night, nor so late in the evening that the time to answer would run into it, nor with less notice than
    ``NOTICE``.
    """
    if slot_starts_at - now < NOTICE:
        return None
    until = now + (ANSWER_SOON_WITHIN if slot_starts_at - now < SOON else ANSWER_WITHIN)
    begins, ends = now.astimezone(RIYADH), until.astimezone(RIYADH)
    by_day = begins.date() == ends.date() and begins.time() >= ASKING.opens and ends.time() <= ASKING.closes
    return until if by_day else None


def next_asking(now: datetime) -> datetime:
    """The next time at which the hours of asking begin."""
    local = now.astimezone(RIYADH)
    begins = datetime.combine(local.date(), ASKING.opens, RIYADH)
    if begins <= local:
        begins += timedelta(days=1)
    return begins.astimezone(now.tzinfo)


def wishes(entry: WaitlistEntry, slot_starts_at: datetime) -> bool:
    """Whether the time is on one of the days that the citizen wished for."""
    return entry.from_day <= day_of(slot_starts_at) <= entry.to_day


def is_over(entry: WaitlistEntry, now: datetime) -> bool:
    """Whether its last day is over."""
    return day_of(now) > entry.to_day
