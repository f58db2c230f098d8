"""The desk's tasks, over an API of samples."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.web.pages import render

ME = {"id": "me", "name": "سارة (عيّنة)", "me": True}
COLLEAGUE = {"id": "other", "name": "ماجد (عيّنة)", "me": False}


def add_tasks(app: FastAPI) -> None:
    """The page and what it asks."""

    @app.get("/desk/tasks")
    async def page(request: Request) -> Response:
        request.state.principal = StaffPrincipal(StaffId("me"), Role.DESK, None, SignInId("sample"), ME["name"])
        request.state.csrf = "sample"
        return render(request, "tasks.html")

    @app.get("/api/desk/tasks")
    async def tasks() -> dict[str, Any]:
        return {
            "tasks": [
                _task(1, "tell-of-new-time", owner=None, overdue=True),
                _task(2, "find-a-time", owner=ME),
                _task(3, "check-proof", owner=COLLEAGUE),
                _task(5, "ratify", owner=None) | {"audience": None, "case_id": "proposed"},
            ],
            "done": [_task(4, "tell-of-cancellation", owner=ME, done_at="2026-11-22T07:12:00Z", note="ردّ وشكر")],
        }


def _task(
    number: int,
    kind: str,
    *,
    owner: dict[str, Any] | None,
    overdue: bool = False,
    done_at: str | None = None,
    note: str | None = None,
) -> dict[str, Any]:
    return {
        "id": f"t{number}",
        "kind": kind,
        "made_at": "2026-11-22T06:00:00Z",
        "due_at": f"2026-11-22T{7 + number:02}:00:00Z",
        "overdue": overdue,
        "done_at": done_at,
        "owner": owner,
        "audience": {"id": f"a{number}", "reference": f"K7M-4T{number}", "slot_starts_at": "2026-11-24T07:20:00Z"},
        "citizen": {"id": f"c{number}", "name": "سالم بن عبدالله الجهني (عيّنة)", "mobile": f"+96650000000{number}"},
        "case_id": None,
        "note": note,
        "version": 1,
    }
