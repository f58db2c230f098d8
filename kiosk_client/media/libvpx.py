"""A VP8 encoder whose rate changes from picture to picture, without being made anew and without a key frame.

It keeps to what WebRTC's browsers ask of libvpx in a call: real-time mode, constant rate, one partition, key frames
only on request. Its frames need all that came before them; what is lost comes again, or a key frame is asked for.
"""

from __future__ import annotations

import ctypes
import os
import threading
from ctypes import byref, c_int, c_void_p
from dataclasses import dataclass
from typing import Protocol

from av import VideoFrame

from kiosk_client.media import libvpx_interface as vpx

TICKS = 90000
"""Of the encoder's clock a second: RTP's for VP8 (RFC 7741, section 4.1)."""

SHORTEST_GAP, LONGEST_GAP = 0.5, 2.0
"""Of the usual time between two pictures, between which the real one counts. After a pause nothing is made good, or the
first picture after it would fill the line."""

STEP = 1.08
"""By which the time that a picture lasts differs from that of the one before, at most. By a tenth or more, and libvpx
takes the picture rate to be another at once (`step` in its `vp8_get_compressed_data`): a picture that came after a
pause of a tenth of a second was given twenty-five times its share."""

LEAST_RATE, MOST_RATE = 10_000, 8_000_000
"""Bits a second that are asked of libvpx. Below ten thousand its arithmetic in kbit/s gets too coarse."""

BUFFER, BUFFER_AT_FIRST, BUFFER_WANTED = 600, 400, 500
"""Milliseconds of the rate that the other end is taken to hold back. Small: a pacer sends what comes out, and what
the encoder runs ahead of its rate is waited for."""

OVERSHOOT, UNDERSHOOT = 15, 100
"""Percent by which the rate may be passed to catch up, and missed to make good."""

DROP_BELOW = 30
"""Percent of the buffer under which a picture is skipped rather than sent late."""

BEST_QUANTIZER, WORST_QUANTIZER = 2, 56
"""Of 0..63. Beyond the worst it is better to send fewer, or smaller, pictures."""

MOST_INTRA = 400
"""Percent of an ordinary picture's share that a key frame may take: at 24 a second a sixth of a second's rate, which
a pacer gets out before anybody sees a pause. The first is coarse at a low rate, and better within a second."""


class EncodingFailed(Exception):
    """libvpx refused a picture. The encoder goes on with a key frame."""


@dataclass(frozen=True)
class EncodedPicture:
    """One frame of VP8 (RFC 6386, section 9). `key`: needs none before it."""

    data: bytes
    key: bool


class PictureEncoder(Protocol):
    """What sends pictures needs no more than this of its encoder."""

    def encode(self, frame: VideoFrame, rate: int, frames: float, *, key: bool = False) -> EncodedPicture | None:
        """The picture at `rate` bits a second; None where it is skipped to keep to that. `key`: needs none before it.

        `frame`: yuv420p with even sides, timed. `frames`: how many a second there will be, roughly. A new size begins
        with a key frame. Raises `EncodingFailed`. It may be called in any thread, by one at a time.
        """
        ...

    def close(self) -> None:
        """Free what it holds, once a picture that is being encoded is done. May be called again."""
        ...


class Vp8Encoder:
    """`PictureEncoder` on the libvpx that PyAV carries. Raises `LibvpxUnfit` where that is not the one written for."""

    def __init__(self) -> None:
        self._library = vpx.libvpx()
        self._lock = threading.Lock()
        self._context: vpx.Context | None = None
        self._config = vpx.EncoderConfig()
        self._clock = 0
        self._before: float | None = None
        self._lasts = 0.0
        self._closed = False

    def encode(self, frame: VideoFrame, rate: int, frames: float, *, key: bool = False) -> EncodedPicture | None:
        """As `PictureEncoder` has it. Raises `EncodingFailed`, also when closed."""
        require_encodable(frame)
        with self._lock:
            if self._closed:
                raise EncodingFailed("the encoder is closed")
            try:
                self._prepare(frame.width, frame.height, min(max(rate, LEAST_RATE), MOST_RATE) // 1000)
                taken = self._duration(frame, TICKS / min(max(frames, 0.1), 120.0))
                return self._encode(frame, taken, vpx.FORCE_KEY_FRAME if key else 0)
            except EncodingFailed:
                self._forget()
                raise

    def close(self) -> None:
        """As `PictureEncoder` has it."""
        with self._lock:
            self._closed = True
            self._forget()

    def __del__(self) -> None:
        if getattr(self, "_context", None) is not None:
            self._forget()

    def _prepare(self, width: int, height: int, kilobits: int) -> None:
        if self._context is not None and (width, height) != (self._config.g_w, self._config.g_h):
            # A key frame is due in any case, and as many of libvpx's faults lay in changing the size of an encoder
            # that runs, browsers make another one too.
            self._forget()
        if self._context is None:
            self._begin(width, height, kilobits)
        elif self._config.rc_target_bitrate != kilobits:
            self._config.rc_target_bitrate = kilobits
            self._must("vpx_codec_enc_config_set", byref(self._config))

    def _begin(self, width: int, height: int, kilobits: int) -> None:
        config = self._config
        vp8 = self._library.vpx_codec_vp8_cx()
        if self._library.vpx_codec_enc_config_default(vp8, byref(config), 0):
            raise EncodingFailed("libvpx has no defaults for VP8")
        config.g_w, config.g_h, config.g_threads = width, height, threads(width * height)
        config.g_timebase.num, config.g_timebase.den = 1, TICKS
        config.rc_end_usage, config.kf_mode = vpx.CBR, vpx.KEY_FRAMES_ON_REQUEST
        config.rc_target_bitrate, config.rc_dropframe_thresh = kilobits, DROP_BELOW
        config.rc_min_quantizer, config.rc_max_quantizer = BEST_QUANTIZER, WORST_QUANTIZER
        config.rc_overshoot_pct, config.rc_undershoot_pct = OVERSHOOT, UNDERSHOOT
        config.rc_buf_sz, config.rc_buf_initial_sz, config.rc_buf_optimal_sz = BUFFER, BUFFER_AT_FIRST, BUFFER_WANTED
        context = vpx.Context()
        failed = self._library.vpx_codec_enc_init_ver(byref(context), vp8, byref(config), 0, vpx.ENCODER_ABI)
        if failed:
            raise EncodingFailed(f"libvpx makes no encoder of {width} by {height}: {self._reason(failed)}")
        self._context, self._clock, self._before, self._lasts = context, 0, None, 0.0
        for control, value in (
            (vpx.SET_CPU_USED, -speed(width * height)),
            (vpx.SET_NOISE_SENSITIVITY, 1),  # of luma alone: what a camera in a dim room adds costs most of a low rate
            (vpx.SET_STATIC_THRESHOLD, 1),  # a block that did not change is not searched
            (vpx.SET_TOKEN_PARTITIONS, 0),
            (vpx.SET_MOST_INTRA_PERCENT, MOST_INTRA),
            (vpx.SET_SCREEN_CONTENT, 0),
        ):
            self._must("vpx_codec_control_", c_int(control), c_int(value))

    def _encode(self, frame: VideoFrame, taken: int, flags: int) -> EncodedPicture | None:
        self._clock += taken
        image = _image_of(frame)
        self._must("vpx_codec_encode", byref(image), self._clock, taken, flags, vpx.REALTIME)
        assert self._context is not None
        data, key, place = b"", False, c_void_p()
        while packet := self._library.vpx_codec_get_cx_data(byref(self._context), byref(place)):
            if packet.contents.kind == vpx.FRAME_PACKET:
                made = packet.contents.data.frame
                data += ctypes.string_at(made.buf, made.sz)
                key = key or bool(made.flags & vpx.FRAME_IS_KEY)
        return EncodedPicture(data, key) if data else None

    def _duration(self, frame: VideoFrame, usual: float) -> int:
        """Ticks that this picture lasts: libvpx shares its bits out by time, and wants a clock that goes evenly."""
        before, self._before = self._before, frame.time
        if before is None or frame.time is None:
            self._lasts = self._lasts or usual
        else:
            gap = min(max((frame.time - before) * TICKS, SHORTEST_GAP * usual), LONGEST_GAP * usual)
            self._lasts = min(max(gap, self._lasts / STEP), self._lasts * STEP)
        return round(self._lasts)

    def _must(self, function: str, *arguments: object) -> None:
        assert self._context is not None
        failed = getattr(self._library, function)(byref(self._context), *arguments)
        if failed:
            raise EncodingFailed(f"{function}: {self._reason(failed)}")

    def _reason(self, error: int) -> str:
        return str(self._library.vpx_codec_err_to_string(error).decode(errors="replace"))

    def _forget(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            self._library.vpx_codec_destroy(byref(context))


def require_encodable(frame: VideoFrame) -> None:
    """Raises `EncodingFailed` unless the frame is yuv420p with even sides."""
    if frame.format.name != "yuv420p" or frame.width % 2 or frame.height % 2:
        raise EncodingFailed(f"no picture to encode: {frame.format.name}, {frame.width} by {frame.height}")


def threads(pixels: int) -> int:
    """How many threads a picture of so many pixels is worth: a second one from 720p on, if there are cores for it."""
    return 2 if pixels > 640 * 480 and (os.cpu_count() or 1) > 2 else 1


def speed(pixels: int) -> int:
    """libvpx's `cpu-used`, without its sign: small pictures are worth more of the processor's time."""
    return 4 if pixels < 352 * 288 else 6


def _image_of(frame: VideoFrame) -> vpx.Image:
    """The frame's planes where they lie: it must outlive the image."""
    image = vpx.Image(
        fmt=vpx.I420, w=frame.width, h=frame.height, bit_depth=8, d_w=frame.width, d_h=frame.height, bps=12
    )
    image.x_chroma_shift = image.y_chroma_shift = 1
    for number, plane in enumerate(frame.planes):
        image.planes[number], image.stride[number] = plane.buffer_ptr, plane.line_size
    return image
