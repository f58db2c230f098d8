"""The relay's sockets: bound where they are wanted, on ports that cannot be guessed, and as the kernel should treat
them."""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
from collections.abc import Iterator
from typing import Any

from media_relay.errors import RelayAddressMissing, RelayPortsExhausted, RelayPortTaken
from media_relay.stun.address import IPV6, TransportAddress

BUFFER = 4 << 20
"""Bytes asked of the kernel for a listening socket: it holds a burst of video while a request is being judged."""
BACKLOG = 1024
"""Connections that may wait for a TCP socket that listens."""
RELAY_BUFFER = 512 << 10
"""Bytes asked of the kernel for a relayed address: the traffic of one peer."""

SYSTEM_CHOICES = 64
"""How often the system is asked for a port; an even one comes every second time."""

_IP_MTU_DISCOVER, _IPV6_MTU_DISCOVER = 10, 23
_FRAGMENT, _FRAGMENT_AS_KNOWN, _WHOLE = 0, 1, 2
# ip(7) and ipv6(7); the socket module has no names for them.

SocketAddress = tuple[Any, ...]
"""As the socket module has it: (host, port), and for IPv6 (host, port, flow, scope)."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket for clients; port 0 lets the system choose. Raises RelayPortTaken, RelayAddressMissing."""
    with _complaining_of(host, port):
        return _bound(host, port, BUFFER)


def listening_stream_socket(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A TCP socket that listens; port 0 lets the system choose. ``shared``: other processes of ours listen there too.

    Raises RelayPortTaken, RelayAddressMissing.
    """
    with _complaining_of(host, port, "TCP"), _opened(host, socket.SOCK_STREAM, shared) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of our predecessor may linger
        sock.bind((host, port))
        sock.listen(BACKLOG)
        return sock


def listening_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """Sockets for clients on one port, over which the kernel spreads them. Raises as ``listening_socket`` does, also
    where another program shares that port in the same way."""
    first = listening_socket(host, port)
    # Only now: bound with it, the first one would be let in beside strangers' sockets, and share their clients.
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return [first, *(_bound(host, first.getsockname()[1], BUFFER, shared=True) for _ in range(count - 1))]


def relayed_socket(host: str, ports: tuple[int, int], *, even: bool = False) -> socket.socket:
    """A socket for peers, on a random port within ``ports``: a guessable one invites injection.

    (0, 0) lets the system choose. Raises RelayPortsExhausted.
    """
    for sock in _each_bound(host, ports, even=even):
        return sock
    raise RelayPortsExhausted(f"no port from {ports[0]} to {ports[1]} of {host} is free")


def relayed_pair(host: str, ports: tuple[int, int]) -> tuple[socket.socket, socket.socket]:
    """Two sockets for peers, on an even port and on the one after it. Raises RelayPortsExhausted."""
    for sock in _each_bound(host, ports, even=True):
        beside = sock.getsockname()[1] + 1
        if ports == (0, 0) or beside <= ports[1]:
            with contextlib.suppress(OSError):  # somebody has it: so another pair
                return sock, _bound(host, beside, RELAY_BUFFER)
        sock.close()
    raise RelayPortsExhausted(f"no pair of ports from {ports[0]} to {ports[1]} of {host} is free")


def send_whole(sock: socket.socket, data: bytes, destination: SocketAddress) -> None:
    """Sends one datagram that nobody on its way may fragment (DF).

    Raises OSError: EMSGSIZE when it is longer than the path is known to take.
    """
    level, option = _mtu_discovery(sock)
    before = sock.getsockopt(level, option)
    sock.setsockopt(level, option, _WHOLE)
    try:
        sock.sendto(data, destination)
    finally:
        sock.setsockopt(level, option, before)


def socket_address(address: TransportAddress) -> SocketAddress:
    """``address`` as ``sendto`` takes it and ``recvfrom`` gives it."""
    return (address.host, address.port, 0, 0) if address.family == IPV6 else (address.host, address.port)


def _each_bound(host: str, ports: tuple[int, int], *, even: bool) -> Iterator[socket.socket]:
    for port in _candidates(*ports, even):
        try:
            sock = _bound(host, port, RELAY_BUFFER)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise RelayPortsExhausted(f"no relayed address on {host}: {error.strerror}") from None
            continue
        if not even or sock.getsockname()[1] % 2 == 0:
            yield sock
        else:
            sock.close()


def _candidates(low: int, high: int, even: bool) -> Iterator[int]:
    if high == 0:
        yield from [0] * SYSTEM_CHOICES
        return
    start = secrets.randbelow(high - low + 1)
    ports = (low + (start + step) % (high - low + 1) for step in range(high - low + 1))
    yield from (port for port in ports if not even or port % 2 == 0)


def _bound(host: str, port: int, buffer: int, *, shared: bool = False) -> socket.socket:
    with _opened(host, socket.SOCK_DGRAM, shared) as sock:
        # RFC 8656 section 15: DF is 0 unless it is asked for. Linux would set it, and a path whose ICMP errors are
        # filtered would then swallow what is too long for it. Of IPv6 only the sender can fragment, as it has learned.
        level, option = _mtu_discovery(sock)
        sock.setsockopt(level, option, _FRAGMENT_AS_KNOWN if sock.family == socket.AF_INET6 else _FRAGMENT)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        sock.bind((host, port))
        return sock


@contextlib.contextmanager
def _opened(host: str, kind: socket.SocketKind, shared: bool) -> Iterator[socket.socket]:
    """One of ``host``'s family that does not block, and stays open unless something fails."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
    try:
        sock.setblocking(False)
        if shared:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        yield sock
    except OSError:
        sock.close()
        raise


@contextlib.contextmanager
def _complaining_of(host: str, port: int, *protocol: str) -> Iterator[None]:
    """What keeps one from listening there, in our words."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise RelayPortTaken(host, port, *protocol) from None
        raise RelayAddressMissing(host, error.strerror or "unknown") from None


def _mtu_discovery(sock: socket.socket) -> tuple[int, int]:
    if sock.family == socket.AF_INET6:
        return socket.IPPROTO_IPV6, _IPV6_MTU_DISCOVER
    return socket.IPPROTO_IP, _IP_MTU_DISCOVER
