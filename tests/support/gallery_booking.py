"""The citizen's pages behind a link, over an API of samples: the token says which state it answers with."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response

from tawasul.domain.errors import LinkExpired
from tawasul.web.pages import render

PLACE = {"arabic": "مركز الاستقبال بمحافظة بدر", "english": "Badr reception centre"}
STATES = {"moved": "booked", "sure": "booked", "times": "booked", "given-up": "booked", "fixed": "booked"}


class WithToken(BaseModel):
    """As the real ones."""

    token: str
    starts_at: str = "2026-11-24T07:20:00Z"


def add_booking(app: FastAPI) -> None:
    """The two pages, and what they ask."""

    @app.get("/booking")
    async def booking(request: Request) -> Response:
        return render(request, "booking.html")

    @app.get("/offer")
    async def offer(request: Request) -> Response:
        return render(request, "offer.html")

    @app.post("/api/booking/look")
    async def look(body: WithToken) -> dict[str, Any]:
        if body.token == "expired":
            raise LinkExpired
        return _booking(body)

    @app.post("/api/booking/times")
    async def times(body: WithToken) -> dict[str, Any]:
        days = [] if body.token == "full" else [_day(24), _day(25), _day(26)]
        return {"days": days}

    @app.post("/api/booking/move")
    async def move(body: WithToken) -> dict[str, Any]:
        return {"booking": _booking(body), "booking_token": "moved", "link": None}

    @app.post("/api/booking/cancel")
    async def cancel(body: WithToken) -> dict[str, Any]:
        return {"booking": _booking(body) | {"state": "cancelled"}, "undo": "undo"}

    @app.post("/api/offer/look")
    async def look_at_offer(body: WithToken) -> dict[str, Any]:
        return {
            "starts_at": body.starts_at,
            "ends_at": "2026-11-24T07:30:00Z",
            "venue": "kiosk",
            "place": PLACE,
            "expires_at": "2026-11-23T07:20:00Z",
            "seconds_left": 5400,
            "last": body.token == "last",
        }

    @app.post("/api/offer/accept")
    async def accept(body: WithToken) -> dict[str, Any]:
        return {"booking": _booking(body), "booking_token": "moved", "link": None}

    @app.post("/api/offer/decline")
    async def decline(body: WithToken) -> dict[str, Any]:
        return {"waits": True}


def _booking(body: WithToken) -> dict[str, Any]:
    return {
        "reference": "K7M-4TP",
        "state": "booked",
        "slot_starts_at": body.starts_at,
        "slot_ends_at": "2026-11-24T07:30:00Z",
        "venue": "own-location" if body.token == "fixed" else "kiosk",
        "place": None if body.token == "fixed" else PLACE,
        "may_change": body.token != "fixed",
    }


def _day(day: int) -> dict[str, Any]:
    slots = [
        {
            "sitting_id": "s1",
            "starts_at": f"2026-11-{day}T{hour:02}:{minute:02}:00Z",
            "ends_at": f"2026-11-{day}T{hour:02}:{minute + 10:02}:00Z",
        }
        for hour in (6, 7, 8)
        for minute in (0, 20, 40)
    ]
    return {"day": f"2026-11-{day}", "slots": slots}
