"""The desk's endpoints that give, change and keep times: JSON under ``/api/desk``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path

from scheduler.booking import Booking
from scheduler.drafting import Booked
from scheduler.holds import Holds
from scheduler.walk_ins import WalkIns
from scheduler.web.asked import BookAudience, Key, PlaceBody, ReceiveWalkIn, Reschedule, TakeHold
from scheduler.web.models import AudienceView, BookedView, HoldView, Id, MovedView, WalkInView, link_path
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import InvalidInput
from tawasul.domain.hold import HoldId
from tawasul.domain.sitting import SittingId

AudiencePath = Annotated[Id, Path()]
HoldPath = Annotated[Id, Path()]
KeyHeader = Annotated[Key | None, Header(alias="Idempotency-Key")]
"""The same key twice is done once, and answered as the first time: for a caller that lost the answer."""


def booking_router(holds: Holds, booking: Booking, walk_ins: WalkIns, clock: Callable[[], datetime]) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.post("/holds", status_code=201)
    async def take(who: Annotated[StaffPrincipal, Allow(Action.BOOK)], body: TakeHold) -> HoldView:
        """Keeps a slot while the form is filled."""
        kept = await holds.take(
            who,
            body.place.place(),
            SittingId(body.sitting_id),
            body.starts_at,
            replaces=None if body.replaces is None else HoldId(body.replaces),
        )
        return HoldView.of(kept, clock())

    @router.post("/holds/{id}/prolong")
    async def prolong(who: Annotated[StaffPrincipal, Allow(Action.BOOK)], id: HoldPath) -> HoldView:
        """Keeps it longer; ten minutes in all at the most."""
        return HoldView.of(await holds.prolong(who, HoldId(id)), clock())

    @router.delete("/holds/{id}", status_code=204)
    async def release(who: Annotated[StaffPrincipal, Allow(Action.BOOK)], id: HoldPath) -> None:
        """Gives it back."""
        await holds.release(who, HoldId(id))

    @router.post("/audiences", status_code=201)
    async def book(
        who: Annotated[StaffPrincipal, Allow(Action.BOOK)], body: BookAudience, key: KeyHeader = None
    ) -> BookedView:
        """A time for a citizen: the one that is kept, or one that is named. With the same hold, or the same
        ``Idempotency-Key``, the same audience.
        """
        return BookedView.of(await _book(who, body, key), who)

    @router.post("/audiences/{id}/reschedule")
    async def reschedule(
        who: Annotated[StaffPrincipal, Allow(Action.RESCHEDULE)], id: AudiencePath, body: Reschedule
    ) -> MovedView:
        """Another time or place, under the same reference."""
        moved = await booking.move(who, AudienceId(id), HoldId(body.hold_id), body.version)
        link = None if moved.link_token is None else link_path(moved.link_token)
        return MovedView.of(moved.audience, who, link=link)

    @router.post("/walk-ins", status_code=201)
    async def walk_in(
        who: Annotated[StaffPrincipal, Allow(Action.RECEIVE_WALK_IN)], body: ReceiveWalkIn, key: KeyHeader = None
    ) -> WalkInView:
        """Somebody stands there without a time: they have arrived, and a place in the order."""
        received = await walk_ins.receive(who, body.place.place(), body.wanted(), body.assurance, key)
        return WalkInView(
            audience=AudienceView.of(received.audience, who), position=received.position, estimate=received.estimate
        )

    async def _book(who: StaffPrincipal, body: BookAudience, key: str | None) -> Booked:
        wanted = body.wanted()
        named = (body.sitting_id, body.slot_starts_at, body.venue)
        match body.hold_id, *named:
            case str(hold_id), None, None, None if body.kiosk_id is None:
                return await booking.book_held(who, HoldId(hold_id), wanted)
            case None, str(sitting_id), datetime() as starts_at, str(venue):
                place = PlaceBody(venue=venue, kiosk_id=body.kiosk_id).place()
                return await booking.book(
                    who, wanted, sitting_id=SittingId(sitting_id), slot_starts_at=starts_at, place=place, key=key
                )
            case _:
                raise InvalidInput("a hold, or a sitting with its slot and venue", field="hold_id")

    return router
