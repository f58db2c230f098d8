"""The console's application: the package's pages and static files, the office's sign-in, and what goes to the server.

| Path | Answered by |
|---|---|
| `/`, `/office`, `/sign-in`, `/static/…` | the package, whatever the server does |
| `/api/session` | the server, with its sign-in kept here and a session of our own given to the browser |
| other `/api/…` | the server: JSON in, JSON out |
| `/signaling/office` | the server, message by message (`line.py`) |

Nothing else is there.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import FastAPI, Request, WebSocket
from starlette.responses import JSONResponse, RedirectResponse, Response

from tawasul.domain.errors import NotSignedIn, Refused
from tawasul.domain.places import Name
from tawasul.office_client.console.config import ConsoleConfig
from tawasul.office_client.console.errors import NotThroughConsole, ServerAnswerRefused, ServerAway, WrongPage
from tawasul.office_client.console.line import Lines
from tawasul.office_client.console.own_address import SAFE_METHODS, OwnAddressOnly
from tawasul.office_client.console.server import Server, ServerAnswer
from tawasul.office_client.console.sessions import LocalSession, Sessions, is_office
from tawasul.protocol.problems import PROBLEMS, problem
from tawasul.web.base import install
from tawasul.web.bounds import BoundedBody
from tawasul.web.pages import render
from tawasul.web.problems import MEDIA_TYPE

CARRIED_METHODS: Final = ("GET", "POST", "DELETE")

_PATH: Final = re.compile(r"/api(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]{0,127}){1,8}")
"""Nothing escaped, no empty segment and none that begins with a dot: the server gets the path that was meant."""

_QUERY: Final = re.compile(r"[A-Za-z0-9_.~=&%+:-]{0,512}")
_CODE: Final = re.compile(r"[a-z0-9-]{1,64}")


def create_console(config: ConsoleConfig) -> FastAPI:
    """The application of one console. It may be made while the server is away."""
    server = Server(config)
    console = _Console(config, server, Sessions(config.port))

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await server.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(BoundedBody)
    app.add_middleware(OwnAddressOnly, origin=config.origin)
    install(app, Name(config.anchor.title.ar, config.anchor.title.en))
    for path, page in (("/", console.first), ("/sign-in", console.sign_in_page), ("/office", console.office_page)):
        app.add_api_route(path, page, methods=["GET"])
    app.add_api_route("/api/session", console.sign_in, methods=["POST"])
    app.add_api_route("/api/session", console.session, methods=["GET"])
    app.add_api_route("/api/session", console.sign_out, methods=["DELETE"])
    app.add_api_route("/api/{rest:path}", console.carry, methods=list(CARRIED_METHODS))
    app.add_api_websocket_route("/signaling/office", console.line)
    return app


class _Console:
    """Its endpoints."""

    def __init__(self, config: ConsoleConfig, server: Server, sessions: Sessions) -> None:
        self._config = config
        self._server = server
        self._sessions = sessions
        self._lines = Lines(config, server)

    async def first(self) -> Response:
        return RedirectResponse("/office", status_code=303)

    async def sign_in_page(self, request: Request) -> Response:
        return render(request, "sign-in.html")

    async def office_page(self, request: Request) -> Response:
        session = self._signed_in(request)
        # What a page names of a person, and the token that its requests carry.
        request.state.principal = session
        request.state.csrf = session.csrf
        return render(request, "office.html", anchor=self._config.anchor.to_json().decode())

    async def sign_in(self, request: Request) -> Response:
        await self._server.require_our_version()
        answer = await self._server.ask("POST", "/api/session", body=await _json_body(request))
        if not answer.is_good:
            return _refusal(answer)
        if answer.sign_in is None:
            # A desk's sign-in has another cookie; and it has no business here.
            raise ServerAnswerRefused if is_office(answer.content) else Refused
        response = JSONResponse(None)
        session = self._sessions.begin(answer.sign_in, answer.content, response)
        response.body = json.dumps(session.for_page).encode()
        response.headers["content-length"] = str(len(response.body))
        return response

    async def session(self, request: Request) -> Response:
        return JSONResponse(self._signed_in(request).for_page)

    async def sign_out(self, request: Request) -> Response:
        session = self._for_page_of(request)
        self._sessions.end(session)
        # Here it is over in any case. The server, if it is away, ends what is not used by itself.
        with contextlib.suppress(ServerAway, ServerAnswerRefused):
            await self._server.ask("DELETE", "/api/session", sign_in=session.sign_in)
        response = Response(status_code=204)
        response.delete_cookie(self._sessions.cookie, path="/", httponly=True, samesite="strict")
        return response

    async def carry(self, request: Request) -> Response:
        session = self._for_page_of(request)
        target = _target(request)
        body = None if request.method in SAFE_METHODS else await _json_body(request)
        answer = await self._server.ask(request.method, target, body=body, sign_in=session.sign_in)
        if answer.status == 401:
            self._sessions.end(session)
        return _given_on(answer) if answer.is_good else _refusal(answer)

    async def line(self, page: WebSocket) -> None:
        session = self._sessions.of(page)
        if session is None:
            # A browser sees the close code only of a line that was opened; without it, it would try for ever.
            await page.accept()
            await page.close(4401)
        elif await self._lines.carry(page, session) == 4401:
            self._sessions.end(session)

    def _signed_in(self, request: Request) -> LocalSession:
        session = self._sessions.of(request)
        if session is None:
            raise NotSignedIn
        return session

    def _for_page_of(self, request: Request) -> LocalSession:
        """Of a page of this session: where something may change, the page's own token came along."""
        session = self._signed_in(request)
        token = request.headers.get("x-tawasul-csrf", "")
        if request.method not in SAFE_METHODS and not hmac.compare_digest(session.csrf.encode(), token.encode()):
            raise WrongPage
        return session


def _target(request: Request) -> str:
    """Path and query for the server. Raises: NotThroughConsole: nothing of the console's pages asks so."""
    path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    if not _PATH.fullmatch(path) or not _QUERY.fullmatch(query):
        raise NotThroughConsole
    return f"{path}?{query}" if query else path


async def _json_body(request: Request) -> bytes | None:
    """The body, which is bounded (``BoundedBody``), written anew. Raises: NotThroughConsole: it is no JSON."""
    body = await request.body()
    if not body:
        return None
    try:
        return json.dumps(json.loads(body)).encode()
    except (ValueError, RecursionError):
        raise NotThroughConsole from None


def _given_on(answer: ServerAnswer) -> Response:
    if answer.content is None:
        return Response(status_code=204)
    # In ASCII: half a pair of surrogates, which JSON may hold, has no UTF-8.
    return Response(json.dumps(answer.content), status_code=answer.status, media_type="application/json")


def _refusal(answer: ServerAnswer) -> Response:
    """A problem by the server's code and in our own words: a sentence of the server's could ask for anything."""
    told: dict[str, Any] = answer.content if isinstance(answer.content, dict) else {}
    code = told.get("code")
    code = code if isinstance(code, str) and _CODE.fullmatch(code) else "internal"
    row = PROBLEMS.get(code, problem("internal"))
    members = {"code": code, "arabic": row.arabic, "english": row.english, "status": answer.status}
    field = told.get("field")
    if isinstance(field, str) and _CODE.fullmatch(field.replace("_", "-")):
        members["field"] = field
    headers = {"retry-after": str(told["retry_after"])} if isinstance(told.get("retry_after"), int) else None
    return JSONResponse(members, status_code=answer.status, media_type=MEDIA_TYPE, headers=headers)
