"""Running the application: uvicorn with our bounds, on a socket that is bound before anything is promised."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from tawasul.domain.errors import TawasulError
from tawasul.protocol.base import LARGEST_MESSAGE
from tawasul.settings import ServerConfig

GOODBYE_WITHIN = 5
"""Seconds for requests that run when the server is asked to stop."""


class PortTaken(TawasulError):
    """Another program listens there. ``where`` is host and port."""

    code = "port-taken"

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"{host} port {port} cannot be listened on: {reason}")
        self.where = f"{host}:{port}"


def bind(config: ServerConfig) -> socket.socket:
    """The listening socket. Raises: PortTaken: it cannot be had."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((config.host, config.port))
        listener.set_inheritable(False)
    except OSError as error:
        listener.close()
        raise PortTaken(config.host, config.port, error.strerror or str(error)) from None
    return listener


async def serve(app: FastAPI, config: ServerConfig, listener: socket.socket, stop: asyncio.Event) -> None:
    """Serves ``app`` on ``listener`` until ``stop`` is set, or the application fails to start.

    Raises:
        Exception: what the application's start raised.
    """
    server = _Server(
        uvicorn.Config(
            app,
            ssl_certfile=config.certificate,
            ssl_keyfile=config.certificate_key,
            loop="asyncio",
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE + 1024,
            ws_ping_interval=20,
            ws_ping_timeout=20,
            timeout_graceful_shutdown=GOODBYE_WITHIN,
            server_header=False,
            # An access log would hold the addresses of citizens and what they looked at.
            access_log=False,
            log_config=None,
            proxy_headers=config.behind_https,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command line's, which has more to end than this."""
        yield
