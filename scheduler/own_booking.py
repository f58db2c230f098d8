"""The citizen's own page for a booking (F6): look, other times at the same place, move, cancel, take that back.

Who holds the link may do these things and no others, to this audience only, until it is over. What they see names
nobody: a telephone is lent and lost. Each use case is one transaction; looking changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from scheduler.availability import Availability
from scheduler.booking import Booking
from scheduler.citizen_links import BookingLinks
from scheduler.core.availability import FreeSlot
from scheduler.drafting import Booked
from scheduler.holds import Holds
from scheduler.place import InCentre, Place
from scheduler.undo import Undo
from tawasul.domain.audience import OPEN, Audience, State
from tawasul.domain.audit import ActorKind, AuditActor
from tawasul.domain.errors import LinkExpired, LinkNotValid, SlotTaken
from tawasul.domain.places import Name
from tawasul.domain.riyadh import A_DAY, day_of
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import AtKiosk
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

MOVES_UNTIL: Final = timedelta(hours=1)
"""Before the audience: later than this a new time would come too late for whoever could have had the old one."""

TIMES_AHEAD: Final = timedelta(days=30)
_KEPT_FOR: Final = timedelta(minutes=1)
_TRIES: Final = 5
"""A centre has several kiosks: the one that was chosen may be taken at that moment, and the next is free."""


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """What the page shows. ``place``: the centre's name, for a kiosk. ``may_change``: it can be moved or given up."""

    audience: Audience
    place: Name | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A booking that was given up, and the token with which that can be taken back for a moment."""

    booking: OwnBooking
    undo_token: str


class OwnBookings:
    """Tokens are those of ``scheduler.citizen_links.BookingLinks``. Each use case raises ``LinkNotValid`` (not ours, or
    the audience is over) or ``LinkExpired`` (its time has passed).
    """

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        *,
        availability: Availability,
        holds: Holds,
        booking: Booking,
        undo: Undo,
        links: BookingLinks,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._availability = availability
        self._holds = holds
        self._booking = booking
        self._undo = undo
        self._links = links

    async def look(self, token: str) -> OwnBooking:
        """Changes nothing."""
        async with self._unit_of_work(reading=True) as uow:
            return await self._own(uow, await self._audience(uow, token))

    async def times(self, token: str) -> list[tuple[date, list[FreeSlot]]]:
        """The other times at the same place in the next 30 days, by day."""
        now = self._clock()
        async with self._unit_of_work(reading=True) as uow:
            audience = await self._changeable(uow, token)
            today = day_of(now)
            situation = await self._availability.situation(uow, today, today + TIMES_AHEAD, now)
        days: dict[date, list[FreeSlot]] = {}
        for slot in situation.free(situation.place_of(audience.venue), audience.governorate_id):
            if slot.starts_at >= now + MOVES_UNTIL:
                days.setdefault(day_of(slot.starts_at), []).append(slot)
        return sorted(days.items())

    async def move(self, token: str, sitting_id: SittingId, starts_at: datetime) -> Booked:
        """To another time at the same place.

        Raises:
            NotFound, SlotNotOffered, SlotPassed, QuotaReached: by the time.
            SlotTakenByAnother: somebody was quicker; with what is free instead.
            AlreadyBooked: the citizen has another audience in that sitting.
        """
        place: Place
        for _ in range(_TRIES):
            try:
                async with self._unit_of_work() as uow:
                    audience = await self._changeable(uow, token)
                    place = await _place_of(uow, audience)
                    hold = await self._holds.take_in(
                        uow, audience.governorate_id, place, sitting_id, starts_at, lasts=_KEPT_FOR
                    )
                    moved = await self._booking.move_in(uow, audience, hold, actor=_actor(audience))
                    await uow.commit()
                    return moved
            except SlotTaken:
                if not isinstance(place, InCentre):
                    break
        raise await self._holds.taken(place, sitting_id, starts_at)

    async def cancel(self, token: str) -> Cancelled:
        """Gives the time up. Raises: UnlawfulTransition: the citizen is with the office. Stale."""
        async with self._unit_of_work() as uow:
            audience = await self._changeable(uow, token)
            await self._booking.cancel_in(uow, audience, actor=_actor(audience))
            own = await self._own(uow, audience)
            await uow.commit()
        return Cancelled(own, self._links.undo_token(audience, self._clock()))

    async def take_back(self, undo_token: str) -> OwnBooking:
        """That it was cancelled was a slip: the time is the citizen's again, if nobody took it.

        Raises: SlotTaken. UnlawfulTransition: it was taken back already.
        """
        reference = self._links.read_undo(undo_token, self._clock())
        async with self._unit_of_work() as uow:
            audience = await uow.audiences.by_reference(reference)
            if audience is None or audience.state is State.MISSED:
                raise LinkNotValid
            await self._undo.reinstate_in(uow, audience, actor=_actor(audience))
            own = await self._own(uow, audience)
            await uow.commit()
        return own

    async def _audience(self, uow: UnitOfWork, token: str) -> Audience:
        now = self._clock()
        audience = await uow.audiences.by_reference(self._links.read(token, now))
        if audience is None or audience.state not in OPEN:
            raise LinkNotValid
        if audience.state is State.BOOKED and now >= (audience.slot_ends_at or audience.slot_starts_at) + A_DAY:
            raise LinkExpired
        return audience

    async def _changeable(self, uow: UnitOfWork, token: str) -> Audience:
        """Raises: LinkExpired: it is too late to change it here."""
        audience = await self._audience(uow, token)
        if not self._may_change(audience):
            raise LinkExpired
        return audience

    def _may_change(self, audience: Audience) -> bool:
        return audience.state is State.BOOKED and self._clock() + MOVES_UNTIL <= audience.slot_starts_at

    async def _own(self, uow: UnitOfWork, audience: Audience) -> OwnBooking:
        place = None
        if isinstance(audience.venue, AtKiosk):
            kiosk = await uow.kiosks.get(audience.venue.kiosk_id)
            place = (await uow.centres.get(kiosk.centre_id)).name
        return OwnBooking(audience, place, self._may_change(audience))


async def _place_of(uow: UnitOfWork, audience: Audience) -> Place:
    """Any kiosk of the same centre will do."""
    if not isinstance(audience.venue, AtKiosk):
        return audience.venue
    return InCentre((await uow.kiosks.get(audience.venue.kiosk_id)).centre_id)


def _actor(audience: Audience) -> AuditActor:
    return AuditActor(ActorKind.CITIZEN, audience.id)
