"""A door before a relay that loses datagrams: who goes by it has a bad line, for all that they send and receive."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tawasul.protocol.ice import IceConfiguration, IceServer

HOST = "127.0.0.1"


class LossyDoor(asyncio.DatagramProtocol):
    """`loss`: share of datagrams, each way; may be changed at any time."""

    def __init__(self, relay: tuple[str, int], seed: int) -> None:
        self.loss = 0.0
        self._relay = relay
        self._chance = random.Random(seed)
        self._ways: dict[tuple[str, int], asyncio.Future[asyncio.DatagramTransport]] = {}
        self.transport: asyncio.DatagramTransport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Somebody speaks to the relay, each by a way of their own."""
        loop = asyncio.get_running_loop()
        if addr not in self._ways:
            self._ways[addr] = loop.create_task(self._open(addr))
        if self.passes():
            self._ways[addr].add_done_callback(lambda way: way.cancelled() or way.result().sendto(data))

    def passes(self) -> bool:
        """Whether the next datagram does."""
        return self._chance.random() >= self.loss

    async def close(self) -> None:
        """Nobody passes any more."""
        self.transport.close()
        for way in self._ways.values():
            (await way).close()

    async def _open(self, client: tuple[str, int]) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Back(self, client), remote_addr=self._relay)
        return transport


class _Back(asyncio.DatagramProtocol):
    """From the relay to one client."""

    def __init__(self, door: LossyDoor, client: tuple[str, int]) -> None:
        self._door = door
        self._client = client

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """The relay speaks."""
        if self._door.passes() and not self._door.transport.is_closing():
            self._door.transport.sendto(data, self._client)


@asynccontextmanager
async def lossy_door(ice: IceConfiguration, seed: int = 1) -> AsyncIterator[tuple[LossyDoor, IceConfiguration]]:
    """A door before the one relay of `ice`, and the configuration by which one goes through it."""
    server = ice.servers[0]
    port = int(server.urls[0].partition("?")[0].rpartition(":")[2])
    loop = asyncio.get_running_loop()
    transport, door = await loop.create_datagram_endpoint(lambda: LossyDoor((HOST, port), seed), local_addr=(HOST, 0))
    door.transport = transport
    own = f"turn:{HOST}:{transport.get_extra_info('sockname')[1]}?transport=udp"
    through = IceServer(urls=(own,), username=server.username, credential=server.credential)
    try:
        yield door, IceConfiguration(servers=(through,), policy="relay")
    finally:
        await door.close()
