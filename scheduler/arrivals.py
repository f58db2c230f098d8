"""Arrivals: the citizen is there, or was not received. Each is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from scheduler.core import reference
from scheduler.drafting import NOT_THE_CITIZENS_DOING
from scheduler.notify.herald import Herald
from scheduler.noting import note
from scheduler.scope import audience_of
from scheduler.tasks import Tasks
from tawasul.access.policy import Action, CitizenPrincipal, KioskPrincipal, StaffPrincipal, require
from tawasul.domain.audience import OPEN, Audience, AudienceId, MissedBecause, State, is_days_away
from tawasul.domain.audit import AuditAction, AuditActor
from tawasul.domain.errors import NotFound, TooEarly, UnlawfulTransition
from tawasul.domain.people import IdentityAssurance
from tawasul.domain.task import TaskKind
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

FIND_A_TIME_WITHIN: Final = timedelta(hours=24)
"""For somebody who came and could not be received, and did not take another time at once."""


class Arrivals:
    """The use cases of the day itself. Telling an arrival twice is the same as once."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime], herald: Herald, tasks: Tasks
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._herald = herald
        self._tasks = tasks

    async def check_in(self, who: StaffPrincipal, id: AudienceId, assurance: IdentityAssurance) -> Audience:
        """At the desk. A citizen who has arrived already, unseen, is now known with this assurance.

        Raises:
            NotFound: none that the desk looks after.
            UnlawfulTransition: the audience is over.
            Stale: somebody else changed it first.
        """
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.CHECK_IN, id)
            return await self._arrive(uow, audience, assurance, AuditActor.of(who))

    async def check_in_by_reference(self, kiosk: KioskPrincipal, typed: str) -> Audience:
        """At the kiosk itself: what is typed there is declared, and seen by nobody.

        Only those booked at this very kiosk: the call will come to it, and to no other of the centre.

        Raises:
            InvalidInput: not a reference, or mistyped.
            NotFound: no audience of this reference here.
            TooEarly: it is on another day. (A desk may receive them all the same: it sees the day.)
            UnlawfulTransition: the audience is over.
        """
        require(kiosk, Action.CHECK_IN_BY_REFERENCE)
        kept = reference.parse(typed)
        async with self._unit_of_work() as uow:
            audience = await uow.audiences.by_reference(kept)
            if audience is None or audience.venue != AtKiosk(kiosk.kiosk_id):
                raise NotFound("audience")
            self._require_its_day(audience)
            return await self._arrive(uow, audience, IdentityAssurance.DECLARED, AuditActor.of(kiosk))

    async def check_in_own(self, citizen: CitizenPrincipal) -> Audience:
        """From the citizen's own page, after the device check.

        Raises:
            NotFound: the audience is not one of an own location.
            TooEarly: it is on another day.
            UnlawfulTransition: the audience is over.
        """
        require(citizen, Action.CHECK_IN_OWN, audience=citizen.audience_id)
        async with self._unit_of_work() as uow:
            audience = await uow.audiences.get(citizen.audience_id)
            if not isinstance(audience.venue, OwnLocation):
                raise NotFound("audience")
            self._require_its_day(audience)
            return await self._arrive(uow, audience, IdentityAssurance.DECLARED, AuditActor.of(citizen))

    async def mark_missed(
        self,
        who: StaffPrincipal,
        id: AudienceId,
        because: MissedBecause = MissedBecause.CITIZEN,
        version: int | None = None,
    ) -> Audience:
        """The citizen did not come, left, or could not be received; the slot is free.

        If it was not their doing, somebody has to find them another time: it is free, and has a priority
        (``scheduler.drafting``).

        Raises: NotFound, UnlawfulTransition, Stale.
        """
        now = self._clock()
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.MARK_MISSED, id, version)
            audience.miss(because)
            await uow.audiences.save(audience)
            await self._herald.forget(uow, audience.id)
            if because in NOT_THE_CITIZENS_DOING:
                await self._tasks.add_in(
                    uow, TaskKind.FIND_A_TIME, audience.governorate_id, audience.id, now + FIND_A_TIME_WITHIN
                )
            await note(uow, AuditActor.of(who), AuditAction.MISSED, audience, because=because.value)
            await uow.commit()
        return audience

    def _require_its_day(self, audience: Audience) -> None:
        """Who checks in by themselves days before would stand as arrived until then, and could not move it."""
        if audience.state is State.BOOKED and is_days_away(audience.slot_starts_at, self._clock()):
            raise TooEarly

    async def _arrive(
        self, uow: UnitOfWork, audience: Audience, assurance: IdentityAssurance, actor: AuditActor
    ) -> Audience:
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
        await note(uow, actor, AuditAction.CHECKED_IN, audience, assurance=audience.assurance.value)
        await uow.commit()
        return audience
