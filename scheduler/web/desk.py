"""The desk's endpoints: JSON under ``/api/desk``. They raise the domain's errors; ``tawasul.web.problems`` answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from scheduler.arrivals import Arrivals
from scheduler.booking import Booking
from scheduler.days import Days
from scheduler.web.models import (
    AudienceView,
    BookAudience,
    BookedView,
    CheckIn,
    CitizensView,
    CitizenView,
    DayView,
    FindCitizens,
    Id,
    LinkView,
    RegisterCitizen,
    SittingView,
    SlotsView,
    link_path,
    venue_of,
)
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import InvalidInput
from tawasul.domain.people import CitizenId
from tawasul.domain.places import KioskId
from tawasul.domain.sitting import SittingId

AudiencePath = Annotated[Id, Path()]
SittingQuery = Annotated[Id | None, Query()]
KioskQuery = Annotated[Id | None, Query()]


def desk_router(days: Days, booking: Booking, arrivals: Arrivals) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.get("/day")
    async def day(who: Annotated[StaffPrincipal, Allow(Action.SEE_DAY)], sitting: SittingQuery = None) -> DayView:
        """The list of the day: the sitting named, else the open one, the next, or the last."""
        return DayView.of(await days.day(who, None if sitting is None else SittingId(sitting)))

    @router.get("/slots")
    async def slots(
        who: Annotated[StaffPrincipal, Allow(Action.SEE_DAY)], sitting: SittingQuery = None, kiosk: KioskQuery = None
    ) -> SlotsView:
        """The slots that may be booked, at a kiosk or without one."""
        found, free = await days.free_slots(
            who, None if sitting is None else SittingId(sitting), None if kiosk is None else KioskId(kiosk)
        )
        return SlotsView(sitting=None if found is None else SittingView.of(found), slots=free)

    @router.post("/citizens/find")
    async def find_citizens(
        who: Annotated[StaffPrincipal, Allow(Action.FIND_CITIZEN)], body: FindCitizens
    ) -> CitizensView:
        """By national ID, mobile number or reference."""
        found = await booking.find_citizens(who, body.query)
        return CitizensView(citizens=[CitizenView.of(citizen) for citizen in found])

    @router.post("/citizens", status_code=201)
    async def register_citizen(
        who: Annotated[StaffPrincipal, Allow(Action.REGISTER_CITIZEN)], body: RegisterCitizen
    ) -> CitizenView:
        """A new citizen."""
        citizen = await booking.register_citizen(name=body.name, national_id=body.national_id, mobile=body.mobile)
        return CitizenView.of(citizen)

    @router.post("/audiences", status_code=201)
    async def book(who: Annotated[StaffPrincipal, Allow(Action.BOOK)], body: BookAudience) -> BookedView:
        """A slot for a citizen."""
        venue = venue_of(body)
        if venue is None:
            raise InvalidInput("the venue and the kiosk do not fit together", field="kiosk_id")
        booked = await booking.book(
            who,
            citizen_id=CitizenId(body.citizen_id),
            sitting_id=SittingId(body.sitting_id),
            slot_starts_at=body.slot_starts_at,
            venue=venue,
            subject=body.subject,
        )
        link = None if booked.link_token is None else link_path(booked.link_token)
        return BookedView(audience=AudienceView.of(booked.audience), link=link)

    @router.post("/audiences/{id}/check-in")
    async def check_in(
        who: Annotated[StaffPrincipal, Allow(Action.CHECK_IN)], id: AudiencePath, body: CheckIn
    ) -> AudienceView:
        """The citizen is there."""
        return AudienceView.of(await arrivals.check_in(who, AudienceId(id), body.assurance))

    @router.post("/audiences/{id}/withdraw-arrival")
    async def withdraw_arrival(
        who: Annotated[StaffPrincipal, Allow(Action.WITHDRAW_ARRIVAL)], id: AudiencePath
    ) -> AudienceView:
        """The arrival was a slip."""
        return AudienceView.of(await arrivals.withdraw_arrival(who, AudienceId(id)))

    @router.post("/audiences/{id}/missed")
    async def mark_missed(who: Annotated[StaffPrincipal, Allow(Action.MARK_MISSED)], id: AudiencePath) -> AudienceView:
        """The citizen did not come, or left."""
        return AudienceView.of(await arrivals.mark_missed(who, AudienceId(id)))

    @router.post("/audiences/{id}/cancel")
    async def cancel(who: Annotated[StaffPrincipal, Allow(Action.CANCEL)], id: AudiencePath) -> AudienceView:
        """The time is given up."""
        return AudienceView.of(await booking.cancel(who, AudienceId(id)))

    @router.post("/audiences/{id}/link")
    async def link(who: Annotated[StaffPrincipal, Allow(Action.ISSUE_LINK)], id: AudiencePath) -> LinkView:
        """A new link; the earlier one opens nothing any more."""
        return LinkView.of(await booking.reissue_link(who, AudienceId(id)))

    return router
