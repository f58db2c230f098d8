"""What waits to be written to a stream: bounded by age, since sound that is a second old is of no use to anybody.

A bound in bytes alone is too small for a burst of video on a fast path, and seconds of stale sound on a slow one. So
the oldest media make way: never the rest of a frame that has begun, or the stream would be garbage, and never an
answer, or the client would ask again.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import NamedTuple

OLDEST = 0.5
"""Seconds after which media that wait are dropped: more than that a jitter buffer does not wait for."""
MOST = 1 << 20
"""Bytes that may wait, whatever their age: memory a slow client can take. Half a second of 16 Mbit/s."""
_ENTRY = 128
"""Bytes that a frame costs beside its own, so that very many very short ones are not free."""
_LEFT = MOST * 7 // 8
"""Bytes that are left when there were too many: then it is not looked for what may go at each frame again."""


class _Waiting(NamedTuple):
    frame: bytes
    since: float
    media: bool


class WriteQueue:
    """The frames that one stream has not yet taken, in their order."""

    def __init__(self) -> None:
        self.dropped = 0
        """Frames of media that made way."""
        self._waiting: deque[_Waiting] = deque()
        self._size = 0
        self._written = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, frame: bytes, now: float, *, media: bool) -> None:
        """Puts ``frame``, padded as a stream wants it, behind what waits; ``media``: it may be dropped."""
        self._waiting.append(_Waiting(frame, now, media))
        self._size += len(frame) + _ENTRY
        if self._size > MOST:
            self._drop_media(self._size - _LEFT, now)

    def front(self, now: float, most: int = 0) -> memoryview | None:
        """What is to be written next, or None when nothing waits; what has grown too old has made way.

        It is one frame, or the rest of one, and those behind it as far as all together have at most ``most`` bytes.
        """
        if self._waiting and self._waiting[0].since + OLDEST <= now:
            self._drop_media(0, now)
        if not self._waiting:
            return None
        first = memoryview(self._waiting[0].frame)[self._written :]
        if len(self._waiting) == 1 or len(first) >= most:
            return first
        frames, size = [first], len(first)
        for waiting in islice(self._waiting, 1, None):
            size += len(waiting.frame)
            if size > most:
                break
            frames.append(memoryview(waiting.frame))
        return memoryview(b"".join(frames))

    def written(self, count: int) -> None:
        """The stream took ``count`` bytes, 1 or more, of ``front``."""
        self._written += count
        while self._waiting and self._written >= (length := len(self._waiting[0].frame)):
            self._size -= length + _ENTRY
            self._written -= length
            self._waiting.popleft()

    @property
    def overfull(self) -> bool:
        """Whether the client leaves even the answers lying, which do not make way: close the stream."""
        return self._size > MOST

    def _drop_media(self, excess: int, now: float) -> None:
        """Drops what is too old, and of the rest the oldest until ``excess`` bytes are saved."""
        kept: deque[_Waiting] = deque()
        for place, waiting in enumerate(self._waiting):
            begun = place == 0 and self._written > 0
            if waiting.media and not begun and (excess > 0 or waiting.since + OLDEST <= now):
                excess -= len(waiting.frame) + _ENTRY
                self._size -= len(waiting.frame) + _ENTRY
                self.dropped += 1
            else:
                kept.append(waiting)
        self._waiting = kept
