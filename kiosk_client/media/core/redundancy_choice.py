"""How many earlier frames of speech travel again in each packet, by the loss that the other end reports.

Quickly more and slowly fewer: what is lost before is gone, what is repeated in vain costs some kilobits. Never by what
is said: whoever sees the sizes of packets would learn from it.
"""

from __future__ import annotations

import math

DEEPEST = 2
"""Earlier frames at most. Two packets in a row may be lost, and three where Opus carries one in itself (ADR 38)."""
MORE = (0.008, 0.05)
"""Share of packets lost from which on one, and two, travel again."""
FEWER = (0.003, 0.03)
"""Below which it is none, and one, again. Far from the former, so that it does not go to and fro."""
HOLD = 10.0
"""Seconds at least before it becomes fewer."""
RISE = 1.5
"""Seconds in which a higher loss is mostly believed: the time constant."""
FALL = 12.0
"""And a lower one: longer than bursts are apart."""
AT_FIRST = 0.01
"""The loss that is assumed before anything is known."""
LONGEST_STEP = 5.0
"""Seconds that one report speaks for at most."""

BARE, EACH_EARLIER = 56_000, 34_000
"""Bits a second, on the wire of the connection, of the voice alone, and of each earlier frame that travels with it."""
SHARE = 0.5
"""Of what may be sent, that redundancy may make the voice take. A line that is full loses packets for that: were more
repeated then, it would be fuller, and pictures that hardly come make the voice wait for them."""


def affordable(allowed: float) -> int:
    """Earlier frames that a line has room for on which `allowed` bits a second may be sent in all: 0, 1 or 2."""
    return min(max(math.floor((SHARE * allowed - BARE) / EACH_EARLIER), 0), DEEPEST)


class RedundancyChoice:
    """Make one for a stream; `heard` takes each report. `now`: seconds, when sending begins."""

    def __init__(self, now: float) -> None:
        self.depth = 1
        """Earlier frames in each packet: 0, 1 or 2."""
        self.loss = AT_FIRST
        """Share of packets lost, smoothed: 0 … 1."""
        self._heard_at = now
        self._deepened_at = now

    def heard(self, fraction_lost: float, now: float, *, full: bool = False) -> int:
        """Take the share lost (0 … 1) since the last report, and return the depth from now on.

        Weighed by the time since the report before, so that many at once count no more than one. `full`: the line has
        had a long queue of late, so that what was lost is no reason to send more.
        """
        lost = min(max(fraction_lost, 0.0), self.loss if full else 1.0)
        passed = min(max(now - self._heard_at, 0.0), LONGEST_STEP)
        self._heard_at = max(now, self._heard_at)
        weight = -math.expm1(-passed / (RISE if lost > self.loss else FALL))
        self.loss += weight * (lost - self.loss)
        deeper = sum(self.loss >= threshold for threshold in MORE)
        if deeper > self.depth:
            self.depth, self._deepened_at = deeper, self._heard_at
        elif self.depth and self.loss < FEWER[self.depth - 1] and self._heard_at - self._deepened_at >= HOLD:
            self.depth -= 1
        return self.depth
