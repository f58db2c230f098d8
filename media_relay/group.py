"""A relay of one or several worker processes, as its server sees it: one thing to adopt, keep alive and stop.

Each worker is a ``RelayProcess`` with files of its own; all serve the same port (``media_relay.siblings``). One that
has died is replaced by itself, and the others' calls do not notice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from media_relay.child import RelayProcess, adopt_or_start, end_what_runs, locked, prepared
from media_relay.config import RelayConfig
from media_relay.directory import RelayDirectory, RelayState


class RelayGroup:
    """All workers of a relay, the first one first."""

    def __init__(self, workers: Sequence[RelayProcess]) -> None:
        self.workers = tuple(workers)

    @property
    def directory(self) -> RelayDirectory:
        """Where its files are."""
        return self.workers[0].directory

    @property
    def pids(self) -> tuple[int, ...]:
        """Its processes."""
        return tuple(worker.pid for worker in self.workers)

    @property
    def alive(self) -> bool:
        """Whether a process of it is there."""
        return any(worker.alive for worker in self.workers)

    @property
    def adopted(self) -> bool:
        """Whether all of it was found running."""
        return all(worker.adopted for worker in self.workers)

    @property
    def listening(self) -> tuple[tuple[str, int], ...]:
        """(host, port) of each address on which it serves by UDP, in the order of the configuration."""
        return self.workers[0].listening

    @property
    def streams(self) -> tuple[tuple[str, str, int], ...]:
        """(kind, host, port) of each address on which it serves by a stream; the kind is "tcp" or "tls"."""
        return self.workers[0].streams

    async def healthy(self) -> bool:
        """Whether every worker is."""
        return all(await asyncio.gather(*(worker.healthy() for worker in self.workers)))

    async def keep_alive(self) -> None:
        """Renews the lease, and replaces each worker that has died. Ends by ``stop`` or cancellation."""
        await asyncio.gather(*(worker.keep_alive() for worker in self.workers))

    async def stop(self) -> None:
        """Ends all of it: lets its allocations end for ``RelayConfig.drain`` seconds. Idempotent."""
        await asyncio.gather(*(worker.stop() for worker in self.workers))


async def adopt_or_start_all(config: RelayConfig, directory: Path) -> RelayGroup:
    """The relay that serves ``config`` from ``directory``: the workers that run and answer, and new ones for the rest.

    What runs there of another configuration is ended first, for it would share the port or have it alone. Raises
    RelayConfigError, RelayPortTaken, RelayStartFailed; then what it has begun is ended again.
    """
    files = prepared(directory)
    async with locked(files.lock):
        await asyncio.gather(*(end_what_runs(other) for other in files.of_all() if not _may_stay(config, other)))
    workers: list[RelayProcess] = []
    try:
        for number in range(1, config.workers + 1):
            workers.append(await adopt_or_start(config, directory, number))
            config = workers[0].on_its_ports()
    except BaseException:
        await RelayGroup([worker for worker in workers if not worker.adopted]).stop()
        raise
    return RelayGroup(workers)


def _may_stay(config: RelayConfig, files: RelayDirectory) -> bool:
    state = RelayState.read(files.state)
    return state is None or (
        files.worker <= config.workers and state.digest == config.digest() and state.is_on(config.port, config.tls_port)
    )
