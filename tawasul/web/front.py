"""The first page, and the page to sign in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Public
from tawasul.access.policy import Principal
from tawasul.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
    """Who are you? The doors to the office, the desk and the join page."""
    return render(request, "home.html")


@router.get("/sign-in")
async def sign_in(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
    """For staff."""
    return render(request, "sign-in.html")
