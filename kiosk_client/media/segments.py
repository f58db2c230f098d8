"""A seven-segment clock as a mask: digits without a font."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

DIGIT_HEIGHT, DIGIT_WIDTH, STROKE, GAP, MARGIN = 32, 18, 4, 4, 6

SEGMENTS = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")
"""Which segments each digit lights: a top, b and c the far side, d bottom, e and f the near side, g the bar."""

_MIDDLE = DIGIT_HEIGHT // 2
_PLACES = {
    "a": np.s_[:STROKE, :],
    "b": np.s_[:_MIDDLE, -STROKE:],
    "c": np.s_[_MIDDLE:, -STROKE:],
    "d": np.s_[-STROKE:, :],
    "e": np.s_[_MIDDLE:, :STROKE],
    "f": np.s_[:_MIDDLE, :STROKE],
    "g": np.s_[_MIDDLE - STROKE // 2 : _MIDDLE + STROKE // 2, :],
}


@lru_cache(maxsize=4)
def clock_mask(hours: int, minutes: int, seconds: int) -> Mask:
    """`HH:MM:SS` with a margin, True where there is ink; both sides even. Do not write to it."""
    parts: list[Mask] = []
    for index, number in enumerate((hours, minutes, seconds)):
        parts += [_colon()] if index else []
        parts += [_digit(number // 10), _digit(number % 10)]
    gap = np.zeros((DIGIT_HEIGHT, GAP), dtype=bool)
    row = np.concatenate([piece for part in parts for piece in (part, gap)][:-1], axis=1)
    mask = np.pad(row, MARGIN)
    mask.setflags(write=False)
    return mask


def _digit(value: int) -> Mask:
    mask = np.zeros((DIGIT_HEIGHT, DIGIT_WIDTH), dtype=bool)
    for segment in SEGMENTS[value]:
        mask[_PLACES[segment]] = True
    return mask


def _colon() -> Mask:
    mask = np.zeros((DIGIT_HEIGHT, STROKE), dtype=bool)
    mask[8 : 8 + STROKE] = mask[20 : 20 + STROKE] = True
    return mask
