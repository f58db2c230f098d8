"""The one timer of what is sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Timer:
    """Calls `ring` when `deadline` has come, which is asked for at each `look`. In the running event loop."""

    def __init__(
        self, deadline: Callable[[], float | None], ring: Callable[[], None], clock: Callable[[], float]
    ) -> None:
        self._deadline = deadline
        self._ring = ring
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None

    def look(self) -> None:
        """Something has changed."""
        if self._timer is not None:
            self._timer.cancel()
        at = self._deadline()
        wait = None if at is None else max(0.0, at - self._clock())
        self._timer = None if wait is None else asyncio.get_running_loop().call_later(wait, self._rang)

    def _rang(self) -> None:
        self._ring()
        self.look()
