"""How long sound has to wait before it is played, so that what the network delays is still in time.

The published way of WebRTC's NetEq (`modules/audio_coding/neteq`: delay_manager.cc, underrun_optimizer.cc,
histogram.cc), written anew: how late a frame is, beside the fastest of the last two seconds; the worst of each half
second goes into a histogram that forgets, and a quantile of that is the target. One stall in half a minute is not
waited for, regular ones are. A pure core; times are seconds of one clock that never runs back.
"""

from __future__ import annotations

from collections import deque

FLOOR = 0.04
"""Seconds: the frame that repairs a lost one comes 20 ms after it, and timers of both ends are late by some."""
CEILING = 0.4
"""Seconds: beyond, two people speak at once, and lost words disturb less than the wait (ITU-T G.114)."""
SLOT = 0.1
SLOTS = 20
"""Two seconds of slots, whose minimum is the fastest way: short enough to follow a sender's clock that runs otherwise
(200 ppm are 0.4 ms in that time), long enough to hold one packet that was not delayed."""
INTERVAL = 0.5
"""Seconds of which the worst delay counts once."""
QUANTILE = 0.95
"""Of the intervals' worst delays: of the frames themselves, far more are in time."""
FORGET = 0.983
"""The weight of all before, with each interval: half is forgotten in 20 s."""
BUCKET = 0.01
BUCKETS = 51
"""Up to 500 ms; the last holds all beyond."""


class DelayTarget:
    """Is told of each frame when it can first be played; says how long play-out should wait."""

    def __init__(self) -> None:
        self.seconds = FLOOR
        """Of delay beside the fastest way, `FLOOR` to `CEILING`. The least at first: what then comes late is waited for
        all the same (`playout`), while what was waited for in vain would have to be played faster."""
        self._fastest: deque[tuple[int, float]] = deque()
        self._weights = [0.0] * BUCKETS
        self._intervals = 0
        self._began: float | None = None
        self._worst = 0.0

    @property
    def base(self) -> float | None:
        """The smallest `transit` of the last two seconds; None before the first frame."""
        return min((transit for _, transit in self._fastest), default=None)

    def add(self, transit: float, now: float) -> None:
        """A frame can be played from `now` on. `transit`: arrival less the sender's time of the frame, in seconds."""
        self._note_way(transit, now)
        base = self.base
        assert base is not None
        late = transit - base
        if self._began is None:
            self._began = now
        elif now - self._began >= INTERVAL:
            self._learn(self._worst)
            self._began, self._worst = now, 0.0
        self._worst = max(self._worst, late)
        if not self._intervals:
            self.seconds = _bounded(self._worst)  # until there is more to judge by

    def forget_way(self) -> None:
        """The sender's time begins anew, or nothing came for long: what is fast is learned again, jitter is kept."""
        self._fastest.clear()
        self._began, self._worst = None, 0.0

    def _note_way(self, transit: float, now: float) -> None:
        slot = int(now / SLOT)
        if not self._fastest or slot > self._fastest[-1][0]:
            self._fastest.append((slot, transit))
        else:
            newest, least = self._fastest[-1]
            self._fastest[-1] = newest, min(least, transit)
        while self._fastest[0][0] <= self._fastest[-1][0] - SLOTS:
            self._fastest.popleft()

    def _learn(self, late: float) -> None:
        self._intervals += 1
        # The first intervals count for more, or it would take half a minute to believe a good line.
        forget = max(0.0, min(FORGET, 1 - 2 / (self._intervals + 1)))
        self._weights = [weight * forget for weight in self._weights]
        self._weights[min(int(late / BUCKET), BUCKETS - 1)] += 1 - forget
        self.seconds = _bounded(self._quantile() * BUCKET)

    def _quantile(self) -> int:
        """The first bucket with `QUANTILE` of the weight in it and those before."""
        below = 0.0
        for bucket, weight in enumerate(self._weights):
            below += weight
            if below >= QUANTILE:
                return bucket
        return BUCKETS - 1


def _bounded(late: float) -> float:
    """The upper end of the bucket, within what is sensible."""
    return min(max((int(late / BUCKET + 1e-6) + 1) * BUCKET, FLOOR), CEILING)
