"""What a worker of a relay shares with the others: the port that they listen on, which relayed addresses are live, and
who holds how many allocations and streams.

Nothing else is shared. A client stays with the worker to which the kernel brought it first, by UDP as well as by a
stream, so that between a packet and its copy no process waits for another.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence

from media_relay.common_shares import CommonShares
from media_relay.common_sockets import CommonSockets
from media_relay.directory import RelayDirectory
from media_relay.live_ports import LivePorts
from media_relay.worker_lock import WorkerLock


class Siblings:
    """The others, seen by the worker whose ``directory`` it is. ``hosts``: the listening addresses, in the same order
    for all ``workers``; ``key``: of ``SketchedShares``. Waits for the worker of the same number, if it lives, to end.
    """

    def __init__(self, directory: RelayDirectory, hosts: Sequence[str], workers: int, key: bytes) -> None:
        self._directory = directory
        self._lock = WorkerLock(directory)
        self.live = LivePorts(directory, hosts)
        self.shares = CommonShares(directory, workers, key)
        self.look_round()
        others = [directory.of_worker(number).sockets for number in range(1, workers + 1) if number != directory.worker]
        self._sockets = CommonSockets(hosts, directory.worker, workers, others)

    def listening(self, host: str, port: int) -> socket.socket:
        """See ``CommonSockets.listening``."""
        return self._sockets.listening(host, port)

    def offer(self) -> int:
        """See ``CommonSockets.offer``."""
        return self._sockets.offer(self._directory.sockets)

    def hand_over(self) -> None:
        """See ``CommonSockets.hand_over``."""
        self._sockets.hand_over()

    def look_round(self) -> None:
        """Forgets what those had who have died. To be called every few seconds."""
        for number in self._lock.the_dead():
            self.live.forget(number)
            self.shares.forget(number)
        self.live.mark_again()

    def close(self) -> None:
        """Lets go of what is shared."""
        self._sockets.close()
        self.live.close()
        self.shares.close()
        self._lock.close()
