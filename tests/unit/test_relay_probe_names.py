"""The probe asks relays that are named: by names that are none, and while nobody answers what a name means."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from media_relay.fleet import answers_at
from media_relay.probe import binding
from tawasul.protocol.relay_url import TRANSPORTS, RelayUrl

PATIENCE = 15.0
MANY = 48
"""As many addresses as a fleet may have, and more than the event loop's own executor has threads."""


@pytest.fixture
def no_name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever looks a name up waits, as in a region whose name servers are cut off."""
    over = threading.Event()

    def waits(host: object, *arguments: object, **named: object) -> list[object]:
        over.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", waits)
    yield
    over.set()


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("host", ["a..b", ".", "a" * 64])
async def test_a_name_that_is_none_does_not_answer(host: str, transport):
    assert not await answers_at(RelayUrl(host, 3478, transport))


async def test_who_waits_for_names_keeps_nobody_else_waiting(no_name_server: None):
    probes = [
        asyncio.create_task(binding("relay.example", 3478, attempts=3, transport=TRANSPORTS[number % 3]))
        for number in range(MANY)
    ]
    await asyncio.sleep(0)  # all have begun
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.to_thread(lambda: "signed in") == "signed in"
        assert await asyncio.gather(*probes) == [None] * MANY, "and each gives up by itself"


async def test_a_relay_that_is_named_by_its_number_needs_no_name_server(no_name_server: None):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.setblocking(False)
        hosts = ["relay.example"] * MANY + ["127.0.0.1"]
        asking = [asyncio.create_task(binding(host, ear.getsockname()[1])) for host in hosts]
        async with asyncio.timeout(PATIENCE):
            asked = await asyncio.get_running_loop().sock_recv(ear, 2_000)
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
    assert asked[4:8] == b"\x21\x12\xa4\x42"
