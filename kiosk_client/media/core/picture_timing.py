"""When a whole frame is shown: soon, but evenly, though frames come unevenly. A pure part of `picture_reception`.

Each frame is due at its own time (RTP timestamp) plus the shortest way that a frame has had lately plus a wait. The
wait follows the 97th percentile of how much later than that frames become whole, by Robbins and Monro's stochastic
approximation (1951) with steps of one size: up at once, down slowly. Jitter is smoothed so, and retransmissions
where they are frequent.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_client.media.core.sequence import unwrap

CLOCK_RATE = 90_000
"""Ticks of an RTP timestamp in a second (RFC 7741, section 4.1)."""

PERCENTILE = 0.97
STEP = 0.020
"""Seconds: 19 ms up for a frame that was late, 1 ms down for one that was not."""

LONGEST_WAIT = 0.500
"""Seconds at most, on the worst of lines. The sound does not wait for the picture: lips would be seen long after."""

WINDOW = 5.0
"""Seconds for which the shortest way is remembered at least, and twice that at most: clocks drift, and ways change."""

BELIEVABLE = 2.0
"""Seconds by which a frame may be off from those before. Beyond that its clock was set anew."""


@dataclass(slots=True)
class _Shortest:
    since: float
    before: float = float("inf")
    now: float = float("inf")


class PictureTiming:
    """Of one stream. Times are seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self.wait = 0.0
        """Seconds by which frames wait that had the shortest way."""
        self.longest_wait = 0.2
        """Seconds: a picture that comes even later stutters. See `bear`."""
        self.least_wait = 0.0
        """Seconds that they wait in any case, to be in step with the sound; within `longest_wait`."""
        self._timestamp: int | None = None
        self._shortest = _Shortest(since=float("-inf"))
        self._last_due = float("-inf")

    def bear(self, round_trip: float) -> None:
        """Wait for as long as four retransmissions take, if it must be: a packet in a hundred where a fifth is lost and
        a third of the asks and answers with it. On better lines fewer are waited for."""
        self.longest_wait = min(0.1 + 4 * round_trip, LONGEST_WAIT)

    def due(self, timestamp: int, now: float) -> float:
        """When to show a frame that is whole `now`: from now on, never before those before it. `timestamp`: 32 bits."""
        is_first = self._timestamp is None
        self._timestamp = timestamp if self._timestamp is None else unwrap(timestamp, self._timestamp, 32)
        way = now - self._timestamp / CLOCK_RATE  # off by what the two clocks differ
        late = way - self._base(way, now)
        self.wait += STEP * (PERCENTILE if late > self.wait else PERCENTILE - 1)
        self.wait = min(max(self.wait, 0.0), self.longest_wait)
        waits = min(max(self.wait, self.least_wait), self.longest_wait) - late
        # Before the first there was no picture at all: nobody sees it out of step.
        self._last_due = now if is_first else max(self._last_due, now + max(waits, 0.0))
        return self._last_due

    def _base(self, way: float, now: float) -> float:
        shortest = self._shortest
        if abs(way - min(shortest.before, shortest.now)) > BELIEVABLE:
            self._shortest = shortest = _Shortest(since=now)
        elif now - shortest.since > WINDOW:
            self._shortest = shortest = _Shortest(since=now, before=shortest.now)
        shortest.now = min(shortest.now, way)
        return min(shortest.before, shortest.now)
