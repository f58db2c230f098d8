"""Tracks read from a media file or from a device (V4L2, ALSA) through PyAV, in a thread of their own.

A file is played in real time and starts again at its end. A device gives frames when it has them; where the sender
falls behind, the oldest are dropped, since live media that comes late is worth nothing.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
from aiortc.mediastreams import VIDEO_CLOCK_RATE, MediaStreamError, MediaStreamTrack
from av import AudioFrame, AudioResampler, VideoFrame
from av.container import InputContainer

from kiosk_client.media.picture import as_sent
from kiosk_client.media.sound import FRAME, RATE

Kind = Literal["audio", "video"]

AHEAD = 0.5
"""Seconds of a file decoded ahead of their time: more than any stall of the decoder, little memory."""

KEPT = {"audio": 10, "video": 2}
"""Frames of a device kept for a slow sender: 200 ms of sound, two pictures."""

ALSA_CONFIGURATION = Path("/usr/share/alsa/alsa.conf")
"""PyAV's wheel carries an ALSA library that looks for its configuration where the wheel was built; this is where
Debian and Ubuntu (libasound2-data) have it."""


class ContainerTrack(MediaStreamTrack):
    """One stream of an open container as a track. Owns the container: stopping the track closes it.

    `live` says that the container is a device. Frames come out as s16 mono 48 kHz in 20 ms pieces, or as pictures of
    the container's size with even sides, with times that never run back.
    """

    def __init__(self, container: InputContainer, kind: Kind, *, live: bool) -> None:
        super().__init__()
        self.kind = kind
        self._container = container
        self._live = live
        self._home = asyncio.get_running_loop()
        self._frames: deque[AudioFrame | VideoFrame] = deque(maxlen=KEPT[kind] if live else None)
        self._arrived = asyncio.Event()
        self._room = threading.Event()
        self._quit = threading.Event()
        self._start: float | None = None
        self._thread = threading.Thread(target=self._read, name=f"kiosk-{kind}", daemon=True)
        self._thread.start()

    async def recv(self) -> AudioFrame | VideoFrame:
        """The next frame when its time has come. Raises `MediaStreamError` once stopped, or when the source ends."""
        while not self._frames:
            if self.readyState != "live":
                raise MediaStreamError
            self._arrived.clear()
            await self._arrived.wait()
        frame = self._frames.popleft()
        self._room.set()
        if not self._live:
            await self._due(frame)
        return frame

    def stop(self) -> None:
        """End the track and close its container (in its thread, which may be waiting for the device)."""
        super().stop()
        self._quit.set()
        self._room.set()
        self._arrived.set()

    async def _due(self, frame: AudioFrame | VideoFrame) -> None:
        assert frame.time is not None
        now = self._home.time()
        if self._start is None or now - self._start - frame.time > AHEAD:
            self._start = now - frame.time
        await asyncio.sleep(max(0.0, self._start + frame.time - now))

    def _read(self) -> None:
        """The thread: decode until told to stop, then close."""
        try:
            for frame in self._all_frames():
                if self._quit.is_set():
                    return
                self._home.call_soon_threadsafe(self._take, frame)
                self._wait_for_room()
        except (av.FFmpegError, RuntimeError, OSError):
            pass  # the device was unplugged, the file is broken further on, or the loop is gone: the track ends
        finally:
            self._container.close()
            with suppress(RuntimeError):
                self._home.call_soon_threadsafe(self.stop)

    def _take(self, frame: AudioFrame | VideoFrame) -> None:
        self._frames.append(frame)
        self._arrived.set()

    def _wait_for_room(self) -> None:
        if self._live:
            return
        rate = RATE / FRAME if self.kind == "audio" else 30
        while len(self._frames) > AHEAD * rate and not self._quit.is_set():
            self._room.clear()
            self._room.wait(timeout=0.1)

    def _all_frames(self) -> Iterator[AudioFrame | VideoFrame]:
        return self._sound() if self.kind == "audio" else self._pictures()

    def _sound(self) -> Iterator[AudioFrame]:
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=FRAME)
        number = 0
        for decoded in self._decoded():
            assert isinstance(decoded, AudioFrame)
            decoded.pts = None
            for frame in resampler.resample(decoded):
                frame.pts = number * FRAME
                frame.time_base = Fraction(1, RATE)
                number += 1
                yield frame

    def _pictures(self) -> Iterator[VideoFrame]:
        last, offset, first, before = -1, 0, None, 0
        for frame in self._decoded():
            assert isinstance(frame, VideoFrame)
            if frame.pts is None or frame.time_base is None:
                continue
            base = Fraction(frame.time_base.numerator, frame.time_base.denominator)
            time = round(frame.pts * base * VIDEO_CLOCK_RATE)
            if first is None or time < before:
                # The first picture, or the file begun again: go on where we were, one step (a 24th) later.
                first, offset = time, last + VIDEO_CLOCK_RATE // 24 if last >= 0 else 0
            before = time
            last = max(last + 1, time - first + offset)
            # Here in the thread and not in the encoder: the device has its buffer back the sooner.
            out = as_sent(frame)
            out.pts = last
            out.time_base = Fraction(1, VIDEO_CLOCK_RATE)
            yield out

    def _decoded(self) -> Iterator[AudioFrame | VideoFrame]:
        while not self._quit.is_set():
            try:
                found = False
                for frame in self._container.decode(**{self.kind: 0}):
                    found = True
                    assert isinstance(frame, AudioFrame | VideoFrame)
                    yield frame
                if self._live or not found:
                    return
                self._container.seek(0)
            except av.BlockingIOError:
                self._quit.wait(0.01)


def open_container(name: str, *, format: str | None = None, options: dict[str, str] | None = None) -> InputContainer:
    """Open a file or device for reading; blocks, so call it in a thread.

    Raises `av.FFmpegError`, `OSError`, `ValueError`.
    """
    if format == "alsa" and ALSA_CONFIGURATION.exists():
        os.environ.setdefault("ALSA_CONFIG_PATH", str(ALSA_CONFIGURATION))
    return av.open(name, mode="r", format=format, options=options or {})
