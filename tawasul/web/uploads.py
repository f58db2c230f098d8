"""A file that is brought: the body of the request is the file itself, as it is on the person's machine; and given out
again, to be saved: no browser shows it among our pages.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from fastapi import Header, Request
from starlette.responses import Response

from tawasul.domain.errors import AttachmentTooLarge, InvalidInput
from tawasul.domain.petition import LARGEST_ATTACHMENT, MediaType
from tawasul.web.bounds import LargerBody

FileName = Annotated[str, Header(alias="X-File-Name", max_length=1200, description="Percent-encoded UTF-8.")]

TAKEN: Final = {"content": {kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in MediaType}}
"""What OpenAPI says of the request's body."""

GIVEN: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {kind.value: {"schema": {"type": "string", "contentMediaType": kind.value}} for kind in MediaType},
    }
}
"""What OpenAPI says of an answer that is a file."""


def door(path: str) -> LargerBody:
    """A way in for bodies of this size. ``path``: a regular expression."""
    return LargerBody(
        method="POST",
        path=re.compile(path),
        # A little more than is taken, so that the use case may say of a file that it is too large.
        bytes=LARGEST_ATTACHMENT + 64 * 1024,
        code=AttachmentTooLarge.code,
    )


async def body_of(request: Request) -> bytes:
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


def file_name_of(encoded: str) -> str:
    """As it is on the person's machine. Raises: InvalidInput."""
    try:
        return unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInput("not percent-encoded UTF-8", field="X-File-Name") from None


def saved_as(name: str, media_type: MediaType, content: bytes) -> Response:
    """The file, to be saved under this name."""
    return Response(
        content,
        media_type=media_type.value,
        headers={
            "content-disposition": disposition(name),
            # Whatever opens it here all the same: no script, no origin, nothing loaded.
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )


def disposition(name: str) -> str:
    """To be saved under this name (RFC 6266): in UTF-8 (RFC 8187), and in ASCII for old readers."""
    ending = name[name.rfind(".") :] if "." in name else ""
    return f"attachment; filename=\"attachment{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
