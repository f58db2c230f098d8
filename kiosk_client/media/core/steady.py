"""What people are told of a connection, kept from flickering: soon worse, slowly better.

A pure core without a timer: `take` is called with each judgement, about once a second.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import get_args

from tawasul.protocol.peer import QualityCause, QualityLevel

LEVELS: tuple[QualityLevel, ...] = get_args(QualityLevel)
"""From the best to the worst."""

DOWN_AFTER = 2.0
"""Seconds for which it must be worse. Two changes of any kind are never closer to each other."""

UP_AFTER = 8.0
"""Seconds for which it must be better, and which the last word must have stood."""

CAUSE_AFTER = 4.0
"""Seconds for which another cause must be the likelier one, and which the last word must have stood."""

FORGOTTEN_AFTER = 20.0
"""Seconds for which a cause holds though nothing speaks for it any more: evidence thins out as it gets better."""


@dataclass(frozen=True)
class ToldQuality:
    """What a person is told. `cause`: whose line it is; None where that is not known, and where all is well."""

    level: QualityLevel
    cause: QualityCause | None = None


class Steady:
    """`told`: what is told now. Times: seconds of any one clock; one that runs back is taken to stand still."""

    def __init__(self) -> None:
        self.told = ToldQuality("good")
        self._now = float("-inf")
        self._changed = float("-inf")
        self._seen: deque[tuple[float, int]] = deque()
        self._other_cause: QualityCause | None = None
        self._other_since = self._evident = float("-inf")

    def take(self, level: QualityLevel, cause: QualityCause | None, now: float) -> ToldQuality:
        """A judgement of this moment; what is told from now on."""
        now = self._now = max(now, self._now)
        self._seen.append((now, LEVELS.index(level)))
        while len(self._seen) > 1 and self._seen[1][0] <= now - UP_AFTER:
            self._seen.popleft()
        self._weigh(cause, now)
        shown = LEVELS.index(self.told.level)
        down = min(self._of_last(DOWN_AFTER), default=shown)
        up = max(self._of_last(UP_AFTER), default=shown)
        if down > shown and now - self._changed >= DOWN_AFTER:
            self._say(LEVELS[down], now)
        elif up < shown and now - self._changed >= UP_AFTER:
            self._say(LEVELS[up], now)
        elif shown and self._cause(now) != self.told.cause and now - self._changed >= CAUSE_AFTER:
            self._say(self.told.level, now)
        return self.told

    def _of_last(self, seconds: float) -> list[int]:
        """The ranks of so many seconds; none before there are so many."""
        since = self._now - seconds
        return [rank for at, rank in self._seen if at >= since] if self._seen[0][0] <= since else []

    def _weigh(self, cause: QualityCause | None, now: float) -> None:
        if cause != self._other_cause:
            self._other_cause, self._other_since = cause, now
        if cause is not None and cause == self.told.cause:
            self._evident = now

    def _cause(self, now: float) -> QualityCause | None:
        if self._other_cause is None:
            return self.told.cause if now - self._evident < FORGOTTEN_AFTER else None
        return self._other_cause if now - self._other_since >= CAUSE_AFTER else self.told.cause

    def _say(self, level: QualityLevel, now: float) -> None:
        cause = None
        if level != "good":
            # At first what is likeliest is said; another word for the same only when it lasts.
            cause = self._cause(now) if self.told.level != "good" else self._other_cause
        if cause is not None:
            self._evident = now
        self.told, self._changed = ToldQuality(level, cause), now
