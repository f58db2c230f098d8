"""The citizen's own pages for a booking and an offer: JSON under ``/api/booking`` and ``/api/offer``.

Anybody may come; what they may do is in the token, which is in the body and in no address, so in no log. Nothing here
answers a GET: previews of messages open links. How often one source may come is bounded, as tokens could be tried.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Request as HttpRequest
from limits import RateLimitItem, RateLimitItemPerMinute
from pydantic import AwareDatetime, Field

from scheduler.citizen_links import LONGEST_TOKEN
from scheduler.drafting import Booked
from scheduler.offers import Offered, Offers
from scheduler.own_booking import OwnBooking, OwnBookings
from scheduler.place import VenueWord, venue_word
from scheduler.web.asked import Id, Request
from scheduler.web.models import Answer, Name, link_path
from tawasul.access.door import source_of
from tawasul.access.endpoint import Public
from tawasul.access.policy import Principal
from tawasul.access.throttle import SourceThrottle
from tawasul.domain.audience import State
from tawasul.domain.sitting import SittingId
from tawasul.domain.waitlist import EntryState

LIMIT: RateLimitItem = RateLimitItemPerMinute(120, 5)
"""Many telephones may share an address; with 128 bits of signature even ten thousand times as many tries find none."""

Token = Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN, repr=False)]
Anybody = Annotated[Principal, Public()]


class WithToken(Request):
    """What follows the ``#`` of the link."""

    token: Token


class MoveOwn(WithToken):
    """To another time at the same place."""

    sitting_id: Id
    starts_at: AwareDatetime


class UndoToken(Request):
    """What the answer to a cancellation gave."""

    undo: Token


class OwnBookingView(Answer):
    """A booking without a name. ``place``: the centre's, for a kiosk. ``may_change``: the page may move and cancel."""

    reference: str
    state: State
    slot_starts_at: datetime
    slot_ends_at: datetime | None
    venue: VenueWord
    place: Name | None
    may_change: bool

    @classmethod
    def of(cls, own: OwnBooking) -> OwnBookingView:
        """From the use case."""
        audience = own.audience
        return cls(
            reference=audience.reference,
            state=audience.state,
            slot_starts_at=audience.slot_starts_at,
            slot_ends_at=audience.slot_ends_at,
            venue=venue_word(audience.venue),
            place=None if own.place is None else Name.of(own.place),
            may_change=own.may_change,
        )


class TimeView(Answer):
    """A time that is free."""

    sitting_id: str
    starts_at: datetime
    ends_at: datetime


class TimesOfDay(Answer):
    """Those of a day in Riyadh."""

    day: date
    slots: list[TimeView]


class TimesView(Answer):
    """The next days that have a free time at the same place."""

    days: list[TimesOfDay]


class MovedOwn(Answer):
    """The booking after a move or an accepted offer; ``booking_token`` opens its page from now on, ``link`` is the path
    by which they join from their own location, if there is a new one.
    """

    booking: OwnBookingView
    booking_token: str
    link: str | None


class CancelledOwn(Answer):
    """A booking that was given up; ``undo`` takes that back within two minutes."""

    booking: OwnBookingView
    undo: str


class OfferedView(Answer):
    """What is offered. ``seconds_left``: until it goes to the next. ``last``: who leaves it waits no longer."""

    starts_at: datetime
    ends_at: datetime
    venue: VenueWord
    place: Name | None
    expires_at: datetime
    seconds_left: int
    last: bool


class DeclinedOffer(Answer):
    """``waits``: they are on the waitlist as before; after the third time they are not."""

    waits: bool


def booking_links_router(bookings: OwnBookings, offers: Offers, throttle: SourceThrottle) -> APIRouter:
    """The router, over the use cases that the composition root made."""

    async def counted(request: HttpRequest) -> None:
        await throttle.count(source_of(request))

    router = APIRouter(prefix="/api", tags=["citizen's links"], dependencies=[Depends(counted)])

    @router.post("/booking/look")
    async def look(who: Anybody, body: WithToken) -> OwnBookingView:
        """The booking. Changes nothing."""
        return OwnBookingView.of(await bookings.look(body.token))

    @router.post("/booking/times")
    async def times(who: Anybody, body: WithToken) -> TimesView:
        """Other times at the same place, in the next 30 days. Changes nothing."""
        return TimesView(
            days=[
                TimesOfDay(
                    day=day,
                    slots=[
                        TimeView(sitting_id=slot.sitting_id, starts_at=slot.starts_at, ends_at=slot.ends_at)
                        for slot in slots
                    ],
                )
                for day, slots in await bookings.times(body.token)
            ]
        )

    @router.post("/booking/move")
    async def move(who: Anybody, body: MoveOwn) -> MovedOwn:
        """To another time."""
        return await booked(await bookings.move(body.token, SittingId(body.sitting_id), body.starts_at))

    @router.post("/booking/cancel")
    async def cancel(who: Anybody, body: WithToken) -> CancelledOwn:
        """Gives the time up."""
        cancelled = await bookings.cancel(body.token)
        return CancelledOwn(booking=OwnBookingView.of(cancelled.booking), undo=cancelled.undo_token)

    @router.post("/booking/undo")
    async def undo(who: Anybody, body: UndoToken) -> OwnBookingView:
        """That it was cancelled was a slip."""
        return OwnBookingView.of(await bookings.take_back(body.undo))

    @router.post("/offer/look")
    async def look_at_offer(who: Anybody, body: WithToken) -> OfferedView:
        """What is offered. Changes nothing."""
        return _offered(await offers.look(body.token))

    @router.post("/offer/accept", status_code=201)
    async def accept(who: Anybody, body: WithToken) -> MovedOwn:
        """Takes it."""
        return await booked(await offers.accept_by_link(body.token))

    @router.post("/offer/decline")
    async def decline(who: Anybody, body: WithToken) -> DeclinedOffer:
        """Leaves it: it goes to the next."""
        entry = await offers.decline_by_link(body.token)
        return DeclinedOffer(waits=entry.state is EntryState.WAITING)

    async def booked(given: Booked) -> MovedOwn:
        return MovedOwn(
            booking=OwnBookingView.of(await bookings.look(given.booking_token)),
            booking_token=given.booking_token,
            link=None if given.link_token is None else link_path(given.link_token),
        )

    return router


def _offered(offered: Offered) -> OfferedView:
    hold = offered.hold
    return OfferedView(
        starts_at=hold.slot_starts_at,
        ends_at=hold.slot_ends_at,
        venue=venue_word(hold.venue),
        place=None if offered.place is None else Name.of(offered.place),
        expires_at=offered.offer.expires_at,
        seconds_left=offered.seconds_left,
        last=offered.entry.has_last_offer,
    )
