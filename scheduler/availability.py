"""What may be booked, where and when; and where the nearest centre is. Reads only.

Inside a transaction of theirs, other use cases ask ``require_fits`` before they take a slot, ``first_free`` and
``situation`` to look for one, and ``alternatives`` after they were refused. What was found to fit still fits when they
commit: the calendar is kept as it is, and nobody else takes of a quota meanwhile. Whoever locks anything before asking
takes those locks first, by ``keep``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from scheduler.core import quota
from scheduler.core.agenda import is_over
from scheduler.core.availability import DayOffer, FreeSlot, fits
from scheduler.core.nearest import Near, nearest, towns_named
from scheduler.core.situation import Situation, slot_at
from scheduler.core.windows import Calendar
from scheduler.place import InCentre, Place
from scheduler.scope import governorate_of
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.errors import InvalidDate, InvalidInput, NotFound, QuotaReached, SlotNotOffered, SlotPassed
from tawasul.domain.places import (
    CentreId,
    Emirate,
    Governorate,
    GovernorateId,
    Kiosk,
    KioskId,
    ReceptionCentre,
    Town,
)
from tawasul.domain.riyadh import A_DAY, day_of, moment_of
from tawasul.domain.sitting import Purpose, Sitting, SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.venue import AtKiosk, Venue
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

LOOKS_AHEAD: Final = timedelta(days=60)
"""How far on somebody looks for the first free slot: sittings are planned for weeks, not for years."""

MOST_DAYS: Final = 31

_ALTERNATIVES_BEFORE: Final = timedelta(days=7)
_ALTERNATIVES_AFTER: Final = timedelta(days=21)
_FIRST_DAY: Final = date(2020, 1, 1)
_LAST_DAY: Final = date(2076, 12, 31)
"""The Umm al-Qura table ends in 2077."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a desk of ``governorate`` can book."""

    governorate: Governorate
    centres: list[tuple[ReceptionCentre, list[Kiosk]]]


@dataclass(frozen=True, slots=True)
class Offered:
    """The days that were asked for, and the first slot from now on that is free at all."""

    days: list[DayOffer]
    first_free: FreeSlot | None


@dataclass(frozen=True, slots=True)
class Nearby:
    """The towns that may be meant, with their governorates, and the centres nearest to the first of them, with the
    first slot that is free there within ``LOOKS_AHEAD``.
    """

    towns: list[tuple[Town, Governorate]]
    centres: list[tuple[Near, FreeSlot | None]]


class Availability:
    """What is free, as it stands at the moment of asking."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    # What the desk asks

    async def places(self, who: StaffPrincipal) -> Places:
        """All centres, the desk's own first, with their kiosks."""
        own = governorate_of(who)
        async with self._unit_of_work(reading=True) as uow:
            governorate = await uow.governorates.get(own)
            centres = await uow.centres.all()
            kiosks = await uow.kiosks.all()
        centres.sort(key=lambda centre: (centre.governorate_id != own, centre.id))
        return Places(governorate, [(each, [k for k in kiosks if k.centre_id == each.id]) for each in centres])

    async def free(self, who: StaffPrincipal, place: Place, first_day: date, days: int) -> Offered:
        """``days`` days at a place, from ``first_day`` on.

        Raises:
            NotFound: no such centre or kiosk.
            InvalidDate: a day before 2020 or after 2076.
            InvalidInput: not 1 to 31 days.
        """
        if not _FIRST_DAY <= first_day <= _LAST_DAY:
            raise InvalidDate("outside the years that are planned for", field="from")
        if not 1 <= days <= MOST_DAYS:
            raise InvalidInput(f"not 1 to {MOST_DAYS} days", field="days")
        governorate_id = governorate_of(who)
        now = self._clock()
        today, last_day = day_of(now), first_day + (days - 1) * A_DAY
        async with self._unit_of_work(reading=True) as uow:
            asked = await self.situation(uow, first_day, last_day, now)
            _require_place(asked, place)
            ahead = await self.situation(uow, today, today + LOOKS_AHEAD, now)
        first_free = next(iter(ahead.free(place, governorate_id)), None)
        return Offered(asked.offers(place, governorate_id, first_day, days), first_free)

    async def nearest(self, who: StaffPrincipal, town: str) -> Nearby:
        """The centres nearest to the town that somebody names; nothing if no town is called that."""
        governorate_id = governorate_of(who)
        now = self._clock()
        today = day_of(now)
        async with self._unit_of_work(reading=True) as uow:
            governorates = {each.id: each for each in await uow.governorates.all()}
            towns = towns_named(town, [*await uow.towns.all(), *map(_seat, governorates.values())])
            if not towns:
                return Nearby([], [])
            ahead = await self.situation(uow, today, today + LOOKS_AHEAD, now)
        near = nearest(towns[0].coordinates, ahead.calendar.centres.values(), today)
        free = [next(iter(ahead.free(InCentre(each.centre.id), governorate_id)), None) for each in near]
        return Nearby([(each, governorates[each.governorate_id]) for each in towns], list(zip(near, free, strict=True)))

    # What other use cases ask within their transactions

    async def keep(self, uow: UnitOfWork, sitting_id: SittingId) -> Sitting:
        """Before a slot of the sitting is taken: until the transaction ends nobody closes anything, and if the sitting
        has a quota nobody else takes a slot of it. First of all locks. Raises: NotFound: no such sitting.
        """
        await uow.calendar.keep()
        sitting = await uow.sittings.get(sitting_id)
        if quota.binds(sitting, self._clock()):
            await uow.sittings.hold(sitting_id)
        return sitting

    async def require_fits(self, uow: UnitOfWork, slot: Slot, governorate_id: GovernorateId | None) -> None:
        """Whether the slot may be taken, but for somebody who has it: that the database says.

        ``governorate_id``: on whose account; ``None``: quotas do not bind, as for those who lost a time.

        Raises:
            NotFound: no such sitting or kiosk.
            SlotPassed: it is over.
            SlotNotOffered: it is none of the sitting's slots, or one of the two ends is closed then.
            QuotaReached: the governorate has its share of the sitting.
        """
        now = self._clock()
        if governorate_id is None:
            await uow.calendar.keep()
            sitting = await uow.sittings.get(slot.sitting_id)
        else:
            sitting = await self.keep(uow, slot.sitting_id)
        if not sitting.offers(slot.starts_at) or slot.ends_at != slot.starts_at + sitting.slot_length:
            raise SlotNotOffered("no slot of the sitting")
        if is_over(sitting, slot.starts_at, now):
            raise SlotPassed
        if sitting.purpose is Purpose.REHEARSAL:
            return
        centre = await _centre_of(uow, slot.venue)
        calendar = await self._calendar(
            uow, day_of(slot.starts_at), day_of(slot.ends_at), [] if centre is None else [centre]
        )
        why = fits(slot, calendar, centre)
        if why is not None:
            raise SlotNotOffered(why.value)
        if governorate_id is not None and quota.binds(sitting, now):
            taken = await uow.occupancies.taken_by_governorate([sitting.id], now)
            if not quota.may_take(governorate_id, taken.get(sitting.id, {}), sitting, now):
                raise QuotaReached

    async def alternatives(self, uow: UnitOfWork, slot: Slot, now: datetime, most: int = 3) -> list[Slot]:
        """What is free instead of a slot, at most ``most``: the nearest in time at the same place, and one at the same
        time elsewhere if there is one.
        """
        first_day = max(day_of(now), day_of(slot.starts_at - _ALTERNATIVES_BEFORE))
        last_day = max(first_day, day_of(slot.starts_at)) + _ALTERNATIVES_AFTER
        situation = await self.situation(uow, first_day, last_day, now)
        own = None
        if isinstance(slot.venue, AtKiosk):
            centre = await _centre_of(uow, slot.venue)
            own = None if centre is None else centre.governorate_id
        return situation.alternatives(slot, own, most)

    async def first_free(
        self, uow: UnitOfWork, place: Place, after: datetime, governorate_id: GovernorateId | None = None
    ) -> Slot | None:
        """The first free slot at a place that begins at ``after`` or later, within ``LOOKS_AHEAD``."""
        first_day = day_of(after)
        situation = await self.situation(uow, first_day, first_day + LOOKS_AHEAD, self._clock())
        found = next((each for each in situation.free(place, governorate_id) if each.starts_at >= after), None)
        return None if found is None else slot_at(found, _some_venue(situation, place))

    async def situation(self, uow: UnitOfWork, first_day: date, last_day: date, now: datetime) -> Situation:
        """How things stand from ``first_day`` to ``last_day``: one query for what is taken, and a few others."""
        calendar = await self.calendar(uow, first_day, last_day)
        starts_at, ends_at = moment_of(first_day, time.min), moment_of(last_day, time.max)
        sittings = await uow.sittings.between(starts_at, ends_at)
        bounded = [sitting.id for sitting in sittings if sitting.quota is not None]
        kiosks: dict[CentreId, list[KioskId]] = {centre_id: [] for centre_id in calendar.centres}
        for kiosk in await uow.kiosks.all():
            kiosks[kiosk.centre_id].append(kiosk.id)
        return Situation(
            calendar=calendar,
            sittings=sittings,
            taken=await uow.occupancies.taken_between(starts_at - A_DAY, ends_at + A_DAY, now),
            kiosks=kiosks,
            quotas=await uow.occupancies.taken_by_governorate(bounded, now),
            now=now,
        )

    async def calendar(self, uow: UnitOfWork, first_day: date, last_day: date) -> Calendar:
        """All that was declared for these days."""
        return await self._calendar(uow, first_day, last_day, await uow.centres.all())

    async def _calendar(
        self, uow: UnitOfWork, first_day: date, last_day: date, centres: Sequence[ReceptionCentre]
    ) -> Calendar:
        # A slot that begins on the last day may end on the next.
        first_day, last_day = first_day - A_DAY, last_day + A_DAY
        starts_at, ends_at = moment_of(first_day, time.min), moment_of(last_day, time.max)
        return Calendar(
            first_day,
            last_day,
            await _emirate(uow),
            {centre.id: centre for centre in centres},
            tuple(await uow.calendar.holidays_between(first_day, last_day)),
            tuple(await uow.calendar.ramadans()),
            tuple(await uow.calendar.blackouts_between(starts_at, ends_at)),
        )


async def _emirate(uow: UnitOfWork) -> Emirate | None:
    """That of the region: a service serves one. ``None`` until its file says where the Amir receives."""
    for region in await uow.regions.all():
        try:
            return await uow.regions.emirate(region.id)
        except NotFound:
            continue
    return None


async def _centre_of(uow: UnitOfWork, venue: Venue) -> ReceptionCentre | None:
    """Raises: NotFound: no such kiosk."""
    if not isinstance(venue, AtKiosk):
        return None
    return await uow.centres.get((await uow.kiosks.get(venue.kiosk_id)).centre_id)


def _require_place(situation: Situation, place: Place) -> None:
    """Raises: NotFound: no such centre or kiosk."""
    if isinstance(place, InCentre) and place.centre_id not in situation.calendar.centres:
        raise NotFound("centre")
    if isinstance(place, AtKiosk) and not isinstance(situation.place_of(place), InCentre):
        raise NotFound("kiosk")


def _some_venue(situation: Situation, place: Place) -> Venue:
    """A venue at the place; ``slot_at`` chooses among a centre's kiosks."""
    return AtKiosk(situation.kiosks[place.centre_id][0]) if isinstance(place, InCentre) else place


def _seat(governorate: Governorate) -> Town:
    """People name their governorate too."""
    return Town(governorate.name, governorate.id, governorate.coordinates)
