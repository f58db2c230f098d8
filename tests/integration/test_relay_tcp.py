"""Clients by TCP, whose network lets no UDP through: the same relay, and nothing left of those who come to no good."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import time

import pytest
from aioice import turn
from support.relay_client import channel_data, credentials, error, send_indication, value
from support.relay_process import (
    PATIENCE,
    Endpoint,
    address_of,
    aioice_client,
    eventually,
    is_bound,
    last_statistics,
    running_relay,
    socket_client,
)
from support.relay_stream import HOST, port_of, speak_to_one_who_does_not_read, stream_client

from media_relay.probe import binding
from media_relay.stun import attributes as stun
from media_relay.stun.message import Method, parse

CHANNEL = 0x4000


@contextlib.asynccontextmanager
async def aioice_by_tcp(relay, name, host=HOST):
    given = credentials(name, expires_at=time.time() + 600)
    transport, endpoint = await turn.create_turn_endpoint(
        Endpoint, (host, port_of(relay, "tcp", host)), given.username, given.password, transport="tcp"
    )
    try:
        yield endpoint
    finally:
        transport.close()
        async with asyncio.timeout(PATIENCE):
            await endpoint.lost.wait()


async def heard(speaker, listener, spoken):
    speaker.send(spoken, listener.relayed)
    while (await listener.receive()) != (spoken, speaker.relayed):
        continue  # what opened the way


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_aioice_by_tcp_speaks_with_aioice_by_udp(tmp_path, host):
    async with running_relay(tmp_path, addresses=(host,)) as relay:
        assert port_of(relay, "tcp", host) == address_of(relay, host)[1]
        async with aioice_by_tcp(relay, "kiosk", host) as kiosk, aioice_client(relay, "office", host) as office:
            office.send(b"open", kiosk.relayed)
            kiosk.send(b"open", office.relayed)
            for size in (1, 3, 160, 1100, 8000):
                spoken = os.urandom(size)
                await heard(kiosk, office, spoken)
                await heard(office, kiosk, spoken[::-1])
            assert not kiosk.errors
        counted = await last_statistics(relay)
        assert counted["to_peers"]["packets"] >= 10
        assert counted["allocations"] == 0


async def test_the_probe_asks_by_tcp(tmp_path):
    async with running_relay(tmp_path) as relay:
        port = port_of(relay, "tcp")
        mapped = await binding(HOST, port, transport="tcp")
        assert mapped is not None
        assert mapped.host == HOST
    assert await binding(HOST, port, transport="tcp", attempts=1) is None


async def test_no_tcp_if_it_is_not_wanted(tmp_path):
    async with running_relay(tmp_path, tcp=False) as relay:
        assert relay.streams == ()
        assert await binding(*address_of(relay, HOST), transport="tcp", attempts=1) is None
        assert await relay.healthy()


async def test_indications_and_channels_cut_anywhere(tmp_path):
    async with running_relay(tmp_path) as relay:
        with stream_client(relay, "kiosk") as kiosk, socket_client(relay, "office") as office:
            here, there = kiosk.relayed(), office.relayed()
            assert error(kiosk.permit(there)) is None
            assert error(office.permit(here)) is None
            assert error(kiosk.bind(CHANNEL, there)) is None
            words = [os.urandom(size) for size in (0, 1, 2, 3, 1100)]
            said = b"".join(
                frame + bytes(-len(frame) % 4)
                for word in words
                for frame in (channel_data(CHANNEL, word), send_indication(there, word))
            )
            for byte in range(len(said)):  # TCP_NODELAY: many of these arrive alone
                kiosk.socket.sendall(said[byte : byte + 1])
            came = [value(parse(office.receive()), stun.DATA) for _ in range(2 * len(words))]
            # ChannelData may overtake an indication, for it goes straight to the peer: both become datagrams.
            assert sorted(came) == sorted(words + words)
            office.socket.send(send_indication(here, b"an odd answer"))
            assert kiosk.receive() == channel_data(CHANNEL, b"an odd answer")
            office.socket.send(send_indication(here, b"another"))
            assert kiosk.receive() == channel_data(CHANNEL, b"another"), "what came before was padded"


async def test_an_allocation_ends_with_its_stream(tmp_path):
    async with running_relay(tmp_path) as relay:
        with stream_client(relay) as kiosk:
            relayed = kiosk.relayed()
            assert is_bound(relayed)
        await eventually(lambda: not is_bound(relayed))
        counted = await last_statistics(relay)
        assert counted["ended"] == {"disconnected": 1}


async def test_a_slow_reader_is_given_the_newest(tmp_path):
    """What waits is bounded by its age: who does not read for a while then hears what is said now, and no frame is
    cut."""
    async with running_relay(tmp_path) as relay:
        with stream_client(relay, "kiosk", window=4096) as kiosk, socket_client(relay, "office") as office:
            here, there = kiosk.relayed(), office.relayed()
            kiosk.permit(there)
            kiosk.bind(CHANNEL, there)
            office.permit(here)
            office.bind(CHANNEL, here)
            gap = await speak_to_one_who_does_not_read(
                lambda word: office.socket.send(channel_data(CHANNEL, word)), kiosk
            )
            assert gap > 50
            assert error(kiosk.refresh()) is None, "and answers are not dropped"
        assert (await last_statistics(relay))["streams"]["dropped"]["late"] >= gap


class TestWhoComesToNoGood:
    """Each is closed, in silence, and leaves nothing."""

    async def test_garbage(self, tmp_path):
        garbage = {
            "HTTP": b"GET / HTTP/1.1\r\n\r\n",
            "RTP": b"\x80" + bytes(20),
            "odd length": b"\0\1\0\3" + bytes(16),
            "no cookie": b"\0\1\0\0" + bytes(16),
            "too long": b"\0\1\xff\xfc\x21\x12\xa4\x42",
            "a stranger's long ChannelData": channel_data(CHANNEL, bytes(5000)),
            "TLS": b"\x16\x03\x01\x02\0\1\0\1\xfc\x03\x03" + bytes(200),
            "one byte": b"\xff",
        }
        async with running_relay(tmp_path) as relay:
            for what, sent in garbage.items():
                with stream_client(relay) as stranger:
                    stranger.socket.sendall(sent)
                    with pytest.raises(ConnectionResetError):
                        pytest.fail(f"{what} is answered: {stranger.receive()!r}")
            counted = await last_statistics(relay)
        assert counted["streams"]["ended"] == {"garbage": len(garbage)}
        assert counted["requests"] == {}

    async def test_who_has_given_its_allocation_back_is_a_stranger_again(self, tmp_path):
        async with running_relay(tmp_path) as relay:
            with stream_client(relay) as kiosk:
                kiosk.relayed()
                kiosk.say(channel_data(CHANNEL, bytes(5000)))
                assert error(kiosk.refresh(0)) is None
                kiosk.say(channel_data(CHANNEL, bytes(5000)))
                with pytest.raises(ConnectionResetError):
                    kiosk.receive()

    async def test_messages_that_mean_nothing_are_passed_over(self, tmp_path):
        async with running_relay(tmp_path) as relay:
            with stream_client(relay) as stranger:
                stranger.say(channel_data(CHANNEL, b"to nobody"))
                stranger.say(b"\0\x3f\0\0\x21\x12\xa4\x42" + os.urandom(12))
                assert error(stranger.ask_plainly(Method.BINDING)) is None
            counted = await last_statistics(relay)
        assert counted["dropped"] == {"no-allocation": 1}

    async def test_half_a_frame_and_an_idle_stream(self, tmp_path):
        async with running_relay(tmp_path, stream_half_frame=0.5, stream_without_allocation=4) as relay:
            with stream_client(relay) as kiosk, stream_client(relay) as half, stream_client(relay) as idle:
                kiosk.relayed()
                half.socket.sendall(b"\0\1\0")
                for closed in (half, idle):
                    with pytest.raises(ConnectionResetError):
                        closed.receive()
                assert error(kiosk.refresh()) is None, "who has an allocation may be silent"
            counted = await last_statistics(relay)
        assert counted["streams"]["ended"]["overdue"] == 2

    async def test_more_of_one_source_than_may_stand(self, tmp_path):
        async with running_relay(tmp_path, unauthenticated_answers=1000) as relay:
            with contextlib.ExitStack() as stack:
                hundred = [stack.enter_context(stream_client(relay)) for _ in range(100)]
                for stands in hundred:
                    assert error(stands.ask_plainly(Method.BINDING)) is None
                with pytest.raises(ConnectionError), stream_client(relay) as refused:
                    refused.ask_plainly(Method.BINDING)
                hundred[0].socket.close()
                await eventually(lambda: stands_now(relay))
            counted = await last_statistics(relay)
        assert counted["streams"]["ended"]["refused"] >= 1

    async def test_a_stream_that_is_reset_in_the_middle_of_everything(self, tmp_path):
        async with running_relay(tmp_path) as relay:
            with stream_client(relay, "kiosk", window=4096) as kiosk, socket_client(relay, "office") as office:
                here, there = kiosk.relayed(), office.relayed()
                kiosk.permit(there)
                office.permit(here)
                for _ in range(200):
                    office.socket.send(send_indication(here, bytes(1000)))
                kiosk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                kiosk.socket.close()
                for _ in range(200):
                    office.socket.send(send_indication(here, bytes(1000)))
                await eventually(lambda: not is_bound(here))
                assert error(office.refresh()) is None
            assert await relay.healthy()


def stands_now(relay):
    try:
        with stream_client(relay) as again:
            return error(again.ask_plainly(Method.BINDING)) is None
    except ConnectionError:
        return False
