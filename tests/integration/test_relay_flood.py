"""A flood of requests without credentials, one of somebody who has them, and a call that notices neither."""

from __future__ import annotations

import asyncio
import contextlib
import threading

import pytest
from support.relay_client import SocketClient
from support.relay_process import address_of, last_statistics, running_relay, socket_client
from support.soak import Call
from support.soak_report import flooded

from media_relay.core.budget import REQUESTS_A_SECOND

pytestmark = pytest.mark.realtime
LOOKED_AT = 1_000
"""Datagrams a second of strangers that the relay looks at here."""
RATE = 10 * LOOKED_AT
SECONDS = 3.0


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
