"""What all media of one connection share: one numbering of packets, and everything that comes in, looked at first.

aiortc's transport takes RTP and RTCP apart and hands them out. Some nonsense (an empty datagram, which anybody can
send; from the other end a header extension of the wrong length, or a count that lies) makes it raise where nobody
expects it, which ends the connection; and of feedback it keeps only what it takes for lost packets. So all is taken
here first: what cannot be read is counted and dropped, and feedback that aiortc does not know goes to our senders as
it came.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from struct import unpack_from
from typing import Protocol

from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceTransport
from aiortc.rtp import RTCP_RTPFB, RTCP_RTPFB_NACK, RtcpPacket, RtcpPsfbPacket, RtcpRtpfbPacket, RtpPacket

from kiosk_client.aiortc_private.arrival_times import ArrivalTimes
from kiosk_client.aiortc_private.checks import QuickChecks
from kiosk_client.aiortc_private.handshake import QuickHandshake

TAKE_MEDIA = "_handle_rtp_data"
TAKE_CONTROL = "_handle_rtcp_data"
NEXT_DATAGRAM = "_recv"

TRANSPORT_WIDE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
"""The header extension by which every packet of media of a connection has a number of its own."""

TRANSPORT_FEEDBACK = 15
"""The format of generic feedback that tells when which of these numbers came (the same draft, section 3.1)."""

MOST_SOURCES = 32
"""SSRCs that one connection may use. A call has six; each costs a row in the reports, which hold 31."""

log = logging.getLogger(__name__)


class TakesFeedback(Protocol):
    """What is told of feedback (a `Sender`)."""

    @property
    def source(self) -> int:
        """Its SSRC."""

    def on_feedback(self, form: int, information: bytes) -> None:
        """Take feedback."""


class Wire:
    """One for a connection, handed to every `Receiver` and `Sender` of it. Used in the event loop only.

    `clock`: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.arrived: Callable[[int, float, int], None] = lambda number, at, size: None
        """Called with each packet of media that carries a transport-wide number (0 … 65535, of any stream, repeated
        ones and such as nobody takes too): the number, when it reached this machine in `clock`'s seconds, and its size
        in bytes."""
        self.departed: Callable[[int, float, int], None] = lambda number, at, size: None
        """Called with each packet of media just before it goes out with such a number: the same three."""
        self.counts: Counter[str] = Counter()
        """Packets that were dropped, by why: `empty`, `malformed`, `control malformed`, `control unrouted`,
        `unknown source`, `unrouted`, and `failed` for such as their receiver stumbled over."""
        self.arrival = float("-inf")
        """When the packet of media that is being handed out reached this machine; until whoever takes it awaits."""
        self._number = 0
        self._came: float | None = None
        self._senders: set[TakesFeedback] = set()
        self._attached: set[RTCDtlsTransport] = set()
        self._times: dict[RTCIceTransport, ArrivalTimes] = {}

    def next_number(self) -> int:
        """The number of the next packet of media that goes out, modulo 2¹⁶."""
        number = self._number
        self._number = number + 1 & 0xFFFF
        return number

    def join(self, sender: TakesFeedback) -> None:
        """From now on `sender` is told of feedback."""
        self._senders.add(sender)

    def leave(self, sender: TakesFeedback) -> None:
        """And now no longer."""
        self._senders.discard(sender)

    def attach(self, transport: RTCDtlsTransport) -> None:
        """Take what comes in on this transport first, and let it begin quickly. A second time does nothing."""
        if transport not in self._attached:
            self._attached.add(transport)
            ice = transport.transport
            QuickChecks(ice._connection, self.clock)
            QuickHandshake(transport, self.clock)
            setattr(ice, NEXT_DATAGRAM, partial(self._next_datagram, ice, getattr(ice, NEXT_DATAGRAM)))
            setattr(transport, TAKE_MEDIA, partial(self._take_media, transport))
            setattr(transport, TAKE_CONTROL, partial(self._take_control, transport))

    async def _next_datagram(self, ice: RTCIceTransport, receive: Callable[[], Awaitable[bytes]]) -> bytes:
        # Not when it is attached: before candidates are gathered there is no socket.
        if ice not in self._times:
            self._times[ice] = ArrivalTimes(ice._connection, self.clock)
        while not (data := await receive()):
            self.counts["empty"] += 1
        self._came = self._times[ice].of(data)  # what follows, up to the first that awaits anything, is about this one
        return data

    async def _take_media(self, transport: RTCDtlsTransport, data: bytes, arrival_time_ms: int) -> None:
        # Never back, though now and then the kernel's word is missing.
        self.arrival = max(self.arrival, self.clock() if self._came is None else self._came)
        self._came = None
        try:
            packet = RtpPacket.parse(data, transport._rtp_header_extensions_map)
        except Exception:  # ValueError where aiortc foresaw it, struct.error and others where not
            self.counts["malformed"] += 1
            return
        router = transport._rtp_router
        if packet.ssrc not in router.ssrc_table and len(router.ssrc_table) >= MOST_SOURCES:
            self.counts["unknown source"] += 1
            return
        number = packet.extensions.transport_sequence_number
        if number is not None:
            self.arrived(number, self.arrival, len(data))
        receiver = router.route_rtp(packet)
        if receiver is None:
            self.counts["unrouted"] += 1
            return
        try:
            await receiver._handle_rtp_packet(packet, arrival_time_ms=arrival_time_ms)
        except ConnectionError:
            raise
        except Exception:
            self._failed("a packet of media")

    async def _take_control(self, transport: RTCDtlsTransport, data: bytes) -> None:
        try:
            feedback, rest = _apart(data)
            packets = RtcpPacket.parse(rest)
            recipients = [(packet, transport._rtp_router.route_rtcp(packet)) for packet in packets]
        except Exception:
            self.counts["control malformed"] += 1
            return
        for form, about, information in feedback:
            senders = [each for each in self._senders if form == TRANSPORT_FEEDBACK or each.source == about]
            if not senders:
                self.counts["control unrouted"] += 1
            for sender in senders:
                try:
                    sender.on_feedback(form, information)
                except Exception:
                    self._failed("feedback")
        for packet, takers in recipients:
            # Reports and descriptions of nobody in particular are lawful; feedback always is about a stream of ours.
            if not takers and isinstance(packet, RtcpRtpfbPacket | RtcpPsfbPacket):
                self.counts["control unrouted"] += 1
            for taker in takers:
                try:
                    await taker._handle_rtcp_packet(packet)
                except ConnectionError:
                    raise
                except Exception:
                    self._failed("a report")

    def _failed(self, what: str) -> None:
        # Once in full and then only counted: who can send one can send thousands.
        self.counts["failed"] += 1
        if self.counts["failed"] == 1:
            log.exception("%s from the other end could not be taken", what)


def _apart(data: bytes) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """Generic feedback that aiortc cannot read, as format, SSRC of the media and information; and the other packets.

    `data` is a compound (RFC 3550, section 6.1). Raises ValueError for lengths that do not fit.
    """
    feedback, rest, at = [], b"", 0
    while at < len(data):
        if len(data) < at + 4:
            raise ValueError("the header of a packet is cut off")
        first, kind, words = unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            raise ValueError("no packet of version 2, or longer than what came")
        form, padding = first & 0x1F, data[end - 1] if first & 0x20 else 0
        if kind == RTCP_RTPFB and form != RTCP_RTPFB_NACK:
            if end - at - padding < 12:
                raise ValueError("feedback without its two sources")
            feedback.append((form, unpack_from("!L", data, at + 8)[0], data[at + 12 : end - padding]))
        else:
            rest += data[at:end]
        at = end
    return feedback, rest
