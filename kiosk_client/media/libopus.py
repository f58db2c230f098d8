"""libopus by `ctypes`: a decoder that recovers a lost packet from the next one, and conceals what is lost for good.

FFmpeg's wrapper, which PyAV binds, can do neither (ADR 37). The library is the one that PyAV's wheel carries, or the
system's. What is called has been in libopus since 1.0 but for one function of 1.5, and takes plain numbers and bytes;
nothing of a structure is relied on.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_int16, c_int32, c_void_p
from ctypes.util import find_library
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kiosk_client.errors import OpusMissing
from kiosk_client.media.carried_libraries import carried_library
from kiosk_client.media.core.speech import LONGEST, RATE

Samples = NDArray[np.int16]


class OpusFailed(Exception):
    """libopus refused. `code`: its number (`opus_defines.h`), of which -4 is a packet that is none."""

    def __init__(self, code: int) -> None:
        super().__init__(f"libopus: {opus_library().opus_strerror(code).decode(errors='replace')} ({code})")
        self.code = code


def opus_version() -> str:
    """Such as "libopus 1.6.1". Raises `OpusMissing`."""
    version: bytes = opus_library().opus_get_version_string()
    return version.decode(errors="replace")


def samples_in(packet: bytes) -> int:
    """How many samples at 48 kHz a packet holds (RFC 6716, section 3.2). Raises `OpusFailed` if it is none."""
    return _counted(opus_library().opus_packet_get_nb_samples(packet, len(packet), RATE))


def recovers_before(packet: bytes) -> bool:
    """Whether a packet carries what went before it once more (in-band FEC). Raises `OpusFailed` if it is none."""
    return _counted(opus_library().opus_packet_has_lbrr(packet, len(packet))) > 0


class OpusDecoder:
    """One stream of speech, to mono 16-bit samples at 48 kHz, of shape (n,). One thread at a time.

    Raises `OpusMissing` where there is no library.
    """

    def __init__(self) -> None:
        self._library = opus_library()
        self._state: int | None = None
        failed = c_int(0)
        self._state = self._library.opus_decoder_create(RATE, 1, byref(failed))
        if failed.value or not self._state:
            raise OpusFailed(failed.value)

    def __del__(self) -> None:
        if self._state:
            self._library.opus_decoder_destroy(self._state)

    def decode(self, packet: bytes) -> Samples:
        """What a packet holds. Raises `OpusFailed` if it is none; the stream goes on all the same."""
        return self._decoded(packet, LONGEST, recovering=False)

    def recover(self, following: bytes, samples: int) -> Samples:
        """The `samples`, a multiple of 120, before a packet, from what it carries of them; made up where it does not.

        Called before that packet is decoded itself. Raises `OpusFailed`.
        """
        return self._decoded(following, samples, recovering=True)

    def conceal(self, samples: int) -> Samples:
        """Make up `samples`, a multiple of 120, that go on from those before, fading. Raises `OpusFailed`."""
        return self._decoded(None, samples, recovering=False)

    def _decoded(self, packet: bytes | None, room: int, *, recovering: bool) -> Samples:
        if packet is not None and not packet:
            raise OpusFailed(-1)  # by none the library would understand a loss
        sound = np.empty(room, dtype=np.int16)
        into = sound.ctypes.data_as(POINTER(c_int16))
        got = self._library.opus_decode(self._state, packet, len(packet or b""), into, room, recovering)
        return sound[: _counted(got)]


def _counted(answer: int) -> int:
    if answer < 0:
        raise OpusFailed(answer)
    return answer


@cache
def opus_library() -> ctypes.CDLL:
    """The library, with what is called here typed. Raises `OpusMissing`."""
    carried = carried_library("libopus")
    places = [str(carried)] if carried else []
    if system := find_library("opus"):
        places.append(system)
    reasons = ["none beside PyAV, none of the system's"] if not places else []
    for place in places:
        try:
            return _typed(ctypes.CDLL(place))
        except (OSError, AttributeError) as cause:
            reasons.append(str(cause))
    raise OpusMissing(f"libopus 1.5 or later is not to be had: {'; '.join(reasons)}")


def _typed(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, result, arguments in (
        ("opus_get_version_string", c_char_p, ()),
        ("opus_strerror", c_char_p, (c_int,)),
        ("opus_packet_get_nb_samples", c_int, (c_char_p, c_int32, c_int32)),
        ("opus_packet_has_lbrr", c_int, (c_char_p, c_int32)),
        ("opus_decoder_create", c_void_p, (c_int32, c_int, POINTER(c_int))),
        ("opus_decoder_destroy", None, (c_void_p,)),
        ("opus_decode", c_int, (c_void_p, c_char_p, c_int32, POINTER(c_int16), c_int, c_int)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
