"""The desk in the gallery: the page runs, its room answers samples; `gallery_desk.js` leads to each state."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request, Response
from starlette.responses import JSONResponse

from tawasul.protocol.problems import problem

RIYADH = ZoneInfo("Asia/Riyadh")
DAY = datetime(2026, 11, 22, tzinfo=RIYADH)
TUESDAY = date(2026, 11, 24)

YANBU = {"arabic": "مركز ينبع", "english": "Yanbu centre"}
MARKET = {"arabic": "مركز سوق ينبع النخل المتنقل", "english": "Yanbu al-Nakhl market centre"}
BADR = {"arabic": "مركز بدر", "english": "Badr centre"}
YANBU_1 = {
    "id": "yanbu-1",
    "centre_id": "yanbu",
    "name": {"arabic": "كشك 1، مركز ينبع", "english": "Kiosk 1, Yanbu centre"},
}
KIOSK = {"arabic": "كشك 1", "english": "Kiosk 1"}


def at(hour: int, minute: int = 0, day: date | None = None) -> str:
    """A moment of Riyadh's clock as the API writes it."""
    return datetime.combine(day or DAY.date(), time(hour, minute), RIYADH).astimezone(UTC).isoformat()


def citizen(id: str, name: str, last: str, kind: str = "citizen") -> dict[str, str]:
    """Nobody who exists."""
    return {
        "id": id, "name": name, "kind": kind, "national_id_last_four": last, "mobile_last_four": "4567",
    }  # fmt: skip


SALEM = citizen("salem", "سالم بن عبدالله الجهني (عيّنة)", "0008")
NORAH = citizen("norah", "نورة بنت فهد الحربي (عيّنة)", "1117")
IQBAL = citizen("iqbal", "محمد إقبال خان (عيّنة)", "2223", "resident")
FATIMAH = citizen("fatimah", "فاطمة بنت عواد البلوي (عيّنة)", "3334")


def audience(id: str, hour: int, minute: int, state: str, **more: Any) -> dict[str, Any]:
    """As `AudienceView`."""
    return {
        "id": id, "reference": "K7M-4TP", "sitting_id": "sample", "slot_starts_at": at(hour, minute),
        "slot_ends_at": at(hour, minute + 9), "venue": "kiosk", "kiosk_id": "yanbu-1", "state": state,
        "assurance": "declared", "arrived_at": None, "interruptions": 0, "version": 1, "governorate_id": "yanbu",
        "priorities": [], "walk_in": False, "holds_slot": True, "missed_because": None, "booked_here": True,
    } | more  # fmt: skip


def entry(audience: dict[str, Any], citizen: dict[str, str], subject: str, **more: Any) -> dict[str, Any]:
    """As `DayEntry`."""
    return {
        "audience": audience, "citizen": citizen, "subject": subject, "party": {"kind": "alone"},
        "attachments": 0, "petition": False, "order": None,
    } | more  # fmt: skip


ENTRIES = [
    entry(
        audience("a1", 10, 20, "in-call", assurance="seen-at-desk", arrived_at=at(10, 5)),
        SALEM, "طلب إفراغ أرض زراعية موقوفة منذ عامين بين جهتين", attachments=2, petition=True,
    ),
    entry(
        audience("a2", 10, 40, "arrived", assurance="declared", arrived_at=at(10, 21), priorities=["elderly"]),
        NORAH, "علاج والدتها في مستشفى تخصصي", order=1,
        party={"kind": "representative", "name": "فهد بن نايف الحربي (عيّنة)"},
    ),
    entry(
        audience("a3", 10, 50, "arrived", assurance="seen-at-desk", arrived_at=at(10, 32), walk_in=True),
        FATIMAH, "سداد متعثر", order=2,
    ),
    entry(
        audience("a4", 11, 0, "booked"), IQBAL, "مستحقات عمالية متأخرة",
        party={"kind": "group", "name": "عمال ورشة (عيّنة)", "size": 6},
    ),
    entry(audience("a5", 11, 10, "booked", venue="own-location", kiosk_id=None), SALEM, "متابعة طلب سابق"),
    entry(audience("a6", 9, 30, "missed", missed_because="technical"), FATIMAH, "سداد متعثر"),
]  # fmt: skip

SITTINGS = [
    {"id": "sample", "opens_at": at(10), "closes_at": at(14), "slot_seconds": 600},
    {"id": "next", "opens_at": at(10, 0, TUESDAY), "closes_at": at(14, 0, TUESDAY), "slot_seconds": 600},
]


def free_day(day: date, at_place: bool) -> dict[str, Any]:
    """Sundays to Thursdays there is a session; one day is full, one a holiday."""
    shown: dict[str, Any] = {
        "day": day.isoformat(),
        "state": "closed",
        "why": "no-sitting",
        "name": None,
        "free": 0,
        "slots": [],
        "pauses": [],
    }
    if day.weekday() in (4, 5) or not at_place:
        return shown
    if day.day % 10 == 3:
        return shown | {"why": "holiday", "name": {"arabic": "يوم التأسيس", "english": "Founding Day"}}
    if day.day % 10 == 4:
        return shown | {"state": "full", "why": None}
    starts = [(h, m) for h in (10, 11, 12) for m in (0, 10, 20, 40, 50) if (h, m) not in ((11, 50), (12, 0), (12, 10))]
    slots = [
        {"sitting_id": "sample", "starts_at": at(h, m, day), "ends_at": at(h, m + 9, day), "kiosks": 1}
        for h, m in starts
    ]
    pause = {"prayer": "dhuhr", "starts_at": at(11, 48, day), "ends_at": at(12, 18, day)}
    return shown | {"state": "open", "why": None, "free": len(slots), "slots": slots, "pauses": [pause]}


def refused(code: str, **members: Any) -> JSONResponse:
    """A problem as `tawasul.web.problems` writes it."""
    row = problem(code)
    content = {"code": code, "arabic": row.arabic, "english": row.english} | members
    return JSONResponse(content, row.status, media_type="application/problem+json")


def add_desk(app: FastAPI) -> None:
    """The desk's room, answering samples. What is asked for decides: nothing is remembered."""

    @app.get("/api/desk/day")
    async def day() -> dict[str, Any]:
        return {
            "sitting": SITTINGS[0], "sittings": SITTINGS, "governorate": {"arabic": "ينبع", "english": "Yanbu"},
            "kiosks": [YANBU_1],
            "entries": ENTRIES,
        }  # fmt: skip

    @app.get("/api/desk/places")
    async def places() -> dict[str, Any]:
        def centre(id: str, name: dict[str, str], own: bool) -> dict[str, Any]:
            kiosks = [{"id": f"{id}-1", "name": KIOSK}]
            return {
                "id": id,
                "name": name,
                "kind": "permanent",
                "governorate_id": id,
                "own": own,
                "kiosks": kiosks,
                "stops": [],
            }

        centres = [
            centre("yanbu", YANBU, own=True),
            centre("market", MARKET, own=True),
            centre("badr", BADR, own=False),
        ]
        return {"governorate": {"id": "yanbu", "name": YANBU}, "centres": centres}

    @app.get("/api/desk/availability")
    async def availability(request: Request) -> dict[str, Any]:
        first = date.fromisoformat(request.query_params["from"])
        at_place = request.query_params.get("centre_id") != "market"
        days = [free_day(first + timedelta(n), at_place) for n in range(14)]
        slot = next((slot for one in days for slot in one["slots"]), None)
        first_free = slot and {"sitting_id": "sample", "starts_at": slot["starts_at"]}
        later = {"sitting_id": "sample", "starts_at": at(10, 0, first + timedelta(20))}
        return {"days": days, "first_free": first_free or later}

    @app.get("/api/desk/nearest")
    async def nearest() -> dict[str, Any]:
        near = [("market", MARKET, 4.2), ("yanbu", YANBU, 46.0), ("badr", BADR, 112.4)]
        first = {"sitting_id": "sample", "starts_at": at(10, 40)}
        centres = [
            {"centre_id": id, "name": name, "kind": "permanent", "own": True, "kilometres": far, "first_free": first}
            for id, name, far in near
        ]
        return {"towns": [], "centres": centres}

    @app.post("/api/desk/citizens/find")
    async def find(request: Request) -> dict[str, Any]:
        query = (await request.json())["query"]
        if "محمد" in query:
            return {"citizens": [SALEM, NORAH, IQBAL], "more": True}
        return {
            "citizens": [SALEM] if query == "K7M-4TP" else [FATIMAH] if query == "1000000008" else [],
            "more": False,
        }

    @app.post("/api/desk/citizens")
    async def register() -> Response:
        return refused("invalid-mobile", field="mobile")

    @app.get("/api/desk/citizens/{id}")
    async def open_citizen(id: str) -> dict[str, Any]:
        own = [one["audience"] for one in ENTRIES if one["citizen"]["id"] == id]
        waits = (
            [{"id": "w", "from_day": "2026-11-22", "to_day": "2026-12-22", "state": "waiting"}] if id == "salem" else []
        )
        who = {"salem": SALEM, "fatimah": FATIMAH}.get(id, NORAH)
        return {"citizen": who, "audiences": own, "waitlist": waits, "elsewhere": 0}

    @app.post("/api/desk/holds")
    async def hold(request: Request) -> Response:
        wish = await request.json()
        starts = datetime.fromisoformat(wish["starts_at"])
        # The last of the day is taken by somebody quicker.
        if starts.astimezone(RIYADH).hour == 12:
            others = [(20, "yanbu"), (40, "badr")]
            alternatives = [
                {"sitting_id": "sample", "starts_at": at(11, m, starts.date()), "venue": "kiosk", "centre_id": where}
                for m, where in others
            ]
            return refused("slot-taken", alternatives=alternatives)
        answer = {
            "id": "held", "sitting_id": "sample", "starts_at": wish["starts_at"], "ends_at": wish["starts_at"],
            "venue": wish["place"]["venue"], "centre_id": "yanbu", "kiosk_id": "yanbu-1",
            "expires_at": wish["starts_at"], "seconds_left": 171,
        }  # fmt: skip
        return JSONResponse(answer, 201)

    @app.delete("/api/desk/holds/{id}")
    async def release(id: str) -> Response:
        return Response(status_code=204)

    @app.post("/api/desk/audiences")
    async def book(request: Request) -> Response:
        subject = (await request.json())["subject"]
        if not subject.strip():
            return refused("invalid-text", field="subject")
        booked = audience("new", 10, 40, "booked", venue="own-location", kiosk_id=None)
        return JSONResponse({"audience": booked, "link": "/join#eyJhIjoi…", "booking_link": None}, 201)

    @app.get("/api/desk/audiences/{id}/attachments")
    async def attachments(id: str) -> dict[str, Any]:
        names = ("صك الأرض.pdf", "site-photo-2026.jpg")
        files = [
            {"id": name, "file_name": name, "media_type": "application/pdf", "size": 1_482_113 * (n + 1)}
            for n, name in enumerate(names)
        ]
        return {"attachments": files}

    @app.get("/api/desk/live")
    async def live() -> Response:
        # 204 tells the browser not to come again.
        return Response(status_code=204)
