"""The rate that the delay allows: slowly up, at once down. The controller of Google Congestion Control.

draft-ietf-rmcat-gcc-02, section 5.5: three states, moved by what `DelayTrend` sees; multiplicative increase far from
the rate at which over-use was last met, additive near it, and decrease to a share of what arrives.
"""

from __future__ import annotations

from kiosk_client.media.core.delay_trend import Usage

BETA = 0.85
"""Share of the rate that arrives to which over-use brings the rate down (section 5.5)."""

GROWTH = 1.08
"""A second, far from the capacity (section 5.5)."""

HEADROOM, HEADROOM_BITS = 1.5, 10_000
"""The rate does not grow beyond this multiple of what arrives, and so many bits a second (section 5.5): an estimate
that nothing was sent at is a guess."""

DRAINS = 0.6
"""Share of what arrives that is sent while a queue of the beginning drains."""

SETTLES, FAR_LESS = 0.2, 0.7
"""Seconds after a decrease, beside the round trip, for what then arrives to be seen. They are not waited for if less
than this share of the rate arrives: then the line has become much worse."""

UNUSED = 0.5
"""Where less than this share of the rate was sent, as by pictures in which little moves, over-use says little of the
rate. It is brought down to what may be grown to, which is not yet less than is sent."""

MEMORY = 0.05
"""Weight of a new over-use in the mean and the variance of the capacity (section 5.5, its smoothing of R_hat)."""


class RateControl:
    """`rate`: bits a second; rises only in `update` and by `proven`. `increases`: whether it may rise now."""

    def __init__(self, start: float, floor: float, ceiling: float) -> None:
        self.rate = start
        self._floor, self._ceiling = floor, ceiling
        self.increases = True
        self._updated: float | None = None
        self._decreased = float("-inf")
        self._capacity: float | None = None
        self._variance = 0.4

    def update(self, usage: Usage, arriving: float | None, arriving_now: float | None, rtt: float, now: float) -> None:
        """Feedback has come. `arriving`: bits a second of late, `arriving_now`: of the last moment; None while unknown.

        `rtt`: seconds.
        """
        elapsed = min(now - self._updated, 1.0) if self._updated is not None else 0.0
        self._updated = now
        if usage is Usage.OVERUSED:
            self._decrease(arriving, arriving_now, rtt, now)
        elif usage is Usage.UNDERUSED:
            # The queue drains: growing now would fill it again.
            self.increases = False
        elif not self.increases:
            self.increases = True
        elif arriving is not None:
            self._increase(arriving, rtt, elapsed)

    def proven(self, rate: float) -> None:
        """A probe arrived at this rate, so that it is no guess."""
        self._set(max(self.rate, rate))
        if self._capacity is not None and rate > self._upper:
            self._capacity = None

    def drain(self, arriving: float, now: float) -> None:
        """The first guess was too high: `arriving` bits a second is all that the line carries. Its queue has to go."""
        self.increases = False
        self._learn(arriving)
        self._set(DRAINS * min(self.rate, arriving))
        self._decreased = now

    def limit(self, rate: float) -> None:
        """For a reason other than delay the rate may not be above this one."""
        if rate < self.rate:
            self._set(rate)

    def _decrease(self, of_late: float | None, arriving: float | None, rtt: float, now: float) -> None:
        self.increases = False
        # What was decided shows in the feedback a round trip later, and is waited for; not if far less arrives.
        far_less = arriving is not None and arriving < FAR_LESS * self.rate
        if now - self._decreased < (min(rtt, 0.3) if far_less else min(rtt, 0.3) + SETTLES):
            return
        if arriving is None:
            self._set(self.rate / 2)
        elif of_late is not None and of_late < UNUSED * self.rate:
            # It was not what we send that filled the line, or the line is narrower by far: that shows in the next.
            self._set(min(self.rate, BETA * HEADROOM * max(of_late, arriving)))
        else:
            if self._capacity is not None and arriving < self._lower:
                self._capacity = None
            self._learn(arriving)
            # For a moment more may arrive than is allowed; then who has most would give least of it away.
            self._set(BETA * min(self.rate, arriving))
        self._decreased = now

    def _increase(self, arriving: float, rtt: float, elapsed: float) -> None:
        if self._capacity is not None and arriving > self._upper:
            self._capacity = None
        if self._capacity is not None:
            per_frame = self.rate / 30
            packets = max(1.0, per_frame / 9600)
            grown = self.rate + max(4000.0, min(9600.0, per_frame / packets) / (rtt + 0.1)) * elapsed
        else:
            grown = self.rate * GROWTH**elapsed
        self._set(max(self.rate, min(grown, HEADROOM * arriving + HEADROOM_BITS)))

    def _learn(self, arriving: float) -> None:
        """The mean and the variance, normalised by the mean, of the rates at which over-use was met, in kbit/s."""
        kilobits = arriving / 1000
        if self._capacity is None:
            self._capacity, self._variance = kilobits, 0.4
            return
        self._capacity += MEMORY * (kilobits - self._capacity)
        off = (kilobits - self._capacity) ** 2 / max(self._capacity, 1.0)
        self._variance = min(max((1 - MEMORY) * self._variance + MEMORY * off, 0.4), 2.5)

    @property
    def _upper(self) -> float:
        return 1000 * (self._mean + 3 * self._deviation)

    @property
    def _lower(self) -> float:
        return 1000 * (self._mean - 3 * self._deviation)

    @property
    def _mean(self) -> float:
        return self._capacity or 0.0

    @property
    def _deviation(self) -> float:
        return float((self._variance * self._mean) ** 0.5)

    def _set(self, rate: float) -> None:
        self.rate = min(max(rate, self._floor), self._ceiling)
