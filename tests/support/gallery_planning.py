"""The office's planning, over an API of samples."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.web.pages import render

CENTRE = {"arabic": "مركز الاستقبال بمحافظة بدر", "english": "Badr reception centre"}
WEEK = [[{"opens": "07:30", "closes": "14:30"}] if day not in (4, 5) else [] for day in range(7)]
RAMADAN = [[{"opens": "10:00", "closes": "15:00"}] if day not in (4, 5) else [] for day in range(7)]
HOURS = {"week": WEEK, "ramadan": RAMADAN}
PAUSES = {
    "dhuhr": {"iqama_minutes": 20, "pause_minutes": 15, "before_minutes": 0},
    "jumuah": {"iqama_minutes": 10, "pause_minutes": 45, "before_minutes": 30},
    "asr": {"iqama_minutes": 20, "pause_minutes": 15, "before_minutes": 0},
}


def add_planning(app: FastAPI) -> None:
    """The page and what it asks."""

    @app.get("/planning")
    async def page(request: Request) -> Response:
        request.state.principal = StaffPrincipal(
            StaffId("office"), Role.OFFICE, None, SignInId("sample"), "أحمد (عيّنة)"
        )
        request.state.csrf = "sample"
        return render(request, "planning.html")

    @app.get("/api/planning/sittings")
    async def sittings() -> dict[str, Any]:
        return {
            "sittings": [
                _sitting(2, 31, 6, 9, booked=18),
                _sitting(3, 24, 6, 9, booked=7),
                _sitting(4, 24, 7, 9, booked=0, receiver="deputy"),
            ]
        }

    @app.get("/api/planning/blackouts")
    async def blackouts() -> dict[str, Any]:
        return {
            "blackouts": [
                {
                    "id": "b1",
                    "reach": {"kind": "office", "centre_id": None, "kiosk_id": None},
                    "starts_at": "2027-02-03T06:00:00Z",
                    "ends_at": "2027-02-03T09:00:00Z",
                    "reason": "protocol",
                },
                {
                    "id": "b2",
                    "reach": {"kind": "centre", "centre_id": "badr-centre", "kiosk_id": None},
                    "starts_at": "2027-02-07T04:30:00Z",
                    "ends_at": "2027-02-07T11:30:00Z",
                    "reason": "maintenance",
                },
            ]
        }

    @app.post("/api/planning/blackouts/preview")
    async def preview() -> dict[str, Any]:
        return _consequences()

    @app.post("/api/planning/blackouts", status_code=201)
    async def confirm() -> dict[str, Any]:
        return _consequences()

    @app.get("/api/planning/holidays")
    async def holidays() -> dict[str, Any]:
        founding = {"arabic": "يوم التأسيس", "english": "Founding Day"}
        eid = {"arabic": "عيد الفطر", "english": "Eid al-Fitr"}
        return {
            "holidays": [
                {"id": "h1", "name": founding, "first_day": "2027-02-22", "last_day": "2027-02-22"}
                | {"governorate_id": None},
                {"id": "h2", "name": eid, "first_day": "2027-03-08", "last_day": "2027-03-12", "governorate_id": None},
            ]
        }

    @app.get("/api/planning/ramadans")
    async def ramadans() -> dict[str, Any]:
        return {
            "ramadans": [
                {"hijri_year": 1448, "first_day": "2027-02-08", "last_day": "2027-03-09", "declared": True},
                {"hijri_year": 1449, "first_day": "2028-01-28", "last_day": "2028-02-25", "declared": False},
            ]
        }

    @app.get("/api/planning/centres")
    async def centres() -> dict[str, Any]:
        badr = {"arabic": "محافظة بدر", "english": "Badr"}
        emirate = {"arabic": "إمارة منطقة المدينة المنورة", "english": "Emirate of Madinah Region"}
        return {
            "emirate": {"name": emirate, "hours": HOURS, "pauses": PAUSES},
            "governorates": [{"id": "badr", "name": badr}],
            "centres": [_centre("badr-centre", CENTRE, "permanent"), *_others()],
        }


def _others() -> list[dict[str, Any]]:
    market = {"arabic": "مركز سوق الخميس", "english": "Thursday market centre"}
    portable = {"arabic": "المركز المتنقل لوادي الفرع", "english": "Portable centre of Wadi al-Fara"}
    village = {"arabic": "قرية أبو ضباع", "english": "Abu Dhiba village"}
    stop = {"on": "2027-01-24", "opens": "09:00", "closes": "12:00", "place": village}
    stop |= {"latitude": 23.4, "longitude": 39.7, "home": False}
    home = stop | {"on": "2027-01-25", "home": True, "place": {"arabic": "حي النهضة", "english": "An-Nahdah"}}
    return [
        _centre("market", market, "temporary") | {"opens_on": "2027-01-21", "closes_on": "2027-02-04"},
        _centre("portable", portable, "portable") | {"stops": [stop, home]},
    ]


def _centre(id: str, name: dict[str, str], kind: str) -> dict[str, Any]:
    return {
        "id": id,
        "governorate_id": "badr",
        "name": name,
        "kind": kind,
        "opens_on": None,
        "closes_on": None,
        "latitude": 23.78,
        "longitude": 38.79,
        "hours": HOURS,
        "pauses": PAUSES,
        "stops": [],
        "kiosks": [{"id": f"{id}-1", "centre_id": id, "name": {"arabic": "كشك 1", "english": "Kiosk 1"}}],
    }


def _sitting(day: int, slots: int, opens: int, closes: int, *, booked: int, receiver: str = "amir") -> dict[str, Any]:
    return {
        "id": f"s{day}",
        "opens_at": f"2027-02-{day:02}T{opens:02}:00:00Z",
        "closes_at": f"2027-02-{day:02}T{closes:02}:00:00Z",
        "slot_seconds": 600,
        "receiver": receiver,
        "buffer_seconds": 0 if receiver == "amir" else 300,
        "quota": 6 if receiver == "amir" else None,
        "booked": booked,
        "slots": slots,
    }


def _consequences() -> dict[str, Any]:
    place = {"venue": "kiosk", "centre_id": "badr-centre", "name": CENTRE}
    own = {"venue": "own-location", "centre_id": None, "name": None}

    def one(number: int, name: str, where: dict[str, Any], to: str | None, priorities: list[str]) -> dict[str, Any]:
        return {
            "audience_id": f"a{number}",
            "reference": f"K7M-4T{number}",
            "citizen_name": name,
            "from": f"2027-02-03T0{5 + number}:00:00Z",
            "place": where,
            "to": None if to is None else {"starts_at": to, "place": where},
            "priorities": priorities,
            "why": "blackout",
        }

    affected = [
        one(1, "سالم بن عبدالله الجهني (عيّنة)", place, "2027-02-04T06:20:00Z", ["elderly"]),
        one(2, "نورة بنت فهد الحربي (عيّنة)", own, "2027-02-04T06:30:00Z", []),
        one(3, "محمد إقبال خان (عيّنة)", place, None, []),
    ]
    return {
        "affected": affected,
        "moved": 2,
        "unplaced": 1,
        "arrived": 0,
        "tasks": 3,
        "seen": "A" * 22,
        "blackout": None,
    }
