"""The office's follow-through, over an API of samples: 2026 is a region at work, 2025 is quiet, 2024 has nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.errors import DaysBackwards, DaysTooMany
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.store.repositories.follow_through import sunday_of
from tawasul.web.pages import render

BUSY, QUIET, NOTHING, LONG = (
    "/follow-through?from=2026-06-16&to=2026-11-22",
    "/follow-through?from=2025-03-01&to=2025-03-05",
    "/follow-through?from=2024-02-01&to=2024-02-29",
    "/follow-through?from=2024-01-01&to=2026-11-22",
)
FOLLOW_THROUGH_PICTURES = (
    ("follow-through", BUSY, "follow"),
    ("follow-through-english", BUSY, "follow", "en"),
    ("follow-through-long", LONG, "follow"),
    ("follow-through-quiet", QUIET, "follow"),
    ("follow-through-nothing", NOTHING, "followNothing"),
    ("follow-through-own", BUSY, "followOwn"),
    ("follow-through-backwards", "/follow-through?from=2026-11-22&to=2026-11-01", "followRefused"),
    ("follow-through-too-long-english", "/follow-through?from=2020-01-01&to=2026-11-01", "followRefused", "en"),
    ("follow-through-cases", f"{BUSY}#agency=water", "followCases"),
    ("follow-through-cases-english", f"{BUSY}#agency=water", "followCases", "en"),
    ("follow-through-cases-none", f"{BUSY}#governorate=mahd", "followCasesNone"),
)

GOVERNORATES = {
    "madinah": ("المدينة المنورة", "Madinah", (61, 9, 148, 132, 121, 11.4, 0.083)),
    "yanbu": ("ينبع", "Yanbu", (28, 4, 66, 60, 55, 9.0, 0.1)),
    "badr": ("بدر", "Badr", (14, 2, 31, 27, 25, 12.6, 0.148)),
    "alula": ("العلا", "AlUla", (9, 0, 22, 21, 20, 8.1, 0.048)),
    "khaybar": ("خيبر", "Khaybar", (5, 1, 12, 9, 9, 14.0, 0.222)),
    "mahd": ("مهد الذهب", "Mahd adh Dhahab", (0, 0, 4, 3, 4, None, None)),
}
AGENCIES = {
    "water": (("شركة المياه الوطنية", "National Water Company"), (34, 7, 80, 66, 60, 14.2, 0.136), (9, 14, 38)),
    "roads": (
        ("فرع وزارة النقل والخدمات اللوجستية", "Ministry of Transport and Logistic Services, branch"),
        (22, 4, 51, 44, 42, 16.5, 0.091),
        (6, 10, 24),
    ),
    "health": (("تجمع المدينة المنورة الصحي", "Madinah Health Cluster"), (18, 2, 47, 45, 41, 6.3, 0.067), (3, 6, 33)),
    "land": (("أمانة منطقة المدينة المنورة", "Madinah Municipality"), (17, 2, 40, 38, 34, 12.0, 0.105), (5, 7, 19)),
    "power": (("الشركة السعودية للكهرباء", "Saudi Electricity Company"), (8, 0, 20, 19, 17, 5.5, 0.053), None),
    None: (None, (18, 1, 45, 40, 40, 3.0, 0.025), (2, 4, 30)),
}
SUBJECTS = (
    "انقطاع الماء عن قرية الصفراء منذ شهر",
    "خزان مياه للمدرسة الابتدائية",
    "تأخر مشروع شبكة المياه في حي النزهة",
)
NAMES = ("open", "overdue", "opened", "answered", "closed", "median_days", "contested_share")
EMPTY = (0, 0, 0, 0, 0, None, None)


def add_follow_through(app: FastAPI) -> None:
    """The page and what it asks."""

    @app.get("/follow-through")
    async def page(request: Request) -> Response:
        principal = StaffPrincipal(StaffId("office"), Role.OFFICE, None, SignInId("sample"), "أحمد (عيّنة)")
        request.state.principal, request.state.csrf = principal, "sample"
        return render(request, "follow-through.html")

    @app.get("/api/office/follow-through")
    async def figures(request: Request) -> dict[str, Any]:
        first, last = (date.fromisoformat(request.query_params[name]) for name in ("from", "to"))
        if last < first:
            raise DaysBackwards(field="to")
        if (last - first).days > 1098:
            raise DaysTooMany(field="to")
        return _figures(first, last)

    @app.get("/api/office/cases")
    async def cases(overdue: str, governorate: str = "") -> dict[str, Any]:
        if governorate == "mahd":
            return {"cases": [], "before": None}
        late = overdue == "true"
        return {"cases": [_case(number, late) for number in range(2 if late else 3)], "before": None}


def _figures(first: date, last: date) -> dict[str, Any]:
    quiet, nothing = first.year == 2025, last.year == 2024
    total = EMPTY if nothing else (3, 0, 3, 2, 1, None, None) if quiet else (117, 16, 283, 252, 234, 10.8, 0.095)
    governorates = {} if nothing else {"badr": GOVERNORATES["badr"]} if quiet else GOVERNORATES
    agencies = {} if nothing or quiet else AGENCIES
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "least_shown": 5,
        "total": _line(total),
        "governorates": [
            {"id": id, "name": {"arabic": arabic, "english": english}} | _line(total if quiet else line)
            for id, (arabic, english, line) in governorates.items()
        ],
        "agencies": [
            {"id": id, "name": names and dict(zip(("arabic", "english"), names, strict=True))}
            | {"satisfaction": satisfied and dict(zip(("no", "partly", "yes"), satisfied, strict=True))}
            | _line(line)
            for id, (names, line, satisfied) in agencies.items()
        ],
        "weeks": list(_weeks(first, last, 0 if nothing else 1 if quiet else 14)),
        "satisfaction": None if nothing or quiet else {"no": 25, "partly": 41, "yes": 144},
        "spared": {"audiences": 0, "kilometres": 0, "hours": 0, "kilometres_an_hour": 80}
        if nothing or quiet
        else {"audiences": 214, "kilometres": 86412, "hours": 1080, "kilometres_an_hour": 80},
    }


def _weeks(first: date, last: date, most: int) -> Any:
    chance, begins = random.Random(3), sunday_of(first)
    while begins <= last:
        opened = chance.randint(most // 2, most)
        yield {"begins": begins.isoformat(), "opened": opened, "closed": chance.randint(opened // 2, most)}
        begins += timedelta(days=7)


def _line(values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(NAMES, values, strict=True))


def _case(number: int, late: bool) -> dict[str, Any]:
    water, badr = AGENCIES["water"][0], GOVERNORATES["badr"]
    assert water is not None
    return {
        "id": f"{'late' if late else 'open'}-{number}", "number": f"1448-0047{number}-{3 + late}", "kind": "petition",
        "state": "under-way", "owner": "agency", "owner_name": {"arabic": water[0], "english": water[1]},
        "subject": SUBJECTS[number], "governorate": {"arabic": badr[0], "english": badr[1]},
        "agency": {"arabic": water[0], "english": water[1]}, "opened_at": f"2026-10-{12 + number}T07:00:00Z",
        "due_at": f"2026-11-{17 + number if late else 29 - number}T21:00:00Z", "overdue": late,
        "escalations": int(late),
        "agenda": "late" if late and not number else None, "contests": 0, "remaining": [], "answered_at": None,
        "closed_at": None, "closed_because": None, "version": 3, "directive": None,
    }  # fmt: skip
