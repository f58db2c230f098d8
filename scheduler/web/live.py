"""``GET /api/desk/live``: Server-Sent Events (HTML Living Standard, section 9.2) that tell a page to look again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from scheduler.live import Live, Stream, What
from scheduler.scope import governorate_of
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal

HEARTBEAT: Final = 15.0
"""Seconds without a change after which a comment goes out, and the sign-in is looked at again."""

RETRY_MILLISECONDS: Final = 3000
"""How long a browser waits before it connects again."""

LATER_MILLISECONDS: Final = 30_000

StillSignedIn = Callable[[StaffPrincipal], Awaitable[bool]]
"""Whether the sign-in holds; does not count as use of it."""


class Changed(BaseModel):
    """The data of the event ``changed``."""

    what: What


def live_router(live: Live, still_signed_in: StillSignedIn, *, heartbeat: float = HEARTBEAT) -> APIRouter:
    """The router, over the hub that the composition root made."""
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.get(
        "/live",
        response_class=StreamingResponse,
        response_model=None,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def changes(who: Annotated[StaffPrincipal, Allow(Action.SEE_DAY)]) -> StreamingResponse:
        """Events ``changed`` with ``{"what": "day"}`` (or another of its values), until the sign-in is over."""
        stream = live.open(who.session_id, governorate_of(who))
        return _Streaming(stream, _told(stream, who, still_signed_in, heartbeat))

    return router


async def _told(
    stream: Stream, who: StaffPrincipal, still_signed_in: StillSignedIn, heartbeat: float
) -> AsyncIterator[bytes]:
    # One that is over at once is one too many, or comes while the service ends: not at once again.
    yield format_sse_event(retry=LATER_MILLISECONDS if stream.is_over else RETRY_MILLISECONDS)
    while not stream.is_over:
        changes = await stream.next(heartbeat)
        if changes is None or not await still_signed_in(who):
            return
        for what in changes:
            yield format_sse_event(event="changed", data_str=Changed(what=what).model_dump_json())
        if not changes:
            yield KEEPALIVE_COMMENT


class _Streaming(StreamingResponse):
    """Holds its stream open exactly as long as the answer runs, however that ends.

    FastAPI's own way (an endpoint that yields) has no place for that, and does not say when the other side is gone.
    """

    media_type = "text/event-stream"

    def __init__(self, stream: Stream, content: AsyncIterator[bytes]) -> None:
        # Neither a cache nor a proxy in between may keep what is told.
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._stream:
            await super().__call__(scope, receive, send)
