"""Muting that is true: while a gate is shut, silence or black is encoded and sent in place of what is taken.

The source is still read, so that no old sound or picture is sent when the gate opens again. A source that ends (a
camera that was pulled out) shuts its gate for good: black, and word of it, rather than a picture that stands still.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from aiortc.mediastreams import VIDEO_CLOCK_RATE, MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame
from av.frame import Frame

from kiosk_client.media.picture import HEIGHT, WIDTH
from kiosk_client.media.sound import FRAME, RATE, frame_of

BLACK_EVERY = 0.2
"""Seconds between black pictures once a source has ended: enough for the far end to know that we are there."""


class Gate(MediaStreamTrack):
    """What both gates share. `on_lost` is called once, if the source ends before the gate is stopped."""

    def __init__(self, track: MediaStreamTrack, on_lost: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.shut = False
        self.lost = False
        self._track = track
        self._on_lost = on_lost

    @property
    def withholds(self) -> bool:
        """Whether the other end gets nothing of the source now."""
        return self.shut or self.lost

    def stop(self) -> None:
        """End this track and its source."""
        super().stop()
        self._track.stop()

    async def _from_source(self) -> Frame | None:
        """The source's next frame; None once the source has ended. Raises `MediaStreamError` once stopped."""
        if not self.lost:
            try:
                frame = await self._track.recv()
                assert isinstance(frame, Frame)
                return frame
            except MediaStreamError:
                if self.readyState != "live":
                    raise
                self.lost = True
                self._on_lost()
        if self.readyState != "live":
            raise MediaStreamError
        return None


class SoundGate(Gate):
    """Lets a sound track through, or sends digital silence of the same shape."""

    kind = "audio"
    _last = frame_of(np.zeros(FRAME, dtype=np.int16), 0)

    async def recv(self) -> AudioFrame:
        """The next frame, as it comes or silenced. Raises `MediaStreamError` once stopped."""
        frame = await self._from_source()
        if frame is None:
            await asyncio.sleep(FRAME / RATE)
            silence = silence_like(self._last)
            silence.pts = (self._last.pts or 0) + self._last.samples
            self._last = silence
            return silence
        assert isinstance(frame, AudioFrame)
        self._last = frame
        return silence_like(frame) if self.shut else frame


class PictureGate(Gate):
    """Lets a picture track through, or sends black of the same size."""

    kind = "video"
    _last: VideoFrame | None = None

    async def recv(self) -> VideoFrame:
        """The next frame, as it comes or blackened. Raises `MediaStreamError` once stopped."""
        frame = await self._from_source()
        if frame is None:
            await asyncio.sleep(BLACK_EVERY)
            self._last = _black_after(self._last)
            return self._last
        assert isinstance(frame, VideoFrame)
        self._last = frame
        return black_like(frame) if self.shut else frame


def silence_like(frame: AudioFrame) -> AudioFrame:
    """Digital silence with the format, length and time of `frame`."""
    silent = AudioFrame.from_ndarray(np.zeros_like(frame.to_ndarray()), format=frame.format.name, layout=frame.layout)
    silent.sample_rate = frame.sample_rate
    _put_at(silent, frame)
    return silent


def black_like(frame: VideoFrame) -> VideoFrame:
    """A black picture (limited range) with the size and time of `frame`; sides that are odd lose a pixel."""
    black = _black(frame.width & ~1, frame.height & ~1)
    _put_at(black, frame)
    return black


def _black_after(last: VideoFrame | None) -> VideoFrame:
    """The next black picture after `last`, or the first where the source never gave one."""
    if last is None or last.time_base is None:
        first = _black(WIDTH, HEIGHT)
        first.pts, first.time_base = 0, Fraction(1, VIDEO_CLOCK_RATE)
        return first
    black = black_like(last)
    black.pts = (last.pts or 0) + round(BLACK_EVERY * last.time_base.denominator / last.time_base.numerator)
    return black


def _black(width: int, height: int) -> VideoFrame:
    luma = np.full(width * height, 16, dtype=np.uint8)
    chroma = np.full(width * height // 2, 128, dtype=np.uint8)
    planes = np.concatenate([luma, chroma]).reshape(height * 3 // 2, width)
    return VideoFrame.from_ndarray(planes, format="yuv420p")


def _put_at(made: Frame, like: Frame) -> None:
    made.pts = like.pts
    if like.time_base is not None:
        made.time_base = like.time_base
