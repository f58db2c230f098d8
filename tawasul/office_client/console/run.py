"""Running a console: its socket, uvicorn with our bounds, the browser, and its end by Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import webbrowser
from collections.abc import Callable, Iterator

import uvicorn

from tawasul.office_client.console.app import create_console
from tawasul.office_client.console.config import HOST, ConsoleConfig
from tawasul.office_client.console.errors import ConsolePortTaken, ServerOtherVersion, ServerTrouble
from tawasul.office_client.console.server import Server
from tawasul.protocol.base import LARGEST_MESSAGE
from tawasul.web.connections import BoundedConnection, QuietlyEndedLine

GOODBYE_WITHIN = 2
"""Seconds for requests that run when the console is asked to end."""


async def run_console(config: ConsoleConfig, *, browser: bool, say: Callable[[str], None]) -> None:
    """Until Ctrl-C or SIGTERM. ``say`` writes a line to the person; ``browser``: open the page there.

    Raises:
        ConsolePortTaken: another program listens on the console's port.
    """
    with contextlib.closing(_bound(config.port)) as listener:
        application = _Server(
            uvicorn.Config(
                create_console(config),
                loop="asyncio",
                http=BoundedConnection,
                ws=QuietlyEndedLine,
                ws_max_size=LARGEST_MESSAGE + 1024,
                timeout_graceful_shutdown=GOODBYE_WITHIN,
                server_header=False,
                proxy_headers=False,
                access_log=False,
                log_config=None,
            )
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, application.end)
        serving = asyncio.create_task(application.serve(sockets=[listener]), name="console")
        await application.up.wait()
        say(f"The office's console: {config.origin}/office   (Ctrl-C ends it)")
        say(f"Anchor of the region: {config.anchor.fingerprint}")
        if browser:
            await asyncio.to_thread(webbrowser.open, f"{config.origin}/office")
        looking = asyncio.create_task(_look_at_server(config, say), name="server")
        await serving
        looking.cancel()


async def _look_at_server(config: ConsoleConfig, say: Callable[[str], None]) -> None:
    server = Server(config)
    try:
        version = await server.require_our_version()
        say(f"The server {config.server} answers (Tawasul {version}).")
    except ServerOtherVersion:
        say(f"The server {config.server} speaks another version of the protocol: install the same version here.")
    except ServerTrouble:
        say(f"The server {config.server} does not answer now; the pages say so, and go on by themselves.")
    finally:
        await server.close()


def _bound(port: int) -> socket.socket:
    """The listening socket, of this machine only. Raises: ConsolePortTaken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # As in tawasul/serving.py: no answer waits for the word that its first packet came.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((HOST, port))
        listener.listen()
        listener.set_inheritable(False)
    except OSError as error:
        listener.close()
        raise ConsolePortTaken(port, error.strerror or str(error)) from None
    return listener


class _Server(uvicorn.Server):
    """Says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    def end(self) -> None:
        """In order: what runs gets its moment."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours, and end this in order."""
        yield
