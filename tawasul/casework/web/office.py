"""The office's API of cases: JSON under ``/api/office``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.agenda import Agenda
from tawasul.casework.directing import Directing
from tawasul.casework.finding import Finding
from tawasul.casework.views import MOST_LISTED, Views
from tawasul.casework.web import asked
from tawasul.casework.web.asked import CasePath, Id
from tawasul.casework.web.given import (
    AgenciesView,
    AgencyView,
    AgendaView,
    CardView,
    CaseDetailView,
    CasesView,
    CaseView,
    WordingsView,
    WordingView,
)
from tawasul.casework.web.given_parts import DirectiveView
from tawasul.casework.web.shown import Shown, number_of
from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import AudienceId
from tawasul.domain.case import CaseId
from tawasul.domain.case_state import CaseState
from tawasul.domain.places import GovernorateId
from tawasul.domain.wording import Wording

Directs = Annotated[StaffPrincipal, Allow(Action.DIRECT)]
Follows = Annotated[StaffPrincipal, Allow(Action.SEE_FOLLOW_THROUGH)]
Before = Annotated[str | None, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class OfficeCases:
    """The use cases that the office needs. ``wordings``: the region's templates of directives."""

    views: Views
    finding: Finding
    directing: Directing
    agenda: Agenda
    shown: Shown
    wordings: Sequence[Wording]
    clock: Callable[[], datetime]


def office_cases_router(cases: OfficeCases) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/office", tags=["office's cases"])
    views, directing, shown = cases.views, cases.directing, cases.shown

    @router.get("/cases")
    async def listed(
        who: Follows,
        state: CaseState | None = None,
        agency: Annotated[Id | None, Query()] = None,
        with_no_agency: bool = False,
        governorate: Annotated[Id | None, Query()] = None,
        overdue: bool | None = None,
        before: Before = None,
    ) -> CasesView:
        """Of all governorates, latest number first. ``overdue``: of the open ones those that are late, or are not."""
        found = await views.office(
            who,
            state=state,
            agency_id=None if agency is None else AgencyId(agency),
            with_no_agency=with_no_agency,
            governorate_id=None if governorate is None else GovernorateId(governorate),
            overdue=overdue,
            before=number_of(before),
        )
        return CasesView.of(found, cases.clock(), goes_on=len(found) == MOST_LISTED)

    @router.post("/cases/find")
    async def find(who: Directs, body: asked.FindCases) -> CasesView:
        """By number, by whose it is, or by the words of its subject, in all governorates."""
        return CasesView.of(await cases.finding.find(who, body.query), cases.clock())

    @router.get("/cases/{case_id}")
    async def open_case(who: Directs, case_id: CasePath) -> CaseDetailView:
        """All of a case. That it was opened is noted."""
        return CaseDetailView.opened(await views.open(who, CaseId(case_id)), cases.clock())

    @router.post("/cases/{case_id}/direct")
    async def direct(who: Directs, case_id: CasePath, body: asked.DirectCase) -> DirectiveView:
        """A directive, for the citizen to ratify."""
        directive = await directing.direct(
            who,
            CaseId(case_id),
            agency_id=AgencyId(body.agency_id),
            wording=body.wording,
            urgency=body.urgency,
            due_on=body.due_on,
            version=body.version,
        )
        agencies = {each.id: each.name for each in await views.agencies(who)}
        return DirectiveView.of(directive, agencies[directive.agency_id])

    @router.post("/cases/{case_id}/settle")
    async def settle(who: Directs, case_id: CasePath, body: asked.WithWords) -> CaseView:
        """The office answers it itself."""
        return await shown.after(who, await directing.settle(who, CaseId(case_id), body.words, body.version))

    @router.post("/cases/{case_id}/prolong")
    async def prolong(who: Directs, case_id: CasePath, body: asked.ProlongCase) -> CaseView:
        """The agency gets until the end of a day, and why."""
        case = await directing.prolong(who, CaseId(case_id), body.words, body.due_on, body.version)
        return await shown.after(who, case)

    @router.post("/cases/{case_id}/reassign")
    async def reassign(who: Directs, case_id: CasePath, body: asked.ReferCase) -> CaseView:
        """Another agency gets it, and why."""
        to, version = AgencyId(body.agency_id), body.version
        return await shown.after(who, await directing.reassign(who, CaseId(case_id), to, body.words, version))

    @router.get("/audiences/{audience_id}/card")
    async def card(who: Directs, audience_id: CasePath) -> CardView:
        """What there is about the citizen who comes next. That it was opened is noted."""
        return CardView.of(await views.card(who, AudienceId(audience_id)), cases.clock())

    @router.get("/agenda")
    async def agenda(who: Annotated[StaffPrincipal, Allow(Action.SEE_AGENDA)]) -> AgendaView:
        """What comes before the next sitting: contested answers, the oldest first, then what is late."""
        return AgendaView.of(await cases.agenda.before_next_sitting(who), cases.clock())

    @router.get("/agencies")
    async def agencies(who: Directs) -> AgenciesView:
        """To which something may be directed."""
        return AgenciesView(agencies=[AgencyView.of(each) for each in await views.agencies(who)])

    @router.get("/wordings")
    async def wordings(who: Directs) -> WordingsView:
        """What a directive may begin from."""
        return WordingsView(wordings=[WordingView.of(each) for each in cases.wordings])

    return router
