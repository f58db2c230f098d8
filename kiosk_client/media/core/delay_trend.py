"""Whether a queue grows on the way, seen in when packets arrive: the delay-based detector of Google Congestion Control.

draft-ietf-rmcat-gcc-02, sections 5.2 (groups of packets), 5.4 (the over-use detector with its adaptive threshold); in
place of the Kalman filter of section 5.3 the trendline that replaced it: the slope of a straight line through the
smoothed delay (Carlucci and others, "Analysis and Design of the Google Congestion Control for WebRTC", 2016).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from kiosk_client.media.core.send_history import PacketResult

BURST = 0.005
"""Seconds of sending, or of arriving, within which packets are one group (section 5.2)."""

LONGEST_GROUP = 0.1
"""Seconds that a group may last which goes on because its packets arrive in one burst."""

WINDOW = 20
"""Groups through which the line is drawn."""

SMOOTHING = 0.9
GAIN = 4.0
MOST_DELTAS = 60
"""The slope is weighed by `GAIN` and the number of groups seen, up to this one."""

THRESHOLD, LEAST_THRESHOLD, MOST_THRESHOLD = 12.5, 6.0, 600.0
"""Milliseconds, as in section 5.4."""

THRESHOLD_UP, THRESHOLD_DOWN = 0.0087, 0.039
"""How fast the threshold follows the slope, a millisecond (section 5.4, K_u and K_d). Up, so that a flow that fills the
queue by itself does not starve us; the values are those that browsers use, so that we are no greedier than they."""

OUTLIER = 15.0
"""Milliseconds above the threshold from which on a peak does not move it."""

OVERUSED_FOR = 0.010
"""Seconds of over-use before it is said."""

ABSURD = 3.0
"""Seconds between two groups from which on all begins anew: a stall, or times that cannot be believed."""


class Usage(Enum):
    """What the delay says of the line."""

    UNDERUSED = "underused"
    NORMAL = "normal"
    OVERUSED = "overused"


@dataclass(slots=True)
class _Group:
    first_sent: float
    last_sent: float
    first_arrived: float
    last_arrived: float


class DelayTrend:
    """Takes packets as their arrival becomes known. `usage`: as of the last of them."""

    def __init__(self) -> None:
        self.usage = Usage.NORMAL
        self._threshold = THRESHOLD
        self._begin()

    def _begin(self) -> None:
        self.usage = Usage.NORMAL
        self._group: _Group | None = None
        self._previous: _Group | None = None
        self._accumulated = self._smoothed = 0.0
        self._deltas = 0
        self._line: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._overused_for: float | None = None
        self._last_trend = 0.0

    @property
    def threshold(self) -> float:
        """Milliseconds beyond which the weighed slope is over-use."""
        return self._threshold

    def take(self, packet: PacketResult) -> None:
        """One packet that has arrived, in the order of sending. Without a known arrival nothing is learnt of it."""
        arrived = packet.arrived_at
        if arrived is None:
            return
        group = self._group
        if group is None:
            self._group = _Group(packet.sent_at, packet.sent_at, arrived, arrived)
            return
        if abs(arrived - group.last_arrived) > ABSURD or packet.sent_at - group.last_sent > ABSURD:
            self._begin()
            self._group = _Group(packet.sent_at, packet.sent_at, arrived, arrived)
            return
        if packet.sent_at < group.first_sent:
            return
        if packet.sent_at - group.first_sent <= BURST or self._same_burst(group, packet.sent_at, arrived):
            group.last_sent = max(group.last_sent, packet.sent_at)
            group.last_arrived = max(group.last_arrived, arrived)
            return
        if self._previous is not None:
            self._compare(self._previous, group)
        self._previous, self._group = group, _Group(packet.sent_at, packet.sent_at, arrived, arrived)

    def _same_burst(self, group: _Group, sent: float, arrived: float) -> bool:
        """Sent apart, arrived together: something on the way held them back, which says nothing of a queue."""
        between = arrived - group.last_arrived
        return between <= BURST and between < sent - group.last_sent and arrived - group.first_arrived < LONGEST_GROUP

    def _compare(self, before: _Group, after: _Group) -> None:
        arrived, sent = after.last_arrived - before.last_arrived, after.last_sent - before.last_sent
        if arrived < 0:
            # Overtaken: the order of arrival is not the order of sending.
            return
        self._deltas = min(self._deltas + 1, 1000)
        self._accumulated += 1000 * (arrived - sent)
        self._smoothed = SMOOTHING * self._smoothed + (1 - SMOOTHING) * self._accumulated
        self._line.append((1000 * after.last_arrived, self._smoothed))
        self._judge(min(self._deltas, MOST_DELTAS) * GAIN * self._slope(), sent, arrived)

    def _slope(self) -> float:
        """Milliseconds of delay gained a millisecond, by least squares; 0 until the window is full."""
        if len(self._line) < WINDOW:
            return 0.0
        mean_x = sum(x for x, _ in self._line) / WINDOW
        mean_y = sum(y for _, y in self._line) / WINDOW
        spread = sum((x - mean_x) ** 2 for x, _ in self._line)
        return sum((x - mean_x) * (y - mean_y) for x, y in self._line) / spread if spread > 0 else 0.0

    def _judge(self, trend: float, sent: float, arrived: float) -> None:
        if trend > self._threshold:
            # Of the first interval beyond the threshold half is reckoned, since it may have begun anywhere in it.
            self._overused_for = sent / 2 if self._overused_for is None else self._overused_for + sent
            if self._overused_for > OVERUSED_FOR and trend >= self._last_trend:
                self.usage = Usage.OVERUSED
        else:
            self._overused_for = None
            self.usage = Usage.UNDERUSED if trend < -self._threshold else Usage.NORMAL
        self._last_trend = trend
        self._adapt(abs(trend), arrived)

    def _adapt(self, trend: float, elapsed: float) -> None:
        if trend > self._threshold + OUTLIER:
            return
        speed = THRESHOLD_DOWN if trend < self._threshold else THRESHOLD_UP
        self._threshold += speed * (trend - self._threshold) * min(1000 * elapsed, 100.0)
        self._threshold = min(max(self._threshold, LEAST_THRESHOLD), MOST_THRESHOLD)
