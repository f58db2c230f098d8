"""The bound on a request's body, before anything reads it. Plain ASGI, for every HTTP route."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tawasul.web.problems import respond

LARGEST_BODY: Final = 256 * 1024
"""Bytes. The longest form of ours is a directive of 2,000 letters; attachments will have a door of their own."""


class BoundedBody:
    """Middleware: answers 413 ``too-large`` when more than ``LARGEST_BODY`` is announced or sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        announced = request.headers.get("content-length", "0")
        if not announced.isdigit() or int(announced) > LARGEST_BODY:
            await respond(request, "too-large")(scope, receive, send)
            return
        came = 0
        answered = False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > LARGEST_BODY:
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
                await respond(request, "too-large")(scope, receive, send)


class _TooLarge(HTTPException):
    """More came than was announced. Any other kind of exception FastAPI takes for a body that cannot be read."""

    def __init__(self) -> None:
        super().__init__(413)
