"""The ground for sending media by ourselves: aiortc's sender without its loop, encoder and retransmissions.

What stays aiortc's: sender reports and statistics, being started and stopped with the connection. What is new: `run` is
the loop, with whatever encoder and pace it likes; packets are made by `packet` and go out by `put`, each with its
transport-wide number where that is negotiated; and what the other end reports comes to the `on_…` methods.

    class Speech(Sender):
        async def run(self):
            while True:
                frame = await self.track.recv()
                sealed = self.seal(encoder.encode(frame))
                if sealed is not None:
                    await self.put(self.packet(sealed, timestamp))

    place_sender(transceiver, lambda track, transport: Speech(track, transport, wire))   # before negotiation
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from aiortc import MediaStreamTrack, RTCRtpSender, clock
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters, RTCRtpSendParameters
from aiortc.rtcrtpsender import random_sequence_number
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    AnyRtcpPacket,
    HeaderExtensionsMap,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSrPacket,
    RtpPacket,
    unpack_remb_fci,
    wrap_rtx,
)
from aiortc.utils import random32

from kiosk_client.aiortc_private.change import Change
from kiosk_client.aiortc_private.wire import TRANSPORT_WIDE, Wire

STARTED = "_RTCRtpSender__rtp_started"
EXITED = "_RTCRtpSender__rtp_exited"
REPORTED_AT = "_RTCRtpSender__ntp_timestamp"
REPORTED_TIMESTAMP = "_RTCRtpSender__rtp_timestamp"
PACKETS = "_RTCRtpSender__packet_count"
OCTETS = "_RTCRtpSender__octet_count"
ROUND_TRIP = "_RTCRtpSender__rtt"

HISTORY = 1024
"""Packets kept for retransmission, a power of two: four seconds of picture at 2 Mbit/s, which no request is late by."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """What the other end says of our stream (RFC 3550, section 6.4.1). All of it may be a lie.

    `fraction_lost`: 0 … 1, since the report before; `lost`: packets in all, which copies make negative; `jitter`: in
    units of the codec's clock; `round_trip`: smoothed, seconds, None before it is known.
    """

    fraction_lost: float
    lost: int
    jitter: int
    round_trip: float | None


class Sender(RTCRtpSender, ABC):
    """Sends one stream. Everything here is called, and may be, in the event loop only."""

    def __init__(self, track: MediaStreamTrack, transport: RTCDtlsTransport, wire: Wire) -> None:
        super().__init__(track, transport)
        self.wire = wire
        """What is shared with the connection's other streams."""
        self.seal: Change = lambda frame: None
        """Seals an encoded frame, or gives None for one that must not be sent. From any one thread, always the same
        at a time. The peer sets it."""
        self.reported: Report | None = None
        """What the other end said last of this stream."""
        self.codecs: list[RTCRtpCodecParameters] = []
        """What was negotiated, the one to use first; known before `run`."""
        self._extensions = HeaderExtensionsMap()
        self._numbered = False
        self._stream: str | None = None
        self._sequence = random_sequence_number()
        self._repeat_sequence = random_sequence_number()
        self._origin = random32()
        self._history: dict[int, RtpPacket] = {}
        self._sending: set[asyncio.Task[None]] = set()
        wire.attach(transport)

    @abstractmethod
    async def run(self) -> None:
        """Send until cancelled: `self.track` in, `self.put` out. `MediaStreamError` and `ConnectionError` end it
        quietly, anything else is logged and ends it too."""

    def on_report(self, report: Report) -> None:
        """The other end reported how our packets arrive; about once a second."""

    def on_key_frame_request(self) -> None:
        """The other end needs a picture that stands alone (RFC 4585, section 6.3.1; RFC 5104, section 4.3.1)."""

    def on_nack(self, missing: list[int]) -> None:
        """The other end asks for these sequence numbers again. Here they go out at once, as far as they are kept."""
        for number in dict.fromkeys(missing):
            repeated = self.retransmission(number)
            if repeated is not None:
                self.put_soon(repeated)

    def on_feedback(self, form: int, information: bytes) -> None:
        """Generic feedback that is no NACK, as it came (RFC 4585, section 6.2), with nothing in it checked.

        Transport-wide feedback (format 15) is of all streams of the connection, and told to every sender of it.
        """

    def on_receiver_estimate(self, bits: int) -> None:
        """The other end estimates that this many bits a second arrive (draft-alvestrand-rmcat-remb-03)."""

    @property
    def sent(self) -> tuple[int, int]:
        """Packets of the stream that went out, and the bytes in them; retransmissions are not counted."""
        return getattr(self, PACKETS), getattr(self, OCTETS)

    @property
    def source(self) -> int:
        """SSRC of the stream."""
        return self._ssrc

    def codec(self, name: str) -> RTCRtpCodecParameters | None:
        """The negotiated codec of this name (`opus`, `red`, `VP8`, `rtx`), or None."""
        return next((codec for codec in self.codecs if codec.name.lower() == name.lower()), None)

    def packet(
        self,
        payload: bytes,
        timestamp: int,
        *,
        marker: bool = False,
        codec: RTCRtpCodecParameters | None = None,
        late: float = 0.0,
    ) -> RtpPacket:
        """The stream's next packet, made and kept for retransmission, but not sent.

        `timestamp`: units of the codec's clock from any beginning, modulo 2³². `codec`: the first unless given. `late`:
        seconds since the frame was taken, since sender reports tell the other end of when this timestamp is.
        """
        used = codec or self.codecs[0]
        assert used.payloadType is not None  # every negotiated codec has one
        made = RtpPacket(
            payload_type=used.payloadType,
            marker=int(marker),
            sequence_number=self._sequence,
            timestamp=self._origin + timestamp & 0xFFFFFFFF,
            ssrc=self._ssrc,
            payload=payload,
        )
        self._sequence = self._sequence + 1 & 0xFFFF
        self._history[made.sequence_number % HISTORY] = made
        setattr(self, REPORTED_AT, clock.current_ntp_time() - round(late * 2**32))
        setattr(self, REPORTED_TIMESTAMP, made.timestamp)
        return made

    def retransmission(self, sequence_number: int) -> RtpPacket | None:
        """A packet that repeats this one (RFC 4588); None if it is gone, or where that is not negotiated.

        The same packet again would be sealed a second time under the same number, with another time in its header: of
        AES-GCM that gives away the key of its authentication (RFC 5116, section 5.1.1).
        """
        kept = self._history.get(sequence_number % HISTORY)
        if kept is None or kept.sequence_number != sequence_number:
            return None
        repeats = next(
            (
                codec
                for codec in self.codecs
                if codec.name.lower() == "rtx" and codec.parameters.get("apt") == kept.payload_type
            ),
            None,
        )
        if repeats is None or repeats.payloadType is None:
            return None
        number, self._repeat_sequence = self._repeat_sequence, self._repeat_sequence + 1 & 0xFFFF
        return wrap_rtx(kept, payload_type=repeats.payloadType, sequence_number=number, ssrc=self._rtx_ssrc)

    async def put(self, packet: RtpPacket) -> int | None:
        """Put a packet on the wire, and return its transport-wide number where that is negotiated.

        Raises ConnectionError when the connection has ended.
        """
        if not self._enabled:
            return None
        number = self.wire.next_number() if self._numbered else None
        packet.extensions.mid = self._stream
        packet.extensions.abs_send_time = clock.current_ntp_time() >> 14 & 0xFFFFFF
        packet.extensions.transport_sequence_number = number
        data = packet.serialize(self._extensions)
        if number is not None:
            self.wire.departed(number, self.wire.clock(), len(data))
        await self.transport._send_rtp(data)
        if packet.ssrc == self._ssrc:
            setattr(self, PACKETS, getattr(self, PACKETS) + 1)
            setattr(self, OCTETS, getattr(self, OCTETS) + len(packet.payload))
        return number

    def put_soon(self, packet: RtpPacket) -> None:
        """The same without waiting, and without a word when the connection has ended."""
        task = asyncio.get_running_loop().create_task(self._put_quietly(packet))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def setTransport(self, transport: RTCDtlsTransport) -> None:
        """Another transport has become the one of all streams (BUNDLE)."""
        self.wire.attach(transport)
        super().setTransport(transport)

    async def send(self, parameters: RTCRtpSendParameters) -> None:
        """Begin. aiortc calls it when the transport stands; a second time changes nothing."""
        if not self.codecs:
            self.codecs = list(parameters.codecs)
            self._stream = parameters.muxId
            self._extensions.configure(parameters)
            self._numbered = any(extension.uri == TRANSPORT_WIDE for extension in parameters.headerExtensions)
            self.wire.join(self)
        await super().send(parameters)

    async def stop(self) -> None:
        """End for good."""
        self.wire.leave(self)
        await super().stop()

    async def _put_quietly(self, packet: RtpPacket) -> None:
        try:
            await self.put(packet)
        except ConnectionError:
            return

    async def _run_rtp(self, codec: RTCRtpCodecParameters) -> None:
        getattr(self, STARTED).set()
        try:
            await self.run()
        except (asyncio.CancelledError, ConnectionError, MediaStreamError):
            pass  # how it ends: the connection is closed, or the source is
        except Exception:
            log.exception("sending %s has ended", self.kind)
        finally:
            if self.track is not None:
                self.track.stop()
                self.replaceTrack(None)
            getattr(self, EXITED).set()  # or aiortc would wait for it forever

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        match packet:
            case RtcpRrPacket() | RtcpSrPacket():
                await super()._handle_rtcp_packet(packet)
                self._tell_reports(packet.reports)
            case RtcpRtpfbPacket(fmt=form) if form == RTCP_RTPFB_NACK:
                self.on_nack(packet.lost)
            case RtcpPsfbPacket(fmt=form) if form in (RTCP_PSFB_PLI, RTCP_PSFB_FIR):
                self.on_key_frame_request()
            case RtcpPsfbPacket(fmt=form) if form == RTCP_PSFB_APP:
                bits, sources = unpack_remb_fci(packet.fci)
                if self._ssrc in sources:
                    self.on_receiver_estimate(bits)
            case _:
                pass

    def _tell_reports(self, reports: Iterable[RtcpReceiverInfo]) -> None:
        for each in reports:
            if each.ssrc == self._ssrc:
                round_trip = getattr(self, ROUND_TRIP)
                self.reported = Report(
                    fraction_lost=each.fraction_lost / 256,
                    lost=each.packets_lost,
                    jitter=each.jitter,
                    round_trip=max(0.0, round_trip) if round_trip is not None else None,
                )
                self.on_report(self.reported)
