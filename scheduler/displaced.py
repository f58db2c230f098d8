"""Room for those who lose their time: the places of the region, and which times and kiosks are free in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from scheduler.core.availability import Taken, slots_of
from scheduler.core.rebooking import Displaced, Time
from scheduler.core.windows import Calendar
from tawasul.domain.audience import AudienceId
from tawasul.domain.places import CentreId, KioskId, ReceptionCentre
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Occupancy, Slot, office_of
from tawasul.domain.venue import AtKiosk, Venue
from tawasul.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Places:
    """The centres as they are after the change, and where each kiosk stands."""

    centres: Mapping[CentreId, ReceptionCentre]
    centre_of_kiosk: Mapping[KioskId, CentreId]

    @classmethod
    async def read(cls, uow: UnitOfWork, calendar: Calendar) -> Self:
        """Of a region."""
        return cls(calendar.centres, {kiosk.id: kiosk.centre_id for kiosk in await uow.kiosks.all()})

    def centre_of(self, venue: Venue) -> ReceptionCentre | None:
        """Of a kiosk; ``None`` for a venue without one."""
        return self.centres[self.centre_of_kiosk[venue.kiosk_id]] if isinstance(venue, AtKiosk) else None

    def kiosks_beside(self, venue: Venue) -> list[KioskId]:
        """Those of the same centre, this one first: nobody changes the kiosk without need."""
        if not isinstance(venue, AtKiosk):
            return []
        centre = self.centre_of_kiosk[venue.kiosk_id]
        others = (id for id, at in self.centre_of_kiosk.items() if at == centre and id != venue.kiosk_id)
        return [venue.kiosk_id, *sorted(others)]


class Rooms:
    """What is free once the displaced have given up theirs (``given_up``). For ``scheduler.core.rebooking``."""

    def __init__(
        self,
        sittings: Sequence[Sitting],
        calendar: Calendar,
        places: Places,
        taken: Taken,
        *,
        given_up: Sequence[Slot],
    ) -> None:
        self._sittings = {sitting.id: sitting for sitting in sittings}
        self._calendar = calendar
        self._places = places
        freed = {key for slot in given_up for key in slot.occupies()}
        self._taken: set[Occupancy] = {(resource, at) for resource, moments in taken.items() for at in moments} - freed
        self._venues: dict[object, Venue] = {}
        for slot in given_up:
            centre = places.centre_of(slot.venue)
            self._venues[type(slot.venue).__name__ if centre is None else centre.id] = slot.venue
        self._open: dict[tuple[object, SittingId], frozenset[datetime]] = {}

    def times(self, now: datetime) -> Iterator[Time]:
        """The times of the office that nobody has and that are to come."""
        for sitting in self._sittings.values():
            for start in slots_of(sitting, self._calendar, centre=None):
                if start >= now and self._office_free(sitting, start):
                    yield Time(start, sitting.id)

    def has_room(self, one: Displaced, time: Time) -> bool:
        """Whether the place of the displaced is open at the time, with a kiosk that is free if it needs one."""
        sitting, venue = self._sittings[time.sitting_id], self._venues[one.place]
        key = (one.place, sitting.id)
        if key not in self._open:
            centre = self._places.centre_of(venue)
            self._open[key] = frozenset(slots_of(sitting, self._calendar, centre=centre))
        return time.starts_at in self._open[key] and self._slot(sitting, time.starts_at, venue) is not None

    def assign(self, wanted: Mapping[AudienceId, tuple[Slot, Time | None]]) -> dict[AudienceId, Slot | None]:
        """The slot of each, with its kiosk, from what each had and the time that each gets.

        Kiosks are taken by five minutes: two slots that touch within five can need two kiosks. Who then has none gets
        no time, and somebody calls.
        """
        slots: dict[AudienceId, Slot | None] = dict.fromkeys(wanted)
        placed = [(time, id, lost) for id, (lost, time) in wanted.items() if time is not None]
        for time, id, lost in sorted(placed, key=lambda each: (each[0], each[1])):
            slot = self._slot(self._sittings[time.sitting_id], time.starts_at, lost.venue)
            slots[id] = slot
            self._taken.update(() if slot is None else slot.occupies())
        return slots

    def _slot(self, sitting: Sitting, start: datetime, venue: Venue) -> Slot | None:
        """A slot there at which nothing is taken, with the same kiosk if it can be."""
        end = start + sitting.slot_length
        venues: list[Venue] = [AtKiosk(id) for id in self._places.kiosks_beside(venue)]
        for each in venues or [venue]:
            slot = Slot(sitting.id, start, end, each)
            if self._taken.isdisjoint(slot.occupies()) and self._kiosk_open(slot):
                return slot
        return None

    def _kiosk_open(self, slot: Slot) -> bool:
        if not isinstance(slot.venue, AtKiosk):
            return True
        return self._calendar.is_kiosk_open(slot.venue.kiosk_id, slot.starts_at, slot.ends_at)

    def _office_free(self, sitting: Sitting, start: datetime) -> bool:
        return (office_of(sitting.id), start.astimezone(UTC)) not in self._taken
