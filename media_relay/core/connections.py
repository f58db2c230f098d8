"""Which streams may stand, and for how long: TCP and TLS clients by source, half frames, and those who never allocate.

A datagram that leads to nothing leaves nothing behind; a stream does, until it is closed. So each has to earn its
place: by an allocation, soon, and by not leaving a frame half sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from media_relay.core.budget import subscriber
from media_relay.core.effects import FiveTuple


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Numbers of streams, and times in seconds."""

    per_source: int = 100
    """Of one IPv4 address or IPv6 /64; a whole centre may be behind one."""
    in_all: int = 2000
    half_frame: float = 10.0
    """How long a frame that has begun may take to end."""
    without_allocation: float = 30.0
    """How long a stream may stand, or stay after its allocation has ended, without one. Looked at that often, so that
    it may be twice as long."""


class Connections:
    """The streams that stand. ``holds``: whether the client of a stream has an allocation."""

    def __init__(self, limits: StreamLimits, holds: Callable[[FiveTuple], bool]) -> None:
        self._limits = limits
        self._holds = holds
        self._of_source: Counter[bytes] = Counter()
        # Each with the time since which; time never runs back, so that the first is always the one longest overdue.
        self._looked_at: dict[FiveTuple, float] = {}
        self._half_since: dict[FiveTuple, float] = {}

    def __len__(self) -> int:
        return len(self._looked_at)

    @property
    def deadline(self) -> float | None:
        """When ``overdue`` has something to look at, or None."""
        looks = (since + self._limits.without_allocation for since in self._looked_at.values())
        halves = (since + self._limits.half_frame for since in self._half_since.values())
        firsts = (next(looks, None), next(halves, None))
        return min((first for first in firsts if first is not None), default=None)

    def opened(self, five_tuple: FiveTuple, now: float) -> bool:
        """Whether a new stream may stand; if not, it is to be closed at once and is not counted."""
        source = subscriber(five_tuple.client)
        if len(self) >= self._limits.in_all or self._of_source[source] >= self._limits.per_source:
            return False
        self._of_source[source] += 1
        self._looked_at[five_tuple] = now
        return True

    def received(self, five_tuple: FiveTuple, now: float, *, frames: int, half: bool) -> None:
        """Bytes came in which ``frames`` frames ended, and behind which one is ``half``."""
        if frames or not half:
            self._half_since.pop(five_tuple, None)
        if half:
            self._half_since.setdefault(five_tuple, now)

    def closed(self, five_tuple: FiveTuple) -> None:
        """The stream is no more, whoever closed it."""
        del self._looked_at[five_tuple]
        self._half_since.pop(five_tuple, None)
        source = subscriber(five_tuple.client)
        self._of_source[source] -= 1
        if not self._of_source[source]:
            del self._of_source[source]

    def overdue(self, now: float) -> list[FiveTuple]:
        """The streams that are to be closed now; ``closed`` is to be called for each."""
        limits = self._limits
        # A dictionary, since one stream may be overdue twice over.
        found = {f: None for f, since in self._half_since.items() if since + limits.half_frame <= now}
        for five_tuple, since in list(self._looked_at.items()):
            if since + limits.without_allocation > now:
                break
            if self._holds(five_tuple):
                del self._looked_at[five_tuple]
                self._looked_at[five_tuple] = now
            else:
                found[five_tuple] = None
        return list(found)
