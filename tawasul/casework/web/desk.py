"""The desk's API of cases: JSON under ``/api/desk/cases``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.closing import Closing
from tawasul.casework.finding import Finding
from tawasul.casework.forwarding import Forwarding
from tawasul.casework.ratifying import Ratifying
from tawasul.casework.triage import LikelyCase, Triage
from tawasul.casework.views import MOST_LISTED, DeskBox, Views
from tawasul.casework.web import asked
from tawasul.casework.web.asked import CasePath
from tawasul.casework.web.given import (
    AgenciesView,
    AgencyView,
    CaseDetailView,
    CasesView,
    CaseView,
    LikelyView,
    LikelyViews,
    TakenView,
    VersionView,
)
from tawasul.casework.web.shown import Shown, number_of
from tawasul.domain.agency import AgencyId
from tawasul.domain.case import CaseId
from tawasul.domain.case_state import CaseKind
from tawasul.domain.directive import DirectiveId
from tawasul.domain.people import CitizenId

Takes = Annotated[StaffPrincipal, Allow(Action.TAKE_CASE)]
Refers = Annotated[StaffPrincipal, Allow(Action.REFER_CASE)]
Replies = Annotated[StaffPrincipal, Allow(Action.REPLY_CASE)]
Ratifies = Annotated[StaffPrincipal, Allow(Action.RATIFY_FOR)]
Closes = Annotated[StaffPrincipal, Allow(Action.CLOSE_FOR)]
Before = Annotated[str | None, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class DeskCases:
    """The use cases that a desk needs."""

    views: Views
    finding: Finding
    triage: Triage
    forwarding: Forwarding
    ratifying: Ratifying
    closing: Closing
    shown: Shown
    clock: Callable[[], datetime]


def desk_cases_router(cases: DeskCases) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk/cases", tags=["desk's cases"])
    views, shown = cases.views, cases.shown

    @router.get("")
    async def box(
        who: Takes, box: DeskBox = DeskBox.MINE, kind: CaseKind | None = None, before: Before = None
    ) -> CasesView:
        """The desk's cases: those whose turn is its own, those to read out, questions, all open ones, closed ones."""
        found = await views.desk(who, box, kind, number_of(before))
        goes_on = box is not DeskBox.MINE and len(found) == MOST_LISTED
        return CasesView.of(found, cases.clock(), goes_on=goes_on)

    @router.post("", status_code=201)
    async def take(who: Takes, body: asked.TakeCase) -> TakenView:
        """A petition, a suggestion or a complaint that is brought to the desk; and what it may repeat."""
        taken = await cases.triage.take(
            who, body.kind, CitizenId(body.citizen_id), body.subject, body.text, body.language
        )
        return TakenView(case=await shown.after(who, taken.case), likely=await likely_views(who, taken.likely))

    @router.post("/likely")
    async def likely(who: Takes, body: asked.LookForLikely) -> LikelyViews:
        """What a case of this subject may repeat, before it is taken. Whose it was that was shown is noted."""
        return LikelyViews(likely=await likely_views(who, await cases.triage.likely(who, body.subject)))

    @router.post("/find")
    async def find(who: Takes, body: asked.FindCases) -> CasesView:
        """By number, by whose it is, or by the words of its subject. Whom it was that was shown is noted."""
        return CasesView.of(await cases.finding.find(who, body.query), cases.clock())

    @router.get("/agencies")
    async def agencies(who: Refers) -> AgenciesView:
        """To which a case may be referred."""
        return AgenciesView(agencies=[AgencyView.of(each) for each in await views.agencies(who)])

    @router.get("/of/{citizen_id}")
    async def of_citizen(who: Takes, citizen_id: CasePath) -> CasesView:
        """Those of one citizen, latest first. That they were shown is noted."""
        return CasesView.of(await cases.finding.of_citizen(who, CitizenId(citizen_id)), cases.clock())

    @router.get("/{case_id}/version")
    async def version(who: Takes, case_id: CasePath) -> VersionView:
        """Nothing of the case but this: a page that shows it asks whether it has changed."""
        return VersionView(version=await views.version(who, CaseId(case_id)))

    @router.get("/{case_id}")
    async def open_case(who: Takes, case_id: CasePath) -> CaseDetailView:
        """All of a case. That it was opened is noted."""
        return CaseDetailView.opened(await views.open(who, CaseId(case_id)), cases.clock())

    @router.post("/{case_id}/refer")
    async def refer(who: Refers, case_id: CasePath, body: asked.ReferCase) -> CaseView:
        """To an agency, without a directive."""
        to, version = AgencyId(body.agency_id), body.version
        return await shown.after(who, await cases.forwarding.refer(who, CaseId(case_id), to, body.words, version))

    @router.post("/{case_id}/settle")
    async def settle(who: Refers, case_id: CasePath, body: asked.WithWords) -> CaseView:
        """The desk answers it itself."""
        return await shown.after(who, await cases.forwarding.settle(who, CaseId(case_id), body.words, body.version))

    @router.post("/{case_id}/merge")
    async def merge(who: Refers, case_id: CasePath, body: asked.MergeCase) -> CaseView:
        """It is the same as another of the same citizen, which goes on."""
        into, version = CaseId(body.into), body.version
        return await shown.after(who, await cases.forwarding.merge(who, CaseId(case_id), into, version))

    @router.post("/{case_id}/reply")
    async def reply(who: Replies, case_id: CasePath, body: asked.WithWords) -> CaseView:
        """Answers the agency's question."""
        return await shown.after(who, await cases.forwarding.reply(who, CaseId(case_id), body.words, body.version))

    @router.post("/{case_id}/ratify")
    async def ratify(who: Ratifies, case_id: CasePath, body: asked.RatifyAtDesk) -> CaseView:
        """The citizen, who stands at the desk, heard the directive and says that it is so."""
        return await shown.after(who, await cases.ratifying.at_desk(who, DirectiveId(body.directive_id), body.code))

    @router.post("/{case_id}/correct")
    async def correct(who: Ratifies, case_id: CasePath, body: asked.CorrectDirective) -> CaseView:
        """The citizen, who stands at the desk, says what was directed otherwise."""
        return await shown.after(who, await cases.ratifying.correct(who, DirectiveId(body.directive_id), body.words))

    @router.post("/{case_id}/accept")
    async def accept(who: Closes, case_id: CasePath, body: asked.OfCase) -> CaseView:
        """The citizen, who stands at the desk, accepts the answer."""
        return await shown.after(who, await cases.closing.accept(who, CaseId(case_id), body.version))

    @router.post("/{case_id}/contest")
    async def contest(who: Closes, case_id: CasePath, body: asked.WithReason) -> CaseView:
        """The citizen, who stands at the desk, does not accept the answer, and says why."""
        return await shown.after(who, await cases.closing.contest(who, CaseId(case_id), body.reason, body.version))

    @router.post("/{case_id}/withdraw")
    async def withdraw(who: Closes, case_id: CasePath, body: asked.OfCase) -> CaseView:
        """The citizen, who stands at the desk, wants nothing more of it."""
        return await shown.after(who, await cases.closing.withdraw(who, CaseId(case_id), body.version))

    async def likely_views(who: StaffPrincipal, found: Sequence[LikelyCase]) -> list[LikelyView]:
        return [LikelyView(case=await shown.after(who, each.case), score=each.score) for each in found]

    return router
