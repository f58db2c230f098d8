"""The office's page of what is before it: the agenda of the next sitting, and any case by its identifier."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/agenda")
async def agenda(request: Request, who: Annotated[StaffPrincipal, Allow(Action.SEE_AGENDA)]) -> HTMLResponse:
    """A shell: what it shows comes from the office's API. Which case is open stands in the fragment."""
    return render(request, "agenda.html")
