"""How things stand for a stretch of days, as it was read at one moment: what is planned, declared and taken. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scheduler.core import quota
from scheduler.core.availability import DayOffer, Demand, FreeSlot, Planned, Taken, free_slots, offers, plan
from scheduler.core.windows import Calendar
from scheduler.place import InCentre, Place
from tawasul.domain.places import CentreId, GovernorateId, KioskId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.venue import AtKiosk, OwnLocation, Venue


@dataclass(frozen=True, slots=True)
class Situation:
    """``sittings`` in order; ``kiosks`` of each centre in order; ``quotas`` counts what each governorate has taken of
    the sittings that have a quota.
    """

    calendar: Calendar
    sittings: Sequence[Sitting]
    taken: Taken
    kiosks: Mapping[CentreId, Sequence[KioskId]]
    quotas: Mapping[SittingId, Mapping[GovernorateId, int]]
    now: datetime
    _planned: list[Planned] = field(init=False, default_factory=list, repr=False, compare=False)

    def free(self, place: Place, governorate_id: GovernorateId | None) -> list[FreeSlot]:
        """The slots that may be booked there now, in order. ``governorate_id``: on whose account where the place has
        none of its own; ``None``: quotas do not bind.
        """
        return free_slots(self._demand(place, governorate_id), self._plan(), self.calendar, self.taken)

    def offers(self, place: Place, governorate_id: GovernorateId | None, first_day: date, days: int) -> list[DayOffer]:
        """Each of ``days`` days from ``first_day`` on, which are within the calendar."""
        demand = self._demand(place, governorate_id)
        return offers(demand, self._plan(), self.calendar, self.taken, first_day=first_day, days=days)

    def alternatives(self, slot: Slot, governorate_id: GovernorateId | None, most: int) -> list[Slot]:
        """What is free instead of a slot: the nearest in time at the same place, and at last one at the same time in
        another (a centre of the same governorate, or the citizen's own location), where there is one.
        """
        place = self.place_of(slot.venue)
        nearby = sorted(self.free(place, governorate_id), key=lambda each: _apart(each, slot))
        found = [slot_at(each, slot.venue) for each in nearby[:most] if slot_at(each, slot.venue) != slot]
        elsewhere = next(
            (
                slot_at(each, venue)
                for other, venue in self._other_places(place)
                for each in self.free(other, governorate_id)
                if each.starts_at == slot.starts_at
            ),
            None,
        )
        if elsewhere is not None:
            found[most - 1 :] = [elsewhere]
        return found

    def place_of(self, venue: Venue) -> Place:
        """Any kiosk of the same centre is the same place. One that no centre has is only itself."""
        if isinstance(venue, AtKiosk):
            for centre_id, kiosks in self.kiosks.items():
                if venue.kiosk_id in kiosks:
                    return InCentre(centre_id)
        return venue

    def _plan(self) -> list[Planned]:
        if not self._planned:
            self._planned.extend(plan(self.sittings, self.taken, self.now))
        return self._planned

    def _other_places(self, place: Place) -> list[tuple[Place, Venue]]:
        if not isinstance(place, InCentre):
            return []
        own = self.calendar.centres[place.centre_id].governorate_id
        others: list[tuple[Place, Venue]] = [
            (InCentre(centre.id), AtKiosk(self.kiosks[centre.id][0]))
            for centre in self.calendar.centres.values()
            if centre.governorate_id == own and centre.id != place.centre_id and self.kiosks.get(centre.id)
        ]
        return [*others, (OwnLocation(), OwnLocation())]

    def _demand(self, place: Place, governorate_id: GovernorateId | None) -> Demand:
        of = self.place_of(place) if isinstance(place, AtKiosk) else place
        centre = self.calendar.centres[of.centre_id] if isinstance(of, InCentre) else None
        kiosks: tuple[KioskId, ...] = ()
        if isinstance(place, AtKiosk):
            kiosks = (place.kiosk_id,)
        elif centre is not None:
            kiosks = tuple(self.kiosks.get(centre.id, ()))
        account = governorate_id if centre is None else centre.governorate_id
        return Demand(centre, kiosks, () if governorate_id is None else self._over_quota(account))

    def _over_quota(self, governorate_id: GovernorateId | None) -> list[SittingId]:
        return [
            sitting.id
            for sitting in self.sittings
            if governorate_id is not None
            and not quota.may_take(governorate_id, self.quotas.get(sitting.id, {}), sitting, self.now)
        ]


def slot_at(free: FreeSlot, venue: Venue) -> Slot:
    """The slot, at the venue; of several kiosks that are free at the one of ``venue`` if it is among them."""
    if isinstance(venue, AtKiosk) and venue.kiosk_id not in free.kiosks and free.kiosks:
        venue = AtKiosk(free.kiosks[0])
    return Slot(free.sitting_id, free.starts_at, free.ends_at, venue)


def _apart(free: FreeSlot, slot: Slot) -> tuple[timedelta, datetime]:
    return abs(free.starts_at - slot.starts_at), free.starts_at
