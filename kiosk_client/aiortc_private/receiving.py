"""The ground for receiving media by ourselves: aiortc's receiver without its jitter buffer, NACKs and decoder.

What stays aiortc's: its reports to the other end and its statistics (RFC 3550, section 6.4), being started and stopped
with the connection, and the remote track. What is new: every packet goes to `take` as soon as it is known to be of a
negotiated codec, retransmissions (RFC 4588) as the packets that they repeat; and nothing is asked for unless by the
methods here.

    class Speech(Receiver):
        def take(self, packet, codec, arrival): …   # frames out by self.give(frame)

    place_receiver(transceiver, lambda transport: Speech("audio", transport, wire))   # before negotiation
"""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from struct import pack

from aiortc import RTCRtpReceiver, clock
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters, RTCRtpReceiveParameters
from aiortc.rtcrtpreceiver import RemoteStreamTrack, StreamStatistics
from aiortc.rtp import (
    RTCP_PSFB_PLI,
    RTCP_RTPFB,
    RTCP_RTPFB_NACK,
    AnyRtcpPacket,
    RtcpByePacket,
    RtcpPsfbPacket,
    RtpPacket,
    pack_rtcp_packet,
    unwrap_rtx,
)
from av.frame import Frame

from kiosk_client.aiortc_private.change import Change
from kiosk_client.aiortc_private.wire import Wire

ACTIVE_SOURCES = "_RTCRtpReceiver__active_ssrc"
CODECS = "_RTCRtpReceiver__codecs"
STATISTICS = "_RTCRtpReceiver__remote_streams"
RETRANSMITTED = "_RTCRtpReceiver__rtx_ssrc"

MOST_SOURCES = 8
"""SSRCs of one kind: the stream, its retransmissions, and as much again should the other end begin anew."""

MOST_WAITING = {"audio": 100, "video": 10}
"""Frames that wait for whoever watches the track; beyond, the oldest are dropped rather than all kept. Two seconds of
sound; of pictures, which are of more than a megabyte each, a third of one."""

LONGEST_NACK = 250
"""Missing packets named in one request: with RFC 4585's packing it fits one datagram even when none are near."""


@dataclass(frozen=True)
class Received:
    """Of a stream, retransmissions not counted: `packets` that came, `lost` that did not, `jitter` in seconds."""

    packets: int
    lost: int
    jitter: float


class Receiver(RTCRtpReceiver, ABC):
    """Receives one stream. `kind`: `audio` or `video`. Everything here is called, and may be, in the event loop only.

    aiortc's own idle thread stays: it ends the remote track when the stream is over.
    """

    def __init__(self, kind: str, transport: RTCDtlsTransport, wire: Wire) -> None:
        super().__init__(kind, transport)
        self.wire = wire
        """What is shared with the connection's other streams; its `clock` is that of `arrival`."""
        self.open_frame: Change = lambda frame: None
        """Opens a sealed frame, or gives None for one that must not be decoded. The peer sets it."""
        self.counts: Counter[str] = Counter()
        """Packets dropped here, by why: `unknown codec`, `unknown source`, `retransmission unreadable`."""
        self.remote_source: int | None = None
        """SSRC of the stream, once known: from the description, or with its first packet."""
        self._own_source: int | None = None
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._sending: set[asyncio.Task[None]] = set()
        wire.attach(transport)

    @abstractmethod
    def take(self, packet: RtpPacket, codec: RTCRtpCodecParameters, arrival: float) -> None:
        """One packet as it came: unordered, perhaps twice, with any timestamp and sequence number.

        `packet.payload` is what the other end sealed, still sealed, and empty in padding (a browser measures the path
        with such). A retransmission looks as the packet that it repeats. `codec`: of `packet.payload_type`, by `name`
        (`opus`, `red`, `VP8`). `arrival`: when it reached this machine, in seconds of `wire.clock`. What it raises is
        logged once and counted there.
        """

    def ended(self) -> None:
        """Nothing more will come: the other end said goodbye, or the connection ended. May be called repeatedly."""

    @property
    def received(self) -> Received | None:
        """What its reports to the other end are made of; None before anything has come."""
        counted = getattr(self, STATISTICS).get(self.remote_source)
        if not isinstance(counted, _Statistics):
            return None
        return Received(counted.packets_received, counted.packets_lost, counted.jitter / counted.clock_rate)

    def give(self, frame: Frame) -> None:
        """Hand a decoded frame to whoever watches the remote track."""
        track = self.track
        if not isinstance(track, RemoteStreamTrack) or track.readyState != "live":
            return
        waiting = track._queue
        if waiting.qsize() >= MOST_WAITING[track.kind]:
            waiting.get_nowait()
        waiting.put_nowait(frame)

    def send_nack(self, missing: Iterable[int]) -> None:
        """Ask for these sequence numbers of the stream again, at once (RFC 4585, section 6.2.1)."""
        numbers = list(dict.fromkeys(missing))
        for start in range(0, len(numbers), LONGEST_NACK):
            self.send_feedback(RTCP_RTPFB_NACK, _nack(numbers[start : start + LONGEST_NACK]))

    def send_picture_loss(self) -> None:
        """Ask for a key frame (RFC 4585, section 6.3.1). From any thread."""
        if threading.get_ident() != self._loop_thread:
            self._loop.call_soon_threadsafe(self.send_picture_loss)
        elif self._own_source is not None and self.remote_source is not None:
            loss = RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=self._own_source, media_ssrc=self.remote_source)
            self._send(bytes(loss))

    def send_feedback(self, form: int, information: bytes) -> None:
        """Send generic feedback of this format (RFC 4585, section 6.2); `information`: a multiple of four bytes."""
        if self._own_source is not None and self.remote_source is not None:
            sources = pack("!LL", self._own_source, self.remote_source)
            self._send(pack_rtcp_packet(RTCP_RTPFB, form, sources + information))

    def setTransport(self, transport: RTCDtlsTransport) -> None:
        """Another transport has become the one of all streams (BUNDLE)."""
        self.wire.attach(transport)
        super().setTransport(transport)

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """Begin. aiortc calls it when the transport stands; a second time changes nothing."""
        if parameters.encodings and self.remote_source is None:
            self.remote_source = parameters.encodings[0].ssrc
        await super().receive(parameters)

    async def stop(self) -> None:
        """End for good."""
        self.ended()
        await super().stop()

    def _set_rtcp_ssrc(self, ssrc: int) -> None:
        self._own_source = ssrc
        super()._set_rtcp_ssrc(ssrc)

    def _handle_disconnect(self) -> None:
        self.ended()
        super()._handle_disconnect()

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpByePacket):
            self.ended()
        await super()._handle_rtcp_packet(packet)

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        if not self._enabled:
            return
        arrival = self.wire.arrival
        codecs: dict[int, RTCRtpCodecParameters] = getattr(self, CODECS)
        codec = codecs.get(packet.payload_type)
        if codec is None:
            self.counts["unknown codec"] += 1
            return
        if not self._noted(packet, codec):
            self.counts["unknown source"] += 1
            return
        if codec.name.lower() == "rtx":
            repeated = self._unwrapped(packet, codec)
            if repeated is None:
                self.counts["retransmission unreadable"] += 1
                return
            packet, codec = repeated, codecs[repeated.payload_type]
        elif self.remote_source is None:
            self.remote_source = packet.ssrc
        self.take(packet, codec, arrival)

    def _noted(self, packet: RtpPacket, codec: RTCRtpCodecParameters) -> bool:
        """For the reports; False for one SSRC too many."""
        statistics = getattr(self, STATISTICS)
        if packet.ssrc not in statistics:
            described = packet.ssrc == self.remote_source or packet.ssrc in getattr(self, RETRANSMITTED)
            if len(statistics) >= MOST_SOURCES and not described:
                return False
            statistics[packet.ssrc] = _Statistics(codec.clockRate)
        statistics[packet.ssrc].add(packet)
        getattr(self, ACTIVE_SOURCES)[packet.ssrc] = clock.current_datetime()
        return True

    def _unwrapped(self, packet: RtpPacket, codec: RTCRtpCodecParameters) -> RtpPacket | None:
        source = getattr(self, RETRANSMITTED).get(packet.ssrc)
        of = codec.parameters.get("apt")
        if source is None or not isinstance(of, int) or of not in getattr(self, CODECS) or len(packet.payload) < 2:
            return None
        return unwrap_rtx(packet, payload_type=of, ssrc=source)

    def _send(self, control: bytes) -> None:
        task = self._loop.create_task(self._sent(control))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _sent(self, control: bytes) -> None:
        try:
            await self.transport._send_rtp(control)
        except ConnectionError:
            self.counts["feedback unsent"] += 1


class _Statistics(StreamStatistics):
    """aiortc's, but absurd timestamps bring no jitter beyond what a report can hold: it would end them all."""

    def __init__(self, clock_rate: int) -> None:
        super().__init__(clock_rate)
        self.clock_rate = clock_rate

    @property
    def jitter(self) -> int:
        return min(super().jitter, 0xFFFFFFFF)


def _nack(missing: list[int]) -> bytes:
    """Pairs of a sequence number and a mask of the sixteen after it, around the wrap too."""
    pairs: list[tuple[int, int]] = []
    for number in missing:
        behind = (number - pairs[-1][0] & 0xFFFF) - 1 if pairs else -1
        if 0 <= behind < 16:
            first, mask = pairs[-1]
            pairs[-1] = first, mask | 1 << behind
        else:
            pairs.append((number & 0xFFFF, 0))
    return b"".join(pack("!HH", *pair) for pair in pairs)
