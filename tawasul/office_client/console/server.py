"""The server as the console sees it: it is asked for JSON, and nothing but JSON is taken from it.

No header of an answer goes any further, no redirect is followed, no cookie is kept but that of the office's sign-in,
and sizes and times are bounded. What is given on is parsed and written anew.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

import httpx

from tawasul import __version__
from tawasul.office_client.console.config import ConsoleConfig
from tawasul.office_client.console.errors import ServerAnswerRefused, ServerAway, ServerOtherVersion
from tawasul.protocol.base import PROTOCOL_VERSION

LARGEST_ANSWER: Final = 1024 * 1024
"""Bytes. The longest lawful one, a day of the desk, is about 200 KiB."""

ANSWER_WITHIN: Final = 10.0
"""Seconds for the whole of an answer; shorter than a page waits (``PATIENCE_MS`` of ``api.js``)."""

_JSON: Final = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_SESSION_COOKIE: Final = re.compile(r"(?:__Host-)?tawasul-session-office")
_COOKIE_VALUE: Final = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,1024}")
"""RFC 6265 §4.1.1: what would need quoting could also end the header."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What lets a request in at the server, kept in this process and told to no browser."""

    cookie: str = field(repr=False)
    csrf: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """``status``: 200–299 or 400–599. ``content``: the JSON, None where there was none."""

    status: int
    content: Any = field(repr=False)
    sign_in: Pass | None = None

    @property
    def is_good(self) -> bool:
        """Whether the request was granted."""
        return self.status < 300


class Server:
    """Close it with ``close``."""

    def __init__(self, config: ConsoleConfig) -> None:
        self._origin = config.server
        self._client = httpx.AsyncClient(
            base_url=config.server,
            verify=config.security or True,
            # The machine's variables could send everything through another program.
            trust_env=False,
            follow_redirects=False,
            timeout=ANSWER_WITHIN,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            # None is kept: a server may end one at any time, and what was just being asked would be lost by it.
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=0),
        )

    async def ask(
        self, method: str, target: str, *, body: bytes | None = None, sign_in: Pass | None = None
    ) -> ServerAnswer:
        """One request. ``target``: path and query, of the console's own checking.

        Raises:
            ServerAway: no answer, not in time, or not HTTP: a connection that breaks looks no other.
            ServerAnswerRefused: an answer that is not the protocol's.
        """
        headers = {
            "accept": "application/json",
            # A few kilobytes may unfold to gigabytes.
            "accept-encoding": "identity",
            "origin": self._origin,
            "user-agent": f"tawasul-office/{__version__}",
        }
        if body is not None:
            headers["content-type"] = "application/json"
        if sign_in is not None:
            headers |= {"cookie": sign_in.cookie, "x-tawasul-csrf": sign_in.csrf}
        try:
            async with (
                asyncio.timeout(ANSWER_WITHIN),
                self._client.stream(method, target, content=body, headers=headers) as answer,
            ):
                return await _read(answer)
        except (httpx.HTTPError, TimeoutError, OSError):
            raise ServerAway from None

    async def require_our_version(self) -> str:
        """The version of the server's program. Raises: ServerOtherVersion, and what ``ask`` raises."""
        answer = await self.ask("GET", "/api/health")
        if not answer.is_good or not isinstance(answer.content, dict):
            raise ServerAway
        if answer.content.get("protocol") != PROTOCOL_VERSION:
            raise ServerOtherVersion
        return str(answer.content.get("version", ""))[:32]

    async def close(self) -> None:
        """Lets every connection go."""
        await self._client.aclose()


async def _read(answer: httpx.Response) -> ServerAnswer:
    if not (200 <= answer.status_code < 300 or 400 <= answer.status_code < 600):
        raise ServerAnswerRefused
    content = bytearray()
    # As it came: what is compressed nevertheless is not unfolded, and so no JSON.
    async for piece in answer.aiter_raw():
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise ServerAnswerRefused
    return ServerAnswer(answer.status_code, _json(answer, bytes(content)), _sign_in(answer))


def _json(answer: httpx.Response, content: bytes) -> Any:
    if not content:
        return None
    if not _JSON.fullmatch(answer.headers.get("content-type", "").strip()):
        raise ServerAnswerRefused
    try:
        # NaN and the like are not JSON (RFC 8259 §6), though Python would take them.
        return json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ServerAnswerRefused from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _sign_in(answer: httpx.Response) -> Pass | None:
    """The cookie of the office's sign-in, if the answer sets one; any other is let fall."""
    for line in answer.headers.get_list("set-cookie"):
        try:
            cookies = SimpleCookie(line)
        except CookieError:
            continue
        for name, morsel in cookies.items():
            if _SESSION_COOKIE.fullmatch(name) and _COOKIE_VALUE.fullmatch(morsel.value):
                return Pass(f"{name}={morsel.value}")
    return None
