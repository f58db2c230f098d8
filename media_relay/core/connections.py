"""Which streams may stand, and for how long: TCP and TLS clients by source, half frames, and those who never allocate.

A datagram that leads to nothing leaves nothing behind; a stream does, until it is closed. So each has to earn its
place: by an allocation, soon and without many words, and by not leaving a frame half sent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import takewhile

from media_relay.core.budget import subscriber
from media_relay.core.effects import FiveTuple
from media_relay.core.shares import UNSHARED, Holder, Shares

OF_A_STRANGER = 8192
"""Bytes that a stream may send without an allocation, its TLS handshake among them: an honest one needs half of that.
What it sends is read, decrypted and cut for nobody, and held against no other bound."""
A_FRAME = 256
"""Bytes that a frame counts beside its own, so that very many very short ones are not free."""

AGAIN, WHILE = 2, 10.0
"""How often, in so many seconds, each of the streams that a source may have at once may be opened. A whole centre comes
back at once, and by TCP as well as by TLS; who goes on coming and going takes their turn from others."""


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Numbers of streams, and times in seconds."""

    per_source: int = 100
    """Of one IPv4 address or IPv6 /64; a whole centre may be behind one."""
    in_all: int = 2000
    half_frame: float = 10.0
    """How long a frame that has begun may take to end."""
    without_allocation: float = 30.0
    """How long a stream may stand, or stay after its allocation has ended, without one."""


class Connections:
    """The streams that stand. ``shares``: those of the other processes of the same relay."""

    def __init__(self, limits: StreamLimits, shares: Shares = UNSHARED) -> None:
        self._limits = limits
        self._shares = shares
        self._standing = 0
        self._of_source: Counter[bytes] = Counter()
        self._while = 0
        self._came: Counter[bytes] = Counter()
        # Time never runs back, so that of both the first is always the one longest overdue.
        self._strangers: dict[FiveTuple, _Stranger] = {}
        self._half_since: dict[FiveTuple, float] = {}

    def __len__(self) -> int:
        return self._standing

    @property
    def deadline(self) -> float | None:
        """When the next stream is ``overdue``, or None."""
        strangers = (stranger.since + self._limits.without_allocation for stranger in self._strangers.values())
        halves = (since + self._limits.half_frame for since in self._half_since.values())
        firsts = (next(strangers, None), next(halves, None))
        return min((first for first in firsts if first is not None), default=None)

    def opened(self, five_tuple: FiveTuple, now: float) -> bool:
        """Whether a new stream may stand; if not, it is to be closed at once and is not counted. When it may, but there
        is one too many, another has to make way: see ``surplus``."""
        limits, source = self._limits, subscriber(five_tuple.client)
        held = self._of_source[source] + self._shares.elsewhere(_streams_of(source))
        if held >= limits.per_source or not self._may_come(source, now):
            return False
        if len(self) >= limits.in_all and not self._strangers:
            return False
        self._standing += 1
        self._of_source[source] += 1
        self._shares.note(_streams_of(source), 1)
        self._strangers[five_tuple] = _Stranger(now)
        return True

    def surplus(self) -> FiveTuple | None:
        """The stream that is to be closed so that there are no more than may stand, or None: of those without an
        allocation the oldest, for who means well has one within a second. A few who take every place, each a hundred,
        so keep nobody out."""
        return next(iter(self._strangers), None) if len(self) > self._limits.in_all else None

    def allocated(self, five_tuple: FiveTuple) -> None:
        """The client of a stream that stands has an allocation."""
        self._strangers.pop(five_tuple, None)

    def released(self, five_tuple: FiveTuple, now: float) -> None:
        """It has none any more. It may have none already: its allocation was made on a stream before this one."""
        self._strangers.setdefault(five_tuple, _Stranger(now))

    def received(self, five_tuple: FiveTuple, now: float, *, size: int, frames: int, half: bool) -> bool:
        """``size`` bytes came, ``frames`` frames ended, and behind them one is ``half``: whether the stream may stay.
        If not, ``closed`` is to be called for it."""
        if frames or not half:
            self._half_since.pop(five_tuple, None)
        if half:
            self._half_since.setdefault(five_tuple, now)
        stranger = self._strangers.get(five_tuple)
        if stranger is None:
            return True
        stranger.left -= size + frames * A_FRAME
        return stranger.left >= 0

    def closed(self, five_tuple: FiveTuple) -> None:
        """The stream is no more, whoever closed it."""
        self._standing -= 1
        self._strangers.pop(five_tuple, None)
        self._half_since.pop(five_tuple, None)
        source = subscriber(five_tuple.client)
        self._of_source[source] -= 1
        self._shares.note(_streams_of(source), -1)
        if not self._of_source[source]:
            del self._of_source[source]

    def overdue(self, now: float) -> list[FiveTuple]:
        """The streams that are to be closed now; ``closed`` is to be called for each."""
        limits = self._limits
        halves = takewhile(lambda half: half[1] + limits.half_frame <= now, self._half_since.items())
        strangers = takewhile(lambda each: each[1].since + limits.without_allocation <= now, self._strangers.items())
        # A dictionary, since one stream may be overdue twice over.
        return list(dict.fromkeys(five_tuple for five_tuple, _ in (*halves, *strangers)))

    def _may_come(self, source: bytes, now: float) -> bool:
        if int(now / WHILE) != self._while:
            self._while = int(now / WHILE)
            self._came.clear()
        self._came[source] += 1
        return self._came[source] <= AGAIN * self._limits.per_source


def _streams_of(source: bytes) -> Holder:
    return "streams", source


@dataclass(slots=True)
class _Stranger:
    """A stream without an allocation: since when, and what it may still send."""

    since: float
    left: int = OF_A_STRANGER
