"""A real relay process on loopback, and clients of it: aioice's, and our own on a plain socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from aioice import turn
from pydantic import SecretStr
from support.relay_client import SocketClient, credentials
from support.relay_paper import SECRET

from media_relay.child import RelayProcess, adopt_or_start
from media_relay.config import RelayConfig

PATIENCE = 15.0
"""Seconds that a test waits for what should come at once, on a machine that does other work."""


def relay_config(**changed: Any) -> RelayConfig:
    """A configuration for tests: loopback, every port of the system's choice."""
    settings: dict[str, Any] = {
        "addresses": ("127.0.0.1", "::1"),
        "port": 0,
        "secrets": (SecretStr(SECRET),),
        "relay_ports": (0, 0),
        "allow_loopback": True,
    }
    return RelayConfig(**{**settings, **changed})


@contextlib.asynccontextmanager
async def running_relay(directory: Path, **changed: Any) -> AsyncIterator[RelayProcess]:
    """A relay process that is ended afterwards, whatever has happened to it."""
    relay = await adopt_or_start(relay_config(**changed), directory)
    try:
        yield relay
    finally:
        await relay.stop()


def is_bound(where: tuple[str, int]) -> bool:
    """Whether somebody is bound there by UDP."""
    with socket.socket(socket.AF_INET6 if ":" in where[0] else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(where)
        except OSError:
            return True
    return False


class Endpoint(asyncio.DatagramProtocol):
    """What aioice delivers to: each datagram is put into ``arrived`` with its sender."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()
        self.errors: list[Exception] = []
        self.transport: asyncio.DatagramTransport | None = None
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """aioice's hook."""
        assert isinstance(transport, turn.TurnTransport)
        self.transport = transport  # type: ignore[assignment]  # it behaves like one

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """aioice's hook."""
        self.arrived.put_nowait((data, addr))

    def error_received(self, exc: Exception) -> None:
        """aioice's hook."""
        self.errors.append(exc)

    def connection_lost(self, exc: Exception | None) -> None:
        """aioice's hook: the allocation is released, or given up."""
        self.lost.set()

    @property
    def relayed(self) -> tuple[str, int]:
        """The relayed address."""
        assert self.transport is not None
        address: tuple[str, int] = self.transport.get_extra_info("sockname")
        return address

    def send(self, data: bytes, peer: tuple[str, int]) -> None:
        """Through the relay; aioice binds a channel first."""
        assert self.transport is not None
        self.transport.sendto(data, peer)

    async def receive(self) -> tuple[bytes, tuple[str, int]]:
        """The next datagram and its sender."""
        async with asyncio.timeout(PATIENCE):
            return await self.arrived.get()


@contextlib.asynccontextmanager
async def aioice_client(relay: RelayProcess, name: str = "kiosk", host: str = "127.0.0.1") -> AsyncIterator[Endpoint]:
    """An aioice client with an allocation, released afterwards."""
    given = credentials(name, expires_at=time.time() + 600)
    transport, endpoint = await turn.create_turn_endpoint(
        Endpoint, address_of(relay, host), given.username, given.password
    )
    try:
        yield endpoint
    finally:
        transport.close()
        async with asyncio.timeout(PATIENCE):
            await endpoint.lost.wait()


@contextlib.contextmanager
def socket_client(relay: RelayProcess, name: str = "kiosk", host: str = "127.0.0.1", lasting: float = 600) -> Any:
    """Our own client, over a plain socket."""
    client = SocketClient(address_of(relay, host), credentials(name, expires_at=time.time() + lasting))
    try:
        yield client
    finally:
        client.close()


def address_of(relay: RelayProcess, host: str) -> tuple[str, int]:
    """The listening address on ``host``."""
    return next(address for address in relay.listening if address[0] == host)


async def eventually(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Waits for what another process does, and nothing here is told of. Raises TimeoutError."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.02)


async def last_statistics(relay: RelayProcess) -> dict[str, Any]:
    """Ends the relay; what it had counted when it ended."""
    await relay.stop()
    content: dict[str, Any] = json.loads(relay.directory.statistics.read_text())
    return content
