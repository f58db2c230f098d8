"""The citizen's API of their case: JSON under ``/api/case`` and, for the device of an audience, ``/api/own/directive``.

Anybody may come to ``/api/case``; what they may do is in the token, or in what they know: number and proof. Both are in
the body and in no address, so in no log. Nothing there answers a GET: previews of messages open links. How often one
source may come to it is bounded; so is how often one number is tried, from wherever. A device has shown whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi import Request as HttpRequest
from limits import RateLimitItem, RateLimitItemPerMinute
from starlette.responses import Response

from tawasul.access.door import source_of
from tawasul.access.endpoint import Allow, Public
from tawasul.access.policy import Action, CitizenPrincipal, Principal
from tawasul.access.throttle import SignInLimits, SourceThrottle, Throttle
from tawasul.casework.afterwards import Afterwards
from tawasul.casework.case_links import CaseLinks, shown_by
from tawasul.casework.closing import Closing
from tawasul.casework.documents import CaseDocuments
from tawasul.casework.ratifying import Ratifying
from tawasul.casework.scope import CitizenOfCase
from tawasul.casework.tracking import Tracking
from tawasul.casework.views import Views
from tawasul.casework.web import asked
from tawasul.casework.web.given_to_citizen import AfterView, OwnCaseView
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_paper import CaseDocumentId
from tawasul.domain.directive import DirectiveId
from tawasul.domain.errors import InvalidCaseNumber
from tawasul.domain.text import only_digits
from tawasul.store.unit_of_work import UnitOfWorkFactory
from tawasul.web.uploads import GIVEN, saved_as

LIMIT: Final[RateLimitItem] = RateLimitItemPerMinute(120, 5)
"""With a token: many telephones may share an address, and 128 bits are not guessed."""

GUESSES: Final = SignInLimits(by_name=RateLimitItemPerMinute(10, 15), by_source=RateLimitItemPerMinute(30, 5))
"""By number and proof: of a number ten in a quarter of an hour, wherever they come from. There are some ten million
mobile numbers of one prefix: to try them all for one case takes a score of years.
"""

_LONGEST_KEY: Final = 40

Anybody = Annotated[Principal, Public()]
Own = Annotated[CitizenPrincipal, Allow(Action.RATIFY_OWN)]


@dataclass(frozen=True, slots=True)
class CitizensCases:
    """The use cases that a citizen needs, and what bounds how often they are asked for."""

    units: UnitOfWorkFactory
    views: Views
    tracking: Tracking
    closing: Closing
    ratifying: Ratifying
    afterwards: Afterwards
    documents: CaseDocuments
    links: CaseLinks
    throttle: SourceThrottle
    guesses: Throttle


def citizens_cases_router(cases: CitizensCases) -> APIRouter:
    """The router, over the use cases that the composition root made."""

    async def counted(request: HttpRequest) -> None:
        await cases.throttle.count(source_of(request))

    router = APIRouter(prefix="/api", tags=["citizen's case"])
    public, device = APIRouter(dependencies=[Depends(counted)]), APIRouter()
    closing, ratifying = cases.closing, cases.ratifying

    @public.post("/case/look")
    async def look(who: Anybody, body: asked.LookAtCase, request: HttpRequest) -> OwnCaseView:
        """By number and mobile or ID. Whatever is wrong about it, the answer is the same. Changes nothing."""
        await cases.guesses.count(_counted_as(body.number), source_of(request))
        return await seen(await cases.tracking.look(body.number, body.proof))

    @public.post("/case/open")
    async def open_case(who: Anybody, body: asked.WithToken) -> OwnCaseView:
        """By the link of a message. Changes nothing."""
        return await seen(await of(body))

    @public.post("/case/document", response_class=Response, responses=GIVEN)
    async def document(who: Anybody, body: asked.OpenOwn) -> Response:
        """A file of the case, to be saved."""
        given = await cases.documents.open(await of(body), CaseDocumentId(body.document_id))
        return saved_as(given.document.file_name.reveal(), given.document.media_type, given.content)

    @public.post("/case/ratify")
    async def ratify_by_link(who: Anybody, body: asked.RatifyByLink) -> OwnCaseView:
        """The directive is as it was said: it goes to its agency."""
        own = await of(body)
        await ratifying.own(own, DirectiveId(body.directive_id))
        return await seen(own)

    @public.post("/case/correct")
    async def correct_by_link(who: Anybody, body: asked.CorrectByLink) -> OwnCaseView:
        """It was directed otherwise: the office writes it anew."""
        own = await of(body)
        await ratifying.correct(own, DirectiveId(body.directive_id), body.words)
        return await seen(own)

    @public.post("/case/accept")
    async def accept(who: Anybody, body: asked.AcceptOwn) -> OwnCaseView:
        """The answer is accepted."""
        own = await of(body)
        await closing.accept(own, own.case_id, answered_at=body.answered_at)
        return await seen(own)

    @public.post("/case/contest")
    async def contest(who: Anybody, body: asked.ContestOwn) -> OwnCaseView:
        """The answer is not accepted, and why: it comes before the next sitting."""
        own = await of(body)
        await closing.contest(own, own.case_id, body.reason)
        return await seen(own)

    @public.post("/case/withdraw")
    async def withdraw(who: Anybody, body: asked.WithToken) -> OwnCaseView:
        """Nothing more is wanted."""
        own = await of(body)
        await closing.withdraw(own, own.case_id)
        return await seen(own)

    @public.post("/case/rate", status_code=204)
    async def rate(who: Anybody, body: asked.RateOwn) -> None:
        """How satisfied they were: counted, and kept with nobody."""
        own = await of(body)
        await closing.rate(own, own.case_id, body.rating)

    @device.get("/own/directive")
    async def own_directive(who: Own) -> AfterView:
        """What was directed in the audience of this device, and whether the citizen is asked if it is so."""
        return AfterView.of(await cases.afterwards.of(who))

    @device.post("/own/directive/ratify", status_code=204)
    async def ratify(who: Own, body: asked.RatifyOwn) -> None:
        """It is so: it goes to its agency."""
        await ratifying.own(who, DirectiveId(body.directive_id))

    @device.post("/own/directive/correct", status_code=204)
    async def correct(who: Own, body: asked.CorrectDirective) -> None:
        """It was otherwise: the office writes it anew."""
        await ratifying.correct(who, DirectiveId(body.directive_id), body.words)

    async def of(body: asked.WithToken) -> CitizenOfCase:
        return await shown_by(cases.units, cases.links.read(body.token))

    async def seen(own: CitizenOfCase) -> OwnCaseView:
        return OwnCaseView.of(await cases.views.open(own, own.case_id))

    router.include_router(public)
    router.include_router(device)
    return router


def _counted_as(typed: str) -> str:
    """One name for a number, however it is written: as it is looked up, so that no spelling has tries of its own."""
    try:
        return CaseNumber.parse(typed).text
    except InvalidCaseNumber:
        return only_digits(typed)[:_LONGEST_KEY]
