"""Running the service: the relay as a child, the application under uvicorn with our bounds, and its end.

The socket is bound before anything else is begun, so that a taken port is told at once and nothing is left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from media_relay.group import adopt_or_start_all
from media_relay.metrics import served
from tawasul import __version__
from tawasul.administration import upgrade
from tawasul.app import assemble, create_app
from tawasul.domain.errors import TawasulError
from tawasul.own_database import open_database
from tawasul.protocol.base import LARGEST_MESSAGE
from tawasul.settings import ServerConfig, Settings
from tawasul.store import migrate
from tawasul.web.connections import BoundedConnection, QuietlyEndedLine

GOODBYE_WITHIN = 5
"""Seconds for requests that run when the server is asked to stop."""

LOCAL_PROXIES = ["127.0.0.1", "::1"]
"""Whose ``X-Forwarded-…`` are believed: a reverse proxy of this machine."""

BACKLOG = 2048
"""Connections that may wait to be taken: everybody comes back at once after a restart."""

log = logging.getLogger(__name__)


class StartFailed(TawasulError):
    """The application ended before it took a line."""

    code = "start-failed"


class PortTaken(TawasulError):
    """Another program listens there. ``where`` is host and port."""

    code = "port-taken"

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"{host} port {port} cannot be listened on: {reason}")
        self.where = f"{host}:{port}"


async def run_service(settings: Settings) -> None:
    """The server until a signal: Ctrl-C (SIGINT) ends the relay too, SIGTERM leaves it to the next server.

    Raises:
        PortTaken: the pages' port is in use.
        RelayError: the relay cannot be started.
        StoreError: the database is not of this version, or was sealed under another key.
    """
    listener = bind(settings.server)
    stop = asyncio.Event()
    with contextlib.closing(listener):
        # Before anything is begun: what has been begun by then is ended in order, as it is later.
        asked = _asked_to_end(stop)
        # From this line on a signal is heard; the demonstration waits for it.
        log.info("starting")
        if settings.database_url is None:
            # The embedded database is ours alone; a shared one is upgraded by those who run it, once.
            await upgrade(settings)
        await migrate.require_current(settings.database)
        if stop.is_set():
            return
        relay_config = settings.relay_with_secret
        relay = await adopt_or_start_all(relay_config, settings.directory / "relay")
        log.info("relay: %s on UDP port %d", "adopted" if relay.adopted else "started", relay.listening[0][1])
        database = open_database(settings)
        served_pages = False
        try:
            await database.check_key()
            async with database.unit_of_work(reading=True) as work:
                region = (await work.regions.all())[0]
            parts = assemble(
                settings,
                database,
                relay_secret=relay_config.secrets[0],
                relay_port=relay.listening[0][1],
                relay_streams=relay.streams,
            )
            lease = asyncio.create_task(relay.keep_alive(), name="relay lease")
            _note(settings, listener)
            app = create_app(parts, region.name, settings.server.authority)
            with served(relay_config.metrics_port, relay.directory.path, __version__):
                served_pages = not stop.is_set()
                await serve(app, settings.server, listener, stop, parts.recording.close)
            lease.cancel()
        finally:
            await database.close()
            _forget(settings)
            ended_by = asked.result() if asked.done() else None
            # Calls that run go on while a server is replaced; a person who ends the service, ends all of it. Of a relay
            # that was begun and never served there is no call.
            leaves = ended_by is signal.SIGTERM and (relay.adopted or served_pages)
            if not leaves and not (relay.adopted and ended_by is None):
                await relay.stop()


def bind(config: ServerConfig) -> socket.socket:
    """The listening socket. Raises: PortTaken: it cannot be had."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Not done by asyncio where it did not make the socket itself: the second packet of an answer would wait for
        # the word that the first one came, which a browser keeps back for 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((config.host, config.port))
        # By binding alone two servers could share the port, until the second one fails with its relay begun.
        listener.listen(BACKLOG)
        listener.set_inheritable(False)
    except OSError as error:
        listener.close()
        raise PortTaken(config.host, config.port, error.strerror or str(error)) from None
    return listener


async def serve(
    app: FastAPI,
    config: ServerConfig,
    listener: socket.socket,
    stop: asyncio.Event,
    goodbye: Callable[[], None] = lambda: None,
) -> None:
    """Serves ``app`` on ``listener`` until ``stop`` is set, or the application fails to start.

    ``goodbye`` ends what never ends by itself: it would keep the server for as long as it lets anything run.

    Raises:
        StartFailed: the application did not; the log says why.
    """
    server = _Server(
        uvicorn.Config(
            app,
            ssl_certfile=config.certificate,
            ssl_keyfile=config.certificate_key,
            loop="asyncio",
            http=BoundedConnection,
            ws=QuietlyEndedLine,
            ws_max_size=LARGEST_MESSAGE + 1024,
            ws_ping_interval=20,
            ws_ping_timeout=20,
            timeout_graceful_shutdown=GOODBYE_WITHIN,
            server_header=False,
            # An access log would hold the addresses of citizens and what they looked at.
            access_log=False,
            log_config=None,
            proxy_headers=config.behind_https,
            # Told here, or uvicorn would take it from a variable of its own that an image may have set.
            forwarded_allow_ips=LOCAL_PROXIES,
        )
    )
    serving = asyncio.create_task(server.until_told(listener), name="http")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    goodbye()
    stopping.cancel()
    await serving


class _Server(uvicorn.Server):
    async def until_told(self, listener: socket.socket) -> None:
        try:
            await self.serve(sockets=[listener])
        except SystemExit:
            # uvicorn's way to say so. Let through, it would tear the loop down with everything that is to be ended.
            raise StartFailed("the application did not start") from None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command line's, which has more to end than this."""
        yield


def _asked_to_end(stop: asyncio.Event) -> asyncio.Future[signal.Signals]:
    """Sets ``stop`` at the first signal that asks for the end; the future is that signal."""
    came: asyncio.Future[signal.Signals] = asyncio.get_running_loop().create_future()

    def take(number: signal.Signals) -> None:
        if not came.done():
            log.info("%s: stopping", number.name)
            came.set_result(number)
            stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, take, number)
    return came


def address_file(directory: Path) -> Path:
    """Where a running service notes its address, for the self-test and the doctor."""
    return directory / "server.json"


@dataclass(frozen=True, slots=True)
class Running:
    """What a running service noted of itself. ``https``: people reach it by HTTPS, perhaps through a proxy."""

    address: str
    https: bool

    @classmethod
    def noted(cls, directory: Path) -> Running | None:
        """``None`` where no service has noted anything that can be used."""
        try:
            note = json.loads(address_file(directory).read_text())
            return cls(str(note["address"]), bool(note["https"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _note(settings: Settings, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    scheme = "https" if settings.server.certificate else "http"
    address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    note = {"address": address, "https": settings.server.https, "pid": os.getpid()}
    address_file(settings.directory).write_text(json.dumps(note))
    log.info("pages: %s", address)


def _forget(settings: Settings) -> None:
    """Takes our note away, and nobody else's: a second server in the same folder may have failed beside the first."""
    file = address_file(settings.directory)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        if json.loads(file.read_text())["pid"] == os.getpid():
            file.unlink()
