"""The watch over a fleet of real relays: one dies, and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from support.relay_process import eventually, running_relay

from media_relay.child import RelayProcess
from media_relay.fleet import Fleet, answers_at
from tawasul.protocol.relay_url import RelayUrl


def url_of(relay: RelayProcess, host: str = "127.0.0.1") -> RelayUrl:
    port = next(port for at, port in relay.listening if at == host)
    return RelayUrl(host, port, "udp")


@contextlib.asynccontextmanager
async def watching(*urls: RelayUrl) -> AsyncIterator[Fleet]:
    fleet = Fleet(urls, every=0.1)
    running = asyncio.create_task(fleet.run())
    try:
        yield fleet
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_one_that_dies_is_noticed_and_one_that_returns_too(tmp_path: Path) -> None:
    async with running_relay(tmp_path / "here") as here, running_relay(tmp_path / "there") as there:
        urls = url_of(here), url_of(here, "::1"), url_of(there)
        async with watching(*urls) as fleet:
            assert all(map(fleet.reachable, urls))
            await there.stop()
            await eventually(lambda: fleet.unreachable() == (urls[2],))
            assert all(map(fleet.reachable, urls[:2]))
            async with running_relay(tmp_path / "again", port=urls[2].port):
                await eventually(lambda: not fleet.unreachable())


async def test_who_listens_and_says_nothing_does_not_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute, socket.socket() as deaf:
        mute.bind(("127.0.0.1", 0))
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        assert not await answers_at(RelayUrl("127.0.0.1", mute.getsockname()[1], "udp"))
        assert not await answers_at(RelayUrl("127.0.0.1", deaf.getsockname()[1], "tcp"))
        assert not await answers_at(RelayUrl("127.0.0.1", deaf.getsockname()[1], "tls"))
