"""The kiosk's end of a measured call, a process of its own: `kiosk_client.peer`, whatever it is made of, under SFrame.

It says its offer as a line of JSON, is told the answer and where the other end is, and keeps what it decodes until it
is told to stop; then that is in the file that it was given. Moments are seconds since 1970.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame
from support.bench_media_material import FRAMES_PER_SECOND, Material
from support.media_pair import KEYS, NO_SERVERS

from kiosk_client.media.picture import DrawnTrack
from kiosk_client.media.priority import before_others
from kiosk_client.media.sound import FRAME, RATE, LoopTrack
from kiosk_client.media.sources import LocalMedia
from kiosk_client.peer import Peer
from kiosk_client.peer_events import PeerEvent, TrackArrived
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.protocol.ice import IceCandidate

GAP = 5 * RATE
"""A time stamp that goes back, or jumps by more than this, begins a new count: what comes is put behind what came."""


class Speaking(LoopTrack):
    """The citizen's voice, which notes when each of its samples would have been spoken."""

    def __init__(self, material: Material) -> None:
        super().__init__(material.speech())
        self.began: list[float] = []
        self.speaks = asyncio.Event()

    async def recv(self) -> AudioFrame:
        frame = await super().recv()
        self.speaks.set()
        # A microphone gives a frame when the last of it has been spoken.
        self.began.append(time.time() - ((frame.pts or 0) + FRAME) / RATE)
        return frame


@dataclass
class Kept:
    """What came in. `at`: the moment at which each piece of sound came, and the sample with which it begins."""

    sounds: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = field(default_factory=list)
    at: list[tuple[float, int]] = field(default_factory=list)
    pictures: list[tuple[float, int]] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _written: int = 0
    _first: int | None = None

    def tell(self, event: PeerEvent) -> None:
        """A peer's event."""
        if isinstance(event, TrackArrived):
            keep = self._hear if event.track.kind == "audio" else self._see
            self._tasks.append(asyncio.get_running_loop().create_task(keep(event.track)))

    async def _hear(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            self._place(frame, time.time())

    def _place(self, frame: AudioFrame, now: float) -> None:
        """Put a frame where its time stamp says, with silence in between: there a listener hears nothing."""
        channels = len(frame.layout.channels)
        samples = frame.to_ndarray().reshape(-1, channels) if frame.format.is_packed else frame.to_ndarray().T
        mono = samples.mean(axis=1).astype(np.int16)
        stamp = frame.pts if frame.pts is not None else (self._first or 0) + self._written
        self._first = stamp if self._first is None else self._first
        silence = stamp - self._first - self._written
        if not 0 <= silence < GAP:
            self._first, silence = stamp - self._written, 0
        if silence:
            self.sounds.append(np.zeros(silence, dtype=np.int16))
        self.at.append((now, self._written + silence))
        self.sounds.append(mono)
        self._written += silence + len(mono)

    async def _see(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, VideoFrame)
            self.pictures.append((time.time(), frame.height))

    def write(self, path: Path, began: list[float]) -> None:
        """Into a file, for the judge."""
        sound = np.concatenate(self.sounds) if self.sounds else np.zeros(0, dtype=np.int16)
        np.savez(path, sound=sound, at=np.array(self.at), pictures=np.array(self.pictures), began=np.array(began))


async def main(material: Material, kept_in: Path) -> None:
    """The process itself."""
    before_others()
    speaking, kept = Speaking(material), Kept()
    shown = [material.picture(number) for number in range(2 * FRAMES_PER_SECOND)]
    picture = DrawnTrack(lambda number: shown[number % len(shown)], FRAMES_PER_SECOND)
    peer = Peer(NO_SERVERS, LocalMedia(sound=speaking, picture=picture), kept.tell, offers=True)
    _say({"sdp": await peer.offer()})
    told = await _heard()
    await peer.take_answer(told["sdp"], fingerprint_of(told["sdp"]))
    peer.guard.unlock(KEYS)
    await peer.add_candidate(IceCandidate(candidate=told["candidate"], sdp_m_line_index=0))
    await peer.add_candidate(IceCandidate(candidate=""))
    await speaking.speaks.wait()
    _say({"stands": True})
    await _heard()
    counts: Counter[str] = Counter(sounds=len(kept.at), pictures=len(kept.pictures))
    kept.write(kept_in, speaking.began)
    _say({"kept": dict(counts)})
    await peer.close()


def _say(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)


async def _heard() -> dict[str, str]:
    told: dict[str, str] = json.loads(await asyncio.to_thread(sys.stdin.readline))
    return told


if __name__ == "__main__":
    asyncio.run(main(Material(Path(sys.argv[1]), float(sys.argv[2])), Path(sys.argv[3])))
