"""The agencies' API: JSON under ``/api/agency/cases``. An account sees what is referred to its agency, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.referring import Referring
from tawasul.casework.views import AgencyBox, Views
from tawasul.casework.web import asked
from tawasul.casework.web.asked import CasePath
from tawasul.casework.web.given import CaseDetailView, CasesView, CaseView
from tawasul.casework.web.shown import Shown
from tawasul.domain.case import CaseId

Who = Annotated[StaffPrincipal, Allow(Action.ANSWER_CASE)]


@dataclass(frozen=True, slots=True)
class AgencyCases:
    """The use cases that an agency needs."""

    views: Views
    referring: Referring
    shown: Shown
    clock: Callable[[], datetime]


def agency_cases_router(cases: AgencyCases) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/agency/cases", tags=["agency's cases"])
    referring, shown = cases.referring, cases.shown

    @router.get("")
    async def box(who: Who, box: AgencyBox = AgencyBox.NEW) -> CasesView:
        """What is referred to the agency, soonest due first."""
        return CasesView.of(await cases.views.agency(who, box), cases.clock())

    @router.get("/{case_id}")
    async def open_case(who: Who, case_id: CasePath) -> CaseDetailView:
        """A case from its referral on. That it was opened is noted."""
        return CaseDetailView.opened(await cases.views.open(who, CaseId(case_id)), cases.clock())

    @router.post("/{case_id}/take-on")
    async def take_on(who: Who, case_id: CasePath, body: asked.OfCase) -> CaseView:
        """It is the agency's own."""
        return await shown.after(who, await referring.take_on(who, CaseId(case_id), body.version))

    @router.post("/{case_id}/return")
    async def give_back(who: Who, case_id: CasePath, body: asked.WithReason) -> CaseView:
        """It is not the agency's own, and why."""
        return await shown.after(who, await referring.return_(who, CaseId(case_id), body.reason, body.version))

    @router.post("/{case_id}/ask")
    async def ask(who: Who, case_id: CasePath, body: asked.AskOfCase) -> CaseView:
        """Something is to be known first; the agency's clock stands still until then."""
        return await shown.after(who, await referring.ask(who, CaseId(case_id), body.question, body.version))

    @router.post("/{case_id}/report")
    async def report(who: Who, case_id: CasePath, body: asked.ReportOnCase) -> CaseView:
        """A part is done; what remains is listed with its days."""
        remaining = body.remains()
        case = await referring.report(who, CaseId(case_id), body.words, remaining, body.version)
        return await shown.after(who, case)

    @router.post("/{case_id}/answer")
    async def answer(who: Who, case_id: CasePath, body: asked.WithWords) -> CaseView:
        """All is done: closing is proposed to the citizen."""
        return await shown.after(who, await referring.answer(who, CaseId(case_id), body.words, body.version))

    return router
