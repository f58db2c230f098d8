"""epoll with a function for each file descriptor: what the data plane and its streams wait on together."""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Callable, Iterable
from operator import itemgetter

_DESCRIPTOR = itemgetter(0)


class Poller:
    """Everything happens inside ``poll``, in the thread that calls it."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._ready: dict[int, Callable[[], None]] = {}
        self._again: set[int] = set()
        self._woken = False

    def watch(self, fd: int, ready: Callable[[], None]) -> None:
        """Calls ``ready`` when ``fd`` can be read, or is broken, as long as it is so."""
        self._ready[fd] = ready
        self._epoll.register(fd, select.EPOLLIN)

    def watch_writing(self, fd: int, wanted: bool) -> None:
        """Calls it also when ``fd`` can be written to, from now on or, by False, no more."""
        self._epoll.modify(fd, select.EPOLLIN | (select.EPOLLOUT if wanted else 0))

    def unwatch(self, fd: int) -> None:
        """Before ``fd`` is closed."""
        self._epoll.unregister(fd)
        del self._ready[fd]
        self._again.discard(fd)

    def again(self, fd: int) -> None:
        """Calls it in the next ``poll`` as well, which then waits for nothing: what is left to do is not in the kernel,
        and all others have their turn before."""
        self._again.add(fd)

    def wake_on(self, fd: int) -> None:
        """Lets ``poll`` return True when ``fd`` can be read; it is read empty."""
        self.watch(fd, lambda: self._wake(fd))

    def poll(self, timeout: float) -> bool:
        """Waits at most ``timeout`` seconds, and calls for what is ready; whether it was woken by ``wake_on``."""
        find = self._ready.get
        at_once = timeout <= 0 or bool(self._again)
        found: Iterable[int] = map(_DESCRIPTOR, self._epoll.poll(0 if at_once else timeout))
        if self._again:
            found, self._again = self._again.union(found), set()
        for fd in found:
            ready = find(fd)
            if ready is not None:  # or one that was ready before it has closed it
                ready()
        woken, self._woken = self._woken, False
        return woken

    def close(self) -> None:
        """Watches nothing any more."""
        self._epoll.close()

    def _wake(self, fd: int) -> None:
        self._woken = True
        _read_empty(fd)


def _read_empty(fd: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(fd, 512):
            pass
