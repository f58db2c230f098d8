"""The office's own console (`tawasul office`) for a test, in this process: its real application on a free port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from support.ports import free_tcp_port

from tawasul.office_client.console.app import create_console
from tawasul.office_client.console.config import configured
from tawasul.protocol.base import LARGEST_MESSAGE
from tawasul.web.connections import BoundedConnection


@contextlib.asynccontextmanager
async def a_console(
    server: str, anchor: Path, *, authority: Path | None = None, port: int | None = None
) -> AsyncIterator[str]:
    """The address of a console for the service at `server`; ended afterwards."""
    config = configured(server, anchor, port=port or free_tcp_port(), authority=authority)
    running = _Server(
        uvicorn.Config(
            create_console(config),
            host="127.0.0.1",
            port=config.port,
            log_level="warning",
            http=BoundedConnection,
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE + 1024,
            timeout_graceful_shutdown=1,
        )
    )
    task = asyncio.create_task(running.serve())
    await running.up.wait()
    try:
        yield config.origin
    finally:
        running.should_exit = True
        await task


class _Server(uvicorn.Server):
    """Says when it is up, or that it never will be."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup()
        self.up.set()
