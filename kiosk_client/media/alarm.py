"""The one timer that the shell of a core keeps (ADR 2), in the running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Alarm:
    """Calls `ring` once the moment that was set last has come. `clock`: seconds that never run back."""

    def __init__(self, ring: Callable[[], None], clock: Callable[[], float]) -> None:
        self._ring = ring
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._at: float | None = None

    def set(self, at: float | None) -> None:
        """Ring at `at`, in the clock's seconds, and at no other moment; None: not at all."""
        if at == self._at:
            return
        self._at = at
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if at is None else self._loop.call_later(max(0.0, at - self._clock()), self._rang)

    def _rang(self) -> None:
        self._at = self._timer = None
        self._ring()
