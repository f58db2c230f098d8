"""The way to the issuer for endpoints that reach nothing but this server: `/api/trust/…`, passed on as it is.

What passes is signed by devices, stewards and the issuer, and judged by them: this server can withhold it, and nothing
else. It holds no key and reads nothing of it. Methods, paths and shapes are those of docs/end-to-end.md, "Enrolment";
a method or a path beyond them is not passed on.

Errors, beside those of the issuer, which are passed on too:

::

    TawasulError
    ├── TrustNotSetUp       trust-not-set-up    no issuer is set (`TAWASUL_TRUST__ISSUER`)
    └── IssuerAway          issuer-away         it does not answer in time, or with what is no answer of an issuer
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Request
from limits import RateLimitItemPerMinute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tawasul.access.door import source_of
from tawasul.access.endpoint import Public
from tawasul.access.policy import Principal
from tawasul.access.throttle import SignInLimits, Throttle
from tawasul.domain.errors import NotFound, TawasulError

if TYPE_CHECKING:
    import httpx

LARGEST_BODY: Final = 32 * 1024
LARGEST_ANSWER: Final = 64 * 1024
"""Bytes: a revocation list of 1,000 entries has some 60,000."""

WITHIN: Final = 5.0
"""Seconds for the issuer's whole answer."""

AT_ONCE: Final = 16
"""Connections to the issuer; who comes beyond them waits, within the same seconds."""

MEDIA_TYPES: Final = frozenset({"application/json", "application/problem+json"})

KEPT_FOR: Final = {"/anchor": 60.0, "/revocations": 10.0}
"""Seconds for which an answer serves all who ask. A thousand telephones are one question to the issuer; a revocation
that goes through this server is seen at once, another ten seconds later at most."""

_THUMBPRINT = r"^[A-Za-z0-9_-]{43}$"


class TrustNotSetUp(TawasulError):
    """This service has no issuer."""

    code = "trust-not-set-up"


class IssuerAway(TawasulError):
    """The issuer cannot be reached, or what answers there is none."""

    code = "issuer-away"


@dataclass(frozen=True, slots=True)
class Passed:
    """An answer of the issuer."""

    status: int
    media_type: str
    body: bytes
    retry_after: str | None

    def respond(self) -> Response:
        """The same, to the endpoint."""
        headers = {"retry-after": self.retry_after} if self.retry_after else {}
        return Response(self.body, self.status, headers, self.media_type)


class TrustPassage:
    """Passes requests on to the issuer at `issuer` (its base URL; `None`: there is none)."""

    def __init__(self, issuer: str | None) -> None:
        self._client: httpx.AsyncClient | None = None
        if issuer is not None:
            # Only here: it brings along its own command line and all that colours it, and many a service has no issuer.
            import httpx

            self._client = httpx.AsyncClient(
                base_url=issuer,
                timeout=WITHIN,
                limits=httpx.Limits(max_connections=AT_ONCE),
                follow_redirects=False,
                # A proxy of the environment is no part of the way to the issuer.
                trust_env=False,
            )
        # A governorate's devices share an address, and poll while they wait; telephones share their carrier's.
        self._reads = Throttle(SignInLimits(RateLimitItemPerMinute(60_000), RateLimitItemPerMinute(600)))
        self._asks = Throttle(SignInLimits(RateLimitItemPerMinute(1_200), RateLimitItemPerMinute(120)))
        self._kept: dict[str, tuple[float, Passed]] = {}
        self._under_way: dict[str, asyncio.Task[Passed]] = {}

    async def read(self, path: str, source: str) -> Response:
        """GET of what is the same for all: kept for a while, and asked for once, however many want it.

        Raises: TooManyAttempts, TrustNotSetUp, IssuerAway.
        """
        await self._reads.count(path, source)
        now = asyncio.get_running_loop().time()
        until, passed = self._kept.get(path, (0.0, None))
        if passed is not None and now < until:
            return passed.respond()
        task = self._under_way.get(path)
        if task is None:
            task = self._under_way[path] = asyncio.create_task(self._fetch(path), name=f"trust {path}")
        # One who goes away does not take the answer away from the others.
        return (await asyncio.shield(task)).respond()

    async def pass_on(self, method: str, path: str, source: str, body: bytes | None = None) -> Response:
        """Any other request. Raises: TooManyAttempts, TrustNotSetUp, IssuerAway."""
        await self._asks.count(f"{method} /{path.split('/')[1]}", source)
        passed = await self._send(method, path, body)
        if method == "POST" and path == "/revocations":
            # A list that is on its way now may be the one before.
            self._kept.pop(path, None)
            self._under_way.pop(path, None)
        return passed.respond()

    async def close(self) -> None:
        """Ends the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _fetch(self, path: str) -> Passed:
        this = asyncio.current_task()
        try:
            passed = await self._send("GET", path)
            if passed.status == 200 and self._under_way.get(path) is this:
                self._kept[path] = asyncio.get_running_loop().time() + KEPT_FOR[path], passed
            return passed
        finally:
            if self._under_way.get(path) is this:
                del self._under_way[path]

    async def _send(self, method: str, path: str, body: bytes | None = None) -> Passed:
        if self._client is None:
            raise TrustNotSetUp
        request = self._client.build_request(
            method, path, content=body, headers={"content-type": "application/json"} if body is not None else {}
        )
        import httpx

        try:
            async with asyncio.timeout(WITHIN):
                answer = await self._client.send(request, stream=True)
                try:
                    return await _read(answer)
                finally:
                    await answer.aclose()
        except (httpx.HTTPError, TimeoutError) as cause:
            raise IssuerAway from cause


async def _read(answer: httpx.Response) -> Passed:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES or answer.status_code < 200 or 300 <= answer.status_code < 400:
        raise IssuerAway
    body = b""
    async for part in answer.aiter_bytes(LARGEST_ANSWER):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise IssuerAway
    retry_after = answer.headers.get("retry-after", "")
    return Passed(answer.status_code, media_type, body, retry_after if retry_after.isdecimal() else None)


def trust_router(passage: TrustPassage) -> APIRouter:
    """The routes. Everybody may use them: who may do what is the issuer's to judge, by signatures."""
    # Described where they are defined, in docs/end-to-end.md: what this server says of them binds nobody.
    router = APIRouter(prefix="/api/trust", include_in_schema=False)

    @router.get("/anchor")
    async def anchor(who: Annotated[Principal, Public()], request: Request) -> Response:
        """What a device that knows the anchor can compare it with; never a reason to believe it."""
        return await passage.read("/anchor", source_of(request))

    @router.get("/revocations")
    async def revocations(who: Annotated[Principal, Public()], request: Request) -> Response:
        """The list that every endpoint needs."""
        return await passage.read("/revocations", source_of(request))

    @router.get("/requests")
    async def waiting(who: Annotated[Principal, Public()], request: Request) -> Response:
        """Devices that wait for stewards."""
        return await passage.pass_on("GET", "/requests", source_of(request))

    @router.get("/requests/{thumbprint}")
    async def standing(thumbprint: str, who: Annotated[Principal, Public()], request: Request) -> Response:
        """How one device stands."""
        if not re.fullmatch(_THUMBPRINT, thumbprint):
            raise NotFound("thumbprint")
        return await passage.pass_on("GET", f"/requests/{thumbprint}", source_of(request))

    for what in ("requests", "approvals", "renewals", "revocations"):
        router.add_api_route(f"/{what}", _saying(passage, f"/{what}"), methods=["POST"])
    return router


def _saying(passage: TrustPassage, path: str) -> Callable[..., Awaitable[Response]]:
    async def say(who: Annotated[Principal, Public()], request: Request) -> Response:
        """What a device or a steward has signed."""
        return await passage.pass_on("POST", path, source_of(request), await _body_of(request))

    return say


async def _body_of(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise HTTPException(413)
    return body
