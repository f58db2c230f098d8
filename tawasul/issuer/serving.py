"""Serving the issuer: one process, on a host that is never the server's, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn
from fastapi import FastAPI

from tawasul.issuer.errors import IssuerNotStarted, PortNotFree

AT_ONCE: Final = 512
"""Connections; beyond them the answer is 503. The server keeps sixteen, stewards one each."""

GOODBYE_WITHIN: Final = 5
"""Seconds for requests that run when the issuer is asked to stop."""

log = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; port 0 lets the system choose. Raises PortNotFree."""
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PortNotFree(f"{host} port {port} cannot be listened on: {error.strerror}") from None
    # As in tawasul/serving.py: no answer waits for the word that its first packet came.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(listener: socket.socket) -> str:
    """Where the issuer is, on this machine."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


async def serve_issuer(
    app: FastAPI, listener: socket.socket, stop: asyncio.Event, connection: type[asyncio.Protocol] | None = None
) -> None:
    """Serves until `stop` is set. `connection`: the HTTP protocol with the house's bounds on heads and on patience.

    Raises IssuerNotStarted.
    """
    server = _Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            http=connection or "httptools",
            ws="none",
            limit_concurrency=AT_ONCE,
            timeout_graceful_shutdown=GOODBYE_WITHIN,
            server_header=False,
            access_log=False,
            log_config=None,
            # Nobody stands before it whose word on addresses would be believed.
            proxy_headers=False,
        )
    )
    serving = asyncio.create_task(server.until_told(listener), name="issuer's http")
    stopping = asyncio.create_task(stop.wait(), name="issuer's stop")
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


class _Server(uvicorn.Server):
    async def until_told(self, listener: socket.socket) -> None:
        log.info("the issuer listens at %s", address_of(listener))
        try:
            await self.serve(sockets=[listener])
        except SystemExit:
            # uvicorn's way to say so.
            raise IssuerNotStarted("the issuer did not start; the log says why") from None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command line's."""
        yield
