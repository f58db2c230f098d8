"""The desk's waitlist, over an API of samples."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response
from support.gallery_day import NOW

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.web.pages import render


def add_waitlist(app: FastAPI) -> None:
    """The page and what it asks."""

    @app.get("/desk/waitlist")
    async def page(request: Request) -> Response:
        request.state.principal = StaffPrincipal(StaffId("me"), Role.DESK, None, SignInId("sample"), "سارة (عيّنة)")
        request.state.csrf = "sample"
        return render(request, "waitlist.html")

    @app.get("/api/desk/waitlist")
    async def entries() -> dict[str, Any]:
        offer = {
            "id": "o1",
            "starts_at": "2026-11-24T07:20:00Z",
            "ends_at": "2026-11-24T07:30:00Z",
            "seconds_left": 5070,
            "expires_at": (datetime.fromisoformat(NOW) + timedelta(minutes=84, seconds=30)).isoformat(),
        }
        return {
            "entries": [
                _entry(1, "نورة بنت فهد الحربي (عيّنة)", [], offer=offer),
                _entry(2, "سالم بن عبدالله الجهني (عيّنة)", ["elderly", "travelled-far", "joined"]),
                _entry(3, "محمد إقبال خان (عيّنة)", ["governorate-behind", "joined"], venue="own-location"),
                _entry(4, "عائشة بنت أحمد (عيّنة)", ["joined"], venue="in-person"),
            ]
        }


def _entry(
    number: int, name: str, why: list[str], *, venue: str = "kiosk", offer: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "citizen": {
            "id": f"c{number}",
            "name": name,
            "kind": "resident" if number == 3 else "citizen",
            "national_id_last_four": f"480{number}",
            "mobile_last_four": f"112{number}",
        },
        "venue": venue,
        "centre_id": "badr-centre" if venue == "kiosk" else None,
        "from_day": "2026-11-23",
        "to_day": "2026-12-03",
        "subject": "طلب تعبيد طريق القرية المؤدي إلى المدرسة",
        "priorities": [],
        "joined_at": "2026-11-20T07:20:00Z",
        "state": "offered" if offer else "waiting",
        "passed_over": 0,
        "position": None if offer else number - 1,
        "why": why,
        "offer": offer,
    }
