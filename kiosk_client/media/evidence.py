"""Evidence that sound and picture arrive: decoded, measured, forgotten. Never written to disk, never sent on.

The track consumers hold the last measurements only; `analysis` and `pattern` do the measuring.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, AudioResampler, VideoFrame
from numpy.typing import NDArray

from kiosk_client.media.analysis import SILENCE_DBFS, SoundMeasure, is_black, measure_sound, movement
from kiosk_client.media.pattern import Pattern, read_pattern
from kiosk_client.media.picture import planes_of
from kiosk_client.media.sound import RATE

WINDOW = RATE // 5
"""Samples measured at a time: 200 ms, which resolves 5 Hz and follows a mute quickly."""

MOVING = 0.5
"""Mean grey levels by which two pictures differ when something moves; the synthetic citizen's clock and sway give
about 1, VP8's noise on a still picture under 0.3."""


SPARSE = 4
"""Every fourth pixel of every fourth line is looked at for movement and black: a sixteenth of the work, and what moves
in a picture is larger than that."""


@dataclass(frozen=True)
class SoundEvidence:
    """What has been heard: seconds decoded, and the measure of the last whole window (None before the first)."""

    seconds: float = 0.0
    last: SoundMeasure | None = None
    loudest: float = float("-inf")

    @property
    def heard(self) -> bool:
        """Whether anything above silence was ever decoded."""
        return self.loudest > SILENCE_DBFS


@dataclass(frozen=True)
class PictureEvidence:
    """What has been seen.

    `first_at`: loop time (seconds) of the first decoded picture, None before it. `frames`: pictures decoded.
    `size`: width, height of the last. `moved`: pictures that differed from the one before. `movement`: the last
    difference in grey levels. `pattern`: what the last picture coded, if it did. `patterns`: pictures that carried a
    pattern whose number had gone up. `black`: whether the last picture was black.
    """

    first_at: float | None = None
    frames: int = 0
    size: tuple[int, int] = (0, 0)
    moved: int = 0
    movement: float = 0.0
    pattern: Pattern | None = None
    patterns: int = 0
    black: bool = False


@dataclass
class Witness:
    """Consumes the tracks of a call and keeps the evidence. `watch` each track as it comes, `close` at the end."""

    sound: SoundEvidence = field(default_factory=SoundEvidence)
    picture: PictureEvidence = field(default_factory=PictureEvidence)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def watch(self, track: MediaStreamTrack) -> None:
        """Start consuming a remote track, of either kind, until it ends."""
        consume = self._hear if track.kind == "audio" else self._see
        self._tasks.append(asyncio.get_running_loop().create_task(consume(track)))

    async def until(self, holds: Callable[[Witness], bool], seconds: float) -> bool:
        """Wait until `holds(self)`, at most `seconds`. Returns whether it came to hold."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: holds(self))
        return holds(self)

    async def close(self) -> None:
        """Stop consuming. The evidence stays."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _hear(self, track: MediaStreamTrack) -> None:
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        window: NDArray[np.int16] = np.empty(0, dtype=np.int16)
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                assert isinstance(frame, AudioFrame)
                pieces = [piece.to_ndarray().reshape(-1) for piece in resampler.resample(frame)]
                window = np.concatenate([window, *pieces])
                while len(window) >= WINDOW:
                    await self._tell_sound(measure_sound(window[:WINDOW]))
                    window = window[WINDOW:]

    async def _see(self, track: MediaStreamTrack) -> None:
        before: NDArray[np.uint8] | None = None
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                assert isinstance(frame, VideoFrame)
                self.picture, before = look_at(self.picture, frame, before, asyncio.get_running_loop().time())
                async with self._news:
                    self._news.notify_all()

    async def _tell_sound(self, measure: SoundMeasure) -> None:
        self.sound = SoundEvidence(
            seconds=self.sound.seconds + WINDOW / RATE, last=measure, loudest=max(self.sound.loudest, measure.level)
        )
        async with self._news:
            self._news.notify_all()


def look_at(
    seen: PictureEvidence, frame: VideoFrame, before: NDArray[np.uint8] | None, now: float
) -> tuple[PictureEvidence, NDArray[np.uint8]]:
    """Add one decoded picture to what was seen.

    `before`: the sparse luma of the one before it, None at first; that of this one is returned for the next.
    """
    planes = planes_of(frame)
    luma = planes[: planes.shape[0] * 2 // 3 : SPARSE, ::SPARSE].copy()
    moved = movement(before, luma) if before is not None else 0.0
    pattern = read_pattern(planes)
    return (
        replace(
            seen,
            first_at=now if seen.first_at is None else seen.first_at,
            frames=seen.frames + 1,
            size=(frame.width, frame.height),
            moved=seen.moved + (moved > MOVING),
            movement=moved,
            pattern=pattern,
            patterns=seen.patterns + _advanced(seen.pattern, pattern),
            black=is_black(luma),
        ),
        luma,
    )


def _advanced(before: Pattern | None, after: Pattern | None) -> bool:
    """Whether the source is the same and its frame number has gone up (modulo 65536, by less than half of it)."""
    if before is None or after is None or before.identity != after.identity:
        return False
    return 0 < (after.number - before.number & 0xFFFF) < 0x8000
