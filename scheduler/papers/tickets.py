"""What a ticket says: the reference, the day, the time, the place and what to bring. Never who it is for.

A ticket that is lost tells its finder nothing about anybody; the desk reads the person from the code.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scheduler.noting import note
from scheduler.papers.ticket import TicketCodes
from scheduler.scope import audience_of
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import Audience, AudienceId, State
from tawasul.domain.audit import AuditAction, AuditActor
from tawasul.domain.errors import Conflict, NotFound
from tawasul.domain.party import Group, Representative
from tawasul.domain.places import CentreKind, Name, ReceptionCentre, Stop
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tawasul.web.dates import in_riyadh, local_day
from tawasul.web.words import Locale, as_locale

_OVER = frozenset({State.CANCELLED, State.MISSED, State.CONCLUDED})


class Paper(enum.StrEnum):
    """What it is printed on: the roll of a receipt printer, or a sheet."""

    ROLL = "80mm"
    SHEET = "a4"


class Bring(enum.StrEnum):
    """What the citizen has to have with them."""

    IDENTITY = "identity"
    PROOF = "proof"
    """The power of attorney, deed or record of whoever speaks for another."""
    PETITION = "petition"
    DEVICE = "device"
    """At their own location: a telephone or computer with camera and microphone."""


@dataclass(frozen=True, slots=True)
class TicketPlace:
    """Where to go. ``None`` in ``centre``: nowhere, the citizen joins by link."""

    centre: Name | None
    kiosk: Name | None = None
    governorate: Name | None = None
    stop: Stop | None = None
    """Where a portable centre stands on that day."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Times are aware, UTC. ``language``: the citizen's."""

    audience_id: AudienceId
    reference: str
    code: str
    starts_at: datetime
    ends_at: datetime | None
    place: TicketPlace
    bring: tuple[Bring, ...]
    group_size: int | None
    waits_for_turn: bool
    """Came without a time, and holds no slot: the time is about when, not at which."""
    language: Locale
    printed_at: datetime


class Tickets:
    """Makes them. Each is noted."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, codes: TicketCodes, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._codes = codes
        self._clock = clock

    async def ticket(self, who: StaffPrincipal, id: AudienceId) -> Ticket:
        """The ticket of an audience that is still to come or under way.

        Raises:
            NotFound: there is none, or it is not this desk's.
            Conflict: it was cancelled, missed or concluded.
        """
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.PRINT, id)
            if audience.state in _OVER:
                raise Conflict("a ticket for an audience that is over")
            ticket = await self._written(uow, audience)
            await note(uow, AuditActor.of(who), AuditAction.PRINTED_TICKET, audience)
            await uow.commit()
        return ticket

    async def _written(self, uow: UnitOfWork, audience: Audience) -> Ticket:
        party = audience.party.reveal()
        return Ticket(
            audience_id=audience.id,
            reference=audience.reference,
            code=self._codes.code(audience),
            starts_at=audience.slot_starts_at,
            ends_at=audience.slot_ends_at,
            place=await place_of(uow, audience),
            bring=_bring(audience, has_petition=await uow.petitions.get(audience.id) is not None),
            group_size=party.size if isinstance(party, Group) else None,
            waits_for_turn=audience.walk_in and not audience.holds_slot,
            language=as_locale(audience.language),
            printed_at=self._clock(),
        )


async def place_of(uow: UnitOfWork, audience: Audience) -> TicketPlace:
    """Where the audience is held, in the places' own words."""
    match audience.venue:
        case OwnLocation():
            return TicketPlace(None)
        case AtKiosk(kiosk_id=kiosk_id):
            kiosk = await uow.kiosks.get(kiosk_id)
            centre = await uow.centres.get(kiosk.centre_id)
            governorate = await uow.governorates.get(centre.governorate_id)
            return TicketPlace(centre.name, kiosk.name, governorate.name, stop_at(centre, audience.slot_starts_at))
        case _:
            governorate = await uow.governorates.get(audience.governorate_id)
            try:
                seat = (await uow.regions.emirate(governorate.region_id)).name
            except NotFound:
                seat = (await uow.regions.get(governorate.region_id)).name
            return TicketPlace(seat)


def stop_at(centre: ReceptionCentre, moment: datetime) -> Stop | None:
    """Where a portable centre stands at that time; of two stops of the day, the later one that has begun."""
    if centre.kind is not CentreKind.PORTABLE:
        return None
    day = [stop for stop in centre.stops if stop.on == local_day(moment)]
    begun = [stop for stop in day if stop.span.opens <= in_riyadh(moment).time()]
    return max(begun, key=lambda stop: stop.span.opens) if begun else next(iter(day), None)


def _bring(audience: Audience, *, has_petition: bool) -> tuple[Bring, ...]:
    things = [Bring.IDENTITY]
    if isinstance(audience.party.reveal(), Representative):
        things.append(Bring.PROOF)
    if isinstance(audience.venue, OwnLocation):
        things.append(Bring.DEVICE)
    elif not has_petition:
        things.append(Bring.PETITION)
    return tuple(things)
