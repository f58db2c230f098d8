"""Which workers of a relay live: each holds a lock on a file of its own, which the kernel lets go when it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from media_relay.directory import RelayDirectory


class WorkerLock:
    """That of the worker whose ``directory`` it is. Waits for the worker of the same number, if it lives, to end."""

    def __init__(self, directory: RelayDirectory) -> None:
        self._directory = directory
        self._held = os.open(directory.alive, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._held, fcntl.LOCK_EX)

    def the_dead(self) -> Iterator[int]:
        """The numbers of the workers that have died; nobody takes the place of one before the next is asked for.

        Whose lock cannot be looked at is taken to live: no more files, or a disk that failed, must not end our calls.
        """
        with contextlib.suppress(OSError):
            for sibling in self._directory.of_all():
                if sibling.worker != self._directory.worker:
                    with _held_if_free(sibling.alive) as dead:
                        if dead:
                            yield sibling.worker

    def close(self) -> None:
        """Lets go of it: this worker has nothing any more that others should mind."""
        os.close(self._held)


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
