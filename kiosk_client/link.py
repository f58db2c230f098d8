"""The line to the server: one WebSocket, made anew for ever, with what comes in read and what goes out written.

It knows nothing of kiosks or calls: `tell` is told of each opening, message and closing; `say` writes.
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidURI

from kiosk_client.core.line_patience import Patience
from kiosk_client.errors import LineRefused
from kiosk_client.nearness import is_here
from tawasul.protocol.base import Message
from tawasul.protocol.from_server import FROM_SERVER, FromServer

LARGEST_FROM_SERVER = 1024 * 1024
"""Bytes. A board of a full day is about 60 KiB; nothing lawful comes near this."""

MOST_UNSENT = 200
"""Messages waiting to be written beyond which the line is as good as gone."""

NO_CLOSE_FRAME = 1006
"""What RFC 6455, section 7.1.5, has for a line that broke."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """The line stands."""


@dataclass(frozen=True)
class Closed:
    """The line is gone, or could not be made. `code`: WebSocket close code, None where it never stood."""

    code: int | None


LineEvent = Opened | FromServer | Closed


class Link:
    """`address`: where, as `ws://…` or `wss://…`. `tell` is called in the event loop and must not block.

    `headers` go with the opening request (a program that has signed in sends its cookie and its origin).
    `authority` is a file of certificates to trust instead of the machine's.
    """

    def __init__(
        self,
        address: str,
        tell: Callable[[LineEvent], None],
        *,
        headers: Mapping[str, str] | None = None,
        authority: Path | None = None,
    ) -> None:
        self._address = address
        self._tell = tell
        self._headers = dict(headers or {})
        self._security = ssl.create_default_context(cafile=authority) if address.startswith("wss:") else None
        self._patience = Patience()
        self._unreachable = False
        self._connection: ClientConnection | None = None
        self._unsent: asyncio.Queue[Message] = asyncio.Queue()

    async def run(self) -> None:
        """Until cancelled. Raises `LineRefused` when another process has proved the same key."""
        attempts = connect(
            self._address,
            additional_headers=self._headers,
            max_size=LARGEST_FROM_SERVER,
            # The protocol has a pulse of its own, which also sees a server that is up but stuck.
            ping_interval=None,
            close_timeout=2,
            proxy=None if is_here(self._address) else True,
            ssl=self._security,
            process_exception=self._could_not_open,
            reconnect_delays=self._delays,
        )
        # Closed by us and not by the garbage collector: when this returns the line is gone.
        async with aclosing(cast(AsyncGenerator[ClientConnection], aiter(attempts))) as connections:
            async for connection in connections:
                started = asyncio.get_running_loop().time()
                code = await self._use(connection)
                self._tell(Closed(code))
                pause = self._patience.pause(code, asyncio.get_running_loop().time() - started, _chance())
                if pause is None:
                    raise LineRefused("another process has taken this line with the same key or sign-in; this one ends")
                await asyncio.sleep(pause)

    def say(self, message: Message) -> None:
        """Write a message. Without a line it is gone: what is still true is said when the next line stands."""
        if self._connection is None:
            return
        if self._unsent.qsize() >= MOST_UNSENT:
            self.drop()
        else:
            self._unsent.put_nowait(message)

    def drop(self) -> None:
        """Cut the line without ceremony, to have it made anew."""
        if self._connection is not None:
            self._connection.transport.abort()

    async def _use(self, connection: ClientConnection) -> int | None:
        """Read and write until the line is gone; its close code, None when it broke."""
        self._unsent = asyncio.Queue()
        self._connection = connection
        self._unreachable = False
        writing = asyncio.create_task(self._write(connection), name="link writes")
        try:
            self._tell(Opened())
            async for frame in connection:
                self._read(frame)
        except ConnectionClosed:
            pass
        finally:
            self._connection = None
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        return connection.close_code if connection.close_code != NO_CLOSE_FRAME else None

    def _read(self, frame: str | bytes) -> None:
        try:
            message = FROM_SERVER.validate_json(frame)
        except ValidationError as error:
            # A newer server may say what we do not know yet. Its content is nobody's business, in a log least of all.
            log.warning("a message from the server was not understood (%d faults)", error.error_count())
            return
        self._tell(message)

    async def _write(self, connection: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            while True:
                message = await self._unsent.get()
                await connection.send(message.model_dump_json())

    def _could_not_open(self, error: Exception) -> Exception | None:
        """Whatever it is (no route, a proxy's 502, a certificate not yet renewed), it may pass: go on trying."""
        if isinstance(error, InvalidURI):
            return error
        if not self._unreachable:
            # Once, and not at each of a night's tries.
            log.info("the service does not answer (%s); it is tried again and again", type(error).__name__)
        self._unreachable = True
        self._tell(Closed(None))
        return None

    def _delays(self) -> Generator[float]:
        while True:
            pause = self._patience.pause(None, 0.0, _chance())
            assert pause is not None
            yield pause


def _chance() -> float:
    return random.random()  # noqa: S311 - spreads reconnections, guards nothing
