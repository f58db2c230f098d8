"""What stands between one packet and the next: how many a socket's turn is, and what ends their passing."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest
from pydantic import SecretStr

from media_relay.config import RelayConfig
from media_relay.data_plane import Arrival
from media_relay.packet_loop import PacketLoop
from media_relay.relaying import BATCH, STEADY, Turn
from media_relay.udp import UdpRelay


class Queue:
    """A socket that holds so many packets, and counts how often it was asked in vain."""

    def __init__(self) -> None:
        self.turn = Turn()
        self.holds = 0
        self.in_vain = 0

    def come(self, packets: int) -> int:
        """So many have come; what is taken of all in one turn."""
        self.holds += packets
        before = self.holds
        for taken in self.turn.packets():
            if not self.holds:
                self.in_vain += 1
                self.turn.ended_after(taken)
                break
            self.holds -= 1
        return before - self.holds


def test_where_packets_come_one_at_a_time_the_socket_is_seldom_found_empty() -> None:
    queue = Queue()
    for _ in range(100):
        assert queue.come(1) == 1
    assert queue.in_vain <= 100 // STEADY


def test_a_socket_that_never_ends_has_longer_turns_and_none_beyond_the_bound() -> None:
    queue = Queue()
    taken = [queue.come(1000) for _ in range(10 * (STEADY + 1))]
    assert taken[0] == 1
    assert taken == sorted(taken)
    assert taken[-1] == BATCH


def test_a_turn_is_as_long_as_the_last_queue_was() -> None:
    queue = Queue()
    while queue.come(1000) < BATCH:
        pass
    queue.holds = 0
    assert queue.come(7) == 7
    assert queue.turn.packets() == range(7)


def test_what_is_left_over_is_taken_in_the_next_turns() -> None:
    queue = Queue()
    assert queue.come(10) == 1
    assert sum(queue.come(0) for _ in range(2 * (STEADY + 1))) == 9
    assert queue.holds == 0


def test_an_empty_socket_is_asked_again_next_time() -> None:
    queue = Queue()
    assert queue.come(0) == 0
    assert queue.come(1) == 1


def test_a_loop_that_is_woken_comes_back_and_has_read_what_woke_it() -> None:
    reader, writer = socket.socketpair()
    with closing(PacketLoop()) as plane, reader, writer:
        reader.setblocking(False)
        plane.wake_on(reader.fileno())
        writer.send(b"ab")
        assert plane.poll(3600) == []
        with pytest.raises(BlockingIOError):
            reader.recv(1)
        assert plane.poll(0) == []


def test_a_signal_is_obeyed_although_there_is_nothing_for_the_core() -> None:
    reader, writer = socket.socketpair()
    with closing(PacketLoop()) as plane, reader, writer:
        reader.setblocking(False)
        plane.wake_on(reader.fileno())
        relay = UdpRelay(RelayConfig(secrets=(SecretStr("a secret that is long enough"),)), plane, ())
        looks = 0

        def look(_: UdpRelay) -> None:
            nonlocal looks
            looks += 1
            writer.send(b"a")  # as Python does for a signal; what follows is its handler's
            relay.look_now() if looks < 100 else relay.drain(0)

        relay.run(look)
        assert looks == 100


def test_packets_pass_until_there_is_something_for_the_core() -> None:
    with closing(PacketLoop()) as plane, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        listening = plane.listen("127.0.0.1", 0)
        client.connect((listening.host, listening.port))
        client.send(b"\x40\x00\x00\x00")  # of a channel that nobody has
        threading.Timer(0.2, client.send, (b"\x00" * 20,)).start()
        arrivals = plane.poll(3600)
        assert [arrival.data for arrival in arrivals if isinstance(arrival, Arrival)] == [bytes(20)]
        assert plane.dropped["no-allocation"] == 1
