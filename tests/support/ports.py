"""Free ports on loopback, for the servers that tests start.

Between our letting go of a port and the server's taking it another program may come first; the operating system hands
out such ports at random from thousands, so that this is rare. Where a server can choose its port itself (0), let it.
"""

import contextlib
import socket


def free_tcp_port(host: str = "127.0.0.1") -> int:
    """A TCP port on `host` that nobody listens on."""
    return _free_port(socket.SOCK_STREAM, host)


def free_udp_port(host: str = "127.0.0.1") -> int:
    """A UDP port on `host` that nobody is bound to."""
    return _free_port(socket.SOCK_DGRAM, host)


def free_port_of_both(host: str = "127.0.0.1") -> int:
    """A port on `host` that is free by UDP and by TCP: any connection, even one just closed, may have the latter."""
    while True:
        port = free_udp_port(host)
        with socket.socket(_family(host), socket.SOCK_STREAM) as stream, contextlib.suppress(OSError):
            stream.bind((host, port))
            return port


def _free_port(kind: socket.SocketKind, host: str) -> int:
    with socket.socket(_family(host), kind) as taken:
        taken.bind((host, 0))
        port: int = taken.getsockname()[1]
    return port


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
