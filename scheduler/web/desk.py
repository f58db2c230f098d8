"""The desk's endpoints for people and for the day: JSON under ``/api/desk``. They raise the domain's errors;
``tawasul.web.problems`` answers. Times are given and changed in ``scheduler.web.booking``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from scheduler.arrivals import Arrivals
from scheduler.booking import Booking
from scheduler.days import Days
from scheduler.drafting import NOT_THE_CITIZENS_DOING
from scheduler.registration import Registration
from scheduler.undo import Undo
from scheduler.web.asked import AsItWas, CheckIn, IfUnchanged, Missed, ReadTicket, RegisterCitizen
from scheduler.web.models import (
    AudienceView,
    CitizenView,
    DayEntry,
    DayView,
    Id,
    LinkView,
    MissedView,
    SittingView,
    SlotsView,
)
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import AudienceId
from tawasul.domain.places import KioskId
from tawasul.domain.sitting import SittingId

AudiencePath = Annotated[Id, Path()]
SittingQuery = Annotated[Id | None, Query()]
KioskQuery = Annotated[Id | None, Query()]


def desk_router(days: Days, registration: Registration, booking: Booking, arrivals: Arrivals, undo: Undo) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.get("/day")
    async def day(who: Annotated[StaffPrincipal, Allow(Action.SEE_DAY)], sitting: SittingQuery = None) -> DayView:
        """The list of the day: the sitting named, else the open one, the next, or the last."""
        return DayView.of(await days.day(who, None if sitting is None else SittingId(sitting)), who)

    @router.get("/slots")
    async def slots(
        who: Annotated[StaffPrincipal, Allow(Action.SEE_DAY)], sitting: SittingQuery = None, kiosk: KioskQuery = None
    ) -> SlotsView:
        """The slots that nobody has, at a kiosk or without one."""
        found, free = await days.free_slots(
            who, None if sitting is None else SittingId(sitting), None if kiosk is None else KioskId(kiosk)
        )
        return SlotsView(sitting=None if found is None else SittingView.of(found), slots=free)

    @router.post("/tickets/read")
    async def read_ticket(who: Annotated[StaffPrincipal, Allow(Action.CHECK_IN)], body: ReadTicket) -> DayEntry:
        """Whose ticket or reference it is: to be read back to the person before they are checked in."""
        return DayEntry.of(await days.by_ticket(who, body.code), who)

    @router.post("/citizens", status_code=201)
    async def register_citizen(
        who: Annotated[StaffPrincipal, Allow(Action.REGISTER_CITIZEN)], body: RegisterCitizen
    ) -> CitizenView:
        """A new citizen."""
        return CitizenView.of(
            await registration.register(who, name=body.name, national_id=body.national_id, mobile=body.mobile)
        )

    @router.post("/audiences/{id}/check-in")
    async def check_in(
        who: Annotated[StaffPrincipal, Allow(Action.CHECK_IN)], id: AudiencePath, body: CheckIn
    ) -> AudienceView:
        """The citizen is there."""
        return AudienceView.of(await arrivals.check_in(who, AudienceId(id), body.assurance), who)

    @router.post("/audiences/{id}/withdraw-arrival")
    async def withdraw_arrival(
        who: Annotated[StaffPrincipal, Allow(Action.WITHDRAW_ARRIVAL)], id: AudiencePath
    ) -> AudienceView:
        """The arrival was a slip."""
        return AudienceView.of(await undo.withdraw_arrival(who, AudienceId(id)), who)

    @router.post("/audiences/{id}/missed")
    async def mark_missed(
        who: Annotated[StaffPrincipal, Allow(Action.MARK_MISSED)], id: AudiencePath, body: Missed | None = None
    ) -> MissedView:
        """The citizen did not come, left, or could not be received."""
        asked = body or Missed()
        missed = await arrivals.mark_missed(who, AudienceId(id), asked.because, asked.version)
        return MissedView.of(missed, who, rebook=asked.because in NOT_THE_CITIZENS_DOING)

    @router.post("/audiences/{id}/cancel")
    async def cancel(
        who: Annotated[StaffPrincipal, Allow(Action.CANCEL)], id: AudiencePath, body: IfUnchanged | None = None
    ) -> AudienceView:
        """The time is given up."""
        version = None if body is None else body.version
        return AudienceView.of(await booking.cancel(who, AudienceId(id), version), who)

    @router.post("/audiences/{id}/reinstate")
    async def reinstate(
        who: Annotated[StaffPrincipal, Allow(Action.REINSTATE)], id: AudiencePath, body: AsItWas
    ) -> AudienceView:
        """That it was cancelled or missed was a slip."""
        return AudienceView.of(await undo.reinstate(who, AudienceId(id), body.version), who)

    @router.post("/audiences/{id}/link")
    async def link(who: Annotated[StaffPrincipal, Allow(Action.ISSUE_LINK)], id: AudiencePath) -> LinkView:
        """A new link; the earlier one opens nothing any more."""
        return LinkView.of(await booking.reissue_link(who, AudienceId(id)))

    return router
