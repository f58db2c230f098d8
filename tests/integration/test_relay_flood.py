"""Floods of strangers, by datagrams and by streams, one of somebody with credentials, and a call that notices none."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import pytest
from support.relay_client import SocketClient, channel_data
from support.relay_process import PATIENCE, address_of, last_statistics, running_relay, socket_client
from support.relay_stream import HOST, port_of
from support.soak import Call
from support.soak_report import flooded

from media_relay.core.budget import REQUESTS_A_SECOND

pytestmark = pytest.mark.realtime
LOOKED_AT = 1_000
"""Datagrams a second of strangers that the relay looks at here."""
RATE = 10 * LOOKED_AT
SECONDS = 3.0
AT_ONCE = 50
"""Streams of strangers."""


async def test_a_flood_leaves_a_call_without_loss(tmp_path):
    async with running_relay(tmp_path, unauthenticated_datagrams=LOOKED_AT) as relay:
        done = await asyncio.to_thread(flooded, address_of(relay, "127.0.0.1"), RATE, SECONDS)
        counted = await last_statistics(relay)
    # How fast it comes is the machine's; that there was more than is looked at makes it a flood.
    assert counted["requests"]["dropped.over-budget"] > LOOKED_AT, "this is a flood"
    assert done.carried.lost == 0


async def test_nor_does_it_notice_somebody_with_credentials_who_asks_without_rest(tmp_path):
    async with running_relay(tmp_path) as relay:
        address = address_of(relay, "127.0.0.1")
        with contextlib.closing(await asyncio.to_thread(Call, address)) as call, socket_client(relay, "mad") as client:
            client.relayed()
            client.refresh()
            with asking_without_rest(client):
                carried = await asyncio.to_thread(call.carry, SECONDS)
        counted = await last_statistics(relay)
    assert counted["requests"]["dropped.too-many-requests"] > REQUESTS_A_SECOND, "this is a flood"
    assert carried.lost == 0


async def test_nor_strangers_by_tcp_who_say_as_much_as_they_can(tmp_path):
    async with running_relay(tmp_path) as relay:
        made, by_tcp = await asyncio.to_thread(Call, address_of(relay, HOST)), (HOST, port_of(relay, "tcp"))
        with contextlib.closing(made) as call, streams_of_strangers(by_tcp):
            carried = await asyncio.to_thread(call.carry, SECONDS)
        counted = await last_statistics(relay)
    assert counted["streams"]["ended"]["too-much"] > 2 * AT_ONCE, "this is a flood"
    assert counted["dropped"]["no-allocation"] < 40 * counted["streams"]["ended"]["too-much"], "none is heard out"
    assert carried.lost == 0


@contextlib.contextmanager
def streams_of_strangers(relay: tuple[str, int]):
    """Streams that never allocate, so many at once, from as many sources, each with 64 KiB of the shortest frames."""
    said = channel_data(0x4000, b"") * 16_384

    def say() -> None:
        streams: dict[str, socket.socket] = {}
        while not over.wait(0.005):
            for source in (f"127.3.0.{number + 1}" for number in range(AT_ONCE)):
                try:
                    if source not in streams:
                        streams[source] = socket.create_connection(relay, PATIENCE, (source, 0))
                        streams[source].setblocking(False)
                    streams[source].send(said)
                except BlockingIOError:
                    continue
                except ConnectionError:
                    streams.pop(source).close()
        for stream in streams.values():
            stream.close()

    over = threading.Event()
    saying = threading.Thread(target=say, daemon=True)
    saying.start()
    try:
        yield
    finally:
        over.set()
        saying.join()


@contextlib.contextmanager
def asking_without_rest(client: SocketClient):
    """The last request of ``client``, some ten thousand times a second."""
    over = threading.Event()

    def ask() -> None:
        while not over.wait(0.005):
            for _ in range(50):
                with contextlib.suppress(OSError):
                    client.socket.send(client.last_request)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()
