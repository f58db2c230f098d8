"""The office plans: sittings, protocol visits, holidays and Ramadan: JSON under ``/api/planning``.

What may take somebody's time has a ``preview``, which changes nothing and says who is affected; to do it, the number
that was shown goes along as ``expected``, and what was shown as ``seen``; if it is not so any more nothing is done
(``stale``, with ``affected``).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from scheduler.changes import AddBlackout, AddHoliday, PutRamadan, RemoveRamadan
from scheduler.planning import Planning
from scheduler.protocol_visit import ProtocolVisits
from scheduler.sitting_plans import MOST_DAYS_SHOWN, SittingPlans
from scheduler.web.asked import Id
from scheduler.web.models import SittingView
from scheduler.web.planning_asked import (
    AddBlackoutBody,
    AddHolidayBody,
    AddSitting,
    Day,
    PreviewBlackout,
    PreviewHoliday,
    PreviewRamadan,
    PutRamadanBody,
    RepeatSitting,
    Seen,
    at,
)
from scheduler.web.planning_models import (
    BlackoutDone,
    BlackoutRemoved,
    BlackoutsView,
    BlackoutView,
    ConsequencesView,
    HolidayDone,
    HolidaysView,
    HolidayView,
    PlannedSitting,
    RamadansView,
    RamadanView,
    RepeatedView,
    SittingsView,
)
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audit import AuditActor
from tawasul.domain.calendar import BlackoutId, HolidayId
from tawasul.domain.sitting import SittingId

Plans = Annotated[StaffPrincipal, Allow(Action.PLAN)]
IdPath = Annotated[Id, Path()]
YearPath = Annotated[int, Path(ge=1441, le=1498)]
"""Of the Hijri calendar: those in which anything is planned."""


def planning_router(planning: Planning, sittings: SittingPlans, visits: ProtocolVisits) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/planning", tags=["planning"])

    @router.get("/sittings")
    async def planned(
        who: Plans,
        from_day: Annotated[Day, Query(alias="from")],
        days: Annotated[int, Query(ge=1, le=MOST_DAYS_SHOWN)] = 35,
    ) -> SittingsView:
        """Those of some days, with how many of their slots are taken."""
        found = await sittings.sittings(from_day, days)
        return SittingsView(sittings=[PlannedSitting.planned(each) for each in found])

    @router.post("/sittings", status_code=201)
    async def add_sitting(who: Plans, body: AddSitting) -> SittingView:
        """One more."""
        return SittingView.of(await sittings.add_sitting(who, body.opens_at, body.closes_at, body.pattern()))

    @router.post("/sittings/repeat", status_code=201)
    async def repeat_sitting(who: Plans, body: RepeatSitting) -> RepeatedView:
        """The same on some weekdays, but for holidays and where another stands."""
        added, skipped = await sittings.repeat_sitting(
            who,
            body.weekdays,
            body.from_day,
            body.to_day,
            at(body.opens),
            at(body.closes),
            body.pattern(),
        )
        return RepeatedView.of(added, skipped)

    @router.delete("/sittings/{id}", status_code=204)
    async def remove_sitting(who: Plans, id: IdPath) -> None:
        """One in which nobody is or was booked."""
        await sittings.remove_sitting(who, SittingId(id))

    @router.get("/blackouts")
    async def blackouts(who: Plans) -> BlackoutsView:
        """Those that are not over."""
        return BlackoutsView(blackouts=[BlackoutView.of(each) for each in await planning.blackouts()])

    @router.post("/blackouts/preview")
    async def preview_blackout(who: Plans, body: PreviewBlackout) -> ConsequencesView:
        """Who loses a time, and where each would go. Changes nothing."""
        return ConsequencesView.of(await visits.preview(AddBlackout(body.blackout())))

    @router.post("/blackouts", status_code=201)
    async def add_blackout(who: Plans, body: AddBlackoutBody) -> BlackoutDone:
        """A protocol visit, or a closure: everybody affected is rebooked, or called."""
        blackout = body.blackout()
        done = await visits.confirm(AuditActor.of(who), AddBlackout(blackout), body.expected, body.seen)
        return BlackoutDone(**dict(ConsequencesView.of(done)), blackout=BlackoutView.of(blackout))

    @router.delete("/blackouts/{id}")
    async def remove_blackout(who: Plans, id: IdPath) -> BlackoutRemoved:
        """The time may be booked again; nobody is moved back."""
        await planning.remove_blackout(who, BlackoutId(id))
        return BlackoutRemoved()

    @router.get("/holidays")
    async def holidays(who: Plans) -> HolidaysView:
        """Those of the last month and of the next two years."""
        return HolidaysView(holidays=[HolidayView.of(each) for each in await planning.holidays()])

    @router.post("/holidays/preview")
    async def preview_holiday(who: Plans, body: PreviewHoliday) -> ConsequencesView:
        """Who loses a time by it. Changes nothing."""
        return ConsequencesView.of(await visits.preview(AddHoliday(body.holiday())))

    @router.post("/holidays", status_code=201)
    async def add_holiday(who: Plans, body: AddHolidayBody) -> HolidayDone:
        """Days on which nobody is received."""
        holiday = body.holiday()
        done = await visits.confirm(AuditActor.of(who), AddHoliday(holiday), body.expected, body.seen)
        return HolidayDone(**dict(ConsequencesView.of(done)), holiday=HolidayView.of(holiday))

    @router.delete("/holidays/{id}", status_code=204)
    async def remove_holiday(who: Plans, id: IdPath) -> None:
        """The days are days like others."""
        await planning.remove_holiday(who, HolidayId(id))

    @router.get("/ramadans")
    async def ramadans(who: Plans) -> RamadansView:
        """When Ramadan is, in the years around now."""
        found = await planning.ramadans()
        return RamadansView(ramadans=[RamadanView.of(each, declared=declared) for each, declared in found])

    @router.post("/ramadans/{hijri_year}/preview")
    async def preview_ramadan(who: Plans, hijri_year: YearPath, body: PreviewRamadan) -> ConsequencesView:
        """Who loses a time if it is on these days. Changes nothing."""
        return ConsequencesView.of(await visits.preview(PutRamadan(body.ramadan(hijri_year))))

    @router.put("/ramadans/{hijri_year}")
    async def put_ramadan(who: Plans, hijri_year: YearPath, body: PutRamadanBody) -> ConsequencesView:
        """It was declared to be on these days."""
        change = PutRamadan(body.ramadan(hijri_year))
        return ConsequencesView.of(await visits.confirm(AuditActor.of(who), change, body.expected, body.seen))

    @router.delete("/ramadans/{hijri_year}")
    async def remove_ramadan(
        who: Plans,
        hijri_year: YearPath,
        expected: Annotated[int, Query(ge=0, le=100_000)] = 0,
        seen: Annotated[Seen, Query()] = None,
    ) -> ConsequencesView:
        """The table's days hold again."""
        change = RemoveRamadan(hijri_year)
        return ConsequencesView.of(await visits.confirm(AuditActor.of(who), change, expected, seen))

    return router
