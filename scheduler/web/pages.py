"""The desk's pages. They are shells: what they show comes from the desk's API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/desk")
async def desk(request: Request, who: Annotated[StaffPrincipal, Allow(Action.OPEN_DESK)]) -> HTMLResponse:
    """Find or register, book, check in; and the list of the day."""
    return render(request, "desk.html")


@router.get("/desk/tasks")
async def tasks(request: Request, who: Annotated[StaffPrincipal, Allow(Action.KEEP_TASKS)]) -> HTMLResponse:
    """What needs a person."""
    return render(request, "tasks.html")


@router.get("/desk/waitlist")
async def waitlist(request: Request, who: Annotated[StaffPrincipal, Allow(Action.KEEP_WAITLIST)]) -> HTMLResponse:
    """Who waits for a time, in order."""
    return render(request, "waitlist.html")


@router.get("/planning")
async def planning(request: Request, who: Annotated[StaffPrincipal, Allow(Action.PLAN)]) -> HTMLResponse:
    """The office plans its time."""
    return render(request, "planning.html")
