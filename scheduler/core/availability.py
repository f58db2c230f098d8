"""What may be booked: the slots in which both ends are open, and those of them that are free. Pure.

The one rule is ``fits``: whoever gives somebody a time asks it, at a desk, from a waitlist, for one who walked in
or for one who lost a time. What is offered here is only an offer: between it and the booking somebody else may take the
slot, and then the database says so (``SlotTaken``).
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.core.agenda import is_over
from scheduler.core.prayer import Pause
from scheduler.core.stretches import covers, touch
from scheduler.core.windows import Calendar, Closed, End, Why
from tawasul.domain.hours import Prayer
from tawasul.domain.places import KioskId, Name
from tawasul.domain.riyadh import A_DAY, day_of
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot, grains, kiosk_of, office_of
from tawasul.domain.venue import AtKiosk

Taken = Mapping[str, Collection[datetime]]
"""By resource, as ``Occupancies.taken_between`` gives it."""


class DayState(enum.StrEnum):
    """Whether somebody can be received on a day."""

    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that may be booked; at a centre, by one of ``kiosks``."""

    sitting_id: SittingId
    starts_at: datetime
    ends_at: datetime
    kiosks: tuple[KioskId, ...] = ()


@dataclass(frozen=True, slots=True)
class DayOffer:
    """A day in Riyadh at one place. ``why`` says what stands in the way if it is not open, ``name`` which holiday."""

    day: date
    state: DayState
    why: Why | None
    name: Name | None
    slots: tuple[FreeSlot, ...]
    pauses: tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of one place: a ``centre`` and its ``kiosks`` (or the one that is wanted), or neither, for an own
    location or a meeting in person. ``over_quota``: the sittings of which this governorate has its share.
    """

    centre: End = None
    kiosks: tuple[KioskId, ...] = ()
    over_quota: Collection[SittingId] = ()


def fits(slot: Slot, calendar: Calendar, centre: End) -> Why | None:
    """What stands in the way of the slot, at the office or at the centre (``None`` for a venue without one); ``None``:
    nothing does.

    Raises:
        ValueError: the slot is not within the days of the calendar.
    """
    for end in (None, centre):
        closed = calendar.why_closed(end, slot.starts_at, slot.ends_at)
        if closed is not None:
            return closed.why
    if isinstance(slot.venue, AtKiosk) and not calendar.is_kiosk_open(
        slot.venue.kiosk_id, slot.starts_at, slot.ends_at
    ):
        return Why.BLACKOUT
    return None


def slots_of(sitting: Sitting, calendar: Calendar, *, centre: End) -> list[datetime]:
    """The starts of the sitting's slots that cross nothing at the office nor at the centre, in order."""
    both_open = calendar.both_open_at(centre)
    return [start for start in sitting.slots() if covers(both_open, start, start + sitting.slot_length)]


@dataclass(frozen=True, slots=True)
class Planned:
    """A slot of a sitting, whatever stands in its way at one place or another: worked out once for all of them.

    ``day``: on which it begins, in Riyadh; ``over``: it has passed; ``grains``: those for which a kiosk is taken by it.
    """

    sitting_id: SittingId
    starts_at: datetime
    ends_at: datetime
    day: date
    over: bool
    office_is_free: bool
    grains: frozenset[datetime]


def plan(sittings: Iterable[Sitting], taken: Taken, now: datetime) -> list[Planned]:
    """All slots of the sittings, in order."""
    planned = []
    for sitting in sittings:
        of_office = taken.get(office_of(sitting.id), ())
        for start in sitting.slots():
            end = start + sitting.slot_length
            over, free = is_over(sitting, start, now), start not in of_office
            planned.append(Planned(sitting.id, start, end, day_of(start), over, free, frozenset(grains(start, end))))
    return sorted(planned, key=lambda each: (each.starts_at, each.sitting_id))


def free_slots(demand: Demand, planned: Iterable[Planned], calendar: Calendar, taken: Taken) -> list[FreeSlot]:
    """The slots that may be booked now, in order."""
    offered = _offered((each for each in planned if not each.over), calendar, demand.centre)
    return list(_free(demand, offered, calendar, taken))


def offers(
    demand: Demand, planned: Iterable[Planned], calendar: Calendar, taken: Taken, *, first_day: date, days: int
) -> list[DayOffer]:
    """Each of ``days`` days from ``first_day`` on. A slot belongs to the day on which it begins."""
    by_day: dict[date, list[Planned]] = {}
    for each in planned:
        by_day.setdefault(each.day, []).append(each)
    wanted = [first_day + number * A_DAY for number in range(days)]
    return [_day(demand, day, by_day.get(day, []), calendar, taken) for day in wanted]


def _offered(planned: Iterable[Planned], calendar: Calendar, centre: End) -> list[Planned]:
    both_open = calendar.both_open_at(centre)
    return [each for each in planned if covers(both_open, each.starts_at, each.ends_at)]


def _free(demand: Demand, offered: Iterable[Planned], calendar: Calendar, taken: Taken) -> Iterator[FreeSlot]:
    taken_at = [(kiosk, frozenset(taken.get(kiosk_of(kiosk), ()))) for kiosk in demand.kiosks]
    for each in offered:
        if not each.office_is_free or each.sitting_id in demand.over_quota:
            continue
        kiosks = tuple(
            kiosk
            for kiosk, of_kiosk in taken_at
            if of_kiosk.isdisjoint(each.grains) and calendar.is_kiosk_open(kiosk, each.starts_at, each.ends_at)
        )
        if kiosks or demand.centre is None:
            yield FreeSlot(each.sitting_id, each.starts_at, each.ends_at, kiosks)


def _day(demand: Demand, day: date, planned: Sequence[Planned], calendar: Calendar, taken: Taken) -> DayOffer:
    to_come = [each for each in planned if not each.over]
    offered = _offered(to_come, calendar, demand.centre)
    free = tuple(_free(demand, offered, calendar, taken))
    pauses = _pauses(demand.centre, planned, calendar, day)
    if free:
        return DayOffer(day, DayState.OPEN, None, None, free, pauses)
    if offered:
        by_quota = all(each.sitting_id in demand.over_quota for each in offered)
        return DayOffer(day, DayState.FULL, Why.QUOTA if by_quota else None, None, (), pauses)
    closed = _why_nothing(demand.centre, to_come, calendar, day)
    return DayOffer(day, DayState.CLOSED, closed.why, closed.name, (), pauses)


def _why_nothing(centre: End, to_come: Sequence[Planned], calendar: Calendar, day: date) -> Closed:
    """A holiday, even if nothing is planned on it; else what stands in the way of most slots."""
    for end in (None, centre):
        holiday = calendar.holiday(end, day)
        if holiday is not None:
            return Closed(Why.HOLIDAY, name=holiday.name)
    reasons = Counter(_reason(each, calendar, centre).why for each in to_come)
    return Closed(reasons.most_common(1)[0][0]) if reasons else Closed(Why.NO_SITTING)


def _reason(planned: Planned, calendar: Calendar, centre: End) -> Closed:
    closed = calendar.why_closed(None, planned.starts_at, planned.ends_at) or calendar.why_closed(
        centre, planned.starts_at, planned.ends_at
    )
    assert closed is not None, "a slot that is not offered is closed at one end"
    return closed


def _pauses(centre: End, planned: Sequence[Planned], calendar: Calendar, day: date) -> tuple[Pause, ...]:
    """The pauses that interrupt the day's sittings: from when the first end pauses until both are back."""
    if not planned:
        return ()
    sat = (planned[0].starts_at, max(each.ends_at for each in planned))
    joint: dict[Prayer, Pause] = {}
    for end in (None, centre):
        for each in calendar.pauses(end, day):
            if touch(sat, (each.starts_at, each.ends_at)):
                other = joint.get(each.prayer, each)
                joint[each.prayer] = Pause(
                    each.prayer, min(each.starts_at, other.starts_at), max(each.ends_at, other.ends_at)
                )
    return tuple(sorted(joint.values(), key=lambda pause: pause.starts_at))
