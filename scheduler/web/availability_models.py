"""What the API says of places and free times. Times are UTC, days those of Riyadh."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from scheduler.availability import Nearby, Offered, Places
from scheduler.core.availability import DayOffer, DayState, FreeSlot
from scheduler.core.nearest import Near
from scheduler.core.prayer import Pause
from scheduler.core.windows import Why
from scheduler.web.models import Answer, Name
from tawasul.domain.hours import Prayer
from tawasul.domain.places import CentreKind, GovernorateId, Kiosk, ReceptionCentre, Stop
from tawasul.domain.riyadh import moment_of


class GovernorateView(Answer):
    """The desk's own."""

    id: str
    name: Name


class KioskOfCentre(Answer):
    """A kiosk of a centre."""

    id: str
    name: Name

    @classmethod
    def of(cls, kiosk: Kiosk) -> KioskOfCentre:
        """From the domain."""
        return cls(id=kiosk.id, name=Name.of(kiosk.name))


class StopView(Answer):
    """Where a portable centre stands on a day. A visit to a home does not say whose."""

    on: date
    place: Name
    opens: datetime
    closes: datetime
    home: bool

    @classmethod
    def of(cls, stop: Stop) -> StopView:
        """From the domain."""
        return cls(
            on=stop.on,
            place=Name.of(stop.place),
            opens=moment_of(stop.on, stop.span.opens),
            closes=moment_of(stop.on, stop.span.closes),
            home=stop.home,
        )


class CentreView(Answer):
    """A reception centre; ``own``: of the desk's governorate. ``stops``: those of today and later."""

    id: str
    name: Name
    kind: CentreKind
    governorate_id: str
    own: bool
    kiosks: list[KioskOfCentre]
    opens_on: date | None
    closes_on: date | None
    stops: list[StopView]

    @classmethod
    def of(cls, centre: ReceptionCentre, kiosks: list[Kiosk], own: GovernorateId, today: date) -> CentreView:
        """From the domain, as the desk of ``own`` sees it."""
        return cls(
            id=centre.id,
            name=Name.of(centre.name),
            kind=centre.kind,
            governorate_id=centre.governorate_id,
            own=centre.governorate_id == own,
            kiosks=[KioskOfCentre.of(kiosk) for kiosk in kiosks],
            opens_on=centre.opens_on,
            closes_on=centre.closes_on,
            stops=[StopView.of(stop) for stop in centre.stops if stop.on >= today],
        )


class PlacesView(Answer):
    """Where the desk can book: its own centres first."""

    governorate: GovernorateView
    centres: list[CentreView]

    @classmethod
    def of(cls, places: Places, today: date) -> PlacesView:
        """From the use case."""
        own = places.governorate
        return cls(
            governorate=GovernorateView(id=own.id, name=Name.of(own.name)),
            centres=[CentreView.of(centre, kiosks, own.id, today) for centre, kiosks in places.centres],
        )


class FreeSlotView(Answer):
    """A slot that may be booked; ``kiosks`` counts those that are free then, at a centre."""

    sitting_id: str
    starts_at: datetime
    ends_at: datetime
    kiosks: int

    @classmethod
    def of(cls, slot: FreeSlot) -> FreeSlotView:
        """From the core."""
        return cls(sitting_id=slot.sitting_id, starts_at=slot.starts_at, ends_at=slot.ends_at, kiosks=len(slot.kiosks))


class FirstFreeView(Answer):
    """The first slot that may be booked at all."""

    sitting_id: str
    starts_at: datetime

    @classmethod
    def of(cls, slot: FreeSlot | None) -> FirstFreeView | None:
        """From the core."""
        return None if slot is None else cls(sitting_id=slot.sitting_id, starts_at=slot.starts_at)


class PauseView(Answer):
    """Nobody is received meanwhile, at one end or the other."""

    prayer: Prayer
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, pause: Pause) -> PauseView:
        """From the core."""
        return cls(prayer=pause.prayer, starts_at=pause.starts_at, ends_at=pause.ends_at)


class OfferedDay(Answer):
    """A day at a place. ``why`` it is not open, and the ``name`` of the holiday if that is why."""

    day: date
    state: DayState
    why: Why | None
    name: Name | None
    free: int
    slots: list[FreeSlotView]
    pauses: list[PauseView]

    @classmethod
    def of(cls, offer: DayOffer) -> OfferedDay:
        """From the core."""
        return cls(
            day=offer.day,
            state=offer.state,
            why=offer.why,
            name=None if offer.name is None else Name.of(offer.name),
            free=len(offer.slots),
            slots=[FreeSlotView.of(slot) for slot in offer.slots],
            pauses=[PauseView.of(pause) for pause in offer.pauses],
        )


class AvailabilityView(Answer):
    """The days that were asked for, and the first free slot from now on."""

    days: list[OfferedDay]
    first_free: FirstFreeView | None

    @classmethod
    def of(cls, offered: Offered) -> AvailabilityView:
        """From the use case."""
        return cls(days=[OfferedDay.of(each) for each in offered.days], first_free=FirstFreeView.of(offered.first_free))


class TownView(Answer):
    """A town that may be meant."""

    name: Name
    governorate: Name


class NearView(Answer):
    """A centre, and how far it is: ``measure`` says that the road is longer. ``stop``: where a portable one stands."""

    centre_id: str
    name: Name
    kind: CentreKind
    own: bool
    kilometres: float
    measure: Literal["as-the-crow-flies"] = "as-the-crow-flies"
    stop: StopView | None
    first_free: FirstFreeView | None

    @classmethod
    def of(cls, near: Near, free: FreeSlot | None, own: GovernorateId | None) -> NearView:
        """From the core, as the desk of ``own`` sees it."""
        return cls(
            centre_id=near.centre.id,
            name=Name.of(near.centre.name),
            kind=near.centre.kind,
            own=near.centre.governorate_id == own,
            kilometres=round(near.kilometres, 1),
            stop=None if near.stop is None else StopView.of(near.stop),
            first_free=FirstFreeView.of(free),
        )


class NearestView(Answer):
    """The towns that may be meant, and the centres nearest to the first of them."""

    towns: list[TownView]
    centres: list[NearView]

    @classmethod
    def of(cls, nearby: Nearby, own: GovernorateId | None) -> NearestView:
        """From the use case, as the desk of ``own`` sees it."""
        return cls(
            towns=[
                TownView(name=Name.of(town.name), governorate=Name.of(governorate.name))
                for town, governorate in nearby.towns
            ],
            centres=[NearView.of(near, free, own) for near, free in nearby.centres],
        )
