"""What the kernel throws away before the relay could read it is counted, of our own sockets alone."""

from __future__ import annotations

import contextlib
import socket

from media_relay.core.effects import FiveTuple
from media_relay.kernel import receive_drops
from media_relay.packet_loop import PacketLoop
from media_relay.sockets import BUFFER, RELAY_BUFFER
from media_relay.stun.address import TransportAddress


def test_datagrams_that_find_the_buffer_full_are_counted_at_their_socket_alone():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as full, socket.socket(type=socket.SOCK_DGRAM) as idle:
        for sock in (full, idle):
            sock.bind(("127.0.0.1", 0))
        full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(50):
            idle.sendto(bytes(1000), full.getsockname())
        full.setblocking(False)
        read = 0
        with contextlib.suppress(BlockingIOError):
            while full.recv(2000):
                read += 1

        assert 0 < read < 50
        assert receive_drops(full) == 50 - read
        assert receive_drops(idle) == 0


def test_the_data_plane_keeps_the_count_of_what_it_has_closed():
    plane = PacketLoop()
    with contextlib.closing(plane), socket.socket(type=socket.SOCK_DGRAM) as peer:
        listening = plane.listen("127.0.0.1", 0)
        five_tuple = FiveTuple(TransportAddress("127.0.0.1", 9), listening)
        relayed = plane.open_relay(five_tuple, "127.0.0.1", (0, 0), False)
        assert plane.overflowed() == 0
        for _ in range(4 * RELAY_BUFFER // 1000):
            peer.sendto(bytes(1000), relayed)
        plane.close_relay(five_tuple)
        overflowed = plane.overflowed()
        assert overflowed > 0, "of what is closed it is known"

        for _ in range(4 * BUFFER // 1000):
            peer.sendto(bytes(1000), listening)
        assert plane.overflowed() > overflowed, "of who listens it is known at once"
