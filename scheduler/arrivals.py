"""Arrivals: the citizen is there, the arrival was a slip, or the citizen did not come. Each is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from scheduler.core import reference
from scheduler.scope import audience_of
from tawasul.access.policy import Action, CitizenPrincipal, KioskPrincipal, StaffPrincipal, require
from tawasul.domain.audience import OPEN, Audience, AudienceId, State
from tawasul.domain.errors import NotFound, UnlawfulTransition
from tawasul.domain.people import IdentityAssurance
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Arrivals:
    """The use cases of the day itself. Telling an arrival twice is the same as once."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def check_in(self, who: StaffPrincipal, id: AudienceId, assurance: IdentityAssurance) -> Audience:
        """At the desk. A citizen who has arrived already, unseen, is now known with this assurance.

        Raises:
            NotFound: none of the desk's governorate.
            UnlawfulTransition: the audience is over.
            Stale: somebody else changed it first.
        """
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.CHECK_IN, id)
            return await self._arrive(uow, audience, assurance)

    async def check_in_by_reference(self, kiosk: KioskPrincipal, typed: str) -> Audience:
        """At the kiosk itself: what is typed there is declared, and seen by nobody.

        Only those booked at this very kiosk: the call will come to it, and to no other of the centre.

        Raises:
            InvalidInput: not a reference, or mistyped.
            NotFound: no audience of this reference here.
            UnlawfulTransition: the audience is over.
        """
        require(kiosk, Action.CHECK_IN_BY_REFERENCE)
        kept = reference.parse(typed)
        async with self._unit_of_work() as uow:
            audience = await uow.audiences.by_reference(kept)
            if audience is None or audience.venue != AtKiosk(kiosk.kiosk_id):
                raise NotFound("audience")
            return await self._arrive(uow, audience, IdentityAssurance.DECLARED)

    async def check_in_own(self, citizen: CitizenPrincipal) -> Audience:
        """From the citizen's own page, after the device check.

        Raises:
            NotFound: the audience is not one of an own location.
            UnlawfulTransition: the audience is over.
        """
        require(citizen, Action.CHECK_IN_OWN, audience=citizen.audience_id)
        async with self._unit_of_work() as uow:
            audience = await uow.audiences.get(citizen.audience_id)
            if not isinstance(audience.venue, OwnLocation):
                raise NotFound("audience")
            return await self._arrive(uow, audience, IdentityAssurance.DECLARED)

    async def withdraw_arrival(self, who: StaffPrincipal, id: AudienceId) -> Audience:
        """The arrival was a slip. Raises: NotFound, UnlawfulTransition, Stale."""
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.WITHDRAW_ARRIVAL, id)
            audience.withdraw_arrival()
            await uow.audiences.save(audience)
            await uow.commit()
        return audience

    async def mark_missed(self, who: StaffPrincipal, id: AudienceId) -> Audience:
        """The citizen did not come, or left; the slot is free. Raises: NotFound, UnlawfulTransition, Stale."""
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.MARK_MISSED, id)
            audience.miss()
            await uow.audiences.save(audience)
            await uow.commit()
        return audience

    async def _arrive(self, uow: UnitOfWork, audience: Audience, assurance: IdentityAssurance) -> Audience:
        if audience.state is State.BOOKED:
            audience.arrive(assurance, self._clock())
        elif audience.state in OPEN:
            known = audience.assurance
            audience.assure(assurance)
            if audience.assurance is known:
                return audience
        else:
            raise UnlawfulTransition(audience.state, "arrive")
        await uow.audiences.save(audience)
        await uow.commit()
        return audience
