"""Connections in this process whose sound and picture are of the tests' making, negotiated as the product's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket

from kiosk_client.aiortc_private import (
    Receiver,
    Report,
    Sender,
    Wire,
    agree_formats,
    offer_formats,
    place_receiver,
    place_sender,
)
from kiosk_client.media.formats import picture_formats, sound_formats
from kiosk_client.media.gates import PictureGate, SoundGate
from kiosk_client.media.sources import SyntheticSource

PATIENCE = 30
"""Seconds for what should take milliseconds, on a machine with other work."""

FORMATS = {
    "audio": sound_formats(redundant=True, transport_wide=True),
    "video": picture_formats(transport_wide=True),
}

Making = Callable[[MediaStreamTrack, RTCDtlsTransport, Wire], Sender]


class Taker(Receiver):
    """Keeps what it takes. What is `bad` it stumbles over."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.taken: asyncio.Queue[tuple[RtpPacket, RTCRtpCodecParameters, float]] = asyncio.Queue()
        self.over = asyncio.Event()

    def take(self, packet: RtpPacket, codec: RTCRtpCodecParameters, arrival: float) -> None:
        if packet.payload == b"bad":
            raise ValueError("bad")
        self.taken.put_nowait((packet, codec, arrival))

    def ended(self) -> None:
        self.over.set()

    async def next(self) -> tuple[RtpPacket, RTCRtpCodecParameters, float]:
        async with asyncio.timeout(PATIENCE):
            return await self.taken.get()


class Giver(Sender):
    """Sends what it is told to, and keeps what it hears."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.runs = asyncio.Event()
        self.heard: asyncio.Queue[object] = asyncio.Queue()

    async def run(self) -> None:
        self.runs.set()
        await asyncio.Event().wait()

    def on_report(self, report: Report) -> None:
        self.heard.put_nowait(report)

    def on_key_frame_request(self) -> None:
        self.heard.put_nowait("key frame")

    def on_feedback(self, form: int, information: bytes) -> None:
        self.heard.put_nowait((form, information))

    def on_receiver_estimate(self, bits: int) -> None:
        self.heard.put_nowait(bits)

    async def hears(self, kind: type | tuple[type, ...]) -> object:
        async with asyncio.timeout(PATIENCE):
            while not isinstance(heard := await self.heard.get(), kind):
                pass
            return heard


@dataclass
class End:
    """One connection with both streams of our own."""

    wire: Wire = field(default_factory=Wire)
    connection: RTCPeerConnection = field(default_factory=lambda: RTCPeerConnection(RTCConfiguration(iceServers=[])))
    receivers: list[Taker] = field(default_factory=list)
    senders: list[Giver] = field(default_factory=list)
    tracks: list[SoundGate | PictureGate] = field(default_factory=list)

    async def open(self, sound_sender: Making | None = None) -> None:
        """`sound_sender`: makes the one that sends sound; a `Giver` otherwise."""
        media = await SyntheticSource().open()
        self.tracks = [SoundGate(media.sound), PictureGate(media.picture)]
        for track in self.tracks:
            transceiver = self.connection.addTransceiver(track)
            self.receivers.append(place_receiver(transceiver, partial(self._taker, track.kind)))
            make = sound_sender if sound_sender and track.kind == "audio" else Giver
            sender = place_sender(transceiver, partial(self._sender, make))
            if isinstance(sender, Giver):
                self.senders.append(sender)

    async def take(self, description: RTCSessionDescription) -> None:
        """Take the other end's description, with the product's formats."""
        await self.connection.setRemoteDescription(description)
        agree_formats(self.connection, description.sdp, FORMATS)

    def _taker(self, kind: str, transport: RTCDtlsTransport) -> Taker:
        return Taker(kind, transport, self.wire)

    def _sender(self, make: Making, track: MediaStreamTrack, transport: RTCDtlsTransport) -> Sender:
        return make(track, transport, self.wire)

    async def close(self) -> None:
        await self.connection.close()
        for track in self.tracks:
            track.stop()


async def connect(one: End, other: End) -> None:
    """Negotiate and wait until all four streams can be sent."""
    offer = await one.connection.createOffer()
    await one.connection.setLocalDescription(
        RTCSessionDescription(sdp=offer_formats(one.connection, offer.sdp, FORMATS), type="offer")
    )
    await other.take(one.connection.localDescription)
    await other.connection.setLocalDescription(await other.connection.createAnswer())
    await one.take(other.connection.localDescription)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(sender.runs.wait() for end in (one, other) for sender in end.senders))
