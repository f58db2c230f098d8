"""The page of an agency, over an API of samples: `?closed` shows an agency that is closed."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.web.pages import render

WATER = {"arabic": "شركة المياه الوطنية بالمنطقة", "english": "National Water Company, Madinah"}
BADR = {"arabic": "بدر", "english": "Badr"}
WORDING = (
    "يُوجَّه إلى شركة المياه الوطنية بإصلاح الشبكة في قرية الصفراء، وتأمين المياه لأهلها بالصهاريج حتى يتم الإصلاح، "
    "ويُفاد صاحب الطلب بما تم."
)
SUBJECTS = (
    "انقطاع الماء عن قرية الصفراء منذ شهر",
    "خزان مياه للمدرسة الابتدائية",
    "تأخر مشروع شبكة المياه في حي النزهة",
)


def add_agency(app: FastAPI) -> None:
    """The page and what it asks."""

    @app.get("/agency")
    async def page(request: Request) -> Response:
        principal = StaffPrincipal(StaffId("me"), Role.AGENCY, None, SignInId("sample"), "سعد (عيّنة)")
        request.state.principal, request.state.csrf = principal, "sample"
        answer = render(request, "agency.html")
        answer.set_cookie("gallery_agency", "closed" if "closed" in request.query_params else "open")
        return answer

    @app.get("/api/agency/boxes")
    async def boxes(request: Request) -> dict[str, Any]:
        closed = request.cookies.get("gallery_agency") == "closed"
        counts = {"new": (0, 0)} if closed else {"new": (3, 1)}
        counts |= {"open": (2, 1), "asked": (1, 0), "answered": (3, 0)}
        return {
            "name": WATER,
            "acceptance_days": 2,
            "answer_days": 15,
            "closed_on": "2026-11-01" if closed else None,
            "closed": closed,
            "boxes": {box: {"cases": cases, "overdue": overdue} for box, (cases, overdue) in counts.items()},
        }

    @app.get("/api/agency/cases")
    async def cases(request: Request, box: str = "new") -> dict[str, Any]:
        closed = request.cookies.get("gallery_agency") == "closed"
        return {"cases": [] if closed else [_case(*which, box) for which in LISTED[box]], "before": None}

    @app.get("/api/agency/cases/{id}")
    async def case(id: str) -> Response:
        state, _, number = id.rpartition("-")
        if state not in STATES:
            return JSONResponse({"code": "not-found", "arabic": "لا يوجد", "english": "There is none"}, 404)
        return JSONResponse(_detail(int(number), state))

    @app.post("/api/agency/cases/{id}/documents")
    async def document() -> Response:
        words = {"arabic": "يحتوي الملف على ما يعمل من نفسه (مثل برنامج)، فلم يُقبل.", "english": "It does something."}
        return JSONResponse({"code": "attachment-active", "field": "file", **words}, 422)


LISTED = {
    "new": [(1, "referred"), (2, "referred"), (3, "referred")],
    "open": [(1, "under-way"), (2, "under-way")],
    "asked": [(1, "asked")],
    "answered": [(1, "answered"), (2, "answered"), (3, "contested")],
}
STATES = {state for cases in LISTED.values() for _, state in cases}


def _case(number: int, state: str, box: str) -> dict[str, Any]:
    late = number == 1 and box in ("new", "open")
    return {
        "id": f"{state}-{number}",
        "number": f"1448-0047{number}-3",
        "kind": "petition",
        "state": state,
        "owner": "agency" if state in ("referred", "under-way") else "citizen",
        "owner_name": WATER if state in ("referred", "under-way") else None,
        "subject": SUBJECTS[number - 1],
        "governorate": BADR,
        "agency": WATER,
        "opened_at": "2026-11-02T07:00:00Z",
        "due_at": None if state == "closed" else f"2026-11-{18 if late else 24 + number:02}T20:59:59Z",
        "overdue": late,
        "escalations": 0,
        "agenda": "contested" if state == "contested" else None,
        "contests": 0,
        "remaining": [],
        "answered_at": None,
        "closed_at": None,
        "closed_because": None,
        "version": 3,
        "directive": None if number == 2 else _directive(number),
    }


def _directive(number: int) -> dict[str, Any]:
    return {
        "id": f"d{number}",
        "wording": WORDING,
        "agency": WATER,
        "urgency": "urgent" if number == 1 else "routine",
        "due_on": "2026-11-25",
        "state": "ratified",
        "correction": None,
    }


def _detail(number: int, state: str) -> dict[str, Any]:
    at_work = state in ("under-way", "asked")
    entries = [_entry("ratified", "2026-11-05T08:10:00Z", "citizen", None)]
    if state != "referred":
        entries.append(_entry("taken-on", "2026-11-08T06:30:00Z", "agency", None, who="سعد (عيّنة)"))
    if at_work:
        words = "هل الانقطاع عن القرية كلها أم عن الحي الشرقي؟"
        entries.append(_entry("asked", "2026-11-09T06:30:00Z", "agency", words, who="سعد (عيّنة)"))
    if state == "under-way":
        entries.append(_entry("replied", "2026-11-10T09:00:00Z", "desk", "عن الحي الشرقي وحده."))
    if state in ("answered", "contested"):
        words = "أُصلح الكسر في الخط المغذي يوم الأحد، وعادت المياه إلى القرية."
        entries.append(_entry("answered", "2026-11-12T09:00:00Z", "agency", words, who="سعد (عيّنة)"))
    if state == "contested":
        entries.append(_entry("contested", "2026-11-14T09:00:00Z", "citizen", "ما زالت تنقطع كل ليلة."))
    return _case(number, state, "open") | {
        "citizen": {
            "id": "c1",
            "name": "سالم بن عبدالله الجهني (عيّنة)",
            "mobile_last_four": "0007",
            "national_id_last_four": "0008",
        }
        if at_work
        else None,
        "entries": entries,
        "audiences": [],
        "documents": [
            _paper(1, "خريطة القرية.pdf", "reply", "2026-11-09T12:00:00Z"),
            _paper(2, "محضر الإصلاح.pdf", "answer", "2026-11-11T08:00:00Z"),
        ],
        "petitions": [],
        "attachments": [],
        "merged_into": None,
        "remaining": [
            {"words": "تأمين خزان إضافي للقرية", "due_on": "2026-12-10", "done": False},
            {"words": "إصلاح الخط المغذي", "due_on": "2026-11-15", "done": True},
        ]
        if at_work
        else [],
    }


def _entry(kind: str, at: str, by: str, words: str | None, who: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "at": at, "by": by, "who": who, "agency": WATER if by == "agency" else None, "words": words}


def _paper(number: int, name: str, came_with: str, at: str) -> dict[str, Any]:
    return {
        "id": f"p{number}",
        "name": name,
        "media_type": "application/pdf",
        "size": 345_678 * number,
        "came_with": came_with,
        "attached_at": at,
    }


AGENCY_PICTURES = (
    ("agency", "/agency", "agency"),
    ("agency-english", "/agency", "agency", "en"),
    ("agency-answered", "/agency#answered", "agency"),
    ("agency-closed", "/agency?closed", "agencyEmpty"),
    ("agency-closed-english", "/agency?closed", "agencyEmpty", "en"),
    ("agency-case-new", "/agency#referred-1", "agencyCase"),
    ("agency-case-from-desk", "/agency#referred-2", "agencyReturn"),
    ("agency-case", "/agency#under-way-1", "agencyCase"),
    ("agency-case-english", "/agency#under-way-1", "agencyCase", "en"),
    ("agency-refused", "/agency#under-way-1", "agencyRefused"),
    ("agency-report", "/agency#under-way-1", "agencyReport"),
    ("agency-report-english", "/agency#under-way-1", "agencyReport", "en"),
    ("agency-ask", "/agency#under-way-1", "agencyAsk"),
    ("agency-look", "/agency#under-way-1", "agencyLook"),
    ("agency-look-english", "/agency#under-way-1", "agencyLook", "en"),
    ("agency-case-asked", "/agency#asked-1", "agencyCase"),
    ("agency-case-contested", "/agency#contested-3", "agencyCase"),
    ("agency-case-gone", "/agency#nowhere", "agencyGone"),
)
"""Name, address, state, and the language where it is not Arabic."""
