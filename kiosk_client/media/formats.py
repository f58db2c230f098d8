"""What a call's sound and picture are made of: codecs, their parameters, and what travels in packets' headers.

Opus and VP8, nothing else: SFrame leaves VP8 its few clear bytes, and aiortc's H.264 shifts colours. Payload types and
identifiers are those that we offer; those of the other end's offer are taken as they are.
"""

from __future__ import annotations

from aiortc.rtcrtpparameters import (
    RTCRtcpFeedback,
    RTCRtpCodecParameters,
    RTCRtpHeaderExtensionParameters,
)

from kiosk_client.aiortc_private import TRANSPORT_WIDE, Formats, redundant_of

STREAM = "urn:ietf:params:rtp-hdrext:sdes:mid"
SENT_AT = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

VOICE_RATE = 32_000
"""Bits a second of one voice: full-band speech, and what was lost once more within it (RFC 7587, section 3.1.1)."""

OPUS = 96
VP8 = 97
REPEATED_VP8 = 98
REDUNDANT_OPUS = 99

VOICE: dict[str, int | str | None] = {
    "minptime": 10,
    "useinbandfec": 1,
    "stereo": 0,
    "maxaveragebitrate": VOICE_RATE,
    "cbr": 1,
    "usedtx": 0,
}
"""What we ask of the other end's Opus (RFC 7587, section 6.1). Constant and without pauses: sizes tell of words."""


def sound_formats(*, redundant: bool, transport_wide: bool) -> Formats:
    """`redundant`: as RED too (RFC 2198), and rather so. `transport_wide`: packets numbered, and feedback on them."""
    feedback = [RTCRtcpFeedback(type="transport-cc")] if transport_wide else []
    opus = RTCRtpCodecParameters(
        mimeType="audio/opus",
        clockRate=48000,
        channels=2,
        payloadType=OPUS,
        rtcpFeedback=feedback,
        parameters=dict(VOICE),
    )
    red = RTCRtpCodecParameters(
        mimeType="audio/red",
        clockRate=48000,
        channels=2,
        payloadType=REDUNDANT_OPUS,
        rtcpFeedback=feedback,
        parameters=redundant_of(OPUS),
    )
    return Formats((red, opus) if redundant else (opus,), (_extension(1, STREAM), *_numbers(transport_wide)))


def picture_formats(*, transport_wide: bool) -> Formats:
    """`transport_wide`: packets numbered, and feedback on them, instead of estimates by the receiver."""
    feedback = [RTCRtcpFeedback(type="nack"), RTCRtcpFeedback(type="nack", parameter="pli")]
    feedback.append(RTCRtcpFeedback(type="transport-cc") if transport_wide else RTCRtcpFeedback(type="goog-remb"))
    return Formats(
        (
            RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90000, payloadType=VP8, rtcpFeedback=feedback),
            RTCRtpCodecParameters(
                mimeType="video/rtx", clockRate=90000, payloadType=REPEATED_VP8, parameters={"apt": VP8}
            ),
        ),
        (_extension(1, STREAM), _extension(3, SENT_AT), *_numbers(transport_wide)),
    )


def _numbers(transport_wide: bool) -> tuple[RTCRtpHeaderExtensionParameters, ...]:
    return (_extension(4, TRANSPORT_WIDE),) if transport_wide else ()


def _extension(number: int, uri: str) -> RTCRtpHeaderExtensionParameters:
    return RTCRtpHeaderExtensionParameters(id=number, uri=uri)
