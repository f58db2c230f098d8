"""The time to the other end and back, by feedback: smoothed, and the shortest of late.

Feedback waits to be sent together, so that most of what is measured is up to a tenth of a second too long. The shortest
is the way itself: who was asked for something that is lost again cannot have been asked sooner.
"""

from __future__ import annotations

from collections import deque

AT_FIRST = 0.1
"""Seconds, until something was measured."""

LEAST = 0.001
"""Seconds that a measured one counts at least."""

OF_LATE = 10.0
"""Seconds for which a measured one may be the shortest: a way that became longer is believed then."""


class RoundTrip:
    """`smoothed`: seconds. Times: seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self.smoothed = AT_FIRST
        # Each is shorter than those after it, so that the first is the shortest: who came before a shorter is left out.
        self._shorter: deque[tuple[float, float]] = deque()

    @property
    def shortest(self) -> float:
        """Seconds, of late."""
        return self._shorter[0][1] if self._shorter else AT_FIRST

    @property
    def is_measured(self) -> bool:
        """Whether it is not the one that is assumed at first."""
        return bool(self._shorter)

    def take(self, measured: float, now: float) -> None:
        """One has been measured, in seconds."""
        measured = max(measured, LEAST)
        self.smoothed += (measured - self.smoothed) / 8
        while self._shorter and self._shorter[-1][1] >= measured:
            self._shorter.pop()
        self._shorter.append((now, measured))
        while self._shorter[0][0] < now - OF_LATE:
            self._shorter.popleft()
