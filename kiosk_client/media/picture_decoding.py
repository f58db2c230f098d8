"""Opens and decodes pictures, in a thread of its own: whole sealed frames in, pictures out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from av import CodecContext, FFmpegError, Packet, VideoFrame
from av.video.codeccontext import VideoCodecContext

from kiosk_client.media.core.picture_assembly import PictureFrame
from kiosk_client.media.core.picture_timing import CLOCK_RATE
from kiosk_client.media.core.sequence import unwrap

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What became of a frame. `pictures`: None where it was refused, and with it all that build on it."""

    frame: PictureFrame
    pictures: list[VideoFrame] | None


class PictureDecoder:
    """Of one stream. `open_frame` opens a sealed frame, or gives None. Used by one thread at a time."""

    def __init__(self, open_frame: Callable[[bytes], bytes | None]) -> None:
        self._open = open_frame
        self._codec: VideoCodecContext | None = None
        self._needs_key_frame = True
        self._timestamp: int | None = None
        self._origin = 0

    def decode(self, frame: PictureFrame) -> Decoded:
        """Its picture, `pts` counted from the first. Raises nothing."""
        plain = self._open(frame.data)
        # RFC 6386, section 9.1: 0 is a key frame. What builds on one that never came is not worth decoding.
        if plain is None or (self._needs_key_frame and plain[0] & 1):
            self._needs_key_frame = True
            return Decoded(frame, None)
        try:
            if self._codec is None:
                self._codec = CodecContext.create("libvpx", "r")
            pictures = self._codec.decode(self._packet(plain, frame.timestamp))
        except (FFmpegError, ValueError) as problem:
            log.debug("a picture could not be decoded: %s", problem)
            self._needs_key_frame = True
            return Decoded(frame, None)
        self._needs_key_frame = False
        return Decoded(frame, pictures)

    def _packet(self, plain: bytes, timestamp: int) -> Packet[Any]:
        if self._timestamp is None:
            self._timestamp = self._origin = timestamp
        self._timestamp = unwrap(timestamp, self._timestamp, 32)
        packet: Packet[Any] = Packet(plain)
        packet.pts = self._timestamp - self._origin
        packet.time_base = Fraction(1, CLOCK_RATE)
        return packet
