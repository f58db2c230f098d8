"""Which relay a kiosk finds among real ones: UDP that is blocked, relays that drain, certificates of strangers."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from support.relay_client import credentials, error
from support.relay_process import address_of, eventually, running_relay, socket_client
from support.relay_silence import silence
from support.relay_stream import Identity, identity, port_of

from kiosk_client import relay_race
from kiosk_client.errors import NoWayOut
from kiosk_client.media.sources import CodedSource
from kiosk_client.peer import Peer
from kiosk_client.relay_race import HEAD_START
from kiosk_client.relays import Relays
from media_relay.child import RelayProcess
from tawasul.protocol.ice import IceConfiguration, IceServer
from tawasul.protocol.relay_url import RelayUrl, Transport

HOST = "127.0.0.1"


def by(relay: RelayProcess, transport: Transport) -> RelayUrl:
    """The address of a real relay."""
    if transport == "udp":
        return RelayUrl(HOST, address_of(relay, HOST)[1], "udp")
    return RelayUrl(HOST, port_of(relay, transport), transport)


def given(*urls: RelayUrl, policy: str = "relay") -> IceConfiguration:
    """As the server would offer them."""
    account = credentials("call-1.citizen@badr", expires_at=time.time() + 600)
    server = IceServer(urls=tuple(map(str, urls)), username=account.username, credential=account.password)
    return IceConfiguration(servers=(server,), policy=policy)  # type: ignore[arg-type]


@pytest.fixture
def authority(tmp_path: Path) -> Identity:
    return identity(tmp_path)


@pytest.fixture
async def relay(tmp_path: Path, authority: Identity) -> AsyncIterator[RelayProcess]:
    async with running_relay(tmp_path / "relay", addresses=(HOST,), **authority.settings) as running:
        yield running


async def test_udp_that_is_blocked_is_found_out_once_and_remembered_over_a_restart(
    relay: RelayProcess, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    memory = tmp_path / "badr-1.relay.json"
    with silence() as (mute, _):
        offered = given(mute, by(relay, "tcp"))
        first = Relays(memory)
        found = await first.find(offered, "call-1")
        assert found is not None
        assert found.url == by(relay, "tcp")
        assert found.silent == (mute,)
        assert not memory.exists(), "that it answers is not yet that media flow"
        first.flowed(found)
        assert json.loads(memory.read_text())["transport"] == "tcp"
        assert stat.S_IMODE(memory.stat().st_mode) == 0o600
        assert "media flow by TCP; the next calls begin with it" in caplog.text

        began = time.monotonic()
        again = await Relays(memory).find(offered, "call-2")
        assert again is not None
        assert again.url == by(relay, "tcp")
        assert again.silent == ()
        assert time.monotonic() - began < HEAD_START


async def test_udp_that_answers_wins_though_it_was_remembered_otherwise(relay: RelayProcess, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    for kept in ("{}", "no JSON", '{"transport": "pigeon", "at": 1}', f'{{"transport": "tcp", "at": {10**12}}}'):
        memory.write_text(kept)
        found = await Relays(memory).find(given(by(relay, "udp"), by(relay, "tcp")), "call-1")
        assert found is not None
        assert found.url.transport == "udp", kept


async def test_what_brought_no_media_is_tried_after_the_rest(relay: RelayProcess) -> None:
    relays = Relays()
    offered = given(by(relay, "udp"), by(relay, "tcp"))
    found = await relays.find(offered, "call-1")
    assert found is not None
    relays.failed(found, "call-1")

    second = await relays.find(offered, "call-1")
    assert second is not None
    assert second.url.transport == "tcp"
    third = await relays.find(offered, "call-2")
    assert third is not None
    assert third.url.transport == "udp"


async def test_a_relay_that_drains_is_left_for_the_other_at_once(relay: RelayProcess, tmp_path: Path) -> None:
    async with running_relay(tmp_path / "draining", addresses=(HOST,), drain=60) as draining:
        with socket_client(draining, "somebody") as somebody, socket_client(draining, "other") as other:
            somebody.relayed()
            psutil.Process(draining.pid).terminate()
            await eventually(lambda: error(other.allocate()) == 508)
            began = time.monotonic()
            offered = given(by(draining, "udp"), by(draining, "tcp"), by(relay, "udp"))
            found = await Relays().find(offered, "call-1")
            assert found is not None
            assert found.url == by(relay, "udp")
            assert time.monotonic() - began < HEAD_START


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is awaited for less long."""
    for name, seconds in (("HEAD_START", 0.3), ("NEXT_AFTER", 0.2), ("WITHIN", 3.0)):
        monkeypatch.setattr(relay_race, name, seconds)


async def test_tls_is_believed_of_whom_the_kiosk_trusts(
    relay: RelayProcess, authority: Identity, in_haste: None
) -> None:
    with silence() as (mute, deaf):
        offered = given(mute, deaf, by(relay, "tls"))
        with pytest.raises(NoWayOut):
            await Relays().find(offered, "call-1")
        found = await Relays(authority=authority.certificate).find(offered, "call-1")
    assert found is not None
    assert found.url.transport == "tls"


async def test_where_none_answers_a_path_without_one_is_tried_if_it_may_be(in_haste: None) -> None:
    with silence() as (mute, deaf):
        assert await Relays().find(given(mute, deaf, policy="all"), "call-1") is None


async def test_a_relay_is_reached_by_ipv6_and_by_tls(tmp_path: Path, authority: Identity) -> None:
    """Which aiortc by itself can do neither by an address in brackets, nor for an authority of one's own."""
    async with running_relay(tmp_path / "relay", **authority.settings) as relay:
        for url in (
            RelayUrl("::1", address_of(relay, "::1")[1], "udp"),
            RelayUrl("::1", port_of(relay, "tls", "::1"), "tls"),
            RelayUrl(HOST, port_of(relay, "tls"), "tls"),
        ):
            relays, offered = Relays(authority=authority.certificate), given(url)
            found = await relays.find(offered, "call-1")
            media = await CodedSource(440, 0xC171).open()
            peer = Peer(offered, media, lambda event: None, offers=True, relay=found)
            try:
                assert " typ relay " in await peer.offer(), url
            finally:
                await peer.close()


async def test_where_udp_is_blocked_nobody_waits_for_what_stun_would_say(relay: RelayProcess) -> None:
    with silence() as (mute, _):
        offered = given(by(relay, "tcp"), policy="all")
        stun = IceServer(urls=(f"stun:{HOST}:{mute.port}",))
        offered = offered.model_copy(update={"servers": (stun, *offered.servers)})
        found = await Relays().find(offered, "call-1")
        peer = Peer(offered, await CodedSource(440, 0xC171).open(), lambda event: None, offers=True, relay=found)
        try:
            async with asyncio.timeout(4.5):  # aioice gives STUN five seconds
                assert " typ relay " in await peer.offer()
        finally:
            await peer.close()
