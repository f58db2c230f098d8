"""Tickets, to print or to carry away, and the list of the day as a file."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from scheduler.papers.day_list import DayList, DayLists
from scheduler.papers.day_sheets import day_csv, day_xlsx
from scheduler.papers.drawing import Draughtsman
from scheduler.papers.ticket_qr import ticket_qr
from scheduler.papers.ticket_words import ticket_text
from scheduler.papers.tickets import Paper, Ticket, Tickets
from scheduler.web.asked import Id
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import AudienceId
from tawasul.domain.places import Name
from tawasul.domain.sitting import SittingId
from tawasul.web.dates import local_day
from tawasul.web.pages import locale_of, render
from tawasul.web.words import words_in

AudiencePath = Annotated[Id, Path()]
PaperQuery = Annotated[Paper, Query()]
SittingQuery = Annotated[Id | None, Query()]
Form = Literal["pdf", "csv", "xlsx"]

PDF: Final = "application/pdf"
MEDIA_TYPES: Final = {
    "pdf": PDF,
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_AT_ONCE: Final = 2
"""Documents that are drawn at the same time: each is a processor's work for a while."""


def papers_router(tickets: Tickets, day_lists: DayLists, region: Name) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter()
    drawing, draughtsman = asyncio.Semaphore(_AT_ONCE), Draughtsman()

    @router.get("/desk/tickets/{audience_id}", include_in_schema=False)
    async def ticket_page(
        request: Request,
        who: Annotated[StaffPrincipal, Allow(Action.PRINT)],
        audience_id: AudiencePath,
        paper: PaperQuery = Paper.ROLL,
    ) -> HTMLResponse:
        """The ticket on the screen, laid out for the paper."""
        return ticket_html(request, await tickets.ticket(who, AudienceId(audience_id)), paper, region)

    @router.get(
        "/api/desk/audiences/{audience_id}/ticket.pdf", tags=["desk"], response_class=Response, responses=_file(PDF)
    )
    async def ticket_file(
        who: Annotated[StaffPrincipal, Allow(Action.PRINT)],
        audience_id: AudiencePath,
        paper: PaperQuery = Paper.ROLL,
    ) -> Response:
        """The ticket as a PDF."""
        ticket = await tickets.ticket(who, AudienceId(audience_id))
        async with drawing:
            content = await asyncio.to_thread(draughtsman.ticket, ticket, paper, region)
        return _download(content, PDF, f"ticket-{ticket.reference}.pdf")

    @router.get("/api/desk/day.pdf", tags=["desk"], response_class=Response, responses=_file(MEDIA_TYPES["pdf"]))
    async def list_pdf(
        request: Request, who: Annotated[StaffPrincipal, Allow(Action.EXPORT_DAY)], sitting: SittingQuery = None
    ) -> Response:
        """The list of the day as a PDF, A4 lying."""
        day = await _day(who, sitting, "pdf")
        async with drawing:
            content = await asyncio.to_thread(draughtsman.day, day, locale_of(request))
        return _list(day, content, "pdf")

    @router.get("/api/desk/day.csv", tags=["desk"], response_class=Response, responses=_file(MEDIA_TYPES["csv"]))
    async def list_csv(
        request: Request, who: Annotated[StaffPrincipal, Allow(Action.EXPORT_DAY)], sitting: SittingQuery = None
    ) -> Response:
        """The list of the day as CSV."""
        day = await _day(who, sitting, "csv")
        return _list(day, day_csv(day, locale_of(request)), "csv")

    @router.get("/api/desk/day.xlsx", tags=["desk"], response_class=Response, responses=_file(MEDIA_TYPES["xlsx"]))
    async def list_xlsx(
        request: Request, who: Annotated[StaffPrincipal, Allow(Action.EXPORT_DAY)], sitting: SittingQuery = None
    ) -> Response:
        """The list of the day as a workbook."""
        day = await _day(who, sitting, "xlsx")
        async with drawing:
            content = await asyncio.to_thread(day_xlsx, day, locale_of(request))
        return _list(day, content, "xlsx")

    async def _day(who: StaffPrincipal, sitting: str | None, form: Form) -> DayList:
        return await day_lists.day(who, None if sitting is None else SittingId(sitting), form)

    return router


def ticket_html(request: Request, ticket: Ticket, paper: Paper, region: Name) -> HTMLResponse:
    """The page of a ticket: the ticket in the citizen's language, what is around it in the desk's."""
    words = words_in(ticket.language)
    svg = ticket_qr(ticket).svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None)
    return render(
        request,
        "ticket.html",
        text=ticket_text(ticket, words, region),
        paper=paper.value,
        audience_id=ticket.audience_id,
        ticket_locale=words.locale,
        ticket_direction=words.direction,
        qr=Markup(svg),  # noqa: S704 - drawn by segno, of digits
        qr_label=words.say("ticket-qr"),
    )


def _list(day: DayList, content: bytes, form: Form) -> Response:
    return _download(content, MEDIA_TYPES[form], f"tawasul-{local_day(day.sitting.opens_at).isoformat()}.{form}")


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


def _file(media_type: str) -> dict[int | str, dict[str, object]]:
    """What OpenAPI says of an answer that is a file."""
    schema = {"type": "string", "contentMediaType": media_type.partition(";")[0]}
    return {200: {"description": "The file.", "content": {media_type.partition(";")[0]: {"schema": schema}}}}
