"""The page that verifies receipts, with the samples' key, and the receipt on paper."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query, Request
from starlette.responses import Response
from support.receipts import (
    AGENCY,
    LONG_WORDING,
    NUMBER,
    OTHER_SIGNER,
    REGION,
    SIGNER,
    WORDING,
    a_directive,
    a_receipt,
)

from tawasul.access.policy import Anonymous, StaffPrincipal
from tawasul.casework.receipts.paper import Paper, PrintedReceipt, RatifiedDirective, printed
from tawasul.casework.receipts.token import as_digits
from tawasul.casework.receipts.web import receipt_html, receipt_page_router
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.web.pages import LANGUAGE_COOKIE
from tawasul.web.words import as_locale

SERVICE = "https://majlis.madinah.example"

GENUINE = as_digits(SIGNER.sign(a_receipt()))
GENUINE_LONG = as_digits(SIGNER.sign(a_receipt(LONG_WORDING)))
NOT_OURS = as_digits(OTHER_SIGNER.sign(a_receipt()))
CHANGED = as_digits(SIGNER.sign(a_receipt())[:-2] + "AA")


class OpenDoor:
    """Lets everybody in as nobody: the gallery has no sessions."""

    async def admit(self, connection: object, action: object) -> Anonymous:
        """As the real one does for the public."""
        return Anonymous()


def add_receipt(app: FastAPI) -> None:
    """The page for everybody is the real one; the paper is that of a sample."""
    app.state.doorkeeper = OpenDoor()
    app.include_router(receipt_page_router(SIGNER.public))

    @app.get("/desk/cases/{case_id}/receipt")
    async def receipt(request: Request, case_id: str, paper: Annotated[Paper, Query()] = Paper.ROLL) -> Response:
        request.state.principal = StaffPrincipal(StaffId("me"), Role.DESK, None, SignInId("sample"), "سارة (عيّنة)")
        request.state.csrf = "sample"
        language = as_locale(request.cookies.get(LANGUAGE_COOKIE))
        return await receipt_html(request, a_printed_receipt(case_id == "long", language), paper)


def a_printed_receipt(long: bool = False, language: str = "ar") -> PrintedReceipt:
    """Of the sample, with an ordinary or the longest wording."""
    directive = a_directive(LONG_WORDING if long else WORDING)
    return printed(RatifiedDirective(directive, NUMBER, AGENCY, as_locale(language)), REGION, SIGNER, SERVICE)
