"""Sees what one end really sends, after everything but SRTP: each RTP and RTCP packet, as it goes to the transport."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import RTCP_PSFB_PLI, HeaderExtensionsMap, RtcpPacket, RtcpPsfbPacket, RtpPacket, is_rtcp
from support.media_pair import End

from kiosk_client.media.formats import REDUNDANT_OPUS

SOUND = REDUNDANT_OPUS
"""The payload type of sound in the kiosk's offer, where the other end takes it."""

EXTENSIONS = HeaderExtensionsMap()
"""By the numbers that aiortc gives them, so that a level would be seen if one were written."""
EXTENSIONS.configure(
    RTCRtpParameters(
        headerExtensions=[
            RTCRtpHeaderExtensionParameters(id=1, uri="urn:ietf:params:rtp-hdrext:sdes:mid"),
            RTCRtpHeaderExtensionParameters(id=2, uri="urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
        ]
    )
)


@dataclass
class Tap:
    """The packets of one end, since it was put there."""

    packets: list[RtpPacket] = field(default_factory=list)
    key_frames_asked: int = 0

    def of(self, payload_type: int) -> list[RtpPacket]:
        """Those of a payload type."""
        return [packet for packet in self.packets if packet.payload_type == payload_type]

    @property
    def payload_types(self) -> Counter[int]:
        """How many there are of each payload type."""
        return Counter(packet.payload_type for packet in self.packets)


def tap(end: End) -> Tap:
    """Put a tap to the transport of an end that has been opened; nothing is changed on its way."""
    seen = Tap()
    transport: RTCDtlsTransport = end.peer._connection.getTransceivers()[0].sender.transport
    send = transport._send_rtp

    async def sends(data: bytes) -> None:
        if not is_rtcp(data):
            seen.packets.append(RtpPacket.parse(data, EXTENSIONS))
        else:
            seen.key_frames_asked += sum(
                isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_PLI for packet in RtcpPacket.parse(data)
            )
        await send(data)

    transport._send_rtp = sends  # type: ignore[method-assign]
    return seen
