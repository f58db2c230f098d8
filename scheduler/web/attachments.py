"""Attachments of a petition: the body of the request is the file itself, as it is on the person's machine."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from scheduler.attachments import Attachments
from scheduler.web.asked import Id
from scheduler.web.models import Answer
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import AttachmentTooLarge, InvalidInput
from tawasul.domain.petition import LARGEST_ATTACHMENT, Attachment, AttachmentId, MediaType
from tawasul.web.bounds import LargerBody

AudiencePath = Annotated[Id, Path()]
AttachmentPath = Annotated[Id, Path()]
FileName = Annotated[str, Header(alias="X-File-Name", max_length=1200, description="Percent-encoded UTF-8.")]

DOOR: Final = LargerBody(
    method="POST",
    path=re.compile(r"/api/desk/audiences/[A-Za-z0-9_-]{1,64}/attachments"),
    # A little more than is taken, so that the use case may say of a file that it is too large.
    bytes=LARGEST_ATTACHMENT + 64 * 1024,
    code=AttachmentTooLarge.code,
)
"""The one way in for bodies of this size."""

_TAKEN: Final = {"content": {kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in MediaType}}
_GIVEN: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {kind.value: {"schema": {"type": "string", "contentMediaType": kind.value}} for kind in MediaType},
    }
}


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
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.get("/audiences/{audience_id}/attachments")
    async def kept(
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)], audience_id: AudiencePath
    ) -> AttachmentsView:
        """What is attached to an audience's petition."""
        found = await attachments.of_audience(who, AudienceId(audience_id))
        return AttachmentsView(attachments=[AttachmentView.of(each) for each in found])

    @router.post("/audiences/{audience_id}/attachments", status_code=201, openapi_extra={"requestBody": _TAKEN})
    async def attach(
        request: Request,
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)],
        audience_id: AudiencePath,
        name: FileName,
    ) -> AttachmentView:
        """One more file: a PDF, a JPEG or a PNG of at most 10 MB, eight in all."""
        read = _file_name(name)
        await attachments.require_room(who, AudienceId(audience_id))
        content = await _body(request)
        said = request.headers.get("content-type", "")
        return AttachmentView.of(
            await attachments.attach(who, AudienceId(audience_id), name=read, said=said, content=content)
        )

    @router.get("/attachments/{attachment_id}", response_class=Response, responses=_GIVEN)
    async def open_one(
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)], attachment_id: AttachmentPath
    ) -> Response:
        """The file, to be saved: no browser shows it among our pages."""
        attachment, content = await attachments.open(who, AttachmentId(attachment_id))
        return Response(
            content,
            media_type=attachment.media_type.value,
            headers={
                "content-disposition": disposition(attachment.file_name.reveal()),
                # Whatever opens it here all the same: no script, no origin, nothing loaded.
                "content-security-policy": "sandbox; default-src 'none'",
            },
        )

    @router.delete("/attachments/{attachment_id}", status_code=204)
    async def remove(
        who: Annotated[StaffPrincipal, Allow(Action.KEEP_PETITION)], attachment_id: AttachmentPath
    ) -> None:
        """Takes it away for good."""
        await attachments.remove(who, AttachmentId(attachment_id))

    return router


def disposition(name: str) -> str:
    """To be saved under this name (RFC 6266): in UTF-8 (RFC 8187), and in ASCII for old readers."""
    ending = name[name.rfind(".") :] if "." in name else ""
    return f"attachment; filename=\"attachment{ending}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _body(request: Request) -> bytes:
    """Raises: AttachmentTooLarge: as soon as it is known."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST_ATTACHMENT:
        raise AttachmentTooLarge(field="file")
    came = bytearray()
    async for part in request.stream():
        came += part
        if len(came) > LARGEST_ATTACHMENT:
            raise AttachmentTooLarge(field="file")
    return bytes(came)


def _file_name(encoded: str) -> str:
    try:
        return unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInput("not percent-encoded UTF-8", field="X-File-Name") from None
