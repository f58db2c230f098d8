"""The office's own console (`tawasul office`) for a test, in this process: its real application on a free port."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from support.ports import free_port
from support.web_server import serving

from tawasul.office_client.console.app import create_console
from tawasul.office_client.console.config import configured
from tawasul.protocol.base import LARGEST_MESSAGE
from tawasul.web.connections import BoundedConnection, QuietlyEndedLine


@contextlib.asynccontextmanager
async def a_console(
    server: str, anchor: Path, *, authority: Path | None = None, port: int | None = None
) -> AsyncIterator[str]:
    """The address of a console for the service at `server`; ended afterwards."""
    config = configured(server, anchor, port=port or free_port(), authority=authority)
    async with serving(
        create_console(config),
        port=config.port,
        lifespan="auto",
        http=BoundedConnection,
        ws=QuietlyEndedLine,
        ws_max_size=LARGEST_MESSAGE + 1024,
        timeout_graceful_shutdown=1,
    ):
        yield config.origin
