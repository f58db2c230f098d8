"""The page of a ticket, with a sample."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import FastAPI, Query, Request
from starlette.responses import Response

from scheduler.papers.tickets import Bring, Paper, Ticket, TicketPlace
from scheduler.web.papers import ticket_html
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audience import AudienceId
from tawasul.domain.people import Role, StaffId
from tawasul.domain.places import Name
from tawasul.domain.sign_in import SignInId

SAMPLE = Ticket(
    audience_id=AudienceId("sample"),
    reference="K7M-4TP",
    code="31415926535897932384626433832795028841971693993751058",
    starts_at=datetime(2026, 11, 22, 7, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 22, 7, 40, tzinfo=UTC),
    place=TicketPlace(
        Name("مركز استقبال محافظة بدر", "Badr reception centre"),
        Name("كشك بدر 1", "Badr kiosk 1"),
        Name("محافظة بدر", "Badr"),
    ),
    bring=(Bring.IDENTITY, Bring.PROOF, Bring.PETITION),
    group_size=None,
    waits_for_turn=False,
    language="ar",
    printed_at=datetime(2026, 11, 20, 7, 40, tzinfo=UTC),
)


def add_ticket(app: FastAPI) -> None:
    """The page for any id."""

    @app.get("/desk/tickets/{audience_id}")
    async def ticket(request: Request, audience_id: str, paper: Annotated[Paper, Query()] = Paper.ROLL) -> Response:
        request.state.principal = StaffPrincipal(StaffId("me"), Role.DESK, None, SignInId("sample"), "سارة (عيّنة)")
        request.state.csrf = "sample"
        return ticket_html(request, SAMPLE, paper, Name("منطقة المدينة المنورة", "Madinah region"))
