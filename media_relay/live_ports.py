"""Which relayed addresses are live, known to all worker processes of a relay: both ends of a call may be relayed, by
different workers.

A file mapped into the memory of each: a byte a port of each listening address, with the number of the worker that has
the port, or 0. A worker writes its own number alone, and looks up in the time of an index. What a dead one left is
believed no longer than until the others have looked round: each holds a lock as long as it lives, which the kernel lets
go for it.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from media_relay.directory import RelayDirectory
from media_relay.sockets import SocketAddress

PORTS = 1 << 16


class LivePorts:
    """The marks of all workers, seen by the one whose ``directory`` it is. ``hosts``: the listening addresses, the same
    in the same order for all of them. Waits for the worker of the same number, if it lives, to end."""

    def __init__(self, directory: RelayDirectory, hosts: Sequence[str]) -> None:
        self._directory = directory
        self._number = directory.worker
        self._base = {host: index * PORTS for index, host in enumerate(hosts)}
        self._own: set[SocketAddress] = set()
        self._alive = os.open(directory.alive, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._alive, fcntl.LOCK_EX)
        file = os.open(directory.live_ports, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Never shrunk: who has mapped what is cut off would be killed by looking at it; and who marks where the
            # disk, full by then, has no room for it, likewise. So all of it is there from the beginning.
            size = os.fstat(file).st_size
            if size < len(hosts) * PORTS:
                os.posix_fallocate(file, size, len(hosts) * PORTS - size)
            self._marks = mmap.mmap(file, len(hosts) * PORTS)
        finally:
            os.close(file)
        self._clear(self._number)
        self.look_round()

    def __contains__(self, address: SocketAddress) -> bool:
        base = self._base.get(address[0])
        return base is not None and self._marks[base + address[1]] != 0

    def add(self, address: SocketAddress) -> None:
        """Marks a relayed address of this worker; its host is a listening address."""
        self._own.add(address)
        self._mark(address)

    def discard(self, address: SocketAddress) -> None:
        """Takes the mark away, if there is one."""
        if address in self._own:
            self._own.remove(address)
            self._marks[self._base[address[0]] + address[1]] = 0

    def others_have_any(self) -> bool:
        """Whether another worker has a live relayed address."""
        return len(self._marks) - self._marks[:].count(0) > len(self._own)

    def look_round(self) -> None:
        """Takes away the marks of those who have died. To be called every few seconds."""
        # Whose lock cannot be looked at is taken to live: no more files, or a disk that failed, must not end our calls.
        with contextlib.suppress(OSError):
            for sibling in self._directory.of_all():
                if sibling.worker != self._number:
                    with _held_if_free(sibling.alive) as dead:
                        if dead:
                            self._clear(sibling.worker)
        # In the same instant one of us may have been given the port of a dead one, and lost its mark to the clearing.
        for address in self._own:
            self._mark(address)

    def close(self) -> None:
        """Takes away this worker's marks."""
        for address in list(self._own):
            self.discard(address)
        self._marks.close()
        os.close(self._alive)

    def _mark(self, address: SocketAddress) -> None:
        self._marks[self._base[address[0]] + address[1]] = self._number

    def _clear(self, number: int) -> None:
        mark = bytes([number])
        place = self._marks.find(mark)
        while place >= 0:
            self._marks[place] = 0
            place = self._marks.find(mark, place + 1)


@contextlib.contextmanager
def _held_if_free(lock: Path) -> Iterator[bool]:
    """Holds the lock of a worker that is dead; whether it is."""
    file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(file)
