"""Attachments of a petition: the body of the request is the file itself, as it is on the person's machine."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from scheduler.attachments import Attachments
from scheduler.web.asked import Id
from scheduler.web.models import Answer
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import AudienceId
from tawasul.domain.petition import Attachment, AttachmentId, MediaType
from tawasul.web.uploads import GIVEN, TAKEN, FileName, body_of, door, file_name_of, saved_as

AudiencePath = Annotated[Id, Path()]
AttachmentPath = Annotated[Id, Path()]

DOOR: Final = door(r"/api/desk/audiences/[A-Za-z0-9_-]{1,64}/attachments")
"""The one way in for files of a petition."""


class AttachmentView(Answer):
    """A file of a petition; ``size`` in bytes, of what is kept."""

    id: str
    file_name: str
    media_type: MediaType
    size: int
    attached_at: datetime

    @classmethod
    def of(cls, attachment: Attachment) -> AttachmentView:
        """From the domain."""
        return cls(
            id=attachment.id,
            file_name=attachment.file_name.reveal(),
            media_type=attachment.media_type,
            size=attachment.size,
            attached_at=attachment.attached_at,
        )


class AttachmentsView(Answer):
    """All of an audience, in the order in which they came."""

    attachments: list[AttachmentView]


def attachments_router(attachments: Attachments) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter()
    desk = APIRouter(prefix="/api/desk", tags=["desk"])
    office = APIRouter(prefix="/api/office", tags=["office"])

    @desk.get("/audiences/{audience_id}/attachments")
    async def kept(
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)], audience_id: AudiencePath
    ) -> AttachmentsView:
        """What is attached to an audience's petition."""
        found = await attachments.of_audience(who, AudienceId(audience_id))
        return AttachmentsView(attachments=[AttachmentView.of(each) for each in found])

    @desk.post("/audiences/{audience_id}/attachments", status_code=201, openapi_extra={"requestBody": TAKEN})
    async def attach(
        request: Request,
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)],
        audience_id: AudiencePath,
        name: FileName,
    ) -> AttachmentView:
        """One more file: a PDF, a JPEG or a PNG of at most 10 MB, eight in all."""
        read = file_name_of(name)
        await attachments.require_room(who, AudienceId(audience_id))
        content = await body_of(request)
        said = request.headers.get("content-type", "")
        return AttachmentView.of(
            await attachments.attach(who, AudienceId(audience_id), name=read, said=said, content=content)
        )

    @desk.get("/attachments/{attachment_id}", response_class=Response, responses=GIVEN)
    async def open_one(
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)], attachment_id: AttachmentPath
    ) -> Response:
        """The file, to be saved: no browser shows it among our pages."""
        return given(*await attachments.open(who, AttachmentId(attachment_id)))

    @office.get("/attachments/{attachment_id}", response_class=Response, responses=GIVEN)
    async def office_opens(
        who: Annotated[StaffPrincipal, Allow(Action.DIRECT)], attachment_id: AttachmentPath
    ) -> Response:
        """The file, to be saved: before the office directs what is asked in it. Of any governorate."""
        return given(*await attachments.open(who, AttachmentId(attachment_id), Action.DIRECT))

    @desk.delete("/attachments/{attachment_id}", status_code=204)
    async def remove(
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)], attachment_id: AttachmentPath
    ) -> None:
        """Takes it away for good."""
        await attachments.remove(who, AttachmentId(attachment_id))

    def given(attachment: Attachment, content: bytes) -> Response:
        return saved_as(attachment.file_name.reveal(), attachment.media_type, content)

    router.include_router(desk)
    router.include_router(office)
    return router
