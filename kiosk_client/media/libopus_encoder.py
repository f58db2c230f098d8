"""libopus's encoder by `ctypes`: FFmpeg's can be told of loss only when it is made, and loss changes (ADR 38)."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char, c_int, c_int16, c_int32, c_void_p
from functools import cache

from kiosk_client.media.core.speech import FRAME, RATE
from kiosk_client.media.libopus import OpusFailed, Samples, opus_library

VOICE_APPLICATION = 2048
SET_BITRATE = 4002
SET_VARIABLE_RATE = 4006
SET_FEC = 4012
SET_EXPECTED_LOSS = 4014
SET_PAUSES = 4016
SET_SIGNAL = 4024
VOICE = 3001
"""Numbers of `opus_defines.h`, which every version since 1.0 has alike."""

LARGEST = 1275
"""Bytes of the largest frame (RFC 6716, section 3.2.1)."""


class OpusEncoder:
    """One voice, mono at 48 kHz, to packets of 20 ms, all of one size.

    Where loss is expected (`expect_loss`) each carries the packet before it once more.

    `rate`: bits a second. One thread at a time. Raises `OpusMissing` where there is no library.
    """

    def __init__(self, rate: int) -> None:
        self._library = _encoder()
        self._state: int | None = None
        failed = c_int(0)
        self._state = self._library.opus_encoder_create(RATE, 1, VOICE_APPLICATION, byref(failed))
        if failed.value or not self._state:
            raise OpusFailed(failed.value)
        for request, value in (
            (SET_BITRATE, rate),
            (SET_VARIABLE_RATE, 0),
            (SET_PAUSES, 0),
            (SET_SIGNAL, VOICE),
            (SET_FEC, 1),
        ):
            self._set(request, value)

    def __del__(self) -> None:
        if self._state:
            self._library.opus_encoder_destroy(self._state)

    def expect_loss(self, percent: int) -> None:
        """Spend as much on what carries the packet before once more as is worth it at this loss, 0 … 100."""
        self._set(SET_EXPECTED_LOSS, min(max(percent, 0), 100))

    def encode(self, samples: Samples) -> bytes:
        """The packet of 960 samples, of shape (960,), int16. Raises ValueError for another shape, `OpusFailed`."""
        if samples.shape != (FRAME,) or samples.dtype.str[1:] != "i2":
            raise ValueError(f"{FRAME} samples of 16 bits make a packet")
        packet = ctypes.create_string_buffer(LARGEST)
        sound = samples if samples.flags.c_contiguous else samples.copy()
        size = self._library.opus_encode(
            self._state, sound.ctypes.data_as(POINTER(c_int16)), FRAME, packet, len(packet)
        )
        if size < 0:
            raise OpusFailed(size)
        return packet.raw[:size]

    def _set(self, request: int, value: int) -> None:
        answer = self._library.opus_encoder_ctl(self._state, request, value)
        if answer:
            raise OpusFailed(answer)


@cache
def _encoder() -> ctypes.CDLL:
    library = opus_library()
    for name, result, arguments in (
        ("opus_encoder_create", c_void_p, (c_int32, c_int, c_int, POINTER(c_int))),
        ("opus_encoder_destroy", None, (c_void_p,)),
        # Of any number of arguments in C; on Linux such are passed like these, on x86 and on Arm.
        ("opus_encoder_ctl", c_int, (c_void_p, c_int, c_int32)),
        ("opus_encode", c_int32, (c_void_p, POINTER(c_int16), c_int, POINTER(c_char), c_int32)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
