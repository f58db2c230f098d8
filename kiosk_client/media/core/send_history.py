"""What went out when, and what the other end's feedback says became of it. Bounded, whatever the feedback says.

Every packet of a transport, sound and picture alike, has one number (transport-wide, 16 bits on the wire);
`SendHistory` gives the numbers and matches `transport_feedback` with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kiosk_client.media.core.transport_feedback import PERIOD, TransportFeedback

MOST_PACKETS = 8192
"""Packets remembered: at 4 Mbit/s some twenty seconds."""

REMEMBERED_FOR = 10.0
"""Seconds. Feedback that comes later than that says nothing of the line as it is now."""


@dataclass(frozen=True, slots=True)
class PacketResult:
    """What became of one packet.

    `sequence`: its number, unwrapped. `size`: bytes, as they were given. `sent_at`: seconds of our clock. `received`:
    whether it arrived. `arrived_at`: seconds of the receiver's clock, going on over its period; None where it was lost,
    or came at a time that was not told. `probe`: of which probe it was part. `revised`: earlier feedback told it as
    lost.
    """

    sequence: int
    size: int
    sent_at: float
    received: bool
    arrived_at: float | None
    probe: int | None = None
    revised: bool = False


@dataclass(slots=True)
class _Sent:
    size: int
    at: float
    probe: int | None
    lost: bool = False


class SendHistory:
    """Times are seconds of any one clock that never runs back. `unknown`: arrivals told of packets not known here."""

    def __init__(self, first: int = 0) -> None:
        self.unknown = 0
        self._next = first
        # In the order of sending. A packet leaves once it has arrived, is too old, or has too many after it.
        self._packets: dict[int, _Sent] = {}
        self._in_flight = 0
        self._clock: float | None = None

    @property
    def in_flight(self) -> int:
        """Bytes of which nothing has been told yet."""
        return self._in_flight

    def __len__(self) -> int:
        """Packets remembered."""
        return len(self._packets)

    def sent(self, size: int, now: float, probe: int | None = None) -> int:
        """A packet of `size` bytes goes out: the number that it carries, 0 to 65535."""
        self._forget(now)
        sequence, self._next = self._next, self._next + 1
        self._packets[sequence] = _Sent(size, now, probe)
        self._in_flight += size
        return sequence % 2**16

    def results(self, feedback: TransportFeedback, now: float) -> list[PacketResult]:
        """What the feedback says that was not known yet, in the order of sending."""
        self._forget(now)
        return sorted(self._news(feedback), key=lambda each: each.sequence)

    def _news(self, feedback: TransportFeedback) -> Iterator[PacketResult]:
        for status in feedback.statuses:
            # The last packet with this number that was sent; one that was never sent is so old that it is unknown.
            sequence = self._next - 1 - (self._next - 1 - status.sequence) % 2**16
            packet = self._packets.get(sequence)
            if packet is None:
                self.unknown += status.received
                continue
            result = PacketResult(sequence, packet.size, packet.at, False, None, packet.probe, packet.lost)
            if status.received:
                self._remove(sequence)
                yield replace(result, received=True, arrived_at=self._unwrapped(status.at))
            elif not packet.lost:
                packet.lost = True
                self._in_flight -= packet.size
                yield result

    def _unwrapped(self, at: float | None) -> float | None:
        if at is None:
            return None
        if self._clock is None:
            self._clock = at
        self._clock += (at - self._clock + PERIOD / 2) % PERIOD - PERIOD / 2
        return self._clock

    def _forget(self, now: float) -> None:
        while self._packets:
            oldest = next(iter(self._packets))
            if len(self._packets) < MOST_PACKETS and self._packets[oldest].at >= now - REMEMBERED_FOR:
                return
            self._remove(oldest)

    def _remove(self, sequence: int) -> None:
        packet = self._packets.pop(sequence)
        if not packet.lost:
            self._in_flight -= packet.size
