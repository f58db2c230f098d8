"""Sound as arrays, and the tracks that play arrays: a loop of samples, and a pure tone."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame
from numpy.typing import NDArray

from kiosk_client.media.pacing import Pace

RATE = 48000
"""Samples a second everywhere in the kiosk: Opus's own clock (RFC 7587, section 4.1)."""

FRAME = 960
"""Samples in a frame: 20 ms, the usual Opus packet."""

Samples = NDArray[np.int16]


def tone(hertz: float, seconds: float, *, level: float = 0.25) -> Samples:
    """A sine of `hertz`, peak `level` of full scale. Loops without a click when `hertz * seconds` is whole."""
    phase = np.arange(round(seconds * RATE)) * (2 * np.pi * hertz / RATE)
    samples: Samples = (np.sin(phase) * level * 32767).astype(np.int16)
    return samples


def frame_of(samples: Samples, number: int) -> AudioFrame:
    """Frame `number` of a track: mono, s16, 48 kHz, `FRAME` samples long."""
    frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = RATE
    frame.pts = number * FRAME
    frame.time_base = Fraction(1, RATE)
    return frame


class LoopTrack(MediaStreamTrack):
    """Plays `samples` round and round in real time. One a call: aiortc stops a track with its sender."""

    kind = "audio"

    def __init__(self, samples: Samples) -> None:
        super().__init__()
        whole = -(-len(samples) // FRAME) * FRAME
        self._samples = np.zeros(whole, dtype=np.int16)
        self._samples[: len(samples)] = samples
        self._pace = Pace(RATE / FRAME, skip=False)

    async def recv(self) -> AudioFrame:
        """The next 20 ms. Raises `MediaStreamError` once stopped."""
        if self.readyState != "live":
            raise MediaStreamError
        number = await self._pace.frame()
        start = number * FRAME % len(self._samples)
        return frame_of(self._samples[start : start + FRAME], number)


def tone_track(hertz: int) -> LoopTrack:
    """An endless tone of a whole number of hertz, without a click at the seam."""
    return LoopTrack(tone(hertz, 1.0))
