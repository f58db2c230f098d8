"""The office's line through the console: between the page and the server, message by message, each one of the protocol.

What the server says is read into the protocol's models and written from them anew; what the models do not know does
not reach the page.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from tawasul.office_client.console.config import ConsoleConfig
from tawasul.office_client.console.errors import ServerAway, ServerOtherVersion, ServerTrouble
from tawasul.office_client.console.server import Server
from tawasul.office_client.console.sessions import LocalSession
from tawasul.protocol.base import LARGEST_MESSAGE
from tawasul.protocol.from_server import FROM_SERVER, ProblemMessage
from tawasul.protocol.problems import problem

LARGEST_FROM_SERVER: Final = 1024 * 1024
"""Bytes. A board of a full day is about 60 KiB; nothing lawful comes near this."""

OPENED_WITHIN: Final = 6.0
"""Seconds: what a page waits for its line (``connectionTimeout`` of ``line.js``)."""

MOST_IN_A_WINDOW: Final = 600
WINDOW: Final = 10.0
"""Messages from the server in so many seconds, beyond which it only keeps the page from its work."""

BROKEN: Final = 1013
"""Close code for a line that is to be made anew (RFC 6455 §7.4, "try again later")."""

log = logging.getLogger(__name__)


class _Direct(connect):
    """A connection to the very address: a redirect would carry the sign-in to wherever the server says."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Of websockets: never."""
        return exc


class Lines:
    """The lines of one console."""

    def __init__(self, config: ConsoleConfig, server: Server) -> None:
        self._config = config
        self._server = server

    async def carry(self, page: WebSocket, session: LocalSession) -> int:
        """From the opening to the end; the close code with which the page was left."""
        await page.accept()
        try:
            await self._server.require_our_version()
            async with await self._open(session) as server:
                code = await _between(page, server)
        except ServerTrouble as trouble:
            code = await _tell(page, trouble)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await page.close(code)
        return code

    async def _open(self, session: LocalSession) -> ClientConnection:
        """Raises: ServerAway."""
        try:
            return await _Direct(
                self._config.line_address("office"),
                origin=self._config.server,  # type: ignore[arg-type]  # a NewType of str
                additional_headers={"cookie": session.sign_in.cookie},
                ssl=self._config.security,
                proxy=None,
                compression=None,
                open_timeout=OPENED_WITHIN,
                ping_interval=20,
                ping_timeout=20,
                close_timeout=2,
                max_size=LARGEST_FROM_SERVER,
            )
        except (OSError, WebSocketException, TimeoutError):
            raise ServerAway from None


async def _between(page: WebSocket, server: ClientConnection) -> int:
    """Carries both ways until either end is gone."""
    downward = asyncio.create_task(_to_page(page, server), name="line to the page")
    upward = asyncio.create_task(_to_server(page, server), name="line to the server")
    done, pending = await asyncio.wait({downward, upward}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return done.pop().result()


async def _to_page(page: WebSocket, server: ClientConnection) -> int:
    clock = asyncio.get_running_loop().time
    began, came = clock(), 0
    try:
        async for frame in server:
            if clock() - began >= WINDOW:
                began, came = clock(), 0
            came += 1
            if came > MOST_IN_A_WINDOW:
                return BROKEN
            if (text := _as_the_protocol_has_it(frame)) is not None:
                await page.send_text(text)
    except (ConnectionClosed, WebSocketDisconnect, RuntimeError):
        pass
    return _sayable(server.close_code)


async def _to_server(page: WebSocket, server: ClientConnection) -> int:
    try:
        while True:
            text = await page.receive_text()
            if len(text.encode()) > LARGEST_MESSAGE:
                return 1009
            await server.send(text)
    except (ConnectionClosed, WebSocketDisconnect, RuntimeError, KeyError):
        return _sayable(server.close_code)


def _as_the_protocol_has_it(frame: str | bytes) -> str | None:
    try:
        message = FROM_SERVER.validate_json(frame)
    except ValidationError as error:
        # A newer server may say what we do not know yet. Its content is nobody's business, in a log least of all.
        log.warning("a message from the server was not understood (%d faults)", error.error_count())
        return None
    if isinstance(message, ProblemMessage):
        # The sentence that a person reads is the console's own.
        row = problem(message.code)
        message = message.model_copy(update={"arabic": row.arabic, "english": row.english})
    return message.model_dump_json()


async def _tell(page: WebSocket, trouble: ServerTrouble) -> int:
    """Says why there is no line; the page tries again by itself, but where only a person can help."""
    row = problem(trouble.code)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        said = ProblemMessage(code=row.code, arabic=row.arabic, english=row.english)
        await page.send_text(said.model_dump_json())
    return 4400 if isinstance(trouble, ServerOtherVersion) else BROKEN


def _sayable(code: int | None) -> int:
    """A close code that may stand in a frame (RFC 6455 §7.4); a line that broke has none."""
    lawful = code is not None and (code in (1000, 1001, 1008, 1009, 1011, 1012, 1013) or 4000 <= code <= 4999)
    return code if code is not None and lawful else BROKEN
