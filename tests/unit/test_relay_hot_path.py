"""What stands between one packet and the next: how many a socket's turn is, and what interrupts their passing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from pydantic import SecretStr

from media_relay.config import RelayConfig
from media_relay.data_plane import Arrival, Gone
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


class SignalledLoop(PacketLoop):
    """A packet loop with nothing for the core, and a signal in the first time that it waits."""

    polls = 0
    signal: Callable[[], None]

    def poll(self, timeout: float) -> list[Arrival | Gone]:
        """Comes back at once."""
        self.polls += 1
        if self.polls == 1:
            self.signal()
        return []


def test_a_signal_is_obeyed_before_the_next_packet() -> None:
    with closing(SignalledLoop()) as plane:
        relay = UdpRelay(RelayConfig(secrets=(SecretStr("a secret that is long enough"),)), plane, ())
        plane.signal = lambda: relay.drain(0)
        relay.run(lambda _: None)
        assert plane.polls == 1


def test_who_asks_for_a_look_gets_it_before_the_next_packet() -> None:
    with closing(SignalledLoop()) as plane:
        relay = UdpRelay(RelayConfig(secrets=(SecretStr("a secret that is long enough"),)), plane, ())
        plane.signal = relay.look_now
        looked_after: list[int] = []

        def look(_: UdpRelay) -> None:
            looked_after.append(plane.polls)
            if plane.polls:
                relay.drain(0)

        relay.run(look)
        assert looked_after == [0, 1]
