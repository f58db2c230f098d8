"""Receives the picture of a call: the shell of `core.picture_reception`, in the place of aiortc's receiver.

Packets come in the event loop; frames are opened and decoded in a thread, one after the other, and handed to the remote
track. Frames that come before there are keys wait for them: the other end may have had them a moment earlier.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from aiortc import RTCRtpSender
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket
from aiortc.stats import RTCRemoteInboundRtpStreamStats

from kiosk_client.aiortc_private import Receiver, Wire
from kiosk_client.media.alarm import Alarm
from kiosk_client.media.core.freezes import Freezes
from kiosk_client.media.core.picture_assembly import PictureFrame
from kiosk_client.media.core.picture_reception import (
    AskAgain,
    AskForKeyFrame,
    Decode,
    Given,
    InStep,
    PacketArrived,
    PictureReception,
    PictureRefused,
    ReceptionCounts,
    RoundTrip,
    Tick,
)
from kiosk_client.media.picture_decoding import Decoded, PictureDecoder
from kiosk_client.media.picture_sending import PictureSender
from kiosk_client.media.priority import after_others

MOST_DECODING = 90
"""Frames that wait for the decoder at most; where it is slower than they come, the next key frame is waited for."""

MOST_EARLY = 60
"""Frames that wait for keys at most, two seconds of them; of more, the oldest go, and a key frame is asked for."""

LOOKED_AT_EVERY = 1.0
"""Seconds between two looks at how long the way is; reports come about as often."""


@dataclass(frozen=True)
class PictureCounts:
    """With the names of the W3C's `RTCInboundRtpStreamStats`, in Python's spelling; durations are seconds."""

    reception: ReceptionCounts
    frames_decoded: int
    key_frames_decoded: int
    frames_dropped: int
    freeze_count: int
    total_freezes_duration: float


class PictureReceiver(Receiver):
    """Receives VP8. `has_keys`: whether frames can be opened; `other_way`: gives what we send by, which learns how
    long the way is. `sound_waits`: seconds for which the sound waits at present before it is played.
    """

    def __init__(
        self,
        transport: RTCDtlsTransport,
        wire: Wire,
        *,
        has_keys: Callable[[], bool],
        other_way: Callable[[], PictureSender],
        sound_waits: Callable[[], float],
    ) -> None:
        super().__init__("video", transport, wire)
        self._sound_waits = sound_waits
        self.has_keys = has_keys
        self._other_way = other_way
        self._reception = PictureReception()
        self._alarm = Alarm(lambda: self._handle(Tick()), wire.clock)
        self._decoder = PictureDecoder(lambda sealed: self.open_frame(sealed))
        self._thread = ThreadPoolExecutor(1, "picture-decoder", initializer=after_others)
        self._early: deque[PictureFrame] = deque(maxlen=MOST_EARLY)
        self._decoding = 0
        self._skips = False  # to the next key frame
        self._freezes = Freezes()
        self._decoded = self._key_frames = self._dropped = 0
        self.size: tuple[int, int] | None = None
        """Width and height of the last picture; None before the first."""
        self._looking: asyncio.Task[None] | None = None
        self._is_over = False

    @property
    def picture_counts(self) -> PictureCounts:
        """What came of the stream so far."""
        return PictureCounts(
            reception=self._reception.counts,
            frames_decoded=self._decoded,
            key_frames_decoded=self._key_frames,
            frames_dropped=self._dropped,
            freeze_count=self._freezes.count,
            total_freezes_duration=self._freezes.total,
        )

    def take(self, packet: RtpPacket, codec: RTCRtpCodecParameters, arrival: float) -> None:
        """One packet, in any order. Of another stream than the described one it is counted and dropped."""
        if self._is_over or codec.name != "VP8":
            return
        if packet.ssrc != self.remote_source:
            self.counts["unknown source"] += 1
            return
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look_at_the_way())
        self._handle(
            PacketArrived(packet.sequence_number, packet.timestamp, bool(packet.marker), packet.payload), arrival
        )

    def ended(self) -> None:
        """Nothing more will come."""
        self._is_over = True
        self._alarm.set(None)
        if self._looking is not None:
            self._looking.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _handle(self, given: Given, now: float | None = None) -> None:
        if self._is_over:
            return
        for effect in self._reception.handle(given, self.wire.clock() if now is None else now):
            match effect:
                case AskAgain(sequences):
                    self.send_nack(sequences)
                case AskForKeyFrame():
                    self.send_picture_loss()
                case Decode(frame):
                    self._early.append(frame)
                    while self._early and self.has_keys():
                        self._decode(self._early.popleft())
        self._alarm.set(self._reception.deadline)

    def _decode(self, frame: PictureFrame) -> None:
        self._skips = self._decoding >= MOST_DECODING or (self._skips and not frame.is_key)
        if self._skips:
            self._dropped += 1
            # Not at once: this is called while effects are performed.
            asyncio.get_running_loop().call_soon(self._handle, PictureRefused(frame.first))
            return
        self._decoding += 1
        decoding = asyncio.get_running_loop().run_in_executor(self._thread, self._decoder.decode, frame)
        decoding.add_done_callback(self._on_decoded)

    def _on_decoded(self, decoding: asyncio.Future[Decoded]) -> None:
        self._decoding -= 1
        if decoding.cancelled() or self._is_over:
            return
        decoded = decoding.result()
        if decoded.pictures is None:
            self._dropped += 1
            self._handle(PictureRefused(decoded.frame.first))
            return
        self._decoded += 1
        self._key_frames += decoded.frame.is_key
        for picture in decoded.pictures:
            self._freezes.shown(self.wire.clock())
            self.size = picture.width, picture.height
            self.give(picture)

    async def _look_at_the_way(self) -> None:
        with suppress(asyncio.CancelledError):
            while True:
                self._handle(InStep(self._sound_waits()))
                sender = self._other_way()
                # aiortc takes its reports for each other where pictures are few; then its own is far too short.
                round_trip = sender.paced.round_trip if sender.paced.is_measured else await round_trip_of(sender)
                if round_trip is not None:
                    self._handle(RoundTrip(round_trip))
                await asyncio.sleep(LOOKED_AT_EVERY)


async def round_trip_of(sender: RTCRtpSender) -> float | None:
    """Seconds to the other end and back, smoothed, as its reports tell `sender`; None before it is known."""
    for each in (await sender.getStats()).values():
        if isinstance(each, RTCRemoteInboundRtpStreamStats) and each.roundTripTime is not None:
            return max(0.0, each.roundTripTime)
    return None
