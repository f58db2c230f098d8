"""Pictures out: chosen, scaled, encoded, sealed, cut into packets, and sent at the pace of the line.

What the line carries is estimated from the other end's feedback (`paced_sending`), and how large and how many pictures
it gets follows from that (`core/ladder`); the encoder follows without being made anew. A frame is sealed whole, before
it is cut (ADR 19).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from aiortc import MediaStreamTrack
from aiortc.mediastreams import VIDEO_CLOCK_RATE
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtp import RtpPacket
from av import VideoFrame
from av.video.reformatter import ColorRange, VideoReformatter

from kiosk_client.aiortc_private import Sender, Wire
from kiosk_client.media.core.ladder import RICHEST, Ladder, Step
from kiosk_client.media.core.picture_choice import Choice, PictureChoice
from kiosk_client.media.core.resends import Doubling, Resends
from kiosk_client.media.core.transport_feedback import FORMAT
from kiosk_client.media.core.vp8_packets import PICTURE_IDS, cut
from kiosk_client.media.libvpx import EncodingFailed
from kiosk_client.media.paced_sending import PacedSending, Ways
from kiosk_client.media.priority import after_others
from kiosk_client.media.pyav_vp8 import picture_encoder

AROUND_PAYLOADS = 0.94
"""Share of what is sent that is encoded picture: packets of 1,170 bytes have some sixty around their payload, and a
frame its seal."""

MOST_REPEATED, MOST_REPEATED_BESIDE = 0.5, 0.1
"""Share of the rate beside sound that what is repeated takes from new pictures at most, and where they go out twice: a
moment of many losses is no reason for voice alone, from which pictures come back only after a while."""

MOST_ASKED = 150
"""Packets that one request brings forth at most. More at once were not lost one by one."""

REPEATS_WAIT, COPIES_WAIT = 0.5, 0.1
"""Seconds that what waits may take to go out, beyond which what is asked for is not repeated: it would come too late,
and be asked for again by then; and beyond which it is repeated once."""

MOST_FRAMES = 30
"""Pictures a second that anyone sends here."""

BESIDE_PICTURES = 100_000
"""Bits a second that sound may take, in packets, with all that is repeated of it."""

STILL_EVERY, STILL_HEIGHT, STILL_SHARE, LEAST_STILL = 4.0, 180, 0.5, 6_000
"""Where there is room for voice alone: seconds from one still picture to the next, its lines, the share that it takes
of what is left, and the bits a second that it takes at least: three kilobytes, below which no face is known, and which
by their pace are behind the voice all the same."""

MOST_TWICE = 6
"""Packets of the first key frame that are sent a second time at once: where one is lost no picture begins, and who has
not got the first of them can only ask for another key frame. A larger one takes too long twice."""

LATEST = 50
"""Packets of which one may be sent again as padding: a second of pictures, some of them large."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Made:
    """`sealed`: None where it must not be sent."""

    sealed: bytes | None
    key: bool
    width: int
    height: int


class PictureSender(Sender):
    """Sends the pictures of its track from `run` on; sealed by `seal`, without which nothing goes out."""

    def __init__(self, track: MediaStreamTrack, transport: RTCDtlsTransport, wire: Wire) -> None:
        super().__init__(track, transport, wire)
        self.counts: Counter[str] = Counter()
        """By the names of W3C's statistics where they have one: `framesEncoded`, `keyFramesEncoded`, `nackCount`,
        `pliCount` (with FIR), `retransmittedPacketsSent`; and `left out`, `skipped`, `failed`, for pictures that were
        not encoded by choice, by the encoder, and by a fault; `sent twice`: packets of the first key frame, and where
        much is lost of all."""
        self.size = (0, 0)
        """Of the last picture that was encoded."""
        self.step = Step(0, 0, 0, "start")
        """What pictures should be now, and why. Height 0: voice alone, and now and then a still picture."""
        self.paced = PacedSending(wire, Ways(put=self.put, pad=self._padding, dropped=self._dropped))
        self._encoder = picture_encoder()
        self._thread = ThreadPoolExecutor(1, "picture-encoder", initializer=after_others)
        self._scaler = VideoReformatter()
        self._choice = PictureChoice()
        self._ladder: Ladder | None = None
        self._source = (0, 0)
        self._picture_id = secrets.randbelow(PICTURE_IDS)
        self._resends = Resends()
        self._doubling = Doubling()
        self._doubles = False
        self._latest: deque[tuple[int, int]] = deque(maxlen=LATEST)

    @property
    def is_limited(self) -> bool:
        """Whether the line has pictures smaller or fewer than the source's."""
        return self._ladder is not None and (self.step.frames < MOST_FRAMES or self.step.height < self._source[1])

    async def run(self) -> None:
        """Until the track ends or the connection does."""
        pacing = asyncio.create_task(self.paced.run())
        try:
            while True:
                frame = await self.track.recv()
                if pacing.done():
                    pacing.result()
                if isinstance(frame, VideoFrame) and self._enabled:
                    await self._send(frame)
        finally:
            pacing.cancel()
            await asyncio.gather(pacing, return_exceptions=True)
            # A picture may still be in the encoder, in its thread: that is not waited for here.
            self._thread.submit(self._encoder.close)
            self._thread.shutdown(wait=False)

    def on_key_frame_request(self) -> None:
        """As often as it is asked for, it is made when `PictureChoice` has it."""
        self.counts["pliCount"] += 1
        self._choice.asked()

    def on_nack(self, missing: list[int]) -> None:
        """At the pace of everything else, as `Resends` has it."""
        self.counts["nackCount"] += 1
        waits = self.paced.waits
        if waits > REPEATS_WAIT:
            return
        lost = self.paced.lost if waits < COPIES_WAIT else 0.0
        asked = missing[:MOST_ASKED]
        for number in self._resends.asked(asked, self.paced.round_trip + waits, lost, self.wire.clock()):
            repeated = self.retransmission(number)
            if repeated is not None:
                self.paced.again(len(repeated.payload), partial(self._counted, repeated))

    def on_feedback(self, form: int, information: bytes) -> None:
        """Transport-wide feedback moves the estimate."""
        if form == FORMAT:
            self.paced.heard(information)

    def on_receiver_estimate(self, bits: int) -> None:
        """An end without transport-wide feedback says itself what arrives."""
        self.paced.told(bits)

    async def _send(self, frame: VideoFrame) -> None:
        now = self.wire.clock()
        plan = self._planned(frame, now)
        choice = self._choice.choose(now, plan.frames, self.paced.waits)
        if choice is Choice.LEAVE_OUT:
            self.counts["left out"] += 1
            return
        encoding = partial(self._encoded, frame, plan, key=choice is Choice.ENCODE_KEY)
        try:
            made = await asyncio.get_running_loop().run_in_executor(self._thread, encoding)
        except EncodingFailed as failed:
            self.counts["failed"] += 1
            if self.counts["failed"] == 1:
                log.warning("a picture could not be encoded and was not sent: %s", failed)
            self._choice.lost()
            return
        if made is None:
            self.counts["skipped"] += 1
        elif made.sealed is None:
            self._choice.lost()
        else:
            self._queue(made, made.sealed, _timestamp(frame), now)
            self._want(frame)

    def _planned(self, frame: VideoFrame, now: float) -> Step:
        """What this picture should be, if it is encoded."""
        # From the first picture on, not from when the connection was made: the first seconds are its start.
        self._ladder = self._ladder or Ladder(now)
        # Where much is lost, what is repeated takes its part: pictures that come too late to go out are none.
        rate = max(0.0, self.paced.target.rate - self.paced.sound_rate())
        # What is sent twice has to come in a stream of its own, else it would be taken for a replay.
        self._doubles = self.codec("rtx") is not None and self._doubling.choose(
            self.paced.lost, AROUND_PAYLOADS * rate, now, full=self.paced.is_full
        )
        most = MOST_REPEATED_BESIDE if self._doubles else MOST_REPEATED
        room = AROUND_PAYLOADS * (rate - min(self.paced.repeated_rate(), most * rate)) / (1 + self._doubles)
        self.step = self._ladder.choose(self.paced.target, room, frame.height, now)
        if self.step.height:
            return self.step
        return Step(STILL_HEIGHT, 1 / STILL_EVERY, max(STILL_SHARE * room, LEAST_STILL), self.step.reason)

    def _queue(self, made: _Made, sealed: bytes, timestamp: int, now: float) -> None:
        self._choice.made(now, key=made.key)
        self.counts["framesEncoded"] += 1
        self.counts["keyFramesEncoded"] += made.key
        self.size = (made.width, made.height)
        payloads = cut(sealed, self._picture_id)
        self._picture_id = (self._picture_id + 1) % PICTURE_IDS
        for payload in payloads[:-1]:
            self.paced.picture(len(payload), partial(self._next, payload, timestamp, False, now))
            self._twice(len(payload))
        twice = self.counts["framesEncoded"] == 1 and len(payloads) <= MOST_TWICE and not self._doubles
        last = partial(self._next, payloads[-1], timestamp, True, now)
        if twice:
            last = partial(self._last_then_all_again, last, len(payloads))
        self.paced.picture(len(payloads[-1]), last)
        self._twice(len(payloads[-1]))

    def _twice(self, size: int) -> None:
        """One right after the other: where one comes there is no gap, and it is not asked for."""
        if self._doubles:
            self.paced.picture(size, self._same_again)

    def _want(self, frame: VideoFrame) -> None:
        if self._source != (frame.width, frame.height):
            self._source = (frame.width, frame.height)
            self.paced.wanted(RICHEST * MOST_FRAMES * frame.width * frame.height / AROUND_PAYLOADS + BESIDE_PICTURES)

    def _encoded(self, frame: VideoFrame, plan: Step, *, key: bool) -> _Made | None:
        """In a thread. Raises `EncodingFailed`."""
        height = max(2, min(plan.height, frame.height) & ~1)
        width = max(2, round(frame.width * height / frame.height) & ~1)
        scaled = self._scaler.reformat(frame, width, height, "yuv420p", dst_color_range=ColorRange.MPEG)
        scaled.pts, scaled.time_base = frame.pts, frame.time_base
        made = self._encoder.encode(scaled, round(plan.rate), plan.frames, key=key)
        return _Made(self.seal(made.data), made.key, width, height) if made else None

    def _next(self, payload: bytes, timestamp: int, last: bool, taken: float) -> RtpPacket:
        packet = self.packet(payload, timestamp, marker=last, late=self.wire.clock() - taken)
        self._latest.append((packet.sequence_number, len(payload)))
        return packet

    def _last_then_all_again(self, last: Callable[[], RtpPacket], packets: int) -> RtpPacket:
        made = last()
        if self.codec("rtx") is not None:  # else it would be taken for a replay
            for number, size in [*self._latest][-packets:]:
                repeated = self.retransmission(number)
                if repeated is not None:
                    self.counts["sent twice"] += 1
                    self.paced.again(size, lambda repeated=repeated: repeated)  # type: ignore[misc]
        return made

    def _same_again(self) -> RtpPacket:
        self.counts["sent twice"] += 1
        repeated = self.retransmission(self._latest[-1][0])
        assert repeated is not None, "it went out just now"
        return repeated

    def _counted(self, repeated: RtpPacket) -> RtpPacket:
        self.counts["retransmittedPacketsSent"] += 1
        return repeated

    def _padding(self, size: int) -> RtpPacket | None:
        """Of what was sent last that which has this size, again: a receiver that has it drops it. Only where it comes
        in a stream of its own: the same packet twice is taken for a replay."""
        if not self._latest or self.codec("rtx") is None:
            return None
        return self.retransmission(min(self._latest, key=lambda each: abs(each[1] - size))[0])

    def _dropped(self) -> None:
        self._choice.lost()


def _timestamp(frame: VideoFrame) -> int:
    """The frame's time in units of VP8's clock (RFC 7741, section 4.1), modulo 2³²."""
    return round((frame.time or 0.0) * VIDEO_CLOCK_RATE) & 0xFFFFFFFF
