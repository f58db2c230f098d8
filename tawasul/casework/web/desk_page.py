"""The desk's page of cases. It is a shell: what it shows comes from the desk's API of cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/desk/cases")
async def desk_cases(request: Request, who: Annotated[StaffPrincipal, Allow(Action.TAKE_CASE)]) -> HTMLResponse:
    """What the desk owes, what is found, what is taken; and each case with what can be done about it now."""
    return render(request, "desk-cases.html")
