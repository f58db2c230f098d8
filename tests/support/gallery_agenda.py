"""What is before the office, over an API of samples; and what the console asks of it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.store.seed import wordings_of
from tawasul.web.pages import render

AGENDA_PICTURES = (
    ("agenda", "/agenda", "agenda"),
    ("agenda-english", "/agenda", "agenda", "en"),
    ("agenda-empty", "/agenda", "agendaEmpty"),
    ("agenda-found", "/agenda", "agendaFound"),
    ("agenda-case", "/agenda#contested", "agendaCase"),
    ("agenda-case-english", "/agenda#contested", "agendaCase", "en"),
    ("agenda-no-case", "/agenda#nothing", "agendaNoCase"),
    ("agenda-direct", "/agenda#contested", "agendaDirect"),
    ("agenda-direct-list", "/agenda#contested", "agendaDirectList"),
    ("agenda-direct-review", "/agenda#contested", "agendaDirectReview"),
    ("agenda-direct-review-english", "/agenda#contested", "agendaDirectReview", "en"),
    ("agenda-prolong", "/agenda#overdue", "agendaProlong"),
    ("agenda-reassign", "/agenda#overdue", "agendaReassign", "en"),
    ("agenda-settle", "/agenda#heard", "agendaSettle"),
    ("office-card", "/office", "officeCard"),
    ("office-card-english", "/office", "officeCard", "en"),
    ("office-card-call", "/office", "officeCardCall"),
    ("office-directing", "/office", "officeDirecting"),
    ("office-directing-english", "/office", "officeDirecting", "en"),
    ("office-directing-heard", "/office", "officeDirectingHeard"),
    ("office-directing-list", "/office", "officeDirectingList"),
    ("office-directing-in-the-room", "/office", "officeDirectingInTheRoom"),
)
"""Name, path, the state in `gallery_agenda.js`, language."""

WATER = {"arabic": "فرع شركة المياه الوطنية", "english": "National Water Company, branch"}
ROADS = {"arabic": "فرع وزارة النقل والخدمات اللوجستية", "english": "Ministry of Transport, branch"}
HEALTH = {"arabic": "تجمع المدينة المنورة الصحي", "english": "Madinah Health Cluster"}
BADR = {"arabic": "محافظة بدر", "english": "Badr"}
ALULA = {"arabic": "محافظة العلا", "english": "AlUla"}


def add_agenda(app: FastAPI) -> None:
    """The page and what it asks."""

    @app.get("/agenda")
    async def page(request: Request) -> Response:
        request.state.principal = StaffPrincipal(
            StaffId("office"), Role.OFFICE, None, SignInId("sample"), "أحمد (عيّنة)"
        )
        request.state.csrf = "sample"
        return render(request, "agenda.html")

    @app.get("/api/office/agenda")
    async def agenda() -> dict[str, Any]:
        return {
            "sitting_opens_at": "2026-11-24T06:00:00Z",
            "cases": [
                _before("contested", "contested", "وصلت المياه يومًا واحدًا ثم انقطعت، ولم يردّ أحد على اتصالنا."),
                _before("overdue", None, None),
            ],
            "waiting": [
                _before("heard", "heard", "يُنظر في حاجة القرية إلى طريق، ويُرفع بما يتبيّن."),
                _before("returned", "returned", "الطريق من اختصاص الأمانة لا من اختصاصنا."),
            ],
        }

    @app.get("/api/office/agencies")
    async def agencies() -> dict[str, Any]:
        return {
            "agencies": [
                {"id": id, "name": name, "acceptance_days": 2, "answer_days": 15}
                for id, name in (("water", WATER), ("roads", ROADS), ("health", HEALTH))
            ]
        }

    @app.get("/api/office/wordings")
    async def wordings() -> dict[str, Any]:
        return {
            "wordings": [
                {
                    "id": each.id,
                    "name": {"arabic": each.name.arabic, "english": each.name.english},
                    "text": {"arabic": each.text.arabic, "english": each.text.english},
                }
                for each in wordings_of()
            ]
        }

    @app.get("/api/office/audiences/{audience_id}/card")
    async def card(audience_id: str) -> dict[str, Any]:
        return {
            "petition": "أرض زراعية ورثناها عن والدنا، وتعطّل إفراغها منذ عامين بين كتابة العدل وفرع الوزارة.",
            "attachments": [_paper("p1", "صك الأرض.pdf", 412_000), _paper("p2", "صورة الموقع.jpg", 1_930_000)],
            "case": _detail("returned"),
            "earlier": [_case("answered") | {"answer": "أُصلح الخط وعادت المياه إلى الحي في 3 / 4 / 1448هـ."}],
        }

    @app.post("/api/office/cases/find")
    async def find() -> dict[str, Any]:
        return {"cases": [_case("answered"), _case("contested")], "before": None}

    @app.get("/api/office/cases/{case_id}")
    async def opened(case_id: str) -> Response:
        if case_id not in _STATES:
            told = {"code": "not-found", "arabic": "لم نجد ما طلبت.", "english": "We did not find what you asked for."}
            return JSONResponse(told, status_code=404)
        return JSONResponse(_detail(case_id))


_STATES: dict[str, dict[str, Any]] = {
    "contested": {"state": "contested", "owner": "office", "agenda": "contested", "contests": 2, "agency": WATER},
    "overdue": {
        "state": "under-way", "owner": "agency", "owner_name": ROADS, "agenda": "overdue", "escalations": 3,
        "overdue": True, "agency": ROADS, "subject": "وصلة طريق إلى هجرة الفقرة", "governorate": ALULA,
    },
    "heard": {"state": "received", "owner": "office", "subject": "طريق إلى قرية الواسطة", "kind": "audience"},
    "returned": {
        "state": "received", "owner": "office", "kind": "audience", "governorate": ALULA,
        "subject": "طلب إفراغ أرض زراعية موقوفة منذ عامين بين جهتين",
    },
    "answered": {
        "state": "closed", "owner": "citizen", "due_at": None, "closed_at": "2026-10-20T08:00:00Z",
        "closed_because": "accepted", "agency": WATER, "subject": "انقطاع المياه عن حي الروضة",
    },
}  # fmt: skip

_DIRECTIVE = {
    "id": "d1",
    "wording": "يُوجَّه بمتابعة طلب المواطن وعمل ما يلزم حياله وفق الأنظمة والتعليمات، والرفع بما يتم.",
    "agency": WATER,
    "urgency": "urgent",
    "due_on": "2026-11-18",
    "state": "ratified",
    "correction": None,
}


def _case(id: str) -> dict[str, Any]:
    number = list(_STATES).index(id) + 471
    return {
        "id": id,
        "number": f"1448-00{number}-{number % 9}",
        "kind": "petition",
        "owner_name": None,
        "subject": "انقطاع الماء عن قرية الصفراء",
        "governorate": BADR,
        "agency": None,
        "opened_at": "2026-10-04T07:00:00Z",
        "due_at": "2026-11-24T13:00:00Z",
        "overdue": False,
        "escalations": 0,
        "agenda": None,
        "contests": 0,
        "remaining": [],
        "answered_at": None,
        "closed_at": None,
        "closed_because": None,
        "version": 7,
        "directive": _DIRECTIVE if id in ("contested", "answered", "overdue") else None,
        **_STATES[id],
    }


def _before(id: str, brought_by: str | None, words: str | None) -> dict[str, Any]:
    return _case(id) | {"brought_by": brought_by, "words": words, "since": "2026-11-16T09:30:00Z"}


def _detail(id: str) -> dict[str, Any]:
    given = _case(id)
    remaining = [{"words": "خزان القرية الثاني", "due_on": "2026-12-06", "done": False}] if id == "overdue" else []
    return {
        **given,
        "remaining": remaining,
        "citizen": {
            "id": "c1",
            "name": "سالم بن عبدالله الجهني (عيّنة)",
            "mobile_last_four": "0001",
            "national_id_last_four": "0008",
        },
        "entries": [
            _entry("opened", "desk", "2026-10-04T07:00:00Z", who="سارة (عيّنة)", words="ينقطع الماء عنا كل أسبوع."),
            _entry("directed", "office", "2026-10-05T08:10:00Z", who="أحمد (عيّنة)", words=str(_DIRECTIVE["wording"])),
            _entry("ratified", "citizen", "2026-10-05T08:40:00Z", agency=WATER),
            _entry("answered", "agency", "2026-11-08T10:00:00Z", agency=WATER, words="أُصلحت الشبكة وعاد الضخ."),
            *(
                [_entry("contested", "citizen", "2026-11-16T09:30:00Z", words="وصلت المياه يومًا واحدًا ثم انقطعت.")]
                if id == "contested"
                else [_entry("returned", "agency", "2026-11-16T09:30:00Z", agency=ROADS, words="ليست من اختصاصنا.")]
            ),
        ],
        "audiences": [],
        "documents": [
            _paper("k1", "محضر الإصلاح.pdf", 88_000)
            | {"came_with": "answer", "attached_at": "2026-11-08T10:00:00Z"}
        ],
        "petitions": [{"audience_id": "a1", "text": "ينقطع الماء عن القرية كل أسبوع يومين أو ثلاثة."}],
        "attachments": [_paper("p3", "صورة العداد.jpg", 640_000)],
        "merged_into": None,
    }  # fmt: skip


def _entry(kind: str, by: str, at: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "at": at, "by": by, "who": None, "agency": None, "words": None, **more}


def _paper(id: str, name: str, size: int) -> dict[str, Any]:
    return {"id": id, "name": name, "media_type": "application/pdf", "size": size}
