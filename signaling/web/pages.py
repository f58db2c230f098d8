"""The office's console and the join page. The pages are shells: what they show comes over the line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Allow, Public
from tawasul.access.policy import Action, Principal, StaffPrincipal
from tawasul.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/office")
async def office(request: Request, who: Annotated[StaffPrincipal, Allow(Action.OPEN_OFFICE)]) -> HTMLResponse:
    """The console of the Amir's office."""
    return render(request, "office.html", planning="/planning")


@router.get("/join")
async def join(request: Request, who: Annotated[Principal, Public()]) -> HTMLResponse:
    """The citizen's page. It is the same for everybody: whose it is stands in the fragment, which no server sees."""
    return render(request, "join.html")
