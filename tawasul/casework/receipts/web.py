"""The receipt at the desk, to be printed; and the page that verifies it, for everybody.

The page is verified by the browser itself and kept by it: its service worker has a scope of its own, holds nothing but
that page, what it is made of and the public key, and answers when the service does not.
"""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any, Final, Literal, Protocol

from fastapi import APIRouter, Path, Query, Request
from markupsafe import Markup
from pydantic import BaseModel
from starlette.responses import HTMLResponse, Response

from tawasul.access.endpoint import Allow, Public
from tawasul.access.policy import Action, Principal, StaffPrincipal
from tawasul.casework.receipts.offline import KEY, PAGES, files_of_the_page
from tawasul.casework.receipts.paper import Paper, PrintedReceipt, RatifiedDirective, printed
from tawasul.casework.receipts.signing import PublicKeys, ReceiptSigner
from tawasul.domain.places import Name
from tawasul.web.pages import Pages, render
from tawasul.web.static_files import STATIC_FOLDER
from tawasul.web.words import Locale, words_in

WORKER: Final = "/receipt-worker.js"
SCOPE: Final = "/receipt"

_BLANK: Final = '{ version: "", files: [] }'
"""Stands in the worker's file where its version and its files are put in."""

_AT_ONCE: Final = 2
_LONG_WORDING: Final = 450
"""Characters: with more the roll is cut later."""


class FindRatified(Protocol):
    """The ratified directive of a case that this person may see. That it is printed, it writes into the audit log."""

    async def __call__(self, who: StaffPrincipal, case_id: str) -> RatifiedDirective:
        """Raises: NotFound: there is none, or not for them."""
        ...


class PublicKey(BaseModel):
    """JWK (RFC 7517) of an Ed25519 key (RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str
    """Its thumbprint (RFC 7638)."""
    use: Literal["sig"]


class KeySet(BaseModel):
    """JWK set: the key that signs now, and those that signed before it."""

    keys: list[PublicKey]


def receipts_router(find: FindRatified, signer: ReceiptSigner, region: Name, service: str) -> APIRouter:
    """The receipt on paper. ``service``: the address of the service as citizens reach it."""
    router = APIRouter(include_in_schema=False)
    drawing = asyncio.Semaphore(_AT_ONCE)

    @router.get("/desk/cases/{case_id}/receipt")
    async def receipt_page(
        request: Request,
        who: Annotated[StaffPrincipal, Allow(Action.PRINT)],
        case_id: Annotated[str, Path(max_length=64)],
        paper: Annotated[Paper, Query()] = Paper.ROLL,
    ) -> HTMLResponse:
        """The receipt of a ratified directive on the screen, laid out for the paper."""
        receipt = printed(await find(who, case_id), region, signer, service)
        async with drawing:
            return await receipt_html(request, receipt, paper)

    return router


async def receipt_html(request: Request, receipt: PrintedReceipt, paper: Paper) -> HTMLResponse:
    """The page of a receipt: itself in the citizen's language, what is around it in the desk's."""
    words = words_in(receipt.language)
    code = await asyncio.to_thread(receipt.qr)
    svg = code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None)
    length = sum(len(line) for line in receipt.text.wording.lines)
    return render(
        request,
        "receipt-paper.html",
        receipt=receipt,
        text=receipt.text,
        words=words,
        paper=paper.value,
        long=length > _LONG_WORDING,
        qr=Markup(svg),  # noqa: S704 - drawn by segno, of an address and digits
    )


def receipt_page_router(keys: PublicKeys) -> APIRouter:
    """The page that verifies, its service worker, and the public key."""
    router = APIRouter()

    @router.get("/receipt", include_in_schema=False)
    async def verify(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
        """Verify a receipt: the browser does it, and what was scanned does not come here."""
        return render(request, "receipt.html")

    @router.get("/receipt/{locale}", include_in_schema=False)
    async def verify_in(
        request: Request, who: Annotated[Principal, Public()], locale: Annotated[Locale, Path()]
    ) -> HTMLResponse:
        """The same in one language, for the browser to keep."""
        request.state.locale = locale
        return render(request, "receipt.html")

    @router.get(WORKER, include_in_schema=False)
    async def worker(request: Request, who: Annotated[Principal, Public()]) -> Response:
        """The service worker of that page and no other. It changes with every version of the pages."""
        pages: Pages = request.app.state.pages
        return Response(
            worker_script(pages),
            media_type="text/javascript",
            headers={"service-worker-allowed": SCOPE, "cache-control": "no-cache"},
        )

    @router.get(KEY, tags=["receipt"])
    async def key(who: Annotated[Principal, Public()]) -> KeySet:
        """The public keys by which receipts are verified, as a JWK set."""
        told: dict[str, Any] = keys.as_set()
        return KeySet(**told)

    return router


def worker_script(pages: Pages) -> str:
    """The worker's file, with its version and what it keeps."""
    script = (STATIC_FOLDER / "js" / "receipt-worker.js").read_text("utf-8")
    held = {"version": pages.files.version, "files": [*PAGES, KEY, *files_of_the_page(pages)]}
    return script.replace(_BLANK, json.dumps(held), 1)
