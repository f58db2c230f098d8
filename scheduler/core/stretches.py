"""Arithmetic of stretches of time, each from its first moment to its last, which is not in it. Pure.

A list of stretches is in order, and no two of it touch, wherever one is given back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

Stretch = tuple[datetime, datetime]

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time, in order, with what touches or overlaps made one. What is empty or turned round is left out."""
    found: list[Stretch] = []
    for starts_at, ends_at in sorted(each for each in stretches if each[0] < each[1]):
        if found and starts_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends_at))
        else:
            found.append((starts_at, ends_at))
    return found


def less(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """The time in ``stretches`` that is in none of ``taken``."""
    gone = merged(taken)
    left: list[Stretch] = []
    for starts_at, ends_at in merged(stretches):
        at = max(0, _begun(gone, starts_at) - 1)
        while at < len(gone) and gone[at][0] < ends_at:
            if gone[at][0] > starts_at:
                left.append((starts_at, gone[at][0]))
            starts_at = max(starts_at, gone[at][1])
            at += 1
        if starts_at < ends_at:
            left.append((starts_at, ends_at))
    return left


def common(some: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """The time that is in both; each in order and apart."""
    found: list[Stretch] = []
    at = other = 0
    while at < len(some) and other < len(others):
        starts_at, ends_at = max(some[at][0], others[other][0]), min(some[at][1], others[other][1])
        if starts_at < ends_at:
            found.append((starts_at, ends_at))
        if some[at][1] <= others[other][1]:
            at += 1
        else:
            other += 1
    return found


def covers(stretches: Sequence[Stretch], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether one of ``stretches``, in order and apart from each other, holds all of it."""
    at = _begun(stretches, starts_at) - 1
    return at >= 0 and ends_at <= stretches[at][1]


def touch(one: Stretch, other: Stretch) -> bool:
    """Whether they have a moment in common."""
    return one[0] < other[1] and other[0] < one[1]


def _begun(stretches: Sequence[Stretch], moment: datetime) -> int:
    """How many have begun at ``moment``."""
    return bisect_right(stretches, (moment, _NEVER))
