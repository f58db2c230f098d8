"""Who has signed in at this console. The server's proof stays here; the browser gets one that is good only here."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import HTTPConnection
from starlette.responses import Response

from tawasul.domain.people import Role
from tawasul.office_client.console.errors import ServerAnswerRefused
from tawasul.office_client.console.server import Pass

MOST_SESSIONS: Final = 8
"""One person sits here; a browser that was closed leaves its session until the console ends or eight came after it."""


class ServerSession(BaseModel):
    """What the server says of a sign-in, as far as the console believes it: nobody but the office works here."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    role: Literal["office"]
    display_name: Annotated[str, Field(max_length=200)]
    csrf: Annotated[str, Field(pattern=r"^[0-9a-f]{1,128}$", repr=False)]


@dataclass(frozen=True, slots=True)
class LocalSession:
    """``display_name`` and ``role`` are what pages name (``tawasul.web.pages.SignedIn``)."""

    key: str = field(repr=False)
    csrf: str = field(repr=False)
    sign_in: Pass
    display_name: str
    role: Role = Role.OFFICE

    @property
    def for_page(self) -> dict[str, Any]:
        """As ``/api/session`` answers it: nothing in it is of the server's making but the name."""
        return {
            "role": self.role.value,
            "display_name": self.display_name,
            "governorate_id": None,
            "csrf": self.csrf,
            "first_page": "/office",
        }


class Sessions:
    """Those of one console. ``port``: a browser sends a cookie to every port of a host, so its name holds ours."""

    def __init__(self, port: int) -> None:
        self.cookie: Final = f"tawasul-console-{port}"
        self._held: dict[str, LocalSession] = {}

    def of(self, connection: HTTPConnection) -> LocalSession | None:
        """The session whose cookie came; None for everybody else."""
        came = connection.cookies.get(self.cookie, "").encode()
        # Each is compared, and each in constant time.
        found = [held for held in self._held.values() if hmac.compare_digest(held.key.encode(), came)]
        return found[0] if found else None

    def begin(self, sign_in: Pass, told: Any, response: Response) -> LocalSession:
        """A new session, whose cookie goes with ``response``. Raises: ServerAnswerRefused: ``told`` is no session."""
        server = _server_session(told)
        session = LocalSession(
            key=secrets.token_urlsafe(32),
            csrf=secrets.token_hex(32),
            sign_in=Pass(sign_in.cookie, server.csrf),
            display_name=server.display_name,
        )
        while len(self._held) >= MOST_SESSIONS:
            self._held.pop(next(iter(self._held)))
        self._held[session.key] = session
        # No Secure: the address is plain HTTP and never leaves the machine.
        response.set_cookie(self.cookie, session.key, path="/", httponly=True, samesite="strict")
        return session

    def end(self, session: LocalSession) -> None:
        """Its cookie is good for nothing any more."""
        self._held.pop(session.key, None)


def is_office(told: Any) -> bool:
    """Whether what the server told of a sign-in is of the office's."""
    return isinstance(told, dict) and told.get("role") == Role.OFFICE.value


def _server_session(told: Any) -> ServerSession:
    try:
        return ServerSession.model_validate(told)
    except ValidationError:
        raise ServerAnswerRefused from None
