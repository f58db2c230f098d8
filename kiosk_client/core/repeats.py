"""When what has had no answer is sent once more: soon at first, then ever less often, and not for ever.

A pure core: tell it what was `sent` and what was `answered`, and ask it what is `due` when `deadline` has passed.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Pace:
    """How often. `first`: seconds until it is sent the second time; each pause after that is `growth` times the one
    before, and at most `longest` seconds. `times`: how often it is sent again in all. `apart`: seconds at least
    between any two sendings of anything."""

    first: float
    growth: float
    longest: float
    times: int
    apart: float = 0.0


@dataclass(slots=True)
class _Unanswered:
    due: float
    pause: float
    left: int
    urged: bool = False


class Repeats(Generic[Key]):
    """Of any number of things, each with a key. Times: seconds of any one clock that never runs back."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._unanswered: dict[Key, _Unanswered] = {}
        self._last = float("-inf")

    @property
    def deadline(self) -> float | None:
        """When to ask what is `due`; None while nothing is."""
        if not self._unanswered:
            return None
        return max(min(each.due for each in self._unanswered.values()), self._last + self._pace.apart)

    def sent(self, key: Key, now: float) -> None:
        """It was sent for the first time; what had this key before is forgotten."""
        self._unanswered[key] = _Unanswered(now + self._pace.first, self._pace.first, self._pace.times)
        self._last = now

    def answered(self, key: Key) -> None:
        """It need not be sent again. One that is not known does no harm."""
        self._unanswered.pop(key, None)

    def urge(self, key: Key, now: float) -> None:
        """It had better be sent now: something speaks for it that it would arrive. Heeded once for each."""
        waiting = self._unanswered.get(key)
        if waiting is not None and not waiting.urged:
            waiting.urged, waiting.due = True, min(waiting.due, now)

    def due(self, now: float) -> list[Key]:
        """What is to be sent again now, which counts as done; what has waited longest first."""
        out: list[Key] = []
        for key, waiting in sorted(self._unanswered.items(), key=lambda item: item[1].due):
            if waiting.due > now or now < self._last + self._pace.apart:
                break
            out.append(key)
            self._last = now
            waiting.left -= 1
            waiting.pause = min(waiting.pause * self._pace.growth, self._pace.longest)
            waiting.due = now + waiting.pause
            if waiting.left <= 0:
                del self._unanswered[key]
        return out
