"""Pictures as planes, and the track that plays drawn pictures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from aiortc.mediastreams import VIDEO_CLOCK_RATE, MediaStreamError, MediaStreamTrack
from av import VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from kiosk_client.media.pacing import Pace

WIDTH, HEIGHT = 640, 480
FRAMES_PER_SECOND = 24

Planes = NDArray[np.uint8]
"""A picture in yuv420p as PyAV lays it out: shape (height * 3 / 2, width); luma on top, then both chroma planes."""


def plane_views(planes: Planes) -> tuple[Planes, Planes, Planes]:
    """Views of luma (h, w), blue and red chroma (h / 2, w / 2) in `planes`; writing to them writes to it.

    `planes` must be C-contiguous, and width and height even.
    """
    height, width = planes.shape[0] * 2 // 3, planes.shape[1]
    chroma = planes[height:].reshape(2, height // 2, width // 2)
    return planes[:height], chroma[0], chroma[1]


def planes_of(frame: VideoFrame) -> Planes:
    """The picture of a frame of any format as yuv420p planes, limited range; odd sides lose a pixel."""
    return np.ascontiguousarray(as_sent(frame).to_ndarray(), dtype=np.uint8)


def as_sent(frame: VideoFrame) -> VideoFrame:
    """The frame as VP8 wants it: yuv420p, even sides, limited range. Its time is kept.

    Browsers take VP8 for limited range whatever it was made from: the full range of a camera's JPEG, or of a PNG,
    would come out with whites and blacks crushed.
    """
    return frame.reformat(
        width=frame.width & ~1, height=frame.height & ~1, format="yuv420p", dst_color_range=ColorRange.MPEG
    )


class DrawnTrack(MediaStreamTrack):
    """Plays the pictures that `draw(number)` returns, in real time.

    One a call: aiortc stops a track with its sender.
    """

    kind = "video"

    def __init__(self, draw: Callable[[int], Planes], frames_per_second: int = FRAMES_PER_SECOND) -> None:
        super().__init__()
        self._draw = draw
        self._pace = Pace(frames_per_second, skip=True)
        self._step = VIDEO_CLOCK_RATE // frames_per_second

    async def recv(self) -> VideoFrame:
        """The next picture. Raises `MediaStreamError` once stopped."""
        if self.readyState != "live":
            raise MediaStreamError
        number = await self._pace.frame()
        frame = VideoFrame.from_ndarray(self._draw(number), format="yuv420p")
        frame.pts = number * self._step
        frame.time_base = Fraction(1, VIDEO_CLOCK_RATE)
        return frame
