"""Offers: a time that is free is kept for the first on the waitlist whom it fits, who may take it or leave it (F5).

Each step is one transaction, and each changes the offer's state by compare-and-set in the database: of two servers, or
of a citizen and the clock, one wins and the other is told ``OfferOver``. A slot is in at most one open offer because
the offer has its hold.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scheduler.asking import until_drawn
from scheduler.availability import Availability
from scheduler.booking import Booking, slot_of
from scheduler.citizen_links import OfferLinks
from scheduler.core import offering
from scheduler.core.offering import Chance
from scheduler.drafting import Booked, Wanted
from scheduler.holds import Holds
from scheduler.notify.herald import Herald
from scheduler.offer_search import chances, place_of
from scheduler.waitlist import entry_of
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audit import THE_SERVICE, ActorKind, AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.errors import Conflict, NotFound, OfferOver, Stale
from tawasul.domain.hold import Hold
from tawasul.domain.message import MessageKind
from tawasul.domain.places import Name
from tawasul.domain.slot import Slot
from tawasul.domain.waitlist import EntryState, Offer, OfferId, OfferState, WaitlistEntry
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_ID_BYTES: Final = 8
"""An offer's id goes into a link, and a link into a message: what keeps it from being guessed is its signature."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An open offer with its entry and its hold; the name of the centre, for a kiosk; and how long it is open yet."""

    offer: Offer
    entry: WaitlistEntry
    hold: Hold
    place: Name | None
    seconds_left: int


class Offers:
    """``booking`` makes an accepted offer an audience; ``holds`` keeps its slot until then. ``changed`` is called when
    a slot is free again.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        *,
        availability: Availability,
        holds: Holds,
        booking: Booking,
        herald: Herald,
        links: OfferLinks,
        changed: Callable[[], None],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._availability = availability
        self._holds = holds
        self._booking = booking
        self._herald = herald
        self._links = links
        self._changed = changed

    # What the clockwork does

    async def offer_what_is_free(self) -> int:
        """Offers each free time to the first whom it fits; how many offers were made.

        What somebody took in between is left to the next time.
        """
        async with self._unit_of_work(reading=True) as uow:
            found = await chances(uow, self._availability, self._clock())
        return sum([await self._offer(chance) for chance in found])

    async def lapse_what_is_over(self) -> int:
        """Offers that nobody answered in time, and entries whose last day is over; how many."""
        now = self._clock()
        async with self._unit_of_work(reading=True) as uow:
            offers = await uow.offers.due(now)
            over = [entry for entry in await uow.waitlist.waiting() if offering.is_over(entry, now)]
        lapsed = sum([await self._lapse(offer) for offer in offers])
        return lapsed + sum([await self._end(entry) for entry in over])

    # What the citizen does, by the link

    async def look(self, token: str) -> Offered:
        """What is offered. Changes nothing.

        Raises:
            LinkNotValid, LinkExpired: by the link.
            OfferOver: it was answered, lapsed or taken back.
        """
        async with self._unit_of_work(reading=True) as uow:
            return await self._open(uow, self._links.read(token, self._clock()), None)

    async def accept_by_link(self, token: str) -> Booked:
        """The citizen takes it. Raises: LinkNotValid, LinkExpired, OfferOver, AlreadyBooked."""
        return await self._accept(self._links.read(token, self._clock()), None)

    async def decline_by_link(self, token: str) -> WaitlistEntry:
        """The citizen leaves it, and waits on or not. Raises: LinkNotValid, LinkExpired, OfferOver."""
        return await self._decline(self._links.read(token, self._clock()), None)

    # What the desk does, with the citizen on the telephone

    async def accept(self, who: StaffPrincipal, id: OfferId) -> Booked:
        """Raises: NotFound: not of an entry of this desk. OfferOver. AlreadyBooked: in this sitting."""
        return await self._accept(id, who)

    async def decline(self, who: StaffPrincipal, id: OfferId) -> None:
        """Raises: NotFound: not of an entry of this desk. OfferOver."""
        await self._decline(id, who)

    # What planning does

    async def take_back_in(self, uow: UnitOfWork, closed: Callable[[Slot], bool]) -> int:
        """Takes back the offers of slots in which nobody is received any more; how many. Who had one waits as before.
        In the caller's transaction. Does not commit.
        """
        taken_back = 0
        for offer in await uow.offers.open():
            hold = await _hold_of(uow, offer)
            if hold is None or not closed(slot_of(hold)):
                continue
            if not await uow.offers.save_state(offer.id, OfferState.OPEN, OfferState.WITHDRAWN):
                continue
            entry = await uow.waitlist.get(offer.entry_id)
            await uow.waitlist.save(entry.returned())
            await uow.holds.release(hold.id)
            await self._herald.tell(uow, MessageKind.OFFER_WITHDRAWN, None, entry.citizen_id, now=self._clock())
            await uow.audit.note(_noted(THE_SERVICE, AuditAction.TOOK_OFFER_BACK, offer, entry))
            taken_back += 1
        return taken_back

    async def _offer(self, chance: Chance) -> bool:
        now = self._clock()
        until = offering.answer_until(now, chance.starts_at)
        if until is None:
            return False
        try:
            async with self._unit_of_work() as uow:
                entry = await uow.waitlist.get(chance.entry.id)
                if entry.state is not EntryState.WAITING:
                    return False
                hold = await self._holds.take_in(
                    uow,
                    entry.governorate_id,
                    place_of(entry),
                    chance.sitting_id,
                    chance.starts_at,
                    lasts=until - now,
                )
                offer = Offer(OfferId(secrets.token_hex(_ID_BYTES)), entry.id, hold.id, hold.slot_starts_at, now, until)
                await uow.waitlist.save(entry.offered())
                await uow.offers.add(offer)
                await self._herald.tell(
                    uow,
                    MessageKind.OFFER,
                    None,
                    entry.citizen_id,
                    now=now,
                    link_token=self._links.token(offer),
                    expires_at=until,
                )
                await uow.audit.note(_noted(THE_SERVICE, AuditAction.OFFERED, offer, entry))
                await uow.commit()
        except Conflict:
            # Taken, or its quota reached, or the entry was changed by somebody who was quicker.
            return False
        return True

    async def _lapse(self, offer: Offer) -> bool:
        now = self._clock()
        try:
            async with self._unit_of_work() as uow:
                entry = await self._pass(uow, offer, OfferState.LAPSED)
                await self._herald.tell(uow, MessageKind.OFFER_LAPSED, None, entry.citizen_id, now=now)
                await uow.audit.note(_noted(THE_SERVICE, AuditAction.OFFER_LAPSED, offer, entry))
                await uow.commit()
        except (OfferOver, Stale):
            return False
        return True

    async def _end(self, entry: WaitlistEntry) -> bool:
        try:
            async with self._unit_of_work() as uow:
                await uow.waitlist.save(entry.lapsed())
                await uow.commit()
        except Stale:
            return False
        return True

    async def _accept(self, id: OfferId, who: StaffPrincipal | None) -> Booked:
        async def attempt() -> Booked:
            async with self._unit_of_work() as uow:
                await uow.calendar.keep()
                offered = await self._open(uow, id, who)
                entry, offer = offered.entry, offered.offer
                if not await uow.offers.save_state(id, OfferState.OPEN, OfferState.ACCEPTED):
                    raise OfferOver
                actor = _actor(who, offer)
                wanted = Wanted(
                    citizen_id=entry.citizen_id,
                    subject=entry.subject.reveal(),
                    priorities=entry.priorities,
                    party=entry.party.reveal(),
                )
                booked = await self._booking.book_in(
                    uow, wanted, offered.hold, booked_at=entry.governorate_id, actor=actor
                )
                await uow.waitlist.save(entry.placed(booked.audience.id))
                await uow.audit.note(_noted(actor, AuditAction.ACCEPTED_OFFER, offer, entry))
                await uow.commit()
                return booked

        return await until_drawn(attempt)

    async def _decline(self, id: OfferId, who: StaffPrincipal | None) -> WaitlistEntry:
        async with self._unit_of_work() as uow:
            offered = await self._open(uow, id, who)
            entry = await self._pass(uow, offered.offer, OfferState.DECLINED)
            await uow.audit.note(_noted(_actor(who, offered.offer), AuditAction.DECLINED_OFFER, offered.offer, entry))
            await uow.commit()
        self._changed()
        return entry

    async def _pass(self, uow: UnitOfWork, offer: Offer, to: OfferState) -> WaitlistEntry:
        """The slot is free again, and the entry waits on, or is over. Raises: OfferOver, Stale."""
        if not await uow.offers.save_state(offer.id, OfferState.OPEN, to):
            raise OfferOver
        entry = (await uow.waitlist.get(offer.entry_id)).passed()
        await uow.waitlist.save(entry)
        await uow.holds.release(offer.hold_id)
        return entry

    async def _open(self, uow: UnitOfWork, id: OfferId, who: StaffPrincipal | None) -> Offered:
        """An offer that may be answered. Raises: NotFound: none, or none of this desk's. OfferOver."""
        offer = await uow.offers.get(id)
        entry = await uow.waitlist.get(offer.entry_id) if who is None else await entry_of(uow, who, offer.entry_id)
        now = self._clock()
        if offer.state is not OfferState.OPEN or now >= offer.expires_at:
            raise OfferOver
        hold = await _hold_of(uow, offer)
        if hold is None:
            raise OfferOver
        place = None if entry.centre_id is None else (await uow.centres.get(entry.centre_id)).name
        return Offered(offer, entry, hold, place, int((offer.expires_at - now).total_seconds()))


async def _hold_of(uow: UnitOfWork, offer: Offer) -> Hold | None:
    """``None``: it is over, and was taken away."""
    try:
        return await uow.holds.get(offer.hold_id)
    except NotFound:
        return None


def _actor(who: StaffPrincipal | None, offer: Offer) -> AuditActor:
    return AuditActor(ActorKind.CITIZEN, offer.id) if who is None else AuditActor.of(who)


def _noted(actor: AuditActor, action: AuditAction, offer: Offer, entry: WaitlistEntry) -> AuditEntry:
    return AuditEntry(actor, action, AuditSubject.OFFER, offer.id, {"citizen": entry.citizen_id, "entry": entry.id})
