"""What the office follows: its page, its figures as JSON, and as files for a program of tables."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.follow_through import FollowingThrough
from tawasul.casework.web.follow_through_sheets import figures_csv, figures_xlsx
from tawasul.casework.web.given_follow_through import FollowThroughView
from tawasul.web.pages import locale_of, render

Follows = Annotated[StaffPrincipal, Allow(Action.SEE_FOLLOW_THROUGH)]
Day = Annotated[date, Field(ge=date(2020, 1, 1), le=date(2076, 12, 31))]
"""As far as the calendars of the region reach."""
First = Annotated[Day, Query(alias="from")]
Last = Annotated[Day, Query(alias="to")]

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def follow_through_router(following: FollowingThrough, clock: Callable[[], datetime]) -> APIRouter:
    """The router, over the use case that the composition root made."""
    router = APIRouter()
    tagged = APIRouter(prefix="/api/office", tags=["office's cases"])

    @router.get("/follow-through", include_in_schema=False)
    async def page(request: Request, who: Follows) -> HTMLResponse:
        """The page; what it shows comes from the API."""
        return render(request, "follow-through.html")

    @tagged.get("/follow-through")
    async def figures(who: Follows, first: First, last: Last) -> FollowThroughView:
        """What is open now, and what became of cases from a day to a day in Riyadh, both included."""
        return FollowThroughView.of(await following.between(who, first, last))

    @tagged.get("/follow-through.csv", response_class=Response, responses=_file("csv"))
    async def as_csv(request: Request, who: Follows, first: First, last: Last) -> Response:
        """The same as CSV."""
        view = FollowThroughView.of(await following.between(who, first, last))
        return _download(figures_csv(view, locale_of(request)), view, "csv")

    @tagged.get("/follow-through.xlsx", response_class=Response, responses=_file("xlsx"))
    async def as_xlsx(request: Request, who: Follows, first: First, last: Last) -> Response:
        """The same as a workbook."""
        view = FollowThroughView.of(await following.between(who, first, last))
        content = await asyncio.to_thread(figures_xlsx, view, locale_of(request), clock())
        return _download(content, view, "xlsx")

    router.include_router(tagged)
    return router


def _download(content: bytes, view: FollowThroughView, form: Literal["csv", "xlsx"]) -> Response:
    name = f"tawasul-follow-through-{view.first.isoformat()}-{view.last.isoformat()}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _file(form: str) -> dict[int | str, dict[str, object]]:
    """What OpenAPI says of an answer that is a file."""
    media_type = MEDIA_TYPES[form].partition(";")[0]
    schema = {"type": "string", "contentMediaType": media_type}
    return {200: {"description": "The file.", "content": {media_type: {"schema": schema}}}}
