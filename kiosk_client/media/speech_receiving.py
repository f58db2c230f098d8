"""Receives the sound of a call, in the place of aiortc's receiver. Packets come in the event loop and go to a thread.

What the other end sealed is a whole payload, of RED too: it is opened first, and split then (`core.redundancy`).
"""

from __future__ import annotations

from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket

from kiosk_client.aiortc_private import Receiver, Wire
from kiosk_client.media.speech_thread import Noted, SpeechCounts, SpeechThread


class SpeechReceiver(Receiver):
    """Receives Opus, alone or in RED. Raises `OpusMissing`."""

    def __init__(self, transport: RTCDtlsTransport, wire: Wire) -> None:
        super().__init__("audio", transport, wire)
        self._speech = SpeechThread(self.give, lambda sealed: self.open_frame(sealed), wire.clock)

    @property
    def speech_counts(self) -> SpeechCounts:
        """What came of the stream so far."""
        return self._speech.counts

    def waits(self) -> float:
        """Seconds for which sound waits at present before it is played."""
        return self._speech.waits

    def take(self, packet: RtpPacket, codec: RTCRtpCodecParameters, arrival: float) -> None:
        """One packet, in any order."""
        name = codec.name.lower()
        if packet.payload and name in ("opus", "red"):
            redundant = carried_types(codec) if name == "red" else None
            self._speech.note(Noted(packet.ssrc, packet.timestamp, packet.payload, redundant, arrival))

    def ended(self) -> None:
        """Nothing more will come."""
        self._speech.end()

    async def stop(self) -> None:
        """End for good."""
        await super().stop()
        await self._speech.join()


def carried_types(codec: RTCRtpCodecParameters) -> frozenset[int]:
    """The payload types in RED: its one parameter has no name, but "111/111" (RFC 2198, section 5)."""
    return frozenset(int(each) for each in next(iter(codec.parameters), "").split("/") if each.isdigit())
