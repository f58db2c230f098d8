"""Whether the picture stands still, as the W3C's "Identifiers for WebRTC's Statistics API" reckons it (freezeCount)."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

AVERAGED = 30
"""Pictures over which the usual pause between two is averaged."""

LONGER_BY = 0.150
"""Seconds beyond the usual pause: a freeze is a pause longer than three usual ones and longer by this."""


class Freezes:
    """Told of each picture that is shown. Times are seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self.count = 0
        """`freezeCount`."""
        self.total = 0.0
        """`totalFreezesDuration`: seconds, the whole pause of each."""
        self._shown: deque[float] = deque(maxlen=AVERAGED + 1)

    def shown(self, now: float) -> None:
        """A picture is shown."""
        if len(self._shown) > 1:
            pauses = [later - earlier for earlier, later in pairwise(self._shown)]
            usual = sum(pauses) / len(pauses)
            pause = now - self._shown[-1]
            if pause >= max(3 * usual, usual + LONGER_BY):
                self.count += 1
                self.total += pause
        self._shown.append(now)
