"""The bounds on a connection before there is a request: how long its head may be, and how long it may take to come; and
a WebSocket's quiet end with its server.

uvicorn's HTTP protocol on httptools keeps a head of any size, and waits for the end of a request for ever.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LARGEST_HEAD: Final = 64 * 1024
"""Bytes, looked at as they come: a head that came at once may be longer by what one reading takes."""

REQUEST_WITHIN: Final = 30.0
"""Seconds from a connection's beginning, or a later request's, to that request's last byte; and more with what came."""

LEAST_PACE: Final = 16 * 1024
"""Bytes a second. A request that comes at this pace has the time that it needs: an attachment over a slow line. What
the body may hold at most is another bound (`tawasul/web/bounds.py`)."""


class BoundedConnection(HttpToolsProtocol):
    """One HTTP connection, which is closed without a word when it exceeds a bound."""

    _in_head = True
    _head_came = 0
    _came = 0
    _began = 0.0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Of asyncio."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Of asyncio."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Of asyncio."""
        was_in_head = self._in_head
        self._came += len(data)
        super().data_received(data)
        if was_in_head and self._in_head:
            self._head_came += len(data)
            if self._head_came > LARGEST_HEAD:
                self.transport.close()

    def on_message_begin(self) -> None:
        """Of httptools."""
        self._in_head, self._head_came = True, 0
        if self._patience is None:
            self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Of httptools."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Of httptools."""
        self._wait_no_more()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """The connection is a WebSocket's from here on, which has bounds of its own."""
        self._wait_no_more()
        super().handle_websocket_upgrade()

    def _wait(self) -> None:
        self._began, self._came = self.loop.time(), 0
        self._patience = self.loop.call_later(REQUEST_WITHIN, self._look_again)

    def _look_again(self) -> None:
        """Its time is over, unless what came since has earned more."""
        ends = self._began + REQUEST_WITHIN + self._came / LEAST_PACE
        if ends > self.loop.time():
            self._patience = self.loop.call_at(ends, self._look_again)
        else:
            self.transport.close()

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


class QuietlyEndedLine(WebSocketsSansIOProtocol):
    """One WebSocket, which a server may end at any moment.

    uvicorn 0.54 says goodbye to each WebSocket when the server ends, also to one whose other end has just said it
    first: `websockets` raises InvalidState there, and the server falls over in the middle of its end. It is seen where
    kiosks are told to stop together with their server.
    """

    def shutdown(self) -> None:
        """Of uvicorn: the server ends."""
        if self.transport.is_closing():
            # All that is to be said has been.
            self.stop_keepalive()
        else:
            super().shutdown()
