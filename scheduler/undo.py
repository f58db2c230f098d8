"""Slips of the desk are taken back. Each is one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime

from scheduler.asking import named_sitting, telling_of_another
from scheduler.availability import Availability
from scheduler.citizen_links import BookingLinks
from scheduler.notify.herald import Herald
from scheduler.noting import note
from scheduler.scope import audience_of
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.audit import AuditAction, AuditActor
from tawasul.domain.errors import SlotPassed
from tawasul.domain.message import MessageKind
from tawasul.domain.slot import Slot
from tawasul.domain.task import TaskKind
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Undo:
    """What was a slip is as it was before, as far as nobody has taken it meanwhile."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        herald: Herald,
        booking_links: BookingLinks,
        availability: Availability,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._herald = herald
        self._booking_links = booking_links
        self._availability = availability

    async def withdraw_arrival(self, who: StaffPrincipal, id: AudienceId) -> Audience:
        """The arrival was a slip. Raises: NotFound, UnlawfulTransition, Stale."""
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.WITHDRAW_ARRIVAL, id)
            audience.withdraw_arrival()
            await uow.audiences.save(audience)
            await note(uow, AuditActor.of(who), AuditAction.WITHDREW_ARRIVAL, audience)
            await uow.commit()
        return audience

    async def reinstate(self, who: StaffPrincipal, id: AudienceId, version: int) -> Audience:
        """That it was cancelled or missed was a slip: the citizen has the time again, also when it has begun meanwhile.

        Raises:
            NotFound, UnlawfulTransition: by the audience.
            Stale: the page is older than what it shows.
            SlotTaken: somebody has the slot by now.
            SlotNotOffered: nobody is received then any more.
            HasATimeAlready, AlreadyBooked: the citizen has another audience in this sitting by now.
        """
        async with self._unit_of_work(reading=True) as uow:
            citizen_id = (await audience_of(uow, who, Action.REINSTATE, id)).citizen_id

        async def attempt() -> Audience:
            async with self._unit_of_work() as uow:
                audience = await audience_of(uow, who, Action.REINSTATE, id, version)
                await self.reinstate_in(uow, audience, actor=AuditActor.of(who))
                await uow.commit()
                return audience

        return await telling_of_another(self._unit_of_work, who, citizen_id, attempt)

    async def reinstate_in(self, uow: UnitOfWork, audience: Audience, *, actor: AuditActor) -> None:
        """The same in the caller's transaction. Does not commit.

        Raises: UnlawfulTransition, Stale, SlotTaken, SlotNotOffered, AlreadyBooked.
        """
        now = self._clock()
        audience.reinstate()
        if audience.holds_slot:
            # It may have been closed since. One that is over is no harm: whoever was marked missed stands there.
            with contextlib.suppress(SlotPassed):
                await self._availability.require_fits(uow, await _slot(uow, audience), None)
        with named_sitting(audience):
            await uow.audiences.reinstate(audience)
        for task in await uow.tasks.open_for_audience(audience.id):
            if task.kind in (TaskKind.FIND_A_TIME, TaskKind.TELL_OF_CANCELLATION):
                await uow.tasks.save(task.gone(now))
        if audience.slot_starts_at > now:
            # Its reminders went with the slip; and who was told that it is cancelled is told that it is not.
            await self._herald.tell(
                uow,
                MessageKind.BOOKED,
                audience,
                audience.citizen_id,
                now=now,
                link_token=self._booking_links.token(audience),
            )
        await note(uow, actor, AuditAction.REINSTATED, audience)


async def _slot(uow: UnitOfWork, audience: Audience) -> Slot:
    """Of one booked before slots had an end of their own the sitting says it."""
    sitting = await uow.sittings.get(audience.sitting_id)
    ends_at = audience.slot_ends_at or audience.slot_starts_at + sitting.slot_length
    return Slot(audience.sitting_id, audience.slot_starts_at, ends_at, audience.venue)
