"""What signaling reads of the store: the sittings of these hours, with everything a board shows of their audiences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from signaling.core.waiting_room import Entry
from tawasul.domain.audience import OPEN, WITH_THE_OFFICE, Audience, AudienceId, State
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.places import CentreId, Governorate, GovernorateId, Kiosk, KioskId, ReceptionCentre
from tawasul.domain.sitting import Purpose, Sitting, SittingId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.protocol.relay_url import Transport
from tawasul.store.unit_of_work import UnitOfWorkFactory

HOURS_AROUND = timedelta(hours=12)
"""Sittings of the Ramadan nights cross midnight, and a sitting may overrun: the day is not cut at a calendar's edge."""

PRESENT = WITH_THE_OFFICE | {State.ARRIVED}


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of the store at one moment."""

    sittings: tuple[Sitting, ...] = ()
    audiences: dict[AudienceId, Audience] = field(default_factory=dict)
    citizens: dict[CitizenId, Citizen] = field(default_factory=dict)
    kiosks: dict[KioskId, Kiosk] = field(default_factory=dict)
    centres: dict[str, ReceptionCentre] = field(default_factory=dict)
    governorates: dict[GovernorateId, Governorate] = field(default_factory=dict)
    transports: dict[CentreId, Transport] = field(default_factory=dict)
    """By which each centre's kiosks reach their relay, where that is remembered."""

    def entries(self) -> tuple[Entry, ...]:
        """For the waiting room."""
        return tuple(
            Entry(
                audience_id=a.id,
                sitting_id=a.sitting_id,
                venue=venue_key(a),
                state=a.state,
                slot_starts_at=a.slot_starts_at,
                arrived_at=a.arrived_at,
                version=a.version,
                holds_slot=a.holds_slot,
                priorities=a.priorities,
            )
            for a in self.audiences.values()
        )

    def of_sitting(self, id: SittingId) -> list[Audience]:
        """Its audiences, by slot."""
        return sorted((a for a in self.audiences.values() if a.sitting_id == id), key=lambda a: a.slot_starts_at)

    def sitting(self, id: SittingId) -> Sitting | None:
        """The sitting of that id, if it is one of these hours."""
        return next((s for s in self.sittings if s.id == id), None)

    def current(self, now: datetime) -> Sitting | None:
        """The sitting that the office holds now: the first that is not over, or still has somebody there."""
        majlis = [s for s in self.sittings if s.purpose is Purpose.MAJLIS]
        return next((s for s in majlis if s.closes_at > now or self._has_somebody(s)), majlis[-1] if majlis else None)

    def lengths(self, sitting_id: SittingId) -> list[float]:
        """Seconds from being called in to the outcome, of each audience concluded."""
        return [
            (a.concluded_at - a.called_in_at).total_seconds()
            for a in self.of_sitting(sitting_id)
            if a.concluded_at and a.called_in_at
        ]

    def with_the_office(self, sitting_id: SittingId) -> Audience | None:
        """Whom the office is with."""
        return next((a for a in self.of_sitting(sitting_id) if a.state in WITH_THE_OFFICE), None)

    def _has_somebody(self, sitting: Sitting) -> bool:
        return any(a.state in PRESENT for a in self.audiences.values() if a.sitting_id == sitting.id)


async def read(units: UnitOfWorkFactory, now: datetime, *, remember_for: timedelta) -> Reading:
    """One reading, in one transaction. ``remember_for``: how long that holds which worked at a centre."""
    async with units(reading=True) as work:
        sittings: list[Sitting] = []
        for purpose in Purpose:
            sittings += await work.sittings.between(now - HOURS_AROUND, now + HOURS_AROUND, purpose)
        audiences: list[Audience] = []
        for sitting in sittings:
            audiences += await work.audiences.of_sitting(sitting.id)
        # A call that ran when the service was stopped, and was not started for a day, is still to be ended: until then
        # it keeps its kiosk.
        audiences += [a for a in await work.audiences.in_a_call() if a not in audiences]
        shown = [a for a in audiences if a.state in OPEN or a.state is State.CONCLUDED]
        return Reading(
            sittings=tuple(sorted(sittings, key=lambda s: s.opens_at)),
            audiences={a.id: a for a in audiences},
            citizens=await work.citizens.many({a.citizen_id for a in shown}),
            kiosks={k.id: k for k in await work.kiosks.all()},
            centres={c.id: c for c in await work.centres.all()},
            governorates={g.id: g for g in await work.governorates.all()},
            transports=await work.centre_relays.since(now - remember_for),
        )


def venue_key(audience: Audience) -> str:
    """The key of the line where this citizen is."""
    match audience.venue:
        case AtKiosk(kiosk_id):
            return f"kiosk:{kiosk_id}"
        case OwnLocation():
            return f"citizen:{audience.id}"
        case _:
            return f"in-person:{audience.id}"


def calls_under_way(audiences: Sequence[Audience]) -> list[Audience]:
    """Those who are in a call, or called into one. Who is received in the room has none that could be lost."""
    in_a_call = [a for a in audiences if a.state in (State.CALLED_IN, State.IN_CALL) and a.call_id]
    return [a for a in in_a_call if not isinstance(a.venue, InPerson)]
