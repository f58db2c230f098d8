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
from scheduler.core.windows import A_DAY, Calendar, Closed, End, Why, day_of
from tawasul.domain.hours import Prayer
from tawasul.domain.places import KioskId, Name
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
    return [start for _, start in _offered(_planned([sitting]), calendar, centre)]


def free_slots(
    demand: Demand, sittings: Iterable[Sitting], calendar: Calendar, taken: Taken, *, now: datetime
) -> list[FreeSlot]:
    """The slots that may be booked now, in order."""
    within = [sitting for sitting in sittings if sitting.id not in demand.over_quota]
    offered = _offered(_to_come(_planned(within), now), calendar, demand.centre)
    return sorted(_free(demand, offered, calendar, taken), key=lambda slot: (slot.starts_at, slot.sitting_id))


def offers(
    demand: Demand,
    sittings: Iterable[Sitting],
    calendar: Calendar,
    taken: Taken,
    *,
    first_day: date,
    days: int,
    now: datetime,
) -> list[DayOffer]:
    """Each of ``days`` days from ``first_day`` on. A slot belongs to the day on which it begins."""
    planned: dict[date, list[_Planned]] = {}
    for each in _planned(sittings):
        planned.setdefault(day_of(each[1]), []).append(each)
    wanted = [first_day + number * A_DAY for number in range(days)]
    return [_day(demand, day, planned.get(day, []), calendar, taken, now) for day in wanted]


_Planned = tuple[Sitting, datetime]
"""A slot of a sitting by its start, whatever stands in its way."""


def _planned(sittings: Iterable[Sitting]) -> list[_Planned]:
    return [(sitting, start) for sitting in sittings for start in sitting.slots()]


def _to_come(planned: Iterable[_Planned], now: datetime) -> list[_Planned]:
    return [(sitting, start) for sitting, start in planned if not is_over(sitting, start, now)]


def _offered(planned: Iterable[_Planned], calendar: Calendar, centre: End) -> list[_Planned]:
    both_open = calendar.both_open_at(centre)
    return [(sitting, start) for sitting, start in planned if covers(both_open, start, start + sitting.slot_length)]


def _free(demand: Demand, offered: Iterable[_Planned], calendar: Calendar, taken: Taken) -> Iterator[FreeSlot]:
    for sitting, start in offered:
        if start in taken.get(office_of(sitting.id), ()):
            continue
        end = start + sitting.slot_length
        if demand.centre is None:
            yield FreeSlot(sitting.id, start, end)
            continue
        kiosks = tuple(each for each in demand.kiosks if _is_free(each, start, end, calendar, taken))
        if kiosks:
            yield FreeSlot(sitting.id, start, end, kiosks)


def _is_free(kiosk: KioskId, starts_at: datetime, ends_at: datetime, calendar: Calendar, taken: Taken) -> bool:
    of_kiosk = taken.get(kiosk_of(kiosk), ())
    if of_kiosk and any(grain in of_kiosk for grain in grains(starts_at, ends_at)):
        return False
    return calendar.is_kiosk_open(kiosk, starts_at, ends_at)


def _day(
    demand: Demand, day: date, planned: Sequence[_Planned], calendar: Calendar, taken: Taken, now: datetime
) -> DayOffer:
    to_come = _to_come(planned, now)
    offered = _offered(to_come, calendar, demand.centre)
    within = [each for each in offered if each[0].id not in demand.over_quota]
    free = tuple(sorted(_free(demand, within, calendar, taken), key=lambda slot: (slot.starts_at, slot.sitting_id)))
    pauses = _pauses(demand.centre, planned, calendar, day)
    if free:
        return DayOffer(day, DayState.OPEN, None, None, free, pauses)
    if offered:
        return DayOffer(day, DayState.FULL, None if within else Why.QUOTA, None, (), pauses)
    closed = _why_nothing(demand.centre, to_come, calendar, day)
    return DayOffer(day, DayState.CLOSED, closed.why, closed.name, (), pauses)


def _why_nothing(centre: End, to_come: Sequence[_Planned], calendar: Calendar, day: date) -> Closed:
    """A holiday, even if nothing is planned on it; else what stands in the way of most slots."""
    for end in (None, centre):
        holiday = calendar.holiday(end, day)
        if holiday is not None:
            return Closed(Why.HOLIDAY, name=holiday.name)
    reasons = Counter(_reason(sitting, start, calendar, centre).why for sitting, start in to_come)
    return Closed(reasons.most_common(1)[0][0]) if reasons else Closed(Why.NO_SITTING)


def _reason(sitting: Sitting, start: datetime, calendar: Calendar, centre: End) -> Closed:
    end = start + sitting.slot_length
    closed = calendar.why_closed(None, start, end) or calendar.why_closed(centre, start, end)
    assert closed is not None, "a slot that is not offered is closed at one end"
    return closed


def _pauses(centre: End, planned: Sequence[_Planned], calendar: Calendar, day: date) -> tuple[Pause, ...]:
    """The pauses that interrupt the day's sittings: from when the first end pauses until both are back."""
    if not planned:
        return ()
    sat = (min(start for _, start in planned), max(start + sitting.slot_length for sitting, start in planned))
    joint: dict[Prayer, Pause] = {}
    for end in (None, centre):
        for each in calendar.pauses(end, day):
            if touch(sat, (each.starts_at, each.ends_at)):
                other = joint.get(each.prayer, each)
                joint[each.prayer] = Pause(
                    each.prayer, min(each.starts_at, other.starts_at), max(each.ends_at, other.ends_at)
                )
    return tuple(sorted(joint.values(), key=lambda pause: pause.starts_at))
