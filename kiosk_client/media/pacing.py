"""Real time for synthetic tracks: frame n is due n/rate seconds after the first one."""

from __future__ import annotations

import asyncio

LATE = 0.2
"""Seconds behind at which a track gives up catching up. Below it a stall of the loop is made good by a short run of
frames, which the far end's play-out buffer absorbs; beyond it the run would only fill that buffer with old media."""


class Pace:
    """Numbers frames at `rate` a second, holding the caller back until each is due.

    With `skip` the numbers jump over what a stall has cost (pictures: the clock shown stays right). Without it they
    are consecutive and the time line moves instead (sound: an encoder wants no holes).
    """

    def __init__(self, rate: float, *, skip: bool) -> None:
        self._rate = rate
        self._skip = skip
        self._start: float | None = None
        self._next = 0

    async def frame(self) -> int:
        """Wait for the next frame's time and return its number, from 0."""
        now = asyncio.get_running_loop().time()
        if self._start is None:
            self._start = now
        late = now - self._start - self._next / self._rate
        if late < 0:
            await asyncio.sleep(-late)
        elif late > LATE and self._skip:
            self._next = int((now - self._start) * self._rate)
        elif late > LATE:
            self._start += late
        number = self._next
        self._next += 1
        return number
