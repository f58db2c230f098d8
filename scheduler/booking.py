"""Booking: find or register a citizen, give them a time and a place, take it back, give them a link.

The slot is refused by the database, never by a look beforehand. Each use case is one transaction.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scheduler.core import agenda, reference
from scheduler.scope import audience_of, governorate_of
from tawasul.access.links import LinkDesk
from tawasul.access.policy import Action, StaffPrincipal, allowed
from tawasul.domain.audience import OPEN, Audience, AudienceId
from tawasul.domain.errors import Conflict, InvalidInput, InvalidMobile, InvalidNationalId, NotFound, SlotNotOffered
from tawasul.domain.people import Citizen, CitizenId, Mobile, NationalId
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import AtKiosk, OwnLocation, Venue
from tawasul.store.constraints import ReferenceInUse
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_DRAWS: Final = 8
"""Of 6.4 million references a region uses a few thousand a year: eight taken ones in a row do not happen."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A new audience, and the token of its link if the citizen joins from their own location."""

    audience: Audience
    link_token: str | None


class Booking:
    """The desk's use cases before the citizen arrives. ``random_bytes(n)`` draws references."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        links: LinkDesk,
        clock: Callable[[], datetime],
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._links = links
        self._clock = clock
        self._random_bytes = random_bytes

    async def find_citizens(self, who: StaffPrincipal, query: str) -> list[Citizen]:
        """By reference (of the desk's own governorate), national ID or mobile number: exactly, or nobody.

        Raises:
            InvalidInput: it is none of the three (or mistyped); ``field`` is ``query``.
        """
        async with self._unit_of_work(reading=True) as uow:
            for look_up in (self._by_reference, _by_national_id, _by_mobile):
                found = await look_up(uow, who, query)
                if found is not None:
                    return found
        raise InvalidInput("neither a reference nor a national ID nor a mobile number", field="query")

    async def register_citizen(self, *, name: str, national_id: str, mobile: str) -> Citizen:
        """A new citizen.

        Raises:
            InvalidText, InvalidNationalId, InvalidMobile: by the field that is wrong.
            AlreadyRegistered: the national ID is somebody's.
        """
        citizen = Citizen.register(
            CitizenId(uuid.uuid4().hex), name=name, national_id=national_id, mobile=mobile, now=self._clock()
        )
        async with self._unit_of_work() as uow:
            await uow.citizens.add(citizen)
            await uow.commit()
        return citizen

    async def book(
        self,
        who: StaffPrincipal,
        *,
        citizen_id: CitizenId,
        sitting_id: SittingId,
        slot_starts_at: datetime,
        venue: Venue,
        subject: str,
    ) -> Booked:
        """Gives the citizen the slot.

        Raises:
            NotFound: no such citizen, sitting, or kiosk in the desk's governorate.
            InvalidText: the subject.
            SlotNotOffered: the time is not a slot of the sitting, or has passed.
            SlotTaken: somebody has it, at the office or at the kiosk.
            AlreadyBooked: the citizen has an open audience in this sitting.
        """
        governorate_id = governorate_of(who)
        for _ in range(_DRAWS):
            drawn = reference.draw(self._random_bytes(reference.RANDOM_BYTES))
            async with self._unit_of_work() as uow:
                await uow.citizens.get(citizen_id)
                sitting = await uow.sittings.get(sitting_id)
                if not sitting.offers(slot_starts_at) or agenda.is_over(sitting, slot_starts_at, self._clock()):
                    raise SlotNotOffered
                await _require_venue_within(uow, venue, governorate_id)
                audience = Audience.book(
                    AudienceId(uuid.uuid4().hex),
                    reference=drawn,
                    citizen_id=citizen_id,
                    sitting_id=sitting_id,
                    slot_starts_at=slot_starts_at,
                    venue=venue,
                    governorate_id=governorate_id,
                    subject=subject,
                )
                try:
                    await uow.audiences.add(audience)
                except ReferenceInUse:
                    continue
                token = None
                if isinstance(venue, OwnLocation):
                    token = await self._links.issue(uow, audience.id, sitting.closes_at)
                await uow.commit()
                return Booked(audience, token)
        raise Conflict("no free reference was drawn")

    async def cancel(self, who: StaffPrincipal, id: AudienceId) -> Audience:
        """Gives the time up. Raises: NotFound, UnlawfulTransition, Stale."""
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.CANCEL, id)
            audience.cancel()
            await uow.audiences.save(audience)
            await uow.commit()
        return audience

    async def reissue_link(self, who: StaffPrincipal, id: AudienceId) -> str:
        """The token of a new link; the earlier one, and the device that used it, are shut out.

        Raises:
            NotFound: no such audience of an own location in the desk's governorate.
            Conflict: the audience is over.
        """
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.ISSUE_LINK, id)
            if not isinstance(audience.venue, OwnLocation):
                raise NotFound("link")
            if audience.state not in OPEN:
                raise Conflict("the audience is over")
            sitting = await uow.sittings.get(audience.sitting_id)
            token = await self._links.issue(uow, audience.id, sitting.closes_at)
            await uow.commit()
        return token

    async def _by_reference(self, uow: UnitOfWork, who: StaffPrincipal, query: str) -> list[Citizen] | None:
        try:
            typed = reference.parse(query)
        except InvalidInput:
            return None
        audience = await uow.audiences.by_reference(typed)
        if audience is None or not allowed(who, Action.FIND_CITIZEN, governorate=audience.governorate_id):
            return []
        return [await uow.citizens.get(audience.citizen_id)]


async def _by_national_id(uow: UnitOfWork, who: StaffPrincipal, query: str) -> list[Citizen] | None:
    try:
        number = NationalId.parse(query)
    except InvalidNationalId:
        return None
    citizen = await uow.citizens.by_national_id(number)
    return [] if citizen is None else [citizen]


async def _by_mobile(uow: UnitOfWork, who: StaffPrincipal, query: str) -> list[Citizen] | None:
    try:
        mobile = Mobile.parse(query)
    except InvalidMobile:
        return None
    return await uow.citizens.by_mobile(mobile)


async def _require_venue_within(uow: UnitOfWork, venue: Venue, governorate_id: GovernorateId) -> None:
    """Raises: NotFound: the kiosk is not there, or in another governorate."""
    if isinstance(venue, AtKiosk):
        kiosk = await uow.kiosks.get(venue.kiosk_id)
        centre = await uow.centres.get(kiosk.centre_id)
        if centre.governorate_id != governorate_id:
            raise NotFound("kiosk")
