"""VP8 by PyAV alone, where its libvpx is not the one that `libvpx` was written for.

FFmpeg's wrapper takes a rate only once. So a change of more than a tenth makes a new encoder, which begins with a key
frame, as aiortc's does: a call works, and is worse on a narrow line.
"""

from __future__ import annotations

import logging
import threading
from fractions import Fraction

from av import FFmpegError, VideoFrame
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from kiosk_client.media.libvpx import (
    BEST_QUANTIZER,
    LEAST_RATE,
    MOST_RATE,
    TICKS,
    WORST_QUANTIZER,
    EncodedPicture,
    EncodingFailed,
    PictureEncoder,
    Vp8Encoder,
    require_encodable,
    speed,
    threads,
)
from kiosk_client.media.libvpx_interface import LibvpxUnfit

WORTH_A_KEY_FRAME = 0.1
"""Share of the rate by which it must have changed."""

log = logging.getLogger(__name__)


def picture_encoder() -> PictureEncoder:
    """The best encoder that this machine has."""
    try:
        return Vp8Encoder()
    except LibvpxUnfit as unfit:
        log.warning("pictures are encoded with a key frame at every change of rate: %s", unfit)
        return PyavVp8Encoder()


class PyavVp8Encoder:
    """`PictureEncoder` by FFmpeg."""

    def __init__(self) -> None:
        self._codec: VideoCodecContext | None = None
        self._lock = threading.Lock()
        self._closed = False

    def encode(self, frame: VideoFrame, rate: int, frames: float, *, key: bool = False) -> EncodedPicture | None:
        """As `PictureEncoder` has it, but for `frames`. Raises `EncodingFailed`, also when closed."""
        require_encodable(frame)
        with self._lock:
            if self._closed:
                raise EncodingFailed("the encoder is closed")
            try:
                codec = self._fit(frame, min(max(rate, LEAST_RATE), MOST_RATE))
                # I means a key frame, and NONE whatever the encoder likes.
                frame.pict_type = PictureType.I if key else PictureType.NONE
                packets = codec.encode(frame)
            except (FFmpegError, ValueError) as cause:
                self._codec = None
                raise EncodingFailed(str(cause)) from cause
        data = b"".join(bytes(packet) for packet in packets)
        return EncodedPicture(data, any(packet.is_keyframe for packet in packets)) if data else None

    def close(self) -> None:
        """As `PictureEncoder` has it."""
        with self._lock:
            self._closed, self._codec = True, None

    def _fit(self, frame: VideoFrame, rate: int) -> VideoCodecContext:
        codec = self._codec
        if (
            codec is None
            or (codec.width, codec.height) != (frame.width, frame.height)
            or abs(rate - (codec.bit_rate or 0)) > WORTH_A_KEY_FRAME * (codec.bit_rate or 1)
        ):
            self._codec = codec = _opened(frame, rate)
        return codec


def _opened(frame: VideoFrame, rate: int) -> VideoCodecContext:
    codec = VideoCodecContext.create("libvpx", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt, codec.bit_rate = frame.width, frame.height, "yuv420p", rate
    codec.time_base = frame.time_base or Fraction(1, TICKS)
    codec.gop_size, codec.qmin, codec.qmax = 3000, BEST_QUANTIZER, WORST_QUANTIZER
    codec.thread_count = threads(frame.width * frame.height)
    codec.options = {
        "deadline": "realtime",
        "cpu-used": str(-speed(frame.width * frame.height)),
        "lag-in-frames": "0",
        # Equal bounds make the rate constant; the buffer is as large as a second.
        "minrate": str(rate),
        "maxrate": str(rate),
        "bufsize": str(rate),
        "noise-sensitivity": "1",
        "overshoot-pct": "15",
        "undershoot-pct": "100",
        "partitions": "0",
        "static-thresh": "1",
    }
    return codec
