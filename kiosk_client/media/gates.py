"""Muting that is true: while a gate is shut, silence or black is encoded and sent in place of what is taken.

The source is still read, so that no old sound or picture is sent when the gate opens again.
"""

from __future__ import annotations

import numpy as np
from aiortc.mediastreams import MediaStreamTrack
from av import AudioFrame, VideoFrame
from av.frame import Frame


class SoundGate(MediaStreamTrack):
    """Lets `track` through, or sends digital silence of the same shape."""

    kind = "audio"

    def __init__(self, track: MediaStreamTrack) -> None:
        super().__init__()
        self._track = track
        self.shut = False

    async def recv(self) -> AudioFrame:
        """The next frame, as it comes or silenced. Raises `MediaStreamError` when the source has ended."""
        frame = await self._track.recv()
        assert isinstance(frame, AudioFrame)
        return silence_like(frame) if self.shut else frame

    def stop(self) -> None:
        """End this track and its source."""
        super().stop()
        self._track.stop()


class PictureGate(MediaStreamTrack):
    """Lets `track` through, or sends black of the same size."""

    kind = "video"

    def __init__(self, track: MediaStreamTrack) -> None:
        super().__init__()
        self._track = track
        self.shut = False

    async def recv(self) -> VideoFrame:
        """The next frame, as it comes or blackened. Raises `MediaStreamError` when the source has ended."""
        frame = await self._track.recv()
        assert isinstance(frame, VideoFrame)
        return black_like(frame) if self.shut else frame

    def stop(self) -> None:
        """End this track and its source."""
        super().stop()
        self._track.stop()


def silence_like(frame: AudioFrame) -> AudioFrame:
    """Digital silence with the format, length and time of `frame`."""
    silent = AudioFrame.from_ndarray(np.zeros_like(frame.to_ndarray()), format=frame.format.name, layout=frame.layout)
    silent.sample_rate = frame.sample_rate
    _put_at(silent, frame)
    return silent


def black_like(frame: VideoFrame) -> VideoFrame:
    """A black picture (limited range) with the size and time of `frame`; sides that are odd lose a pixel."""
    width, height = frame.width & ~1, frame.height & ~1
    luma = np.full(width * height, 16, dtype=np.uint8)
    chroma = np.full(width * height // 2, 128, dtype=np.uint8)
    planes = np.concatenate([luma, chroma]).reshape(height * 3 // 2, width)
    black = VideoFrame.from_ndarray(planes, format="yuv420p")
    _put_at(black, frame)
    return black


def _put_at(made: Frame, like: Frame) -> None:
    made.pts = like.pts
    if like.time_base is not None:
        made.time_base = like.time_base
