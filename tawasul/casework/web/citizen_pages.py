"""The citizen's pages of their case. Shells: number, proof and token never stand in an address that is sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Public
from tawasul.access.policy import Principal
from tawasul.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/track")
async def track(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
    """Where a case is, for who knows its number and the citizen's mobile or ID."""
    return render(request, "track.html")


@router.get("/case")
async def case(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
    """The own case, behind a message's link: what was directed, where it is, its answer; accept it or contest it."""
    return render(request, "case-link.html")
