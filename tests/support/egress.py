"""Watches that no test talks to anything outside this machine.

Python tells its audit hooks of every connect, sendto and name lookup before it happens, also of those made by
libraries, such as the question that aiortc would put to a public STUN server if it were ever left its default.
What goes to loopback or to an address of this machine stays on it; anything else is noted, and the test in which
it happened fails. (It sees this process, not its children; they are given loopback addresses only.)
"""

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

WATCHED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}


class Egress:
    """One watch over this process. An audit hook cannot be taken off again, so there is one for the whole run."""

    def __init__(self) -> None:
        """Start watching; from here on `left` fills with what tried to leave the machine."""
        self.left: list[str] = []
        self._own = {address.address.split("%")[0] for each in psutil.net_if_addrs().values() for address in each}
        sys.addaudithook(self._hear)

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Raises AssertionError when the block let anything out."""
        self.left.clear()
        yield
        assert not self.left, f"this test talked to the outside: {', '.join(self.left)}"

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in WATCHED:
            return
        host = host_of(event, arguments)
        if host is not None and not self.stays_here(host):
            self.left.append(f"{event} {host}")

    def stays_here(self, host: str) -> bool:
        """Whether what is sent to `host` never leaves this machine."""
        if host in {"", "localhost"} or host in self._own:
            return True
        try:
            address = ipaddress.ip_address(host.split("%")[0])
        except ValueError:
            return False
        return address.is_loopback or address.is_unspecified


def host_of(event: str, arguments: tuple[object, ...]) -> str | None:
    """The host that an audit event is about; None for a socket file, or one that has an address already."""
    where = arguments[0] if event in {"socket.getaddrinfo", "socket.gethostbyname"} else arguments[1]
    if isinstance(where, tuple):
        where = where[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        return None
    if isinstance(where, bytes):
        where = where.decode("ascii", "replace")
    return where if isinstance(where, str) else None
