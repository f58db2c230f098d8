"""The listening sockets of a relay of several worker processes: one each on the same address and port, held by all.

The kernel spreads clients over the sockets that are bound with SO_REUSEPORT by a hash of both addresses, and over fewer
when one is closed: then most clients would come to another worker than the one that has their allocation. So no socket
is closed while any worker lives. The first worker binds them all; each of the others, also one that takes a dead one's
place, is handed them by whichever lives (SCM_RIGHTS), and reads from its own.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from media_relay.directory import MOST_WORKERS
from media_relay.errors import RelayPortTaken
from media_relay.sockets import listening_sockets

PATIENCE = 1.0
"""Seconds that a sibling may take to hand over its sockets before the next one is asked: it does so at once, unless it
is stuck."""
_LONGEST_HOST = 64
"""Bytes of an IPv6 address as text, and more: a record is a host, with its sockets beside it."""

Held = dict[str, list[socket.socket]]
"""The sockets of each host, in the order of the workers."""


class CommonSockets:
    """The sockets on ``hosts`` of all ``workers``, seen by worker ``number`` (from 1). ``siblings``: where the others
    offer theirs."""

    def __init__(self, hosts: Sequence[str], number: int, workers: int, siblings: Iterable[Path]) -> None:
        self._hosts = frozenset(hosts)
        self._number = number
        self._workers = workers
        self._held: Held = {}
        for path in siblings:
            held = _handed_over_at(path)
            if held.keys() == self._hosts and {len(socks) for socks in held.values()} == {workers}:
                self._held = held
                break
            _close(held)
        self._joined = bool(self._held)
        self._offering: socket.socket | None = None

    def listening(self, host: str, port: int) -> socket.socket:
        """This worker's socket on ``host``, for the caller to close; port 0 lets the system choose, or those who came
        first. Raises RelayPortTaken, RelayAddressMissing."""
        if not self._joined:
            for sock in self._held.pop(host, []):  # of an attempt before: the same port was not free on each address
                sock.close()
            self._held[host] = listening_sockets(host, port, self._workers)
        own = self._held[host][self._number - 1]
        if port not in (0, own.getsockname()[1]):
            raise RelayPortTaken(host, port)
        return own.dup()

    def offer(self, path: Path) -> int:
        """Offers all sockets at ``path`` to siblings, once every host is listened on. The descriptor that is given
        becomes readable when one has come: then ``hand_over`` is to be called."""
        path.unlink(missing_ok=True)
        self._offering = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._offering.setblocking(False)
        with _short(path) as name:
            self._offering.bind(name)
        path.chmod(0o600)
        self._offering.listen()
        return self._offering.fileno()

    def hand_over(self) -> None:
        """Gives all sockets to the sibling that has come, if it is still there."""
        assert self._offering is not None
        # Whoever can come is of our own user, by the rights of path and folder.
        with contextlib.suppress(OSError):
            sibling, _ = self._offering.accept()
            with sibling:
                for host, socks in self._held.items():
                    socket.send_fds(sibling, [host.encode()], [sock.fileno() for sock in socks], socket.MSG_DONTWAIT)

    def close(self) -> None:
        """Lets go of the sockets; siblings keep theirs."""
        _close(self._held)
        if self._offering is not None:
            self._offering.close()


def _handed_over_at(path: Path) -> Held:
    held: Held = {}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
        asking.settimeout(PATIENCE)
        with contextlib.suppress(OSError):  # nobody is there, or nobody at work: what is missing will be missed
            with _short(path) as name:
                asking.connect(name)
            while True:
                host, descriptors, _, _ = socket.recv_fds(asking, _LONGEST_HOST, MOST_WORKERS)
                if not host:
                    break
                held[host.decode()] = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    for sock in (sock for socks in held.values() for sock in socks):
        sock.setblocking(False)
    return held


def _close(held: Held) -> None:
    for sock in (sock for socks in held.values() for sock in socks):
        sock.close()
    held.clear()


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name of ``path`` for a Unix socket, which may have 107 bytes; folders often are longer."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
