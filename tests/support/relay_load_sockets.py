"""Sockets of the load of `make bench-relay`: one speaks for many addresses, and says which one with every packet."""

from __future__ import annotations

import socket
import struct
import sys
import time

CLIENTS, PEERS = "10.78", "10.79"
"""The first half of their addresses. Every client and every peer has one of its own."""
CHANNEL = 0x4000
"""Of every client, for its one peer."""
LASTING = 1800
"""Seconds for which credentials are made: longer than a bench."""

_BUFFER = 8 << 20
_SO_RCVBUFFORCE, _IP_PKTINFO = 33, 8
"""Linux's numbers, which Python 3.11 does not name."""
_PACKET_INFO = struct.Struct("=i4s4s")


def socket_of_many() -> socket.socket:
    """A UDP socket bound to every address, with a large buffer."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    except PermissionError:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    made.bind(("0.0.0.0", 0))
    return made


def address(half: str, number: int) -> str:
    """The address of a client or a peer."""
    return f"{half}.{1 + (number >> 8)}.{number & 255}"


def sent_from(source: str) -> list[tuple[int, int, bytes]]:
    """What ``sendmsg`` is told so that a packet comes from this address (ip(7), IP_PKTINFO)."""
    return [(socket.IPPROTO_IP, _IP_PKTINFO, _PACKET_INFO.pack(0, socket.inet_aton(source), bytes(4)))]


def in_network_order(host: str) -> int:
    """An address as C keeps it."""
    return int.from_bytes(socket.inet_aton(host), sys.byteorder)


def processor_time(pid: int) -> float:
    """Seconds of processor that a process has had, all threads together, to the nanosecond (clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)
