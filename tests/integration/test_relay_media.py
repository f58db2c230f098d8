"""Packets through a real relay process: aioice's client and our own, both ends relayed, both address families."""

from __future__ import annotations

import asyncio
import os
import socket
import time

import psutil
import pytest
from aioice import stun as aioice_stun
from aioice import turn
from support.relay_client import channel_data, credentials, error, send_indication, value
from support.relay_process import (
    Endpoint,
    address_of,
    aioice_client,
    eventually,
    is_bound,
    last_statistics,
    running_relay,
    socket_client,
)

from media_relay.errors import MalformedMessage
from media_relay.probe import binding
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.message import MessageClass, Method, parse

CHANNEL = 0x4000


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_two_aioice_clients_hear_each_other_both_relayed(tmp_path, host):
    async with running_relay(tmp_path, addresses=(host,)) as relay:
        async with aioice_client(relay, "kiosk", host) as kiosk, aioice_client(relay, "office", host) as office:
            assert kiosk.relayed[0] == host
            # The first packets only make permissions and channels: each end lets the other in by sending.
            office.send(b"open", kiosk.relayed)
            kiosk.send(b"open", office.relayed)
            for size in (1, 3, 160, 1100, 1200, 8000):
                spoken = os.urandom(size)
                await heard(kiosk, office, spoken)
                await heard(office, kiosk, spoken[::-1])
            assert not kiosk.errors
            assert not office.errors
        counted = await last_statistics(relay)
        assert counted["to_peers"]["packets"] >= 12
        assert counted["to_clients"]["packets"] >= 12
        assert counted["allocations"] == 0


async def heard(speaker: Endpoint, listener: Endpoint, spoken: bytes) -> None:
    speaker.send(spoken, listener.relayed)
    while (await listener.receive()) != (spoken, speaker.relayed):
        continue  # what opened the way


async def test_the_two_families_meet_on_one_relay(tmp_path):
    async with (
        running_relay(tmp_path) as relay,
        aioice_client(relay, "kiosk", "::1") as kiosk,
        aioice_client(relay, "office", "127.0.0.1") as office,
    ):
        assert kiosk.relayed[0] == office.relayed[0] == "127.0.0.1"
        office.send(b"open", kiosk.relayed)
        kiosk.send(b"open", office.relayed)
        await heard(kiosk, office, b"from IPv6")
        await heard(office, kiosk, b"from IPv4")


async def test_wrong_credentials(tmp_path):
    async with running_relay(tmp_path) as relay:
        server = address_of(relay, "127.0.0.1")
        good = credentials(expires_at=time.time() + 600)
        late = credentials(expires_at=time.time() - 1)
        for username, password in [
            (good.username, "wrong"),
            (late.username, late.password),
            ("kiosk", good.password),
            (good.username.replace("kiosk", "office"), good.password),
        ]:
            with pytest.raises(aioice_stun.TransactionFailed) as failed:
                await turn.create_turn_endpoint(Endpoint, server, username, password)
            assert failed.value.response.error_code == 401
        assert (await last_statistics(relay))["allocations"] == 0


async def test_an_allocation_that_is_not_refreshed_ends(tmp_path):
    async with running_relay(tmp_path, lifetime=3) as relay:
        with socket_client(relay) as client:
            began = time.monotonic()
            relayed = client.relayed()
            assert is_bound(relayed)
            await eventually(lambda: not is_bound(relayed))
            assert time.monotonic() - began > 2.9
            assert error(client.refresh()) == 437


async def test_send_and_data_indications_and_channel_data(tmp_path):
    async with running_relay(tmp_path) as relay:
        with socket_client(relay, "kiosk") as kiosk, socket_client(relay, "office") as office:
            here, there = kiosk.relayed(), office.relayed()
            assert error(kiosk.permit(there)) is None
            assert error(office.permit(here)) is None
            for data in (b"", b"a", b"abcd", os.urandom(1100)):
                kiosk.socket.send(send_indication(there, data))
                indication = parse(office.receive())
                assert (indication.method, indication.message_class) == (Method.DATA, MessageClass.INDICATION)
                assert value(indication, stun.DATA) == data
                assert value(indication, stun.XOR_PEER_ADDRESS) == here
            assert error(office.bind(CHANNEL, here)) is None
            kiosk.socket.send(send_indication(there, b"to a channel"))
            assert office.receive() == channel_data(CHANNEL, b"to a channel")
            office.socket.send(channel_data(CHANNEL, b"back, padded") + bytes(4))
            assert value(parse(kiosk.receive()), stun.DATA) == b"back, padded"


@pytest.mark.parametrize(
    "broken",
    [
        channel_data(CHANNEL + 1, b"never bound"),
        channel_data(0x5000, b"no channel of RFC 8656"),
        channel_data(CHANNEL, b"longer than it is")[:-1],
        b"\x40\x00\x00",
        b"\x80 RTP",
        b"\xff",
        b"",
    ],
    ids=range(7),
)
async def test_what_is_not_channel_data_goes_nowhere(tmp_path, broken):
    async with running_relay(tmp_path) as relay:
        with socket_client(relay, "kiosk") as kiosk, socket_client(relay, "office") as office:
            here, there = kiosk.relayed(), office.relayed()
            office.permit(here)
            kiosk.bind(CHANNEL, there)
            kiosk.socket.send(broken)
            kiosk.socket.send(channel_data(CHANNEL, b"the next"))
            assert value(parse(office.receive()), stun.DATA) == b"the next"


async def test_a_stranger_cannot_use_the_channel_of_another(tmp_path):
    async with running_relay(tmp_path) as relay:
        with (
            socket_client(relay, "kiosk") as kiosk,
            socket_client(relay, "office") as office,
            socket_client(relay) as stranger,
        ):
            here, there = kiosk.relayed(), office.relayed()
            office.permit(here)
            kiosk.bind(CHANNEL, there)
            stranger.socket.send(channel_data(CHANNEL, b"from a stranger"))
            kiosk.socket.send(channel_data(CHANNEL, b"from the kiosk"))
            assert value(parse(office.receive()), stun.DATA) == b"from the kiosk"
        assert (await last_statistics(relay))["dropped"]["no-allocation"] == 1


class TestNobodysOpenDoor:
    """A service on this machine, as there are many: nothing may reach it through the relay, nor come from it."""

    async def test_a_service_on_loopback_is_not_reached(self, tmp_path):
        async with running_relay(tmp_path) as relay:
            with (
                socket_client(relay, "kiosk") as kiosk,
                socket_client(relay, "office") as office,
                service("127.0.0.1") as database,
            ):
                target = TransportAddress(*database.getsockname())
                here, there = kiosk.relayed(), office.relayed()
                office.permit(here)
                # The permission is for the address, and the other end is there: but for relayed addresses alone.
                assert error(kiosk.permit(target)) is None
                assert error(kiosk.bind(CHANNEL, target)) == 403
                kiosk.socket.send(send_indication(target, b"SELECT"))
                kiosk.socket.send(channel_data(CHANNEL, b"SELECT"))
                database.sendto(b"a forged answer", here)
                kiosk.socket.send(send_indication(there, b"hello"))
                assert value(parse(office.receive()), stun.DATA) == b"hello"
                office.socket.send(send_indication(here, b"hello too"))
                assert value(parse(kiosk.receive()), stun.DATA) == b"hello too"
                with pytest.raises(BlockingIOError):
                    database.recv(100)

    @pytest.mark.parametrize("host", ["127.0.0.2", "127.255.255.254", "0.0.0.0", "::ffff:127.0.0.1", "169.254.169.254"])
    async def test_by_no_other_name(self, tmp_path, host):
        async with running_relay(tmp_path) as relay:
            with socket_client(relay) as kiosk:
                kiosk.relayed()
                assert error(kiosk.permit(TransportAddress(host, 5432))) == 403
                assert error(kiosk.bind(CHANNEL, TransportAddress(host, 5432))) == 403
                assert error(kiosk.refresh()) is None

    async def test_nor_by_an_address_of_this_machine(self, tmp_path):
        found = [a.address for nets in psutil.net_if_addrs().values() for a in nets if a.family is socket.AF_INET]
        async with running_relay(tmp_path, allow_peers=("10.0.0.0/8", "172.16.0.0/12", "192.0.0.0/8")) as relay:
            with socket_client(relay) as kiosk:
                kiosk.relayed()
                codes = {host: error(kiosk.permit(TransportAddress(host, 5432))) for host in found}
        assert codes == {host: None if host == "127.0.0.1" else 403 for host in found}

    async def test_not_the_relay_itself(self, tmp_path):
        async with running_relay(tmp_path) as relay:
            server = TransportAddress(*address_of(relay, "127.0.0.1"))
            with socket_client(relay, "kiosk") as kiosk, socket_client(relay, "office") as office:
                here, there = kiosk.relayed(), office.relayed()
                kiosk.permit(server)
                office.permit(here)
                assert error(kiosk.bind(CHANNEL, server)) == 403
                question = parse(kiosk.last_request)
                kiosk.socket.send(send_indication(server, b"\0\1" + bytes(18)))
                kiosk.socket.send(send_indication(there, b"hello"))
                assert value(parse(office.receive()), stun.DATA) == b"hello"
                assert question.method == Method.CHANNEL_BIND
            counted = await last_statistics(relay)
            assert counted["requests"]["dropped.send-no-permission"] == 1
            assert "dropped.malformed" not in counted["requests"]


def service(host: str) -> socket.socket:
    """A UDP service that nobody outside this machine should reach."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, 0))
    sock.setblocking(False)
    return sock


async def test_rubbish_does_not_disturb_a_call(tmp_path):
    async with running_relay(tmp_path) as relay:
        server = address_of(relay, "127.0.0.1")
        async with aioice_client(relay, "kiosk") as kiosk, aioice_client(relay, "office") as office:
            office.send(b"open", kiosk.relayed)
            kiosk.send(b"open", office.relayed)
            await heard(kiosk, office, b"before")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as vandal:
                for number in range(3_000):
                    vandal.sendto(os.urandom(number % 300), server)
                    if number % 20 == 0:
                        vandal.sendto(os.urandom(50), kiosk.relayed)
                        await asyncio.sleep(0)
            await heard(kiosk, office, b"after")
        assert await relay.healthy()


async def test_the_probe_tells_what_the_relay_sees(tmp_path):
    async with running_relay(tmp_path) as relay:
        mapped = await binding(*address_of(relay, "127.0.0.1"))
        assert mapped is not None
        assert mapped.host == "127.0.0.1"
    assert await binding(*address_of(relay, "127.0.0.1"), attempts=1) is None


async def test_the_probe_takes_no_answer_from_elsewhere():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as liar:
        liar.bind(("127.0.0.1", 0))
        liar.setblocking(False)
        probing = asyncio.create_task(binding(*liar.getsockname(), attempts=1))
        loop = asyncio.get_running_loop()
        question, who = await loop.sock_recvfrom(liar, 1000)
        liar.sendto(b"rubbish", who)
        liar.sendto(question[:8] + bytes(12) + question[20:], who)
        assert await probing is None
        with pytest.raises(MalformedMessage):
            parse(b"rubbish")
