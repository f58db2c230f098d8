"""Who holds how many allocations and streams at each worker of a relay, seen by all of them: quotas are of the relay
and not of a worker.

A mapped file with a table for each worker (``media_relay.core.shares``), which it alone writes.
"""

from __future__ import annotations

from array import array

from media_relay.core.shares import CELLS, SketchedShares
from media_relay.directory import RelayDirectory
from media_relay.mapped_file import mapped

SIZE = CELLS * array("I").itemsize
"""Bytes of a table: 1 MiB."""


class CommonShares(SketchedShares):
    """The ``Shares`` of the worker whose ``directory`` it is, which holds its lock; of ``workers`` in all. ``key``: see
    ``SketchedShares``. Raises OSError: the disk has no room for them."""

    def __init__(self, directory: RelayDirectory, workers: int, key: bytes) -> None:
        self._number = directory.worker
        self._file = mapped(directory.shares, workers * SIZE)
        self._whole = memoryview(self._file)
        self._tables = [self._whole[start : start + SIZE].cast("I") for start in range(0, len(self._file), SIZE)]
        own = self._tables[self._number - 1]
        super().__init__(own, [table for table in self._tables if table is not own], key)
        self.forget(self._number)

    def forget(self, number: int) -> None:
        """Nobody has anything at that worker, which is dead."""
        start, nothing = (number - 1) * SIZE, bytes(SIZE)
        if number <= len(self._tables) and self._file[start : start + SIZE] != nothing:
            self._file[start : start + SIZE] = nothing

    def close(self) -> None:
        """Takes back what this worker has noted."""
        self.forget(self._number)
        for table in self._tables:
            table.release()
        self._whole.release()
        self._file.close()
