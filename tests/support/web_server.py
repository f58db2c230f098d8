"""An ASGI application on a free port of this machine, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI


class Announced(uvicorn.Server):
    """Calls `settled` once it takes requests, or never will: `started` says which of the two."""

    def __init__(self, config: uvicorn.Config, settled: Callable[[], None]) -> None:
        super().__init__(config)
        self._settled = settled

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Raises: RuntimeError: it could not start. Uvicorn would end the process, and with it whoever waits."""
        try:
            await super().serve(sockets)
        except SystemExit:
            raise RuntimeError("the server did not start; it has logged why") from None
        finally:
            self._settled()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._settled()

    @property
    def address(self) -> str:
        """Where it is; port 0 was any that was free."""
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


@asynccontextmanager
async def serving(app: FastAPI, **options: Any) -> AsyncIterator[str]:
    """`app` on a port of its own; gives its address. `options` are uvicorn's. Raises: RuntimeError."""
    settled = asyncio.Event()
    told = {"host": "127.0.0.1", "port": 0, "log_level": "warning", "lifespan": "off"} | options
    server = Announced(uvicorn.Config(app, **told), settled.set)
    task = asyncio.create_task(server.serve())
    await settled.wait()
    if not server.started:
        await task
    try:
        yield server.address
    finally:
        server.should_exit = True
        await task
