"""The desk's cases in the gallery: the page runs, its room answers samples; `gallery_desk_cases.js` leads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response
from support.gallery_day import NOW
from support.gallery_desk import refused

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.web.pages import render

YANBU = {"arabic": "ينبع", "english": "Yanbu"}
WATER = {"arabic": "شركة المياه الوطنية", "english": "National Water Company"}
ROADS = {"arabic": "فرع وزارة النقل", "english": "Roads and Transport branch"}
SALEM = {
    "id": "salem", "name": "سالم بن عبدالله الجهني (عيّنة)", "mobile_last_four": "4567", "national_id_last_four": "0008",
}  # fmt: skip
WORDING = "يُنظر في وصل قرية الصفراء بالشبكة، ويُعالَج انقطاع الماء عنها قبل نهاية الشهر، ويُبلَّغ صاحب الطلب بما تم."


class Typed(BaseModel):
    """As the real ones."""

    query: str = ""
    code: str = ""
    subject: str = ""
    words: str = ""
    version: int | None = None


def moment(days: float) -> str:
    """So many days from the gallery's: words about time are then the same on every day."""
    return (datetime.fromisoformat(NOW) + timedelta(days=days)).isoformat()


def case(id: str, number: str, state: str, subject: str, **more: Any) -> dict[str, Any]:
    """As `CaseView`."""
    return {
        "id": id, "number": number, "kind": "petition", "state": state, "owner": "desk", "owner_name": None,
        "subject": subject, "governorate": YANBU, "agency": None, "opened_at": moment(-9), "due_at": moment(2),
        "overdue": False, "escalations": 0, "agenda": None, "contests": 0, "remaining": [], "answered_at": None,
        "closed_at": None, "closed_because": None, "version": 3, "directive": None, "citizen_name": SALEM["name"],
    } | more  # fmt: skip


def directive(state: str) -> dict[str, Any]:
    """As `DirectiveView`."""
    return {
        "id": "d1", "wording": WORDING, "agency": WATER, "urgency": "urgent", "due_on": moment(12)[:10], "state": state,
        "correction": None,
    }  # fmt: skip


PROPOSED = case("proposed", "1448-00471-3", "proposed", "انقطاع الماء عن قرية الصفراء", directive=directive("proposed"))
RECEIVED = case("received", "1448-00475-2", "received", "إنارة طريق القرية القديم", kind="suggestion", due_at=moment(1))
ASKED = case(
    "asked", "1448-00402-9", "asked", "تعثر صرف تعويض نزع ملكية أرض زراعية منذ ثلاثة أعوام", kind="complaint",
    agency=ROADS, due_at=moment(-3), overdue=True, escalations=1,
)  # fmt: skip
ANSWERED = case(
    "answered", "1448-00388-1", "answered", "علاج والدتها في مستشفى تخصصي", kind="audience", owner="citizen",
    agency=WATER, due_at=moment(11), answered_at=moment(-3), directive=directive("ratified"),
    remaining=[
        {"words": "خزان القرية", "due_on": moment(9)[:10], "done": False},
        {"words": "خط التغذية", "due_on": moment(-4)[:10], "done": True},
    ],
)  # fmt: skip
CONTESTED = case(
    "contested", "1448-00301-6", "contested", "سداد متعثر", owner="office", agency=WATER, contests=1,
    agenda="contested", directive=directive("ratified"), answered_at=moment(-6),
)  # fmt: skip
CLOSED = case(
    "closed", "1448-00120-4", "closed", "تجديد رخصة بئر", due_at=None, closed_at=moment(-30),
    closed_because="accepted", owner="citizen",
)  # fmt: skip
CASES = [ASKED, RECEIVED, PROPOSED, ANSWERED, CONTESTED, CLOSED]


DESK_CASES_PICTURES: tuple[tuple[str, str, str, str], ...] = (
    ("cases", "/desk/cases", "desksCases", "ar"),
    ("cases-empty", "/desk/cases", "desksCasesEmpty", "ar"),
    ("cases-open", "/desk/cases", "desksCasesOpen", "ar"),
    ("cases-found", "/desk/cases", "desksCasesFound", "ar"),
    ("cases-nothing", "/desk/cases", "desksCasesNothing", "ar"),
    ("cases-received", "/desk/cases#received", "desksCase", "ar"),
    ("cases-refer", "/desk/cases#received", "desksCaseRefer", "ar"),
    ("cases-merge", "/desk/cases#received", "desksCaseMerge", "ar"),
    ("cases-withdraw", "/desk/cases#received", "desksCaseWithdraw", "ar"),
    ("cases-proposed", "/desk/cases#proposed", "desksCaseCode", "ar"),
    ("cases-asked", "/desk/cases#asked", "desksCaseReply", "ar"),
    ("cases-answered", "/desk/cases#answered", "desksCase", "ar"),
    ("cases-contested", "/desk/cases#contested", "desksCase", "ar"),
    ("cases-closed", "/desk/cases#closed", "desksCase", "ar"),
    ("cases-gone", "/desk/cases#gone", "desksCaseGone", "ar"),
    ("cases-take", "/desk/cases#new", "desksTake", "ar"),
    ("cases-take-for", "/desk/cases#citizen=salem", "desksTakeFor", "ar"),
    ("cases-taken", "/desk/cases#citizen=salem", "desksTaken", "ar"),
    ("cases-english", "/desk/cases", "desksCases", "en"),
    ("cases-proposed-english", "/desk/cases#proposed", "desksCase", "en"),
    ("cases-take-for-english", "/desk/cases#citizen=salem", "desksTakeFor", "en"),
)
"""As `Picture`: name, path, state, language."""


def entry(kind: str, days: float, by: str, words: str | None = None, **more: Any) -> dict[str, Any]:
    """As `EntryView`."""
    who = None if by in ("citizen", "service") else "سارة (عيّنة)"
    return {"kind": kind, "at": moment(days), "by": by, "who": who, "agency": None, "words": words} | more


_ANSWERED = entry("answered", -0.9, "agency", "وُصلت القرية بالشبكة، وبقي خزانها إلى نهاية الشهر.", agency=WATER)
LAST = {
    "asked": [entry("asked", -0.5, "agency", "هل للخزان رخصة؟ وأين صورتها؟", agency=ROADS)],
    "answered": [_ANSWERED],
    "contested": [_ANSWERED, entry("contested", -0.5, "citizen", "ما زال الماء ينقطع كل يوم.")],
}


def detail(given: dict[str, Any]) -> dict[str, Any]:
    """As `CaseDetailView`."""
    audience = {"id": "a1", "reference": "K7M-4TP", "state": "concluded", "slot_starts_at": moment(-5)}
    paper = {"media_type": "application/pdf", "size": 812_345}
    return given | {
        "citizen": SALEM,
        "entries": [
            entry("opened", -9, "desk", "ينقطع الماء منذ شهر، ويُحمل من مسافة ثلاثين كيلًا."),
            entry("directed", -5, "office", WORDING),
            entry("ratified", -4, "citizen", agency=WATER),
            entry("taken-on", -4, "agency", agency=WATER),
            entry("asked", -3, "agency", "أين موقع الخزان من القرية؟ وهل له رخصة؟", agency=ROADS),
            entry("escalated", -1, "service"),
            *LAST.get(given["id"], []),
        ],
        "audiences": [audience] if given["id"] in ("proposed", "answered") else [],
        "documents": [
            paper | {"id": "p1", "name": "صك الأرض.pdf", "came_with": "petition", "attached_at": moment(0)},
            paper | {"id": "p2", "name": "report-2026.pdf", "came_with": "answer", "attached_at": moment(-4)},
        ],
        "petitions": [{"audience_id": "a1", "text": "السلام عليكم ورحمة الله، قريتنا بلا ماء منذ شهر."}],
        "attachments": [paper | {"id": "f1", "name": "صورة الخزان.pdf"}],
        "merged_into": None,
    }


def add_desk_cases(app: FastAPI) -> None:
    """The page and what it asks. What is asked for decides: nothing is remembered."""

    @app.get("/desk/cases")
    async def page(request: Request) -> Response:
        request.state.principal = StaffPrincipal(StaffId("me"), Role.DESK, None, SignInId("sample"), "سارة (عيّنة)")
        request.state.csrf = "sample"
        return render(request, "desk-cases.html")

    @app.get("/api/desk/cases")
    async def box(box: str) -> dict[str, Any]:
        chosen = {"mine": [ASKED, RECEIVED, PROPOSED], "questions": [], "closed": [CLOSED]}.get(box, CASES)
        return {"cases": chosen, "before": "1448-00120-4" if box == "open" else None}

    @app.post("/api/desk/cases/find")
    async def find(body: Typed) -> Any:
        if body.query == "!":
            return refused("invalid-input", field="query")
        return {"cases": [] if "لا شيء" in body.query else [PROPOSED, CLOSED], "before": None}

    @app.post("/api/desk/cases/likely")
    async def likely(body: Typed) -> dict[str, Any]:
        return {"likely": [{"case": PROPOSED, "score": 93}]}

    @app.post("/api/desk/cases", status_code=201)
    async def take(body: Typed) -> dict[str, Any]:
        return {"case": RECEIVED, "likely": [{"case": PROPOSED, "score": 93}]}

    @app.get("/api/desk/cases/agencies")
    async def agencies() -> dict[str, Any]:
        days = {"acceptance_days": 2, "answer_days": 15}
        return {"agencies": [days | {"id": "water", "name": WATER}, days | {"id": "roads", "name": ROADS}]}

    @app.get("/api/desk/cases/of/{id}")
    async def of_citizen(id: str) -> dict[str, Any]:
        return {"cases": [RECEIVED, PROPOSED, CLOSED], "before": None}

    @app.get("/api/desk/cases/{id}")
    async def opened(id: str) -> Any:
        return next((detail(each) for each in CASES if each["id"] == id), refused("not-found"))

    @app.get("/api/desk/cases/{id}/version")
    async def version(id: str) -> dict[str, int]:
        return {"version": 3}

    @app.post("/api/desk/cases/{id}/{step}")
    async def step(id: str, step: str, body: Typed) -> Any:
        return refused("ticket-not-valid", field="code") if step == "ratify" else refused("stale")
