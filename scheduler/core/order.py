"""Where somebody who walks in stands among those who are booked, and when they may expect to be heard. Pure.

The rule, in the order in which it is applied:

1. A slot that is free comes first: whoever walks in takes it if it is not later than the turn that 2 and 3 would give.
   That is for ``scheduler.walk_ins`` to try; this module knows only turns.
2. Else they wait behind at least ``BOOKED_FIRST`` of those who are booked from now on, behind one with a priority.
3. And nobody who is booked and on time is put back by more than one slot: before each of them stand at most one more of
   those without a slot than there is free time of the office to receive them in.

Where 2 and 3 leave no gap, they stand behind everybody who is booked. A turn once given stays (``tawasul.domain.turn``
orders those who have the same), so nobody who waits is overtaken without end: what can still come before a turn are the
slots that begin until then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from scheduler.core.stretches import Stretch

BOOKED_FIRST: Final = 3
BOOKED_FIRST_WITH_A_PRIORITY: Final = 1
PUT_BACK_AT_MOST: Final = 1
"""Slots."""


def walk_in_turn(
    slots: Sequence[datetime], booked: Collection[datetime], waiting: Collection[datetime], *, priority: bool
) -> datetime:
    """The turn of somebody who walks in and finds no slot: the start of the slot behind whose holder they go.

    Args:
        slots: the starts of the office's slots that are not over, in order; at least one.
        booked: those of them that somebody holds who is still to be heard.
        waiting: the turns of those without a slot who wait already.
        priority: whether there is a reason for them to go before others.
    """
    ahead = BOOKED_FIRST_WITH_A_PRIORITY if priority else BOOKED_FIRST
    held = [start for start in slots if start in booked]
    last = max([slots[0], *held, *waiting])
    for number, start in enumerate(held, start=1):
        if number >= ahead and most_put_back(slots, booked, [*waiting, start]) <= PUT_BACK_AT_MOST:
            return start
    return last


def most_put_back(slots: Sequence[datetime], booked: Collection[datetime], waiting: Collection[datetime]) -> int:
    """By how many slots those without one put back whoever of the booked is put back most, if all goes as planned."""
    behind = worst = 0
    turns = sorted(waiting)
    behind += sum(turn < slots[0] for turn in turns)
    for start in slots:
        if start in booked:
            worst = max(worst, behind)
        else:
            behind = max(0, behind - 1)
        behind += sum(turn == start for turn in turns)
    return worst


def expected_at(
    ahead: Sequence[datetime],
    slot_length: timedelta,
    now: datetime,
    *,
    office: Sequence[Stretch],
    own: Sequence[Stretch],
    buffer: timedelta = timedelta(0),
) -> datetime | None:
    """When somebody may expect to be heard, behind those whose turns are ``ahead``, in order; ``None``: not before the
    sitting ends, if everybody comes.

    Each takes a slot's length in one piece, with the ``buffer`` before the next, and is not heard before the own turn
    begins; nobody is heard while people pray.

    Args:
        office: when the office receives in the sitting.
        own: when it does and the place of this one is open too.
    """
    free_from = now
    for start in ahead:
        heard = _first(office, max(free_from, start), slot_length)
        if heard is None:
            return None
        free_from = heard + slot_length + buffer
    return _first(own, free_from, slot_length)


def _first(stretches: Sequence[Stretch], after: datetime, length: timedelta) -> datetime | None:
    """The first moment, not before ``after``, from which on the length is in one stretch."""
    return next((max(after, start) for start, end in stretches if max(after, start) + length <= end), None)
