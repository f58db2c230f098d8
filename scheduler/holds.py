"""Holds: a slot is kept while a form is filled or an offer is open. Each use case is one transaction.

The database refuses the second taker: what is looked up here only chooses which kiosk to ask for. Whoever is refused
is told what else is free.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from scheduler.availability import Availability
from scheduler.errors import Alternative, SlotTakenByAnother
from scheduler.place import InCentre, Place
from scheduler.scope import governorate_of
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.errors import Conflict, HoldExpired, NotFound, SlotTaken
from tawasul.domain.hold import FORM_LASTS, FORM_LASTS_AT_MOST, Hold, HoldId
from tawasul.domain.people import StaffId
from tawasul.domain.places import CentreId, GovernorateId, Kiosk, KioskId
from tawasul.domain.riyadh import A_DAY, day_of, moment_of
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot, kiosk_of, office_of
from tawasul.domain.venue import AtKiosk, OwnLocation, Venue
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_TRIES: Final = 5
"""Between the choice of a kiosk and the taking of it somebody may be quicker: so often another one is looked for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A hold, and the centre whose kiosk it has (``None``: it has none)."""

    hold: Hold
    centre_id: CentreId | None


class _NothingLeft(SlotTaken):
    """Of a centre's kiosks none is free, or the office is not: no other kiosk need be tried."""


class Holds:
    """The slots that are kept for a while."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, availability: Availability, clock: Callable[[], datetime]
    ) -> None:
        self._unit_of_work = unit_of_work
        self._availability = availability
        self._clock = clock
        self._looking: dict[tuple[Place, SittingId, datetime], asyncio.Task[list[Alternative]]] = {}

    async def take(
        self,
        who: StaffPrincipal,
        place: Place,
        sitting_id: SittingId,
        slot_starts_at: datetime,
        *,
        lasts: timedelta = FORM_LASTS,
        replaces: HoldId | None = None,
    ) -> Kept:
        """Keeps a slot for the form of a clerk, in the place of the one that this form kept before (``replaces``).

        Raises:
            NotFound: no such sitting, centre or kiosk.
            SlotNotOffered, SlotPassed, QuotaReached: it is not to be had.
            SlotTakenByAnother: with what is free instead. What the form kept before, it still keeps.
        """
        governorate_id = governorate_of(who)
        if replaces is None:
            await self.look_first(place, sitting_id, slot_starts_at)
        for _ in range(_TRIES):
            try:
                async with self._unit_of_work() as uow:
                    if replaces is not None:
                        await self._availability.keep(uow, sitting_id)
                        await self._give_back(uow, who, replaces)
                    hold = await self.take_in(
                        uow, governorate_id, place, sitting_id, slot_starts_at, lasts=lasts, held_by=who.staff_id
                    )
                    kept = Kept(hold, await _centre_id(uow, hold))
                    await uow.commit()
                    return kept
            except _NothingLeft:
                break
            except SlotTaken:
                if not isinstance(place, InCentre):
                    break
        raise await self.taken(place, sitting_id, slot_starts_at)

    async def take_in(
        self,
        uow: UnitOfWork,
        governorate_id: GovernorateId,
        place: Place,
        sitting_id: SittingId,
        slot_starts_at: datetime,
        *,
        lasts: timedelta,
        held_by: StaffId | None = None,
    ) -> Hold:
        """The same within the caller's transaction, which is over if this raises. Does not commit.

        ``governorate_id``: on whose account it is where the place has none of its own.

        Raises: NotFound, SlotNotOffered, SlotPassed, QuotaReached, SlotTaken.
        """
        now = self._clock()
        sitting = await uow.sittings.get(sitting_id)
        venue, at = await self.venue_for(uow, place, sitting, slot_starts_at)
        slot = Slot(sitting_id, slot_starts_at, slot_starts_at + sitting.slot_length, venue)
        await self._availability.require_fits(uow, slot, at or governorate_id)
        hold = Hold(
            id=HoldId(uuid.uuid4().hex),
            sitting_id=sitting_id,
            slot_starts_at=slot.starts_at,
            slot_ends_at=slot.ends_at,
            venue=venue,
            governorate_id=at or governorate_id,
            made_at=now,
            expires_at=now + lasts,
            held_by=held_by,
        )
        await uow.holds.take(hold, now)
        return hold

    async def prolong(self, who: StaffPrincipal, id: HoldId) -> Kept:
        """As long again, but never longer than ``FORM_LASTS_AT_MOST`` in all.

        Raises:
            HoldExpired: it is over, or was never this clerk's.
        """
        async with self._unit_of_work() as uow:
            now = self._clock()
            hold = await own_hold(uow, who, id)
            until = min(now + FORM_LASTS, hold.made_at + FORM_LASTS_AT_MOST)
            if until > hold.expires_at:
                hold = await uow.holds.prolong(id, until, now)
            elif hold.is_over(now):
                raise HoldExpired
            kept = Kept(hold, await _centre_id(uow, hold))
            await uow.commit()
        return kept

    async def release(self, who: StaffPrincipal, id: HoldId) -> None:
        """Gives it back. One that is over, or gone, is as good as given back."""
        async with self._unit_of_work() as uow:
            await self._give_back(uow, who, id)
            await uow.commit()

    async def look_first(self, place: Place, sitting_id: SittingId, slot_starts_at: datetime) -> None:
        """Refuses what is plainly taken before a turn to write is waited for: where many want one slot, all but the
        first are told by this. It promises nothing: who takes the slot is the database's word.

        Raises:
            NotFound: no such sitting.
            SlotTakenByAnother: with what is free instead.
        """
        async with self._unit_of_work(reading=True) as uow:
            sitting = await uow.sittings.get(sitting_id)
            ends_at = slot_starts_at + sitting.slot_length
            taken = await uow.occupancies.taken_between(slot_starts_at, ends_at, self._clock())
        venue = place if isinstance(place, AtKiosk) else OwnLocation()
        wanted = Slot(sitting_id, slot_starts_at, ends_at, venue).occupies()
        if any(moment in taken.get(resource, ()) for resource, moment in wanted):
            raise await self.taken(place, sitting_id, slot_starts_at)

    async def taken(self, place: Place, sitting_id: SittingId, slot_starts_at: datetime) -> SlotTakenByAnother:
        """The refusal of a slot, with what is free instead. Whoever is refused the same at once is told the same."""
        refused = (place, sitting_id, slot_starts_at)
        if (looking := self._looking.get(refused)) is None:
            looking = self._looking[refused] = asyncio.create_task(self._free_instead(*refused))
            looking.add_done_callback(lambda _: self._looking.pop(refused))
        # Shielded: of those who wait for it one may go away.
        return SlotTakenByAnother(await asyncio.shield(looking))

    async def _free_instead(self, place: Place, sitting_id: SittingId, slot_starts_at: datetime) -> list[Alternative]:
        async with self._unit_of_work(reading=True) as uow:
            sitting = await uow.sittings.get(sitting_id)
            venue = await _some_venue(uow, place)
            slot = Slot(sitting_id, slot_starts_at, slot_starts_at + sitting.slot_length, venue)
            free = await self._availability.alternatives(uow, slot, self._clock())
            centres = {kiosk.id: kiosk.centre_id for kiosk in await uow.kiosks.all()}
        return [Alternative(each, _centre_of(each.venue, centres)) for each in free]

    async def venue_for(
        self, uow: UnitOfWork, place: Place, sitting: Sitting, slot_starts_at: datetime
    ) -> tuple[Venue, GovernorateId | None]:
        """Where exactly, and in which governorate if the place has one. Of a centre's kiosks the free one that is used
        least on that day.

        Raises:
            NotFound: no such centre or kiosk.
            SlotTaken: the office, or each kiosk of the centre.
        """
        match place:
            case AtKiosk(kiosk_id):
                kiosk = await uow.kiosks.get(kiosk_id)
                return place, (await uow.centres.get(kiosk.centre_id)).governorate_id
            case InCentre(centre_id):
                centre = await uow.centres.get(centre_id)
                kiosks = [k for k in await uow.kiosks.of_governorate(centre.governorate_id) if k.centre_id == centre_id]
                chosen = await self._least_used(uow, kiosks, sitting, slot_starts_at)
                return AtKiosk(chosen), centre.governorate_id
            case _:
                return place, None

    async def _least_used(
        self, uow: UnitOfWork, kiosks: list[Kiosk], sitting: Sitting, slot_starts_at: datetime
    ) -> KioskId:
        day = moment_of(day_of(slot_starts_at), time.min)
        taken = await uow.occupancies.taken_between(day, day + A_DAY, self._clock())
        if slot_starts_at in taken.get(office_of(sitting.id), ()):
            raise _NothingLeft
        use = Counter({kiosk.id: len(taken.get(kiosk_of(kiosk.id), ())) for kiosk in kiosks})
        for id, _ in sorted(use.items(), key=lambda each: (each[1], each[0])):
            slot = Slot(sitting.id, slot_starts_at, slot_starts_at + sitting.slot_length, AtKiosk(id))
            if not any(moment in taken.get(resource, ()) for resource, moment in slot.occupies()):
                return id
        raise _NothingLeft

    async def _give_back(self, uow: UnitOfWork, who: StaffPrincipal, id: HoldId) -> None:
        try:
            await own_hold(uow, who, id)
        except HoldExpired:
            return
        await uow.holds.release(id)


async def own_hold(uow: UnitOfWork, who: StaffPrincipal, id: HoldId) -> Hold:
    """The hold of a clerk's form. Raises: HoldExpired: it is gone, or was never this clerk's: the two look alike."""
    try:
        hold = await uow.holds.get(id)
    except NotFound:
        raise HoldExpired from None
    if hold.held_by != who.staff_id:
        raise HoldExpired
    return hold


async def _centre_id(uow: UnitOfWork, hold: Hold) -> CentreId | None:
    return (await uow.kiosks.get(hold.venue.kiosk_id)).centre_id if isinstance(hold.venue, AtKiosk) else None


async def _some_venue(uow: UnitOfWork, place: Place) -> Venue:
    """For a look around: any kiosk of a centre says where it is."""
    if not isinstance(place, InCentre):
        return place
    centre = await uow.centres.get(place.centre_id)
    for kiosk in await uow.kiosks.of_governorate(centre.governorate_id):
        if kiosk.centre_id == place.centre_id:
            return AtKiosk(kiosk.id)
    raise Conflict("a centre without a kiosk")


def _centre_of(venue: Venue, centres: dict[KioskId, CentreId]) -> CentreId | None:
    return centres[venue.kiosk_id] if isinstance(venue, AtKiosk) else None
