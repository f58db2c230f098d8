"""The page of an agency's account, and what stands above its lists: the agency itself, and how much is in each box."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Annotated, Self

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.views import AgencyBox, AgencyDesk, Views
from tawasul.casework.web.given_parts import BothNames, Given
from tawasul.domain.riyadh import day_of
from tawasul.web.pages import render

Who = Annotated[StaffPrincipal, Allow(Action.ANSWER_CASE)]


class BoxView(Given):
    """How many cases are in it, and how many of those are late."""

    cases: int
    overdue: int


class AgencyDeskView(Given):
    """``closed_on``: from this day in Riyadh nothing is referred to it; ``closed``: it has come. ``boxes``: of the
    answered ones those that are not closed.
    """

    name: BothNames
    acceptance_days: int
    answer_days: int
    closed_on: datetime.date | None
    closed: bool
    boxes: dict[AgencyBox, BoxView]

    @classmethod
    def of(cls, desk: AgencyDesk, today: datetime.date) -> Self:
        """From the use case."""
        agency = desk.agency
        return cls(
            name=BothNames.of(agency.name),
            acceptance_days=agency.acceptance_days,
            answer_days=agency.answer_days,
            closed_on=agency.closed_on,
            closed=agency.closed_on is not None and agency.closed_on <= today,
            boxes={box: BoxView(cases=each.cases, overdue=each.overdue) for box, each in desk.boxes.items()},
        )


def agency_page_router(views: Views, clock: Callable[[], datetime.datetime]) -> APIRouter:
    """The router, over the lists that the composition root made."""
    router = APIRouter()

    @router.get("/agency", include_in_schema=False)
    async def page(request: Request, who: Who) -> HTMLResponse:
        """What is referred to the agency, and each case with what can be done about it."""
        return render(request, "agency.html")

    @router.get("/api/agency/boxes", tags=["agency's cases"])
    async def boxes(who: Who) -> AgencyDeskView:
        """The agency, and how much waits in each box."""
        return AgencyDeskView.of(await views.agency_desk(who), day_of(clock()))

    return router
