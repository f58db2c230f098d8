"""The data plane in Python by itself: ports, queues, and tables that let nothing pass but what they say."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest
from support.ports import free_udp_port
from support.relay_client import channel_data

from media_relay.core.effects import FiveTuple
from media_relay.errors import RelayAddressMissing, RelayPortsExhausted, RelayPortTaken
from media_relay.packet_loop import PacketLoop
from media_relay.stun.address import TransportAddress

HOST = "127.0.0.1"
CHANNEL = 0x4000


@pytest.fixture
def loop() -> Iterator[PacketLoop]:
    with contextlib.closing(PacketLoop()) as plane:
        yield plane


@contextlib.contextmanager
def endpoint() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        sock.settimeout(2)
        yield sock


def address(sock: socket.socket) -> TransportAddress:
    return TransportAddress(*sock.getsockname())


def a_client(loop: PacketLoop, port: int = 9) -> FiveTuple:
    return FiveTuple(TransportAddress(HOST, port), loop.listen(HOST, 0))


def test_a_port_is_listened_on_once(loop):
    listening = loop.listen(HOST, 0)

    with pytest.raises(RelayPortTaken):
        loop.listen(HOST, listening.port)
    with pytest.raises(RelayAddressMissing):
        loop.listen("198.51.100.7", 0)


def test_relayed_ports_come_from_their_range_until_there_are_none(loop):
    server = loop.listen(HOST, 0)
    low = free_udp_port() // 8 * 8

    def open_one(number: int) -> int:
        return loop.open_relay(FiveTuple(TransportAddress(HOST, number), server), HOST, (low, low + 7), False).port

    opened = []
    for number in range(1, 9):
        with contextlib.suppress(RelayPortsExhausted):  # others may have some of the eight
            opened.append(open_one(number))
    with pytest.raises(RelayPortsExhausted):
        open_one(9)

    assert len(opened) == len(set(opened)) >= 1
    assert all(low <= port <= low + 7 for port in opened)


@pytest.mark.parametrize("ports", [(0, 0), (40_000, 60_000)])
def test_even_ports(loop, ports):
    server = loop.listen(HOST, 0)

    for number in range(1, 20):
        relayed = loop.open_relay(FiveTuple(TransportAddress(HOST, number), server), HOST, ports, True)
        assert relayed.port % 2 == 0


def test_an_address_that_is_gone_is_an_answer_not_a_crash(loop):
    with pytest.raises(RelayPortsExhausted):
        loop.open_relay(a_client(loop), "198.51.100.7", (0, 0), False)


def test_the_tables_decide(loop):
    with endpoint() as client, endpoint() as peer:
        five_tuple = FiveTuple(address(client), loop.listen(HOST, 0))
        relayed = loop.open_relay(five_tuple, HOST, (0, 0), False)
        loop.bind_channel(five_tuple, CHANNEL, address(peer))

        def exchange() -> tuple[int, int]:
            """How many of two packets, one each way, pass."""
            before = loop.traffic()[five_tuple].packets_to_peers, loop.traffic()[five_tuple].packets_to_clients
            dropped = sum(loop.dropped.values())
            client.sendto(channel_data(CHANNEL, b"to the peer"), five_tuple.server)
            peer.sendto(b"to the client", relayed)
            for _ in range(20):
                after = loop.traffic()[five_tuple].packets_to_peers, loop.traffic()[five_tuple].packets_to_clients
                if sum(after) - sum(before) + sum(loop.dropped.values()) - dropped == 2:
                    break
                loop.poll(0.5)
            return after[0] - before[0], after[1] - before[1]

        assert exchange() == (0, 0), "no permission"
        loop.permit(five_tuple, HOST, True)
        assert exchange() == (0, 0), "not a relayed address"
        loop.permit(five_tuple, HOST, False)
        assert exchange() == (1, 1)
        assert peer.recvfrom(100) == (b"to the peer", relayed)
        assert client.recvfrom(100) == (channel_data(CHANNEL, b"to the client"), five_tuple.server)
        loop.revoke(five_tuple, HOST)
        assert exchange() == (0, 0)
        loop.permit(five_tuple, HOST, False)
        loop.unbind_channel(five_tuple, CHANNEL)
        assert exchange() == (0, 1), "what the peer sends comes as an indication"
        assert b"to the client" in client.recv(100)

        carried = loop.close_relay(five_tuple)
        assert (carried.packets_to_peers, carried.bytes_to_peers) == (1, len(b"to the peer"))
        assert (carried.packets_to_clients, carried.bytes_to_clients) == (2, 2 * len(b"to the client"))
        assert loop.traffic() == {}


def test_what_is_for_the_core_is_handed_over_whole(loop):
    with endpoint() as client:
        server = loop.listen(HOST, 0)
        client.sendto(b"\0\1 a request", server)

        assert loop.poll(2) == [(b"\0\1 a request", address(client), server)]
