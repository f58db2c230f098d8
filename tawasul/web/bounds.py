"""The bound on a request's body, before anything reads it. Plain ASGI, for every HTTP route."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tawasul.web.problems import respond

LARGEST_BODY: Final = 256 * 1024
"""Bytes. The longest form of ours is a petition of 4,000 letters; attachments have a door of their own."""


@dataclass(frozen=True, slots=True)
class LargerBody:
    """A door through which larger bodies come: a method and a path, the bytes, and the code for those beyond."""

    method: str
    path: re.Pattern[str]
    bytes: int
    code: str


class BoundedBody:
    """Middleware: answers 413 ``too-large`` when more than ``LARGEST_BODY`` is announced or sent; at the doors of
    ``larger``, more than they take.
    """

    def __init__(self, app: ASGIApp, larger: Sequence[LargerBody] = ()) -> None:
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        largest, code = self._bound(scope)
        announced = request.headers.get("content-length", "0")
        if not announced.isdigit() or int(announced) > largest:
            await respond(request, code)(scope, receive, send)
            return
        came = 0
        answered = False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > largest:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = answered or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            # An endpoint that reads its body by itself; for all others FastAPI has answered.
            if not answered:
                await respond(request, code)(scope, receive, send)

    def _bound(self, scope: Scope) -> tuple[int, str]:
        for door in self._larger:
            if scope["method"] == door.method and door.path.fullmatch(scope["path"]):
                return door.bytes, door.code
        return LARGEST_BODY, "too-large"


class _TooLarge(HTTPException):
    """More came than was announced. Any other kind of exception FastAPI takes for a body that cannot be read."""

    def __init__(self) -> None:
        super().__init__(413)
