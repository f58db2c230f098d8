"""The data plane's streams by themselves: what it takes to accept them, and what becomes of those that take nothing."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import resource
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from support.relay_client import channel_data
from support.relay_rekeying import RekeyingClient
from support.relay_stream import PATIENCE, Identity, identity

from media_relay import stream_listener
from media_relay.core.connections import AGAIN, StreamLimits
from media_relay.core.effects import FiveTuple, Transport
from media_relay.data_plane import Arrival, Gone
from media_relay.errors import RelayPortTaken
from media_relay.packet_loop import PacketLoop
from media_relay.stream import READ, STUCK, TURN, TURN_OF_A_STRANGER, UNSENT
from media_relay.stun.address import TransportAddress
from media_relay.tls import Certificate

HOST = "127.0.0.1"
BINDING = b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12)


@pytest.fixture
def loop() -> Iterator[PacketLoop]:
    with contextlib.closing(PacketLoop()) as plane:
        yield plane


@contextlib.contextmanager
def client(server, port=0, host=HOST, window=0):
    with socket.socket() as sock:
        if window:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.settimeout(5)
        sock.connect(server)
        yield sock


@pytest.fixture
def secured(tmp_path) -> Iterator[tuple[PacketLoop, TransportAddress, Identity]]:
    """One that listens for TLS, where, and as whom."""
    ours = identity(tmp_path)
    with contextlib.closing(PacketLoop(certificate=Certificate(ours.certificate, ours.key))) as plane:
        yield plane, plane.listen(HOST, 0, Transport.TLS), ours


def five_tuple_of(sock, transport=Transport.TCP):
    return FiveTuple(TransportAddress(*sock.getsockname()), TransportAddress(*sock.getpeername()), transport)


def until(loop: PacketLoop, true: Callable[[], bool]) -> None:
    """Copies packets until that is so. Raises TimeoutError."""
    ends = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError(loop.stream_counts())
        loop.poll(0.01)


def events(loop, count):
    """The next ``count`` that are for the core. Raises TimeoutError."""
    found, ends = [], time.monotonic() + PATIENCE
    while len(found) < count:
        if time.monotonic() > ends:
            raise TimeoutError(found)
        found += loop.poll(0.2)
    return found


def test_a_port_is_listened_on_once(loop):
    server = loop.listen(HOST, 0, Transport.TCP)
    with pytest.raises(RelayPortTaken, match="TCP port"):
        loop.listen(HOST, server.port, Transport.TCP)
    assert loop.listen(HOST, server.port).port == server.port, "UDP's are others"
    loop.stop_listening()
    loop.listen(HOST, server.port, Transport.TCP)


def test_what_is_for_the_core_says_whence_it_came_and_that_it_has_gone(loop):
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as sock:
        sock.sendall(BINDING + BINDING[:7])
        here = five_tuple_of(sock)
        assert events(loop, 1) == [Arrival(BINDING, here.client, server, Transport.TCP)]
        loop.answer(here, b"an answer, padded")
        assert sock.recv(100) == b"an answer, padded\0\0\0"
    assert events(loop, 1) == [Gone(here)]
    loop.answer(here, b"for nobody")
    assert loop.stream_counts()["standing"] == {}


def test_who_comes_again_from_the_same_port_is_another(loop):
    """A reset and the next connection may be seen in either order."""
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as sock:
        here = five_tuple_of(sock)
        sock.sendall(BINDING)
        assert len(events(loop, 1)) == 1
        loop.open_relay(here, HOST, (0, 0), False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with client(server, here.client.port) as again:
        again.sendall(BINDING)
        loop._streams._acceptors[0]._accept()  # the order that epoll would hardly ever choose
        assert events(loop, 2) == [Gone(here), Arrival(BINDING, *here)]
        loop.close_relay(here)
        loop.answer(here, b"to it")
        assert again.recv(100)[:5] == b"to it"


def test_packets_for_a_stream_that_has_ended_go_nowhere(loop):
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as sock, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        here = five_tuple_of(sock)
        sock.sendall(BINDING)
        assert len(events(loop, 1)) == 1
        relayed = loop.open_relay(here, HOST, (0, 0), False)
        loop.permit(here, HOST, False)
        sock.close()
        assert events(loop, 1) == [Gone(here)]
        peer.sendto(b"too late", relayed)
        assert loop.poll(1) == []
        assert loop.close_relay(here).packets_to_clients == 0


def test_a_stranger_who_says_very_much_is_not_heard_out(loop):
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as sock:
        here = five_tuple_of(sock)
        sock.sendall(channel_data(0x4000, b"") * 16_384)
        assert events(loop, 1) == [Gone(here)]
        assert loop.stream_counts()["ended"] == {"too-much": 1}
        assert loop.dropped["no-allocation"] < 100


def test_who_has_much_to_say_is_heard_by_turns(loop):
    """Of those who say it all at once each has a turn before any has its next, and nothing of it is lost."""
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as one, client(server) as another:
        for sock in (one, another):
            sock.sendall(BINDING)
        assert len(events(loop, 2)) == 2
        for sock in (one, another):
            loop.open_relay(five_tuple_of(sock), HOST, (0, 0), False)
            sock.sendall(BINDING * 1000)
        sources = []
        while len(sources) < 2000:
            found = [event.source for event in events(loop, 1)]
            assert all(found.count(source) <= TURN for source in found)
            sources += found
        assert sources.index(five_tuple_of(one).client) < 2 * TURN
        assert sources.index(five_tuple_of(another).client) < 2 * TURN


@pytest.mark.parametrize("said", [channel_data(0x4000, b""), BINDING])
def test_strangers_who_say_much_have_short_turns(loop, said):
    server = loop.listen(HOST, 0, Transport.TCP)
    with contextlib.ExitStack() as stack:
        strangers = [stack.enter_context(client(server)) for _ in range(50)]
        until(loop, lambda: loop.stream_counts()["standing"] == {"tcp": 50})
        for sock in strangers:
            sock.sendall(said * (8000 // len(said)))
        heard = 0
        for turns in range(1, 4):
            loop._poller.poll(1)  # what may pass between a packet of a call and the next
            heard = loop.dropped["no-allocation"] + len(loop._arrivals)
            assert heard <= turns * 50 * TURN_OF_A_STRANGER
        assert heard > 50


def test_one_that_was_left_in_the_middle_of_its_turns_leaves_nothing(loop):
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as sock:
        here = five_tuple_of(sock)
        sock.sendall(BINDING * 20)
        assert events(loop, 1) == [Arrival(BINDING, *here)] * TURN_OF_A_STRANGER
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    said = events(loop, 17)
    assert said == [Arrival(BINDING, *here)] * (20 - TURN_OF_A_STRANGER) + [Gone(here)]
    assert loop.poll(0) == []


def test_who_takes_nothing_is_closed(loop):
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as sock:
        here = five_tuple_of(sock)
        sock.sendall(BINDING)
        assert len(events(loop, 1)) == 1
        began = time.monotonic()
        for _ in range(900):
            loop.answer(here, bytes(1000))
        assert loop.poll(0) == []
        loop._streams.look_round(began + STUCK - 1)
        assert loop.poll(0) == []
        loop._streams.look_round(time.monotonic() + STUCK)
        assert loop.poll(0) == [Gone(here)]
        assert loop.stream_counts()["ended"] == {"stuck": 1}


def test_who_takes_nothing_of_what_is_encrypted_already_is_closed(secured):
    loop, server, ours = secured
    with client(server, window=4096) as sock:
        here = five_tuple_of(sock, Transport.TLS)
        handshake(loop, sock, ours)
        loop.poll(0)
        while not loop._streams._writing:
            loop.answer(here, bytes(60_000))
        (stream,) = loop._streams._writing
        assert not len(stream.queue), "all is encrypted"
        loop._streams.look_round(time.monotonic() + STUCK)
        assert loop.poll(0) == [Gone(here)]
        assert loop.stream_counts()["ended"] == {"stuck": 1}


def test_answers_of_tls_itself_are_not_kept_without_end(secured):
    loop, server, _ = secured
    with client(server, window=4096) as sock, contextlib.closing(RekeyingClient(sock)) as mad:
        here = five_tuple_of(sock, Transport.TLS)
        connecting = threading.Thread(target=mad.connect)
        connecting.start()
        while connecting.is_alive():
            loop.poll(0.01)
        loop.open_relay(here, HOST, (0, 0), False)
        stream = loop._streams._streams[here]
        for number in range(20_000):  # of 27 bytes each
            if not mad.rekey():
                break
            if number % 32 == 0:
                loop.poll(0)
            assert len(stream._unsent) <= UNSENT + READ, "what one turn may add"
        assert loop.stream_counts()["ended"] == {"stuck": 1}


def test_without_file_handles_clients_wait_and_nothing_spins(loop):
    server = loop.listen(HOST, 0, Transport.TCP)
    with client(server) as sock:
        sock.sendall(BINDING)
        gc.collect()  # what other tests left must not give a handle back meanwhile
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # The limit is of a handle's number, and numbers are given from the lowest that is free.
        lowest = os.dup(sock.fileno())
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
        try:
            assert loop.poll(5) == []
            began, turns = time.monotonic(), 0
            while time.monotonic() - began < 1.5:
                loop.poll(1)
                turns += 1
            assert turns < 10
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert len(events(loop, 1)) == 1


def test_a_flood_of_connections_waits_for_its_turn(loop, monkeypatch):
    monkeypatch.setattr(stream_listener, "A_SECOND", 3)
    server = loop.listen(HOST, 0, Transport.TCP)
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(client(server)).sendall(BINDING)
        seconds = set()
        came = 0
        while came < 8:
            found = events(loop, 1)
            assert found
            came += len(found)
            seconds.add(int(time.monotonic()))
        assert len(seconds) >= 2


def test_who_comes_and_goes_without_end_takes_nobodys_turn(monkeypatch):
    monkeypatch.setattr(stream_listener, "A_SECOND", 2 * AGAIN + 2)
    with contextlib.closing(PacketLoop(limits=StreamLimits(per_source=1))) as loop:
        server = loop.listen(HOST, 0, Transport.TCP)
        for number in range(50):
            with client(server):
                pass
            until(loop, lambda number=number: sum(loop.stream_counts()["ended"].values()) > number)
        assert loop.stream_counts()["ended"]["refused"] >= 50 - 2 * AGAIN
        assert not loop._streams._acceptors[0].paused
        with client(server, host="127.0.0.2") as sock:
            sock.sendall(BINDING)
            assert len(events(loop, 1)) == 1


def test_who_takes_every_place_keeps_nobody_out():
    with contextlib.closing(PacketLoop(limits=StreamLimits(in_all=3))) as loop, contextlib.ExitStack() as stack:
        server = loop.listen(HOST, 0, Transport.TCP)
        kiosk = stack.enter_context(client(server))
        kiosk.sendall(BINDING)
        assert len(events(loop, 1)) == 1
        first, second, third = (stack.enter_context(client(server)) for _ in range(3))
        displaced = five_tuple_of(first)
        loop.open_relay(five_tuple_of(kiosk), HOST, (0, 0), False)
        third.sendall(BINDING)
        assert events(loop, 2) == [Gone(displaced), Arrival(BINDING, *five_tuple_of(third))]
        assert loop.stream_counts() == {"standing": {"tcp": 3}, "ended": {"displaced": 1}, "dropped": {"late": 0}}
        second.sendall(BINDING)
        assert events(loop, 1) == [Arrival(BINDING, *five_tuple_of(second))]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_comes_nothing_is_left_of_it(tmp_path, caplog, seed):
    chance, ours = random.Random(seed), identity(tmp_path)
    with contextlib.closing(
        PacketLoop(limits=StreamLimits(), certificate=Certificate(ours.certificate, ours.key))
    ) as loop:
        server, secured = loop.listen(HOST, 0, Transport.TCP), loop.listen(HOST, 0, Transport.TLS)
        for _ in range(60):
            by_tls = chance.random() < 0.6
            with client(secured if by_tls else server) as sock:
                session = handshake(loop, sock, ours) if by_tls and chance.random() < 0.8 else None
                for _ in range(chance.randrange(6)):
                    with contextlib.suppress(ConnectionError):
                        sock.sendall(something(chance, session))
                    for event in loop.poll(0):
                        if isinstance(event, Arrival):
                            loop.answer(FiveTuple(event.source, event.local, event.transport), event.data)
                if chance.random() < 0.3:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        until(loop, lambda: not loop.stream_counts()["standing"])
        assert "failed" not in loop.stream_counts()["ended"]
        assert len(loop._streams._connections) == 0
        assert not loop._streams._writing
        # asyncio may complain meanwhile of what another test left.
        ours = [record for record in caplog.records if record.name.startswith("media_relay")]
        assert not ours, "nothing has reached the line that nothing is known to reach"


def handshake(loop, sock, ours):
    """The client's end of a session, and its way out."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = ours.context().wrap_bio(incoming, outgoing, server_hostname=HOST)
    while True:
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            sock.sendall(outgoing.read())
            while not select.select([sock], [], [], 0)[0]:
                loop.poll(0.05)
            incoming.write(sock.recv(65_536))
        else:
            sock.sendall(outgoing.read())
            return session, outgoing


def something(chance, session):
    said = chance.choice(
        [
            BINDING,
            BINDING[: chance.randrange(20)],
            channel_data(0x4000 + chance.randrange(4096), chance.randbytes(chance.randrange(4000))),
            chance.randbytes(chance.randrange(1, 3000)),
            BINDING * 50,
            b"\x16\x03\x01" + chance.randbytes(60),
        ]
    )
    if session is None or chance.random() < 0.1 or not said:
        return said
    end, outgoing = session
    end.write(said)
    sent = bytearray(outgoing.read())
    if chance.random() < 0.2:
        sent[chance.randrange(len(sent))] ^= 1 << chance.randrange(8)
    return bytes(sent)
