"""The citizen's case, by number and by link, over an API of samples: the token says in which state it is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response

from tawasul.domain.errors import CaseClosed, LinkNotValid, NotFound
from tawasul.web.pages import render

WATER = {"arabic": "المديرية العامة للمياه", "english": "General directorate of water"}
ROADS = {"arabic": "فرع وزارة النقل", "english": "Branch of the ministry of transport"}
NUMBER = "1448-00471-5"
WORDS = {
    "subject": "انقطاع الماء عن قرية الصفراء منذ رمضان",
    "wording": "تُصلح شبكة الماء في قرية الصفراء، ويُؤمَّن الماء بالصهاريج إلى أن يتم ذلك.",
    "answer": "أُصلح الخط الرئيس وعاد الماء إلى القرية يوم الأحد. ما بقي من التوصيلات يتم مع نهاية الشهر.",
    "reason": "الماء لا يصل إلى الحارة الشرقية.",
}

TRACK_PICTURES: tuple[tuple[str, ...], ...] = (
    ("track", "/track"),
    ("track-slip", "/track", "trackSlip"),
    ("track-nobody", "/track", "trackNobody"),
    ("track-found", "/track", "trackFound"),
    ("track-idle", "/track", "trackIdle"),
    ("track-english", "/track", "", "en"),
    ("track-found-english", "/track", "trackFound", "en"),
    ("case-link", "/case#answered", "link"),
    ("case-link-english", "/case#answered", "link", "en"),
    ("case-link-under-way", "/case#under-way", "link"),
    ("case-link-proposed", "/case#proposed", "link"),
    ("case-link-proposed-english", "/case#proposed", "link", "en"),
    ("case-link-sure", "/case#proposed", "linkSure"),
    ("case-link-contested", "/case#contested", "link"),
    ("case-link-accept", "/case#answered", "linkAccept"),
    ("case-link-accepted", "/case#answered", "linkAccepted"),
    ("case-link-contest", "/case#answered", "linkContest"),
    ("case-link-contest-english", "/case#answered", "linkContest", "en"),
    ("case-link-too-late", "/case#late", "linkTooLate"),
    ("case-link-withdraw", "/case#answered", "linkWithdraw"),
    ("case-link-rated", "/case#closed", "linkRated"),
    ("case-link-problem", "/case#wrong", "linkProblem"),
    ("case-link-none-english", "/case", "linkProblem", "en"),
    ("join-directive", "/join", "joinDirective"),
    ("join-directive-english", "/join", "joinDirective", "en"),
    ("join-directive-otherwise", "/join", "joinDirectiveOtherwise"),
    ("join-ratified", "/join", "joinRatified"),
)
"""Name, path, what brings it into its state, language; after the call on the own device too."""


class Asked(BaseModel):
    """Whatever is asked."""

    token: str = "answered"
    number: str = ""
    proof: str = ""
    rating: int = 3


def add_track(app: FastAPI) -> None:
    """The two pages, and what they ask."""

    @app.get("/track")
    async def track(request: Request) -> Response:
        return render(request, "track.html")

    @app.get("/case")
    async def case(request: Request) -> Response:
        return render(request, "case-link.html")

    @app.post("/api/case/look")
    async def look(body: Asked) -> dict[str, Any]:
        if body.proof != "0512345678":
            raise NotFound("case")
        return own_case("answered")

    @app.post("/api/case/open")
    async def open_case(body: Asked) -> dict[str, Any]:
        if body.token == "wrong":
            raise LinkNotValid
        return own_case(body.token)

    @app.post("/api/case/contest")
    async def contest(body: Asked) -> dict[str, Any]:
        if body.token == "late":
            raise CaseClosed
        return own_case("contested")

    @app.post("/api/case/accept")
    async def accept(body: Asked) -> dict[str, Any]:
        return own_case("closed")

    @app.post("/api/case/rate", status_code=204)
    async def rate(body: Asked) -> None: ...


def own_case(state: str) -> dict[str, Any]:
    """As the API of a citizen gives it."""
    state = {"late": "answered"}.get(state, state)
    story = [
        _entry("opened", "desk", 1),
        _entry("directed", "office", 3, words=WORDS["wording"]),
        _entry("ratified", "citizen", 4, WATER),
        _entry("taken-on", "agency", 5, WATER),
        _entry("reported", "agency", 12, WATER, "وصلت الصهاريج، وبدأ إصلاح الخط."),
        _entry("answered", "agency", 20, WATER, WORDS["answer"]),
        _entry("notified", "service", 20),
        _entry("contested", "citizen", 22, words=WORDS["reason"]),
        _entry("accepted", "citizen", 23),
    ]
    told = {"proposed": 2, "under-way": 5, "answered": 7, "contested": 8, "closed": 9}[state]
    answered = state in {"answered", "contested", "closed"}
    return {
        "number": NUMBER,
        "kind": "audience",
        "state": state,
        "subject": WORDS["subject"],
        "agency": None if state == "proposed" else WATER,
        "opened_at": "2026-11-01T07:20:00Z",
        "due_at": None if state == "closed" else "2028-12-06T20:59:59Z",
        "answered_at": "2026-11-20T07:20:00Z" if answered else None,
        "closed_at": "2026-11-23T07:20:00Z" if state == "closed" else None,
        "closed_because": "accepted" if state == "closed" else None,
        "merged_into": None,
        "directive": a_directive("proposed" if state == "proposed" else "ratified"),
        "remaining": [_remains("توصيل الحارة الشرقية", done=False), _remains("الصهاريج", done=True)]
        if state == "under-way"
        else [],
        "entries": story[:told],
        "documents": [_document("d1", "محضر الإصلاح.pdf"), _document("d2", "صورة الخط بعد إصلاحه في القرية.jpg")]
        if answered
        else [],
        "may_ratify": state == "proposed",
        "may_accept": state in {"answered", "contested"},
        "may_contest": state == "answered",
        "may_rate": answered,
    }


def a_directive(state: str) -> dict[str, Any]:
    """As the API gives it."""
    return {
        "id": "directive-1",
        "wording": WORDS["wording"],
        "agency": WATER,
        "urgency": "urgent",
        "due_on": "2026-12-20",
        "state": state,
    }


def _entry(
    kind: str, by: str, day: int, agency: dict[str, str] | None = None, words: str | None = None
) -> dict[str, Any]:
    return {"kind": kind, "at": f"2026-11-{day:02}T07:20:00Z", "by": by, "agency": agency, "words": words}


def _remains(words: str, *, done: bool) -> dict[str, Any]:
    return {"words": words, "due_on": "2026-12-20", "done": done}


def _document(id: str, name: str) -> dict[str, Any]:
    return {
        "id": id,
        "name": name,
        "media_type": "application/pdf",
        "size": 214_000,
        "came_with": "answer",
        "attached_at": "2026-11-20T07:20:00Z",
    }
