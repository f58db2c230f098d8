"""A thread that makes sound of one stream's packets, 20 ms at a time by the clock, however busy the event loop is.

Where nothing has come for long nothing is given: whoever listens tells silence that was sent from an end that is gone.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from av import AudioFrame

from kiosk_client.media.core.redundancy import Block, RedundancyMalformed, split
from kiosk_client.media.core.speech import FRAME, RATE, SpeechPacket
from kiosk_client.media.libopus import OpusFailed, recovers_before, samples_in
from kiosk_client.media.priority import before_others
from kiosk_client.media.sound import frame_of
from kiosk_client.media.speech_player import SpeechPlayer

STEP = FRAME / RATE
"""Seconds between two frames."""
LATE = 0.2
"""Seconds behind at which the thread gives up catching up: the machine stood still, and time goes on from now."""
MOST_NOTED = 512
"""Packets that wait for the thread at most; it looks every 20 ms, in which a call has one or two."""
DROPPED = ("too many", "unopened", "redundancy malformed", "other codec", "malformed", "failed")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SpeechCounts:
    """With the names of the W3C's `RTCInboundRtpStreamStats`, in Python's spelling, as far as it has them; in samples.

    `jitter_buffer_delay`: seconds that each sample waited, all of them together; over `jitter_buffer_emitted_count` the
    mean. `target_delay`: seconds that are aimed at now. `recovered_samples`: from what later packets carried of lost
    ones. `comfort_samples`: silence where nothing came for long. `packets`: by what became of them.
    """

    total_samples_received: int
    concealed_samples: int
    recovered_samples: int
    comfort_samples: int
    inserted_samples_for_deceleration: int
    removed_samples_for_acceleration: int
    jitter_buffer_delay: float
    jitter_buffer_emitted_count: int
    target_delay: float
    restarts: int
    packets: Counter[str]


@dataclass(frozen=True)
class Noted:
    """A packet as it came. `redundant`: payload types of the frames in it, if it is RED."""

    source: int
    timestamp: int
    payload: bytes
    redundant: frozenset[int] | None
    arrival: float


class SpeechThread:
    """Made, told and ended in the event loop, where `give` is called too; what is heavy is done in the thread.

    `open_frame` opens what was sealed, in the thread; None where it must not be decoded. `clock`: that of arrivals.
    Raises `OpusMissing`.
    """

    def __init__(
        self,
        give: Callable[[AudioFrame], None],
        open_frame: Callable[[bytes], bytes | None],
        clock: Callable[[], float],
    ) -> None:
        self.waits = 0.0
        """Seconds for which sound waits at present before it is played."""
        self._give = give
        self._open_frame = open_frame
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._player = SpeechPlayer()
        self._noted: deque[Noted] = deque()
        self._dropped = Counter(dict.fromkeys(DROPPED, 0))
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def counts(self) -> SpeechCounts:
        """What came of the stream so far."""
        playout, player = self._player.playout, self._player.counts
        made = playout.counts
        fates = {fate.name.lower(): number for fate, number in made.fates.items() if number}
        return SpeechCounts(
            total_samples_received=made.played + made.recovered + made.concealed + player.inserted - player.removed,
            concealed_samples=made.concealed,
            recovered_samples=made.recovered,
            comfort_samples=made.comfort,
            inserted_samples_for_deceleration=player.inserted,
            removed_samples_for_acceleration=player.removed,
            jitter_buffer_delay=made.waited,
            jitter_buffer_emitted_count=made.played,
            target_delay=playout.target,
            restarts=made.restarts,
            packets=Counter(fates) + Counter(skipped=made.skipped, undecodable=player.undecodable) + self._dropped,
        )

    def note(self, noted: Noted) -> None:
        """A packet has come. With the first one the thread begins."""
        if self._is_over.is_set():
            return
        if len(self._noted) >= MOST_NOTED:
            self._dropped["too many"] += 1
            return
        self._noted.append(noted)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Nothing is given any more but what is on its way. May be called again."""
        self._is_over.set()

    async def join(self) -> None:
        """Wait until the thread is over, once it was told to end."""
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        before_others()
        due, number = self._clock(), 0
        while not self._is_over.wait(max(due - self._clock(), 0.0)):
            if self._clock() > due + LATE:
                due = self._clock()
            frame = self._next_or_anew(due, number)
            if frame is not None:
                try:
                    self._loop.call_soon_threadsafe(self._give, frame)
                except RuntimeError:
                    return  # the loop was closed without a word
            due, number = due + STEP, number + 1

    def _next_or_anew(self, due: float, number: int) -> AudioFrame | None:
        try:
            return self._next(due, number)
        except Exception:
            # Whatever it is, the call must not fall silent for it. Once in full and then only counted.
            if not self._dropped["failed"]:
                log.exception("sound from the other end could not be played and is begun anew")
            self._dropped["failed"] += 1
            self._player = SpeechPlayer()
            return None

    def _next(self, due: float, number: int) -> AudioFrame | None:
        while self._noted:
            self._take(self._noted.popleft())
        sound = self._player.frame(due)
        self.waits = self._player.playout.delay(due)
        return None if self._player.is_silent else frame_of(sound, number)

    def _take(self, noted: Noted) -> None:
        opened = self._open_frame(noted.payload)
        if not opened:
            self._dropped["unopened"] += 1
            return
        try:
            blocks = self._frames_in(opened, noted)
        except RedundancyMalformed:
            self._dropped["redundancy malformed"] += 1
            return
        for block in blocks:
            try:
                samples, recovers = samples_in(block.payload), recovers_before(block.payload)
            except OpusFailed:
                self._dropped["malformed"] += 1
                continue
            self._player.put(
                SpeechPacket(noted.source, block.timestamp, samples, block.payload, noted.arrival, recovers)
            )

    def _frames_in(self, opened: bytes, noted: Noted) -> tuple[Block, ...]:
        if noted.redundant is None:
            return (Block(0, noted.timestamp, opened),)
        blocks = split(opened, noted.timestamp)
        foreign = sum(block.payload_type not in noted.redundant for block in blocks)
        self._dropped["other codec"] += foreign
        return tuple(block for block in blocks if block.payload_type in noted.redundant)
