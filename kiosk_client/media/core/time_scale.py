"""Speech made a little shorter or longer without changing its pitch: one period is left out, or comes twice.

PICOLA, "pointer interval controlled overlap and add" (N. Morita and F. Itakura, ICASSP 1986), with the period found by
the greatest normalised correlation. Where sound is neither quiet nor periodic nothing is changed: a cut through a
consonant can be heard.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kiosk_client.media.core.speech import RATE

Samples = NDArray[np.int16]

SHORTEST, LONGEST = RATE // 400, RATE * 3 // 200
"""Samples in 2.5 and 15 ms: the periods of voices from 400 down to 67 Hz."""
STEP = 8
"""Of the search, in samples: at a sixth of a millisecond what is faded over still fits."""
ALIKE = 0.85
"""Of the correlation of two periods that may stand for each other."""
QUIET = 100.0
"""Root mean square, of 32768 (-50 dBFS): below it nobody hears a seam."""


def shortened(sound: Samples) -> Samples:
    """`sound`, of shape (n,), without one of its periods; unchanged where it has none to spare, or is too short."""
    lag = _period(sound)
    if lag is None:
        return sound
    return np.concatenate([_faded(sound[:lag], sound[lag : 2 * lag]), sound[2 * lag :]])


def lengthened(sound: Samples) -> Samples:
    """`sound`, of shape (n,), with one of its periods twice; unchanged where it has none, or is too short."""
    lag = _period(sound)
    if lag is None:
        return sound
    return np.concatenate([sound[:lag], _faded(sound[lag : 2 * lag], sound[:lag]), sound[lag:]])


def is_quiet(sound: Samples) -> bool:
    """Whether nobody would hear what is left out of it."""
    return bool(np.sqrt(np.mean(np.square(sound, dtype=np.float64))) < QUIET) if len(sound) else True


def _period(sound: Samples) -> int | None:
    longest = min(LONGEST, len(sound) // 2)
    if longest < SHORTEST:
        return None
    if is_quiet(sound[: 2 * longest]):
        return longest
    signal = sound[: 2 * longest].astype(np.float64)
    best, found = ALIKE, None
    for lag in range(SHORTEST, longest + 1, STEP):
        one, other = signal[:lag], signal[lag : 2 * lag]
        scale = float(np.sqrt(np.dot(one, one) * np.dot(other, other)))
        likeness = float(np.dot(one, other)) / scale if scale else 0.0
        if likeness > best:
            best, found = likeness, lag
    return found


def _faded(first: Samples, second: Samples) -> Samples:
    """From one to the other, both of one length."""
    weight = np.linspace(0.0, 1.0, len(first))
    return np.rint(first * (1 - weight) + second * weight).astype(np.int16)
