"""The issuer's HTTP interface, of docs/end-to-end.md, "Enrolment": JSON, bounded, described by its signatures alone.

It stands at the root and at `/api/trust`, where the server passes it on: an endpoint need not know which of the two it
speaks to. What is wrong is answered as a problem with a stable code; nothing that was sent is ever in an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tawasul import __version__
from tawasul.e2ee.enrolment import code_of
from tawasul.e2ee.enrolment import thumbprint as checked_thumbprint
from tawasul.e2ee.errors import PrivacyError
from tawasul.e2ee.jws import LONGEST
from tawasul.issuer.core.messages import Standing
from tawasul.issuer.problems import ISSUER_PROBLEMS, MEDIA_TYPE, body
from tawasul.issuer.service import Issuer

PREFIXES: Final = ("", "/api/trust")

LARGEST_BODY: Final = 32 * 1024
"""Bytes: a signed text and a chain have 20,500 at most."""

BODY_WITHIN: Final = 10.0
"""Seconds for a body to come in."""

READS: Final = 6_000
SAYS: Final = 1_200
"""A minute and address, of what is said at each route. The server, behind which all endpoints come, is one address, and
bounds each of them itself."""

log = logging.getLogger(__name__)

_Jws = Annotated[str, Field(min_length=1, max_length=LONGEST)]
# Looser than the contract, so that what is too long or too many is refused by its own code.
_Chain = Annotated[tuple[Annotated[str, Field(max_length=LONGEST)], ...], Field(max_length=3)]
_CODE_OF_STATUS: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 429: "too-many-attempts"}


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EnrolmentSaid(_Said):
    """Of a device."""

    request: _Jws


class ApprovalSaid(_Said):
    """Of a steward."""

    approval: _Jws
    chain: _Chain


class RenewalSaid(_Said):
    """Of an enrolled device."""

    renewal: _Jws


class RevocationSaid(_Said):
    """Of a steward."""

    revocation: _Jws
    chain: _Chain


_Model = TypeVar("_Model", bound=_Said)


def issuer_app(issuer: Issuer, *, reads: int = READS, says: int = SAYS) -> FastAPI:
    """The application; `reads` and `says` are GETs and POSTs a minute and address, the latter for each route.

    Its clock runs while it is served; closing the issuer is its maker's.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        time_keeping = asyncio.create_task(issuer.keep_time(), name="issuer's clock")
        try:
            yield
        finally:
            time_keeping.cancel()
            await asyncio.gather(time_keeping, return_exceptions=True)

    app = FastAPI(
        title="Tawasul issuer",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # Another spelling of a path is another path.
        redirect_slashes=False,
    )
    router = issuer_router(issuer, Rates(reads, says))
    for prefix in PREFIXES:
        app.include_router(router, prefix=prefix)
    app.add_exception_handler(PrivacyError, _on_privacy_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_unexpected)
    return app


class Rates:
    """How often one address may ask, and say something at each route, in a moving minute; in memory."""

    def __init__(self, reads: int, says: int) -> None:
        self._reads, self._says = RateLimitItemPerMinute(reads), RateLimitItemPerMinute(says)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    async def admit(self, request: Request) -> None:
        """Counts the request. Raises HTTPException 429."""
        reads = request.method == "GET"
        limit = self._reads if reads else self._says
        # Each word by itself: who fills up the requests does not keep a stolen key from being revoked.
        door = "GET" if reads else request.scope["route"].path
        if not await self._window.hit(limit, door, request.client.host if request.client else "unknown"):
            raise HTTPException(429, headers={"retry-after": "60"})


def issuer_router(issuer: Issuer, rates: Rates) -> APIRouter:
    """The routes of the contract, and `GET /health`."""
    router = APIRouter(dependencies=[Depends(rates.admit)])

    @router.get("/health")
    async def health() -> Response:
        """Whether it answers, the number of its list, and when its own certificate ends."""
        signed, _ = issuer.revocations
        return _json(
            {
                "ready": True,
                "version": __version__,
                "seq": signed.sequence,
                "certificate_expires": issuer.certificate_expires,
            }
        )

    @router.get("/anchor")
    async def anchor() -> Response:
        """For a device that knows the anchor to compare; never a reason to believe it."""
        return Response(issuer.anchor, media_type="application/json")

    @router.get("/revocations")
    async def revocations() -> Response:
        """The newest list."""
        signed, chain = issuer.revocations
        return _json({"list": signed.text, "chain": chain})

    @router.post("/requests")
    async def ask(request: Request) -> Response:
        """A device asks to be enrolled; 202, since people decide."""
        said = await _read(request, EnrolmentSaid)
        standing = await asyncio.to_thread(issuer.request, said.request)
        return _json({"code": standing.code}, 202)

    @router.get("/requests")
    async def waiting() -> Response:
        """Devices that wait, for stewards."""
        found = await asyncio.to_thread(issuer.waiting)
        return _json(
            {
                "requests": [
                    {
                        "sub": str(each.name),
                        "jkt": each.key.thumbprint,
                        "code": code_of(each.key.thumbprint),
                        "asked_at": each.asked_at,
                        "approvals": len(each.endorsements),
                    }
                    for each in found
                ]
            }
        )

    @router.get("/requests/{thumbprint}")
    async def standing(thumbprint: str) -> Response:
        """How a device stands, and its chain once it is enrolled."""
        return _json(_standing(await asyncio.to_thread(issuer.standing, checked_thumbprint(thumbprint))))

    @router.post("/approvals")
    async def approve(request: Request) -> Response:
        """A steward's approval. The second one enrols."""
        said = await _read(request, ApprovalSaid)
        found = _standing(await asyncio.to_thread(issuer.approve, said.approval, said.chain))
        return _json({member: found[member] for member in ("state", "approvals")})

    @router.post("/renewals")
    async def renew(request: Request) -> Response:
        """The next certificate, on proof of the key."""
        said = await _read(request, RenewalSaid)
        chain = await asyncio.to_thread(issuer.renew, said.renewal)
        return _json({"chain": chain.texts})

    @router.post("/revocations")
    async def revoke(request: Request) -> Response:
        """One steward suffices."""
        said = await _read(request, RevocationSaid)
        sequence = await asyncio.to_thread(issuer.revoke, said.revocation, said.chain)
        return _json({"seq": sequence.number})

    return router


async def _read(request: Request, model: type[_Model]) -> _Model:
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return model.model_validate_json(await _bounded(request))
    except ValidationError:
        raise HTTPException(422) from None
    except TimeoutError:
        raise HTTPException(408, headers={"connection": "close"}) from None


async def _bounded(request: Request) -> bytes:
    came = b""
    async for part in request.stream():
        came += part
        if len(came) > LARGEST_BODY:
            raise HTTPException(413, headers={"connection": "close"})
    return came


def _standing(standing: Standing) -> dict[str, Any]:
    told: dict[str, Any] = {"state": standing.state.value, "approvals": standing.approvals}
    return told | ({"chain": standing.chain} if standing.chain else {})


def _json(content: Any, status: int = 200) -> Response:
    return JSONResponse(content, status, {"cache-control": "no-store", "x-content-type-options": "nosniff"})


def _problem(code: str, status: int | None = None, headers: dict[str, str] | None = None) -> Response:
    row = ISSUER_PROBLEMS.get(code, ISSUER_PROBLEMS["internal"])
    own = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return JSONResponse(body(row), status or row.status, own | (headers or {}), MEDIA_TYPE)


async def _on_privacy_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PrivacyError)
    return _problem(error.code)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    return _problem(_CODE_OF_STATUS.get(error.status_code, "invalid-input"), error.status_code, headers)


async def _on_unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours; Starlette raises it again, so that the log has the trace."""
    return _problem("internal")
