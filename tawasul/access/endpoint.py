"""The gate of each endpoint, declared in its signature. A route without one fails the tests.

::

    async def cancel(who: Annotated[StaffPrincipal, Allow(Action.CANCEL)], …) -> …
    async def sign_in(who: Annotated[Principal, Public()], …) -> …

The gate asks ``app.state.doorkeeper`` (``tawasul.access.door.Doorkeeper``, put there by the composition root). A
browser may hold several proofs at once, a desk's beside a citizen's: the one that may do the action counts. Unsafe
requests must come from our own pages and carry the token of that proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Depends
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from tawasul.access.policy import Action, Principal
from tawasul.domain.errors import Refused
from tawasul.protocol.problems import problem


class Door(Protocol):
    """What the gates ask: ``Doorkeeper``."""

    async def admit(self, connection: HTTPConnection, action: Action | None) -> Principal:
        """The principal who may do the action (anybody, if it is ``None``). Raises: Refused and those below it."""
        ...


@dataclass(frozen=True, slots=True)
class Gate:
    """The dependency behind ``Allow`` (with its action) and ``Public`` (without)."""

    action: Action | None

    async def __call__(self, connection: HTTPConnection) -> Principal:
        """The principal. Raises: NotSignedIn, Refused, CrossSite, WrongCsrfToken; a WebSocket is closed with them."""
        door: Door = connection.app.state.doorkeeper
        try:
            return await door.admit(connection, self.action)
        except Refused as refusal:
            if isinstance(connection, WebSocket):
                # A browser sees the close code only of a line that was opened; without it, it would try for ever.
                await connection.accept()
                raise WebSocketException(problem(refusal.code).close or 4403, refusal.code) from refusal
            raise


def Allow(action: Action) -> Any:
    """Only those to whom the table gives ``action``."""
    return Depends(Gate(action))


def Public() -> Any:
    """Anybody; who it is, is told none the less."""
    return Depends(Gate(None))
