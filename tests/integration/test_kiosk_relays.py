"""Which relay a kiosk finds among real ones: UDP that is blocked, relays that drain, certificates of strangers."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import ssl
import stat
import time
from collections.abc import AsyncIterator, Iterator
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
from kiosk_client.relay_race import Account, race
from kiosk_client.relays import AttemptRelay, Relays, probes
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

        again = await Relays(memory).find(offered, "call-2")
        assert again is not None
        assert again.url == by(relay, "tcp")
        assert again.silent == (), "it was not waited for"


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


async def test_a_relay_that_drains_is_left_for_the_other_at_once(
    relay: RelayProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever waited for a head start to pass would find nobody within what is left.
    monkeypatch.setattr(relay_race, "HEAD_START", 60.0)
    monkeypatch.setattr(relay_race, "WITHIN", 50.0)
    async with running_relay(tmp_path / "draining", addresses=(HOST,), drain=60) as draining:
        with socket_client(draining, "somebody") as somebody, socket_client(draining, "other") as other:
            somebody.relayed()
            psutil.Process(draining.pid).terminate()
            await eventually(lambda: error(other.allocate()) == 508)
            offered = given(by(draining, "udp"), by(draining, "tcp"), by(relay, "udp"))
            found = await Relays().find(offered, "call-1")
            assert found is not None
            assert found.url == by(relay, "udp")
            assert found.silent == (), "who refuses has answered"


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is awaited for less long."""
    for name, seconds in (("HEAD_START", 0.3), ("NEXT_AFTER", 0.2), ("WITHIN", 3.0), ("WITHIN_AGAIN", 0.2)):
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
    """And nobody asks by STUN what has just been silent, for five seconds more."""
    with silence() as (mute, deaf), unheard() as ear:
        offered = given(RelayUrl(HOST, ear.getsockname()[1], "udp"), mute, deaf, policy="all")
        offered = offered.model_copy(update={"servers": (stun_at(ear), *offered.servers)})
        attempt = AttemptRelay(Relays(), offered, "call-1")
        assert await attempt.find() is None
        assert len(attempt.silent()) == 3
        while not nothing_comes(ear):
            continue
        media = await CodedSource(440, 0xC171).open()
        peer = Peer(offered, media, lambda event: None, offers=True, relay=None, silent=attempt.silent())
        try:
            assert " typ host" in await peer.offer()
        finally:
            await peer.close()
        assert nothing_comes(ear)


async def test_a_relay_that_refuses_still_tells_by_stun_how_a_nat_shows_us(relay: RelayProcess) -> None:
    offered = given(by(relay, "udp"), by(relay, "tcp"), policy="all")
    wrong = [server.model_copy(update={"credential": "of another secret"}) for server in offered.servers]
    stun = IceServer(urls=(by(relay, "udp").stun,))
    offered = offered.model_copy(update={"servers": (stun, *wrong)})
    attempt = AttemptRelay(Relays(), offered, "call-1")

    assert await attempt.find() is None
    assert attempt.silent() == frozenset()
    assert probes(offered, None, attempt.silent()) == [stun]


async def test_what_was_silent_is_not_waited_for_as_long_again(in_haste: None, monkeypatch: pytest.MonkeyPatch) -> None:
    relays = Relays()
    with silence() as (mute, deaf):
        offered = given(mute, deaf, policy="all")
        assert await relays.find(offered, "call-1") is None
        # Whoever waits as long as for what is new outlasts this test.
        for name in ("HEAD_START", "WITHIN"):
            monkeypatch.setattr(relay_race, name, 600.0)
        assert await relays.find(offered, "call-1") is None
        assert relays.silent("call-1") == {mute, deaf}


async def test_what_answers_need_not_wait_for_what_was_silent(
    relay: RelayProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_race, "HEAD_START", 60.0)
    monkeypatch.setattr(relay_race, "WITHIN", 50.0)
    with silence() as (mute, _):
        offered = given(mute, by(relay, "tcp"))
        account = Account(offered.servers[0].username or "", offered.servers[0].credential or "")
        tries = [(mute, account), (by(relay, "tcp"), account)]
        finish = await race(tries, ssl.create_default_context(), [mute])
    assert finish.first == by(relay, "tcp"), "with a head start for the first it would never have been asked"


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


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_nobody_waits_for_what_a_stun_server_would_say_that_is_not_the_relay_that_was_found(
    relay: RelayProcess, transport: Transport
) -> None:
    with unheard() as ear:
        offered = given(by(relay, transport), policy="all")
        offered = offered.model_copy(update={"servers": (stun_at(ear), *offered.servers)})
        found = await Relays().find(offered, "call-1")
        peer = Peer(offered, await CodedSource(440, 0xC171).open(), lambda event: None, offers=True, relay=found)
        try:
            offer = await peer.offer()
        finally:
            await peer.close()
        assert " typ relay " in offer
        assert (" typ srflx " in offer) == (transport == "udp"), "the relay itself is asked"
        assert nothing_comes(ear)


@contextlib.contextmanager
def unheard() -> Iterator[socket.socket]:
    """Where nobody answers, and what is asked there can be seen."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("", 0))
        ear.setblocking(False)
        yield ear


def stun_at(ear: socket.socket) -> IceServer:
    return IceServer(urls=(f"stun:{HOST}:{ear.getsockname()[1]}",))


def nothing_comes(ear: socket.socket) -> bool:
    """Whether nothing has been asked since the last look."""
    try:
        ear.recv(2_000)
    except BlockingIOError:
        return True
    return False
