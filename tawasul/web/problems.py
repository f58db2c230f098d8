"""Problems as answers: RFC 9457 `application/problem+json` for programs, a calm page for people.

The codes, their texts and status come from `tawasul.protocol.problems`; an answer holds a code, never a message of an
exception and never what was sent. Members of the JSON: `type` (a URN of the code), `title` (in the reader's
language), `status`, `code`, `arabic`, `english`, and `field` when the cause names one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tawasul.domain.errors import InvalidInput, NotSignedIn, TawasulError, TooManyAttempts
from tawasul.protocol.problem import Problem
from tawasul.protocol.problems import PROBLEMS, problem
from tawasul.web.pages import locale_of, render
from tawasul.web.security import header_lines, nonce_of

MEDIA_TYPE: Final = "application/problem+json"

DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {
        "description": "What is wrong: a stable code, and a sentence in both languages (see docs/protocol.md).",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "code", "arabic", "english"],
                    "properties": {
                        **{name: {"type": "string"} for name in ("type", "title", "arabic", "english", "field")},
                        "status": {"type": "integer"},
                        "code": {"type": "string", "enum": list(PROBLEMS)},
                    },
                }
            }
        },
    }
}
"""What OpenAPI says of every endpoint's refusals."""

COME_BACK_AFTER_SECONDS: Final = 2

log = logging.getLogger(__name__)


def install_handlers(app: FastAPI) -> None:
    """Answers every error of `app` as a problem."""
    app.add_exception_handler(TawasulError, _on_tawasul_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_unexpected)


def answer_busy(app: FastAPI, *kinds: type[Exception]) -> None:
    """Answers these errors by a request to come again: of what was asked for nothing has been done."""
    for kind in kinds:
        app.add_exception_handler(kind, _on_busy)


def respond(
    request: Request,
    code: str,
    *,
    status: int | None = None,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """The answer for a problem: a page for a browser that navigates, else JSON. An unknown `code` is `internal`.

    Who is not signed in and opens a page is sent to sign in, and comes back to it.
    """
    row = problem(code)
    status = status or row.status
    if code == NotSignedIn.code and request.method == "GET" and wants_page(request):
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", status_code=303, headers=headers)
    if wants_page(request):
        answer: Response = render(
            request, "error.html", status_code=status, status=status, code=row.code, text=title(request, row)
        )
    else:
        answer = JSONResponse(
            {**(members or {}), **body(request, row, status, field)}, status_code=status, media_type=MEDIA_TYPE
        )
    answer.headers.update(headers or {})
    return answer


def body(request: Request, row: Problem, status: int, field: str | None) -> dict[str, str | int]:
    """The members of a problem's JSON."""
    members: dict[str, str | int] = {
        "type": f"urn:tawasul:problem:{row.code}",
        "title": title(request, row),
        "status": status,
        "code": row.code,
        "arabic": row.arabic,
        "english": row.english,
    }
    if field:
        members["field"] = field
    return members


def title(request: Request, row: Problem) -> str:
    """The problem's text in the reader's language."""
    return row.arabic if locale_of(request) == "ar" else row.english


def wants_page(request: Request) -> bool:
    """Whether a person's browser navigates here. `fetch` says `Accept: */*`, a navigation names HTML."""
    return "text/html" in request.headers.get("accept", "")


async def _on_tawasul_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, TawasulError)
    field = error.field if isinstance(error, InvalidInput) else None
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooManyAttempts) else {}
    return respond(request, error.code, field=field, headers=headers, members=error.members())


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    places = error.errors()
    # The last step of the path is the field's name; the value itself is personal and stays out.
    field = str(places[0]["loc"][-1]) if places and places[0]["loc"] else None
    return respond(request, InvalidInput.code, field=field)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = CODE_OF_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "invalid-input")
    return respond(request, code, status=error.status_code, headers=error.headers)


async def _on_busy(request: Request, error: Exception) -> Response:
    log.warning("too busy for %s", request.scope.get("route"))
    return respond(request, "busy", headers={"retry-after": str(COME_BACK_AFTER_SECONDS)})


async def _on_unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours. Starlette raises it again after this answer, so the server's log has the trace."""
    log.error("unexpected %s at %s", type(error).__name__, request.scope.get("route"))
    answer = respond(request, "internal")
    # This answer is made outside the middleware that gives all others their headers.
    host, https = request.headers.get("host", ""), request.url.scheme == "https"
    for name, value in header_lines(nonce_of(request), host, https):
        answer.headers.setdefault(name, value)
    return answer


CODE_OF_STATUS: Final = {
    401: "not-signed-in",
    403: "refused",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    429: "too-many-attempts",
}
