"""The rate that losses allow, where a line loses packets by chance as well as for want of room.

draft-ietf-rmcat-gcc-02, section 6, lowers the rate wherever a tenth is lost: a line that loses a fifth by chance would
be left to the floor. Instead the losses are explained, as in the loss-based estimator that WebRTC has had since: a line
of the capacity B loses a share q by chance, and of what is sent above B all that is too much, so that at the rate s

    p = q + (1 - q) · max(0, 1 - B / s)

The pair (B, q) under which what was seen is likeliest is looked for. Where the rates do not tell chance from want of
room apart, chance is believed up to a share that falls with the rate (`believed`): the more one sends, the
less one may shrug losses off.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import log

from kiosk_client.media.core.send_history import PacketResult

INTERVAL = 0.25
"""Seconds of sending that are one observation, unless they had too few packets."""

FEWEST = 20
"""Packets of an observation."""

OBSERVATIONS = 24
FADING = 0.9
"""An observation weighs so much less than the one after it."""

CHANCE, BALANCE = 0.05, 75_000
"""`believed`: this share, and as much again as 75 kbit/s are of the rate: 0.09 at 2 Mbit/s, 0.2 at 500 kbit/s. The
values of WebRTC's estimator. So on a line that loses a fifth by chance some 500 kbit/s are sent."""

FULL = 0.15
"""Seconds of waiting beyond which a queue is so long that no more than `CHANCE` is believed: it is that which loses."""

SHARES = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7)
"""Shares lost by chance that are tried."""

UNLIKELY = 0.07
"""Shares that are larger than what was lost of late by this are not tried."""

NEIGHBOURS = (0.7, 0.8, 0.9, 0.95, 1.0, 1.04)
"""Capacities that are tried, as multiples of the one before."""

PREFERENCE = 0.05
"""How much likelier the higher of two capacities is held to be, for each tenth that it is higher: what cannot be told
apart should not cost rate."""

NEGLIGIBLE = 0.02
"""Section 6: below this share losses are no reason to send less."""

RELEASE = 1.08
"""By which a limit grows with each observation that has lost next to nothing."""

RECENT = 8
"""Observations that count as of late."""


@dataclass(slots=True)
class _Observation:
    rate: float
    lost: int
    arrived: int


class LossLimit:
    """`limit`: bits a second, None while losses limit nothing. `chance`: the share held to be lost by chance."""

    def __init__(self, floor: float, ceiling: float) -> None:
        self.limit: float | None = None
        self.chance = 0.0
        self.falling = False
        self._floor, self._ceiling = floor, ceiling
        self._seen: deque[_Observation] = deque(maxlen=OBSERVATIONS)
        self._since: float | None = None
        self._lost = self._arrived = self._bytes = 0

    @property
    def lost(self) -> float:
        """Share of the packets of the last two seconds or so, 0 to 1, by chance or not."""
        recent = list(self._seen)[-RECENT:]
        lost = sum(each.lost for each in recent)
        return lost / max(1, lost + sum(each.arrived for each in recent))

    def take(self, packet: PacketResult) -> bool:
        """One packet's fate, in the order of sending. True where an observation is whole, and `judge` is due."""
        if packet.revised:
            self._lost, self._arrived = max(0, self._lost - 1), self._arrived + 1
            return False
        if self._since is None:
            self._since = packet.sent_at
        whole = packet.sent_at - self._since >= INTERVAL and self._lost + self._arrived >= FEWEST
        if whole:
            rate = 8 * self._bytes / (packet.sent_at - self._since)
            self._seen.append(_Observation(rate, self._lost, self._arrived))
            self._since, self._lost, self._arrived, self._bytes = packet.sent_at, 0, 0, 0
        self._lost += not packet.received
        self._arrived += packet.received
        self._bytes += packet.size
        return whole

    def judge(self, rate: float, arriving: float | None, waiting: float) -> None:
        """Look for the likeliest capacity.

        `rate`: what the delay allows, `arriving`: what arrives, bits a second. `waiting`: seconds in a queue.
        """
        before, lost = self.limit, self.lost
        base = rate if before is None else min(before, rate)
        if lost < NEGLIGIBLE:
            self.chance, self.falling = lost, False
            self.limit = None if before is None or before * RELEASE >= rate else before * RELEASE
            return
        candidates = {each * base for each in NEIGHBOURS} | {rate}
        if arriving is not None:
            candidates |= {arriving, arriving / max(1 - lost, 0.1)}
        _, capacity, self.chance = max(
            (self._likelihood(each, share) + PREFERENCE * 10 * log(max(each, 1.0) / base), each, share)
            for each in candidates
            for share in SHARES
            if share <= min(CHANCE if waiting > FULL else believed(each), lost + UNLIKELY)
        )
        self.limit = min(max(capacity, self._floor), self._ceiling)
        self.falling = self.limit < base

    def _likelihood(self, capacity: float, chance: float) -> float:
        """Its logarithm, of all that was seen, the later the weightier."""
        total, weight = 0.0, 1.0
        for seen in reversed(self._seen):
            lost = chance if seen.rate <= capacity else 1 - (1 - chance) * capacity / seen.rate
            lost = min(max(lost, 0.001), 0.999)
            total += weight * (seen.lost * log(lost) + seen.arrived * log(1 - lost))
            weight *= FADING
        return total


def believed(rate: float) -> float:
    """The largest share of losses that is put down to chance at this rate, bits a second."""
    return CHANCE + BALANCE / max(rate, 1.0)
