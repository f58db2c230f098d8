"""The data plane in Python by itself: ports, queues, and tables that let nothing pass but what they say."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from support.ports import free_ports
from support.relay_client import channel_data
from support.relay_process import PATIENCE, is_bound

from media_relay.core.effects import FiveTuple
from media_relay.data_plane import Arrival
from media_relay.errors import RelayAddressMissing, RelayPortsExhausted, RelayPortTaken
from media_relay.packet_loop import PacketLoop
from media_relay.stun.address import TransportAddress

HOST, HOST6 = "127.0.0.1", "::1"
CHANNEL = 0x4000


@pytest.fixture
def loop() -> Iterator[PacketLoop]:
    with contextlib.closing(PacketLoop()) as plane:
        yield plane


@contextlib.contextmanager
def endpoint(host: str = HOST) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, 0))
        sock.settimeout(PATIENCE)
        yield sock


def address(sock: socket.socket) -> TransportAddress:
    return TransportAddress(*sock.getsockname()[:2])


def received(sock: socket.socket) -> tuple[bytes, TransportAddress]:
    """The next datagram, and who sent it."""
    data, source = sock.recvfrom(65_536)
    return data, TransportAddress(*source[:2])


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
    low = free_ports(8)

    def open_one(number: int) -> int:
        return loop.open_relay(FiveTuple(TransportAddress(HOST, number), server), HOST, (low, low + 7), False).port

    opened = {open_one(number) for number in range(1, 9)}
    with pytest.raises(RelayPortsExhausted):
        open_one(9)

    assert opened == set(range(low, low + 8))


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

        def passed() -> tuple[int, int]:
            traffic = loop.traffic()[five_tuple]
            return traffic.packets_to_peers, traffic.packets_to_clients

        def exchange() -> tuple[int, int]:
            """How many of two packets, one each way, pass."""
            before, dropped = passed(), sum(loop.dropped.values())
            client.sendto(channel_data(CHANNEL, b"to the peer"), five_tuple.server)
            peer.sendto(b"to the client", relayed)
            until(loop, lambda: sum(passed()) - sum(before) + sum(loop.dropped.values()) - dropped == 2)
            after = passed()
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

        assert loop.poll(2) == [Arrival(b"\0\1 a request", address(client), server)]


def until(loop: PacketLoop, true: Callable[[], bool]) -> None:
    """Copies packets until that is so. Raises TimeoutError after as long as a loaded machine may need."""
    ends = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError(loop.dropped, loop.traffic())
        loop.poll(0.1)


class TestTwoFamilies:
    def test_packets_take_the_address_of_their_peers_family(self, loop):
        with endpoint() as client, endpoint() as peer, endpoint(HOST6) as peer6:
            five_tuple = FiveTuple(address(client), loop.listen(HOST, 0))
            relayed = {host: loop.open_relay(five_tuple, host, (0, 0), False) for host in (HOST, HOST6)}
            for channel, of in ((CHANNEL, peer), (CHANNEL + 1, peer6)):
                loop.permit(five_tuple, address(of).host, False)
                loop.bind_channel(five_tuple, channel, address(of))
                client.sendto(channel_data(channel, b"by channel"), five_tuple.server)
                loop.send_to_peer(five_tuple, address(of), b"by indication")
            until(loop, lambda: loop.traffic()[five_tuple].packets_to_peers == 4)

            for of, host in ((peer, HOST), (peer6, HOST6)):
                assert [received(of) for _ in range(2)] == [
                    (b"by indication", relayed[host]),
                    (b"by channel", relayed[host]),
                ]
                of.sendto(b"and back", relayed[host])
            until(loop, lambda: loop.traffic()[five_tuple].packets_to_clients == 2)
            assert {client.recv(100) for _ in range(2)} == {
                channel_data(channel, b"and back") for channel in (CHANNEL, CHANNEL + 1)
            }

    def test_one_is_closed_and_the_other_goes_on(self, loop):
        with endpoint() as client, endpoint(HOST6) as peer6:
            five_tuple = FiveTuple(address(client), loop.listen(HOST, 0))
            gone = loop.open_relay(five_tuple, HOST, (0, 0), False)
            loop.open_relay(five_tuple, HOST6, (0, 0), False)
            loop.permit(five_tuple, HOST6, False)
            loop.close_family(five_tuple, gone)

            assert not is_bound(gone)
            loop.send_to_peer(five_tuple, address(peer6), b"still there")
            assert peer6.recv(100) == b"still there"
            assert loop.close_relay(five_tuple).packets_to_peers == 1

    def test_an_address_that_is_closed_is_not_live(self, loop):
        """What is for relayed addresses alone passes to one while it is open, and no longer."""
        with endpoint() as client:
            server = loop.listen(HOST, 0)
            five_tuple, other = FiveTuple(address(client), server), FiveTuple(TransportAddress(HOST, 9), server)
            loop.open_relay(five_tuple, HOST, (0, 0), False)
            loop.permit(five_tuple, HOST, True)
            target = loop.open_relay(other, HOST, (0, 0), False)
            loop.open_relay(other, HOST6, (0, 0), False)
            loop.bind_channel(five_tuple, CHANNEL, target)
            client.sendto(channel_data(CHANNEL, b"open"), server)
            until(loop, lambda: loop.traffic()[five_tuple].packets_to_peers == 1)

            loop.close_family(other, target)
            dropped = loop.dropped["no-permission"]  # of the first one, at the other's end
            client.sendto(channel_data(CHANNEL, b"closed"), server)
            until(loop, lambda: loop.dropped["no-permission"] == dropped + 1)
            assert loop.traffic()[five_tuple].packets_to_peers == 1


class TestKeptPorts:
    @pytest.mark.parametrize("ports", [(0, 0), (40_000, 60_000)])
    def test_the_port_after_an_even_one_is_kept_and_taken(self, loop, ports):
        server = loop.listen(HOST, 0)
        first, second = (FiveTuple(TransportAddress(HOST, number), server) for number in (1, 2))
        relayed, reserved = loop.open_pair(first, HOST, ports)

        assert (relayed.port % 2, reserved.port) == (0, relayed.port + 1)
        assert is_bound(reserved)
        loop.close_relay(first)
        assert not is_bound(relayed)
        assert is_bound(reserved)
        assert loop.open_reserved(second, reserved) == reserved
        with endpoint() as peer:
            loop.permit(second, HOST, False)
            loop.send_to_peer(second, address(peer), b"from the kept one")
            assert received(peer) == (b"from the kept one", reserved)
        loop.close_relay(second)
        assert not is_bound(reserved)

    def test_what_nobody_comes_for_is_closed(self, loop):
        _, reserved = loop.open_pair(a_client(loop), HOST, (0, 0))
        loop.close_reserved(reserved)

        assert not is_bound(reserved)

    def test_a_range_that_ends_with_an_even_port_has_no_pair_there(self, loop):
        low = free_ports(2)

        with pytest.raises(RelayPortsExhausted):
            loop.open_pair(a_client(loop), HOST, (low, low))
        assert not is_bound(TransportAddress(HOST, low))


class TestBandwidth:
    RATE = 50_000
    """Bytes a second: fifty packets."""

    @pytest.fixture
    def narrow(self) -> Iterator[PacketLoop]:
        with contextlib.closing(PacketLoop(self.RATE)) as plane:
            yield plane

    def test_what_is_beyond_it_is_dropped_each_way_and_others_notice_nothing(self, narrow):
        with endpoint() as client, endpoint() as peer, endpoint() as neighbour:
            server = narrow.listen(HOST, 0)
            greedy, modest = FiveTuple(address(client), server), FiveTuple(address(neighbour), server)
            relayed = {
                five_tuple: narrow.open_relay(five_tuple, HOST, (0, 0), False) for five_tuple in (greedy, modest)
            }
            for five_tuple in (greedy, modest):
                narrow.permit(five_tuple, HOST, False)
                narrow.bind_channel(five_tuple, CHANNEL, address(peer))
            began = time.monotonic()
            for _ in range(200):
                client.sendto(channel_data(CHANNEL, bytes(1000)), server)
                peer.sendto(bytes(1000), relayed[greedy])
                narrow.poll(0)
            neighbour.sendto(channel_data(CHANNEL, bytes(1000)), server)
            peer.sendto(bytes(1000), relayed[modest])
            until(narrow, lambda: narrow.traffic()[modest].packets == 2)
            until(narrow, lambda: narrow.traffic()[greedy].packets + narrow.dropped["over-bandwidth"] == 400)

            carried = narrow.traffic()[greedy]
            most = self.RATE * (1 + time.monotonic() - began)
            assert self.RATE <= carried.bytes_to_peers <= most
            assert self.RATE <= carried.bytes_to_clients <= most

    def test_an_indication_counts_as_well_and_after_a_while_there_is_room_again(self, narrow):
        with endpoint() as client, endpoint() as peer:
            five_tuple = FiveTuple(address(client), narrow.listen(HOST, 0))
            narrow.open_relay(five_tuple, HOST, (0, 0), False)

            def send() -> bool:
                """Whether one packet passes."""
                before = narrow.traffic()[five_tuple].packets_to_peers
                narrow.send_to_peer(five_tuple, address(peer), bytes(20_000))
                return narrow.traffic()[five_tuple].packets_to_peers > before

            while send():
                continue
            until(narrow, send)

    def test_without_a_bound_there_is_none(self, loop):
        with endpoint() as client, endpoint() as peer:
            five_tuple = FiveTuple(address(client), loop.listen(HOST, 0))
            loop.open_relay(five_tuple, HOST, (0, 0), False)
            for _ in range(1000):
                loop.send_to_peer(five_tuple, address(peer), bytes(50_000))

            assert loop.dropped["over-bandwidth"] == 0


def test_a_peer_that_is_not_there_disturbs_nobody(loop):
    """The kernel has ICMP errors for the relayed socket; what is sent to others from it goes on all the same."""
    with endpoint() as client, endpoint() as peer, endpoint() as gone:
        five_tuple = FiveTuple(address(client), loop.listen(HOST, 0))
        relayed = loop.open_relay(five_tuple, HOST, (0, 0), False)
        loop.permit(five_tuple, HOST, False)
        loop.bind_channel(five_tuple, CHANNEL, address(peer))
        nobody = address(gone)
        gone.close()
        for number in range(20):
            loop.send_to_peer(five_tuple, nobody, b"is anybody there?")
            client.sendto(channel_data(CHANNEL, b"to the peer"), five_tuple.server)
            peer.sendto(b"to the client", relayed)
            until(loop, lambda number=number: loop.traffic()[five_tuple].packets == 3 * (number + 1))

        assert not loop.dropped
