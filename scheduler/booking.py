"""Booking: give a citizen a time and a place, another one, none; and their link. Each use case is one transaction.

The slot is refused by the database, never by a look beforehand. Asking again for what was done is harmless: a booking
is named by the hold that it was made of, so the same hold twice is the same audience.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from datetime import datetime

from scheduler.asking import done_before, named, named_sitting, telling_of_another
from scheduler.availability import Availability
from scheduler.drafting import Booked, Drafts, Wanted
from scheduler.holds import Holds, own_hold
from scheduler.notify.herald import Herald
from scheduler.noting import note
from scheduler.place import Place
from scheduler.scope import audience_of, governorate_of
from tawasul.access.links import LinkDesk
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import OPEN, Audience, AudienceId
from tawasul.domain.audit import AuditAction, AuditActor
from tawasul.domain.errors import Conflict, HoldExpired, NotFound, SlotTaken
from tawasul.domain.hold import Hold, HoldId
from tawasul.domain.message import MessageKind
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.venue import OwnLocation
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Booking:
    """The desk's use cases before the citizen arrives."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        *,
        holds: Holds,
        availability: Availability,
        drafts: Drafts,
        links: LinkDesk,
        herald: Herald,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._holds = holds
        self._availability = availability
        self._drafts = drafts
        self._links = links
        self._herald = herald

    async def book_held(self, who: StaffPrincipal, hold_id: HoldId, wanted: Wanted) -> Booked:
        """Gives the citizen the slot that this clerk's form keeps. With the same hold again: the same audience.

        Raises:
            NotFound: no such citizen.
            InvalidText: the subject, or the petition.
            HoldExpired: it is over, or was never this clerk's.
            HasATimeAlready, AlreadyBooked: the citizen has an open audience in this sitting.
        """
        id = AudienceId(hold_id)

        async def attempt() -> Booked:
            async with self._unit_of_work() as uow:
                if earlier := await done_before(uow, who, id, wanted.citizen_id):
                    return await self._drafts.again(uow, earlier)
                hold = await own_hold(uow, who, hold_id)
                booked = await self.book_in(
                    uow, wanted, hold, booked_at=governorate_of(who), actor=AuditActor.of(who), id=id
                )
                await uow.commit()
                return booked

        try:
            return await telling_of_another(self._unit_of_work, who, wanted.citizen_id, attempt)
        except HoldExpired:
            # Of two that ask at once the second finds the hold gone, and what was made of it.
            return await attempt()

    async def book(
        self,
        who: StaffPrincipal,
        wanted: Wanted,
        *,
        sitting_id: SittingId,
        slot_starts_at: datetime,
        place: Place,
        key: str | None = None,
    ) -> Booked:
        """The same without a hold. ``key``: what the caller calls this booking; twice the same is done once.

        Raises:
            NotFound: no such citizen, sitting or kiosk.
            InvalidText: the subject, or the petition.
            SlotNotOffered, SlotPassed, QuotaReached: the time is not to be had.
            SlotTakenByAnother: somebody has it, at the office or at the kiosk; with what is free instead.
            HasATimeAlready, AlreadyBooked: the citizen has an open audience in this sitting.
        """
        desk = governorate_of(who)
        id = named(key, "booking", desk, wanted.citizen_id)
        if key is None:
            await self._holds.look_first(place, sitting_id, slot_starts_at)

        async def attempt() -> Booked:
            async with self._unit_of_work() as uow:
                if earlier := await done_before(uow, who, id, wanted.citizen_id):
                    return await self._drafts.again(uow, earlier)
                sitting = await uow.sittings.get(sitting_id)
                venue, at = await self._holds.venue_for(uow, place, sitting, slot_starts_at)
                slot = Slot(sitting_id, slot_starts_at, slot_starts_at + sitting.slot_length, venue)
                await self._availability.require_fits(uow, slot, at or desk)
                audience = await self._drafts.draft(uow, id, wanted, slot, at or desk, desk)
                with named_sitting(audience):
                    await uow.audiences.add(audience)
                booked = await self._drafts.complete(uow, audience, wanted, AuditActor.of(who), MessageKind.BOOKED)
                await uow.commit()
                return booked

        try:
            return await telling_of_another(self._unit_of_work, who, wanted.citizen_id, attempt)
        except SlotTaken:
            if key is not None:
                with contextlib.suppress(SlotTaken):
                    return await attempt()
            raise await self._holds.taken(place, sitting_id, slot_starts_at) from None

    async def book_in(
        self,
        uow: UnitOfWork,
        wanted: Wanted,
        hold: Hold,
        *,
        booked_at: GovernorateId,
        actor: AuditActor,
        id: AudienceId | None = None,
        kind: MessageKind | None = MessageKind.BOOKED,
    ) -> Booked:
        """Gives the citizen what is held, if it is still open then, in the caller's transaction. Does not commit.

        ``scheduler.asking.until_drawn`` around the transaction tries again if the reference drawn is somebody's.

        Raises: NotFound, InvalidText, SlotNotOffered, HoldExpired, AlreadyBooked, ReferenceInUse.
        """
        await self._require_open(uow, hold)
        id = id or AudienceId(uuid.uuid4().hex)
        audience = await self._drafts.draft(uow, id, wanted, slot_of(hold), hold.governorate_id, booked_at)
        with named_sitting(audience):
            await uow.audiences.add(audience, hold)
        return await self._drafts.complete(uow, audience, wanted, actor, kind)

    async def move(self, who: StaffPrincipal, id: AudienceId, hold_id: HoldId, version: int) -> Booked:
        """Another time or place, under the same reference.

        Raises:
            NotFound, UnlawfulTransition: by the audience.
            Stale: the page is older than what it shows.
            HoldExpired: it is over, or was never this clerk's.
            HasATimeAlready, AlreadyBooked: the citizen has another audience in the sitting that it would move to.
        """
        async with self._unit_of_work(reading=True) as uow:
            citizen_id = (await audience_of(uow, who, Action.RESCHEDULE, id)).citizen_id

        async def attempt() -> Booked:
            async with self._unit_of_work() as uow:
                audience = await audience_of(uow, who, Action.RESCHEDULE, id, version)
                hold = await own_hold(uow, who, hold_id)
                moved = await self.move_in(uow, audience, hold, actor=AuditActor.of(who))
                await uow.commit()
                return moved

        return await telling_of_another(self._unit_of_work, who, citizen_id, attempt)

    async def move_in(
        self,
        uow: UnitOfWork,
        audience: Audience,
        hold: Hold,
        *,
        actor: AuditActor,
        kind: MessageKind = MessageKind.MOVED,
    ) -> Booked:
        """The same in the caller's transaction. Does not commit.

        Raises: UnlawfulTransition, SlotNotOffered, HoldExpired, AlreadyBooked, Stale.
        """
        await self._require_open(uow, hold)
        before = audience.slot_starts_at
        audience.move(slot_of(hold), hold.governorate_id)
        # Who walked in, left again and is given a time is booked like anybody.
        audience.walk_in, audience.holds_slot = False, True
        with named_sitting(audience):
            await uow.audiences.move(audience, hold)
        return await self._drafts.moved(uow, audience, before, actor, kind)

    async def cancel(self, who: StaffPrincipal, id: AudienceId, version: int | None = None) -> Audience:
        """Gives the time up. Raises: NotFound, UnlawfulTransition, Stale."""
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.CANCEL, id, version)
            await self.cancel_in(uow, audience, actor=AuditActor.of(who))
            await uow.commit()
        return audience

    async def cancel_in(self, uow: UnitOfWork, audience: Audience, *, actor: AuditActor) -> None:
        """The same in the caller's transaction. Does not commit. Raises: UnlawfulTransition, Stale."""
        audience.cancel()
        await uow.audiences.save(audience)
        await self._herald.tell(uow, MessageKind.CANCELLED, audience, audience.citizen_id, now=self._clock())
        await note(uow, actor, AuditAction.CANCELLED, audience)

    async def reissue_link(self, who: StaffPrincipal, id: AudienceId) -> str:
        """The token of a new link; the earlier one, and the device that used it, are shut out.

        Raises:
            NotFound: no such audience of an own location that the desk looks after.
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
            await note(uow, AuditActor.of(who), AuditAction.ISSUED_LINK, audience)
            await uow.commit()
        return token

    async def _require_open(self, uow: UnitOfWork, hold: Hold) -> None:
        """What was kept may have been closed since: a visit of protocol, a holiday. Quotas were asked when it was kept.

        Raises: SlotNotOffered, SlotPassed.
        """
        await self._availability.require_fits(uow, slot_of(hold), None)


def slot_of(hold: Hold) -> Slot:
    """What it keeps."""
    return Slot(hold.sitting_id, hold.slot_starts_at, hold.slot_ends_at, hold.venue)
