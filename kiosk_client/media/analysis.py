"""Pure measurements on decoded sound and picture: numbers in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk_client.media.sound import RATE, Samples

SILENCE_DBFS = -60.0
"""Below this a stretch counts as silent: Opus in voice mode codes digital silence well under it, and no room is so
quiet."""


@dataclass(frozen=True)
class SoundMeasure:
    """One stretch of sound.

    `level`: RMS in dB relative to full scale (a full-scale sine is -3.0), -inf for digital silence.
    `frequency`: hertz of the strongest component, 0.0 in silence.
    `purity`: share of the energy that lies in that component, 0..1; near 1 for a tone, well below 0.6 for speech.
    """

    level: float
    frequency: float
    purity: float

    @property
    def silent(self) -> bool:
        """Whether nothing can be heard."""
        return self.level < SILENCE_DBFS


def measure_sound(samples: Samples, rate: int = RATE) -> SoundMeasure:
    """Measure a stretch of mono sound, shape (n,), n ≥ 64; resolution about `rate / n` hertz, by a Hann window."""
    signal = samples.astype(np.float64) / 32768
    power = float(np.mean(signal**2))
    if power == 0.0:
        return SoundMeasure(level=float("-inf"), frequency=0.0, purity=0.0)
    spectrum = np.abs(np.fft.rfft((signal - signal.mean()) * np.hanning(len(signal)))) ** 2
    level = 10 * float(np.log10(power))
    total = float(spectrum.sum())
    if level < SILENCE_DBFS or total == 0.0:
        return SoundMeasure(level=level, frequency=0.0, purity=0.0)
    peak = int(np.argmax(spectrum))
    # A Hann window spreads a sine over the two bins either side of its own.
    around = slice(max(peak - 2, 0), peak + 3)
    energy = spectrum[around]
    bins = np.arange(len(spectrum))[around]
    return SoundMeasure(
        level=level,
        frequency=float((bins * energy).sum() / energy.sum()) * rate / len(samples),
        purity=float(energy.sum()) / total,
    )


def movement(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Mean absolute difference of two luma planes of one shape, in grey levels (0..255).

    A still picture through VP8 stays under about 0.3 once it has settled; a person who talks, well above.
    """
    if before.shape != after.shape:
        return 255.0
    return float(np.mean(np.abs(after.astype(np.int16) - before.astype(np.int16))))


def is_black(luma: NDArray[np.uint8]) -> bool:
    """Whether a luma plane is (near) black all over, in limited or full range."""
    return bool(luma.mean() < 24 and luma.max() < 40)
