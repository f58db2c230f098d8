"""The citizen's pages behind a message's link. Shells: the token stands in the fragment, and the API takes it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Public
from tawasul.access.policy import Principal
from tawasul.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/booking")
async def booking(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
    """The own booking: look, move, give up."""
    return render(request, "booking.html")


@router.get("/offer")
async def offer(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
    """A time that is offered: yes or no."""
    return render(request, "offer.html")
