"""A line: one WebSocket to one endpoint, with a bounded queue of what is to be said: a slow one harms nobody."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.websockets import WebSocketDisconnect

from signaling.core.peer import Endpoint
from tawasul.access.policy import Principal
from tawasul.protocol.from_server import FromServer, ProblemMessage
from tawasul.protocol.problems import problem

LONGEST_QUEUE = 200
"""Messages. A board a second for three minutes: an endpoint that is further behind than that is gone."""

CLOSED_NORMALLY = 1000


@dataclass(frozen=True, slots=True)
class Farewell:
    """The last thing on a queue: close the socket with this code (RFC 6455 §7.4)."""

    code: int


class Line:
    """``key`` says where the line leads: ``kiosk:<id>``, ``citizen:<audience id>``, or ``office:<number>``.

    ``host`` is the name by which the endpoint reached this server.
    """

    def __init__(self, endpoint: Endpoint, key: str, principal: Principal, host: str) -> None:
        self.endpoint = endpoint
        self.key = key
        self.principal = principal
        self.host = host
        self._queue: asyncio.Queue[FromServer | Farewell] = asyncio.Queue(LONGEST_QUEUE)
        self._closing = asyncio.Event()

    @property
    def closing(self) -> bool:
        """Whether its end has been decided: nothing more is said on it, or heard."""
        return self._closing.is_set()

    def say(self, message: FromServer) -> None:
        """Puts a message on the queue; a full queue closes the line instead of growing."""
        if self._closing.is_set():
            return
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self._clear()
            self.close("unavailable")

    def refuse(self, code: str, *, about: str | None = None, retry_after: int | None = None) -> None:
        """Tells of a problem; the line goes on."""
        row = problem(code)
        self.say(
            ProblemMessage(code=row.code, arabic=row.arabic, english=row.english, about=about, retry_after=retry_after)
        )

    def close(self, code: str) -> None:
        """Tells of a problem and closes the line."""
        if self._closing.is_set():
            return
        if self._queue.qsize() > LONGEST_QUEUE - 2:
            # Room for the reason and the farewell. What has piled up is nobody's any more; why the line ends is.
            self._clear()
        self.refuse(code)
        self._end(problem(code).close or CLOSED_NORMALLY)

    def hang_up(self, code: int) -> None:
        """Closes the line without a word (the server stops: 1012)."""
        if not self._closing.is_set():
            self._end(code)

    async def write(self, send: Callable[[str], Awaitable[None]], close: Callable[[int], Awaitable[None]]) -> None:
        """Sends what is on the queue until the farewell or until the socket is gone."""
        # What is left to say to an endpoint that has gone is nobody's loss: it asks anew when it returns.
        with contextlib.suppress(OSError, RuntimeError, WebSocketDisconnect):
            while True:
                message = await self._queue.get()
                if isinstance(message, Farewell):
                    await close(message.code)
                    return
                await send(message.model_dump_json())

    def _end(self, code: int) -> None:
        self._closing.set()
        if self._queue.full():
            self._clear()
        self._queue.put_nowait(Farewell(code))

    def _clear(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
