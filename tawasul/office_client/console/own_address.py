"""The door of the console: it answers to its one address, and does as told only by its own pages.

A page of another site could have its name point to 127.0.0.1 (DNS rebinding) and would then be of one origin with
whoever answers there; so a request that does not name our own host is told nothing but our address.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tawasul.web.problems import respond

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


class OwnAddressOnly:
    """Middleware. ``origin``: the console's own, such as ``http://127.0.0.1:8010``."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._origin = origin
        self._host = origin.removeprefix("http://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self._host]:
            await self._misdirected(scope, receive, send)
        elif not self._asked_by_our_page(scope, headers):
            await self._cross_site(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _asked_by_our_page(self, scope: Scope, headers: Headers) -> bool:
        if scope["type"] == "websocket":
            return headers.getlist("origin") == [self._origin]
        if scope["method"] not in SAFE_METHODS:
            # A browser names the origin with every fetch that may change something (Fetch standard).
            return headers.getlist("origin") == [self._origin]
        # To read, a page of another origin could also ask; what it cannot do is set this header (Fetch Metadata).
        is_page = not scope["path"].startswith("/api/")
        return is_page or headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")

    async def _misdirected(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
            return
        text = f"{self._origin}/\n"
        await PlainTextResponse(text, status_code=421)(scope, receive, send)

    async def _cross_site(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
            return
        await respond(Request(scope), "cross-site")(scope, receive, send)
