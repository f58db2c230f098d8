"""Which relayed addresses are live, known to all worker processes of a relay: both ends of a call may be relayed, by
different workers.

A file mapped into the memory of each: a byte a port of each listening address, with the number of the worker that has
the port, or 0. A worker writes its own number alone, and looks up in the time of an index. What a dead one left is
believed no longer than until the others have looked round (``media_relay.worker_lock``).
"""

from __future__ import annotations

from collections.abc import Sequence

from media_relay.directory import RelayDirectory
from media_relay.mapped_file import mapped
from media_relay.sockets import SocketAddress

PORTS = 1 << 16


class LivePorts:
    """The marks of all workers, seen by the one whose ``directory`` it is, which holds its lock. ``hosts``: the
    listening addresses, the same in the same order for all of them. Raises OSError: the disk has no room for them."""

    def __init__(self, directory: RelayDirectory, hosts: Sequence[str]) -> None:
        self._number = directory.worker
        self._base = {host: index * PORTS for index, host in enumerate(hosts)}
        self._own: set[SocketAddress] = set()
        self._marks = mapped(directory.live_ports, len(hosts) * PORTS)
        self.forget(self._number)

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

    def forget(self, number: int) -> None:
        """Takes away the marks of a worker that is dead."""
        mark = bytes([number])
        place = self._marks.find(mark)
        while place >= 0:
            self._marks[place] = 0
            place = self._marks.find(mark, place + 1)

    def mark_again(self) -> None:
        """To be called when the dead are forgotten: in the same instant this worker may have been given the port of one
        of them, and lost its mark to the forgetting."""
        for address in self._own:
            self._mark(address)

    def close(self) -> None:
        """Takes away this worker's marks."""
        for address in list(self._own):
            self.discard(address)
        self._marks.close()

    def _mark(self, address: SocketAddress) -> None:
        self._marks[self._base[address[0]] + address[1]] = self._number
