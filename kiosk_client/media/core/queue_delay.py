"""How long packets wait on the way, above the shortest that the way has been of late. Clocks need not agree."""

from __future__ import annotations

from collections import deque

from kiosk_client.media.core.send_history import PacketResult

REMEMBERED = 20.0
"""Seconds for which the shortest way counts, once to twice: clocks drift apart by some milliseconds a minute, and ways
change."""

WEIGHT = 0.1
"""Of each packet in the mean."""

STANDING = 0.1
"""Seconds of sending, and at least `PACKETS` packets, that must all have waited for a queue to stand: where ways differ
by chance, one of them is quick."""

PACKETS = 5

ABSURD = 5.0
"""Seconds of waiting from which on the clocks have leapt, and all begins anew."""


class QueueDelay:
    """Takes packets as their arrival becomes known. `waiting`: seconds, smoothed."""

    def __init__(self) -> None:
        self.waiting = 0.0
        self._since: float | None = None
        self._least = self._least_before = float("inf")
        self._ways: deque[tuple[float, float]] = deque()

    @property
    def standing(self) -> float:
        """Seconds that each of the last packets waited at least: what stands on the way whatever chance does."""
        if len(self._ways) < PACKETS:
            return 0.0
        return min(way for _, way in self._ways) - min(self._least, self._least_before)

    def take(self, packet: PacketResult) -> None:
        """One packet. What was lost, or came at a time that is not known, does not count."""
        if packet.arrived_at is None:
            return
        way = packet.arrived_at - packet.sent_at
        if self._since is None or abs(way - min(self._least, self._least_before)) > ABSURD:
            self._since, self._least, self._least_before, self.waiting = packet.sent_at, way, way, 0.0
            self._ways.clear()
        if packet.sent_at - self._since > REMEMBERED:
            self._since, self._least_before, self._least = packet.sent_at, self._least, way
        self._ways.append((packet.sent_at, way))
        while len(self._ways) > PACKETS and packet.sent_at - self._ways[0][0] > STANDING:
            self._ways.popleft()
        self._least = min(self._least, way)
        self.waiting += WEIGHT * (way - min(self._least, self._least_before) - self.waiting)
