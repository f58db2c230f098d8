"""The documents of a case: the body of the request is the file itself. The desk's, the agency's, the office's doors."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.documents import CaseDocuments
from tawasul.casework.scope import Who
from tawasul.casework.web.asked import CasePath
from tawasul.casework.web.given_parts import CaseDocumentView
from tawasul.domain.case import CaseId
from tawasul.domain.case_paper import CaseDocumentId
from tawasul.web.uploads import GIVEN, TAKEN, FileName, body_of, door, file_name_of, saved_as

DOOR: Final = door(r"/api/(?:desk|agency)/cases/[A-Za-z0-9_-]{1,64}/documents")
"""The way in for files of a case."""

Desk = Annotated[StaffPrincipal, Allow(Action.REPLY_CASE)]
Agency = Annotated[StaffPrincipal, Allow(Action.ANSWER_CASE)]
Office = Annotated[StaffPrincipal, Allow(Action.DIRECT)]


def case_documents_router(documents: CaseDocuments) -> APIRouter:
    """The router, over the use case that the composition root made."""
    router = APIRouter(prefix="/api", tags=["documents of cases"])

    @router.post("/desk/cases/{case_id}/documents", status_code=201, openapi_extra={"requestBody": TAKEN})
    async def desk_attaches(who: Desk, case_id: CasePath, name: FileName, request: Request) -> CaseDocumentView:
        """To what was brought, or to the reply that follows: a PDF, a JPEG or a PNG of at most 10 MB."""
        return await attach(who, case_id, name, request)

    @router.post("/agency/cases/{case_id}/documents", status_code=201, openapi_extra={"requestBody": TAKEN})
    async def agency_attaches(who: Agency, case_id: CasePath, name: FileName, request: Request) -> CaseDocumentView:
        """To the answer that follows: a PDF, a JPEG or a PNG of at most 10 MB."""
        return await attach(who, case_id, name, request)

    @router.get("/desk/cases/documents/{document_id}", response_class=Response, responses=GIVEN)
    async def desk_opens(who: Desk, document_id: CasePath) -> Response:
        """The file, to be saved."""
        return await opened(who, document_id)

    @router.get("/agency/cases/documents/{document_id}", response_class=Response, responses=GIVEN)
    async def agency_opens(who: Agency, document_id: CasePath) -> Response:
        """The file, to be saved."""
        return await opened(who, document_id)

    @router.get("/office/cases/documents/{document_id}", response_class=Response, responses=GIVEN)
    async def office_opens(who: Office, document_id: CasePath) -> Response:
        """The file, to be saved."""
        return await opened(who, document_id)

    @router.delete("/desk/cases/documents/{document_id}", status_code=204)
    async def desk_removes(who: Desk, document_id: CasePath) -> None:
        """For good, while it has gone nowhere yet."""
        await documents.remove(who, CaseDocumentId(document_id))

    @router.delete("/agency/cases/documents/{document_id}", status_code=204)
    async def agency_removes(who: Agency, document_id: CasePath) -> None:
        """For good, while it has gone nowhere yet."""
        await documents.remove(who, CaseDocumentId(document_id))

    async def attach(who: StaffPrincipal, case_id: str, name: str, request: Request) -> CaseDocumentView:
        read = file_name_of(name)
        await documents.require_room(who, CaseId(case_id))
        content = await body_of(request)
        said = request.headers.get("content-type", "")
        document = await documents.attach(who, CaseId(case_id), name=read, said=said, content=content)
        return CaseDocumentView.of(document)

    async def opened(who: Who, document_id: str) -> Response:
        given = await documents.open(who, CaseDocumentId(document_id))
        return saved_as(given.document.file_name.reveal(), given.document.media_type, given.content)

    return router
