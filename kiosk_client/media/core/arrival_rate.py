"""The rate at which what was sent arrives, by the receiver's clock."""

from __future__ import annotations

from collections import deque

from kiosk_client.media.core.send_history import PacketResult

KEPT = 1.0
"""Seconds of arrivals."""

MOST = 4000
"""Packets kept, whatever their times say."""

SHORTEST = 0.1
"""Seconds of arrivals below which there is no rate yet."""


class ArrivalRate:
    """Takes packets as their arrival becomes known."""

    def __init__(self) -> None:
        self._packets: deque[tuple[float, float, int]] = deque(maxlen=MOST)
        self._newest = float("-inf")

    def take(self, packet: PacketResult) -> None:
        """One packet. What was lost, or came at a time that is not known, does not count."""
        if packet.arrived_at is None:
            return
        if packet.arrived_at < self._newest - KEPT:
            # The clock has jumped back, or this is too late to matter: then one of the next ones begins anew.
            self._newest = max(packet.arrived_at, self._newest - KEPT)
        self._newest = max(self._newest, packet.arrived_at)
        self._packets.append((packet.arrived_at, packet.sent_at, packet.size))
        while self._packets and not self._newest - KEPT <= self._packets[0][0] <= self._newest:
            self._packets.popleft()

    def rate(self, window: float) -> float | None:
        """Bits a second over the last `window` seconds; None while too little is known.

        Never more than the rate at which the same packets were sent, so that no lie about arrivals can raise it.
        """
        recent = [each for each in self._packets if each[0] > self._newest - window]
        if len(recent) < 2:
            return None
        known = self._newest - min(each[0] for each in self._packets)
        sending = max(each[1] for each in recent) - min(each[1] for each in recent)
        span = max(min(window, known), sending)
        return 8 * sum(each[2] for each in recent) / span if span >= SHORTEST else None
