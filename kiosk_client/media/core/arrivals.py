"""When the packets of a transport arrived, all its streams together, told to who sent them (`transport_feedback`).

The sender estimates from it what the path bears. A pure core of its own shape: packets in, feedback out by a timer.
"""

from __future__ import annotations

from kiosk_client.media.core.sequence import SequenceNumbers
from kiosk_client.media.core.transport_feedback import build

TOLD_WITHIN = 0.100
"""Seconds from a packet to its feedback. Ten feedbacks a second are some 10 kbit/s, which 300 kbit/s have room for."""

TOLD_AT_MOST_EVERY = 0.050
"""Seconds, where packets come fast: a fast line is found sooner."""

AT_FIRST, AT_FIRST_FOR = 0.020, 1.0
"""Both of these for the first second: until it is told that its first packets arrived a browser sends at 300 kbit/s,
and keeps back what is left of its first key frame, and whatever it was asked for again."""

MANY = 20
"""Packets that are worth a feedback before its time."""

KEPT = 500
"""Packets behind the highest that may still come and be told: overtaken ones were told as lost."""


class Arrivals:
    """Of one transport. Times are seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self._numbers = SequenceNumbers()
        self._arrived: dict[int, float] = {}
        self._first: int | None = None  # where the next feedback begins
        self._untold = 0
        self._untold_since = 0.0
        self._told_at = float("-inf")
        self._began: float | None = None
        self._feedbacks = 0

    @property
    def deadline(self) -> float | None:
        """When to call `due`; None when there is nothing to tell."""
        if not self._untold:
            return None
        if self._began is not None and self._untold_since < self._began + AT_FIRST_FOR:
            return max(self._untold_since, self._told_at) + AT_FIRST
        wait = TOLD_WITHIN if self._untold < MANY else 0.0
        return max(self._untold_since + wait, self._told_at + TOLD_AT_MOST_EVERY)

    def arrived(self, sequence: int, now: float) -> None:
        """A packet has come, of any stream. `sequence`: transport-wide, 16 bits. One that no network brings is
        forgotten."""
        highest = self._numbers.highest
        number = self._numbers.extend(sequence)
        if number is None or number in self._arrived or number <= highest - KEPT:
            return
        if number > highest + KEPT:  # so many were lost that the path was gone: nothing of before is of interest
            self._arrived.clear()
            self._first = number
        self._arrived[number] = now
        self._first = number if self._first is None else min(self._first, number)
        if not self._untold:
            self._untold_since = now
        self._began = now if self._began is None else self._began
        self._untold += 1

    def due(self, now: float) -> list[bytes]:
        """The FCIs to send now, mostly one; none before `deadline`."""
        if self.deadline is None or now < self.deadline or self._first is None:
            return []
        told = build(self._first, self._arrived, self._feedbacks)
        self._feedbacks = (self._feedbacks + len(told)) % 256
        self._first = max(self._arrived) + 1
        self._told_at, self._untold = now, 0
        for number in [number for number in self._arrived if number < self._first - KEPT]:
            del self._arrived[number]
        return told
