"""A call beside a download: two kiosk ends and the kernel's own TCP on one line, by real sockets.

``python -m support.network_download PID`` runs in the internet, where the office's end is and what is downloaded; the
citizen's end and who downloads are in the site's namespace, which PID holds, behind the site's line. Office and
download send the same way, and meet before the line. What came of it is said as one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
from support.media_pair import KEYS, End, hears
from support.namespaces import within
from support.network_bed import INTERNET

from kiosk_client.media.picture import DrawnTrack, Planes
from kiosk_client.media.sound import RATE, tone_track
from kiosk_client.media.sources import CodedSource, LocalMedia
from kiosk_client.media.speech_thread import SpeechCounts
from tawasul.e2ee.pinning import fingerprint_of

Given = TypeVar("Given")

WIDTH, HEIGHT, FRAMES = 640, 360, 30
NEARLY = 270
"""Lines of the rung below. On a busy machine a picture takes minutes for the last step: probes that go out late prove
little, so that what is sent has to grow by itself."""
HERTZ = 700
SOON, LATE = 40.0, 150.0
"""Seconds within which a call has found its line, and has it again after a download: many times what either takes."""
SETTLES, LASTS = 5.0, 15.0
"""Seconds of a download until it has filled the line's queue, and then in which the voice is judged."""
KINDS = ("cubic", "reno")
"""Of TCP, in the kernel's words, the first that it has: both go by losses alone (RFC 9438, RFC 5681)."""


@dataclass(frozen=True)
class Beside:
    """What came of it. `tcp`: the kernel's word for the download's kind. Rates in bits a second.

    `before`, `after`: what pictures were given before the download, and when they had come back; `lowest`: of all that
    might be sent, meanwhile. `silent`: of the voice while downloading, the share in whose place nothing was played;
    `made_up`: the share that was concealed. `downloaded`: what the download got. `height`, `height_after`: lines of the
    picture. `back_after`: seconds from the download's end until it was nearly as large again, with half of its rate.
    """

    tcp: str
    before: float
    lowest: float
    downloaded: float
    silent: float
    made_up: float
    after: float
    back_after: float
    height: int
    height_after: int


@dataclass(frozen=True)
class NoisySource:
    """A tone, and pictures that cost as many bits as there are, as a camera's do."""

    @property
    def description(self) -> str:
        return "a tone and noise"

    async def open(self) -> LocalMedia:
        """New tracks; never fails."""
        chance = np.random.default_rng(7)
        shown: list[Planes] = [
            np.clip(chance.normal(120, 12, (HEIGHT * 3 // 2, WIDTH)), 16, 235).astype(np.uint8)
            for _ in range(2 * FRAMES)
        ]
        return LocalMedia(
            sound=tone_track(HERTZ), picture=DrawnTrack(lambda number: shown[number % len(shown)], FRAMES)
        )


class Elsewhere:
    """An event loop in a thread whose network is that of the namespace held by `pid`."""

    def __init__(self, pid: int) -> None:
        self._loop = asyncio.new_event_loop()
        within(pid, self._loop.run_forever)

    async def does(self, work: Coroutine[Any, Any, Given]) -> Given:
        """What comes of `work` over there."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))


class Download:
    """The kernel's TCP from the internet to the namespace held by `pid`, as fast as it goes, until it is ended."""

    def __init__(self, pid: int) -> None:
        self.taken = 0
        self._over = threading.Event()
        with socket.create_server((INTERNET, 0)) as listening:
            self.tcp = _congestion_control(listening)
            address = listening.getsockname()
            taking = within(pid, lambda: socket.create_connection(address, 20))
            self._giver, _ = listening.accept()
        self._taker = taking.result()
        for work in (self._give, self._take):
            threading.Thread(target=work, daemon=True).start()

    def end(self) -> None:
        """At once: what is on its way is not waited for."""
        self._over.set()
        for each in (self._giver, self._taker):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _give(self) -> None:
        with contextlib.suppress(OSError):
            while not self._over.is_set():
                self._giver.send(bytes(65536))

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while piece := self._taker.recv(65536):
                self.taken += len(piece)


@contextlib.contextmanager
def downloading(pid: int) -> Iterator[Download]:
    """One, until the block ends."""
    download = Download(pid)
    try:
        yield download
    finally:
        download.end()


async def beside(pid: int) -> Beside:
    """The call before, beside and after the download. Raises AssertionError where there is none of it, TimeoutError."""
    there = Elsewhere(pid)
    citizen = await there.does(_ends(offers=True))
    office = await _ends(offers=False)
    offer = await there.does(citizen.peer.offer())
    answer = await office.peer.answer(offer, fingerprint_of(offer))
    await there.does(_joined(citizen, answer))
    office.peer.guard.unlock(KEYS)
    heard = await there.does(citizen.witness.until(lambda _: hears(citizen, HERTZ), SOON))
    assert heard, "the voice was not heard before there was any download"
    sender = office.peer.picture_out
    async with asyncio.timeout(SOON):
        while sender.step.height < HEIGHT or sender.paced.target.rate < sender.step.rate:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    # What the ladder has then is taken as what the line bears: some seconds of room are behind it.
    await asyncio.sleep(SETTLES)
    before = sender.step
    with downloading(pid) as download:
        await asyncio.sleep(SETTLES)
        taken, since, counts, lowest = (
            download.taken,
            time.monotonic(),
            citizen.peer.sound_in.speech_counts,
            before.rate,
        )
        while time.monotonic() < since + LASTS:
            await asyncio.sleep(0.1)
            lowest = min(lowest, sender.paced.target.rate)
        judged = citizen.peer.sound_in.speech_counts
        downloaded = 8 * (download.taken - taken) / (time.monotonic() - since)
    ended = time.monotonic()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LATE):
            while sender.step.height < NEARLY or sender.step.rate < 0.5 * before.rate:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    silent, made_up = _missing(counts, judged)
    told = Beside(
        download.tcp, before.rate, lowest, downloaded, silent, made_up,
        sender.step.rate, time.monotonic() - ended, before.height, sender.step.height,
    )  # fmt: skip
    await there.does(citizen.close())
    await office.close()
    return told


async def _ends(*, offers: bool) -> End:
    """The citizen's end sends next to nothing, so that feedback has the other direction for itself."""
    return await End().open(CodedSource(hertz=440, identity=0xC171) if offers else NoisySource(), offers=offers)


async def _joined(citizen: End, answer: str) -> None:
    await citizen.peer.take_answer(answer, fingerprint_of(answer))
    citizen.peer.guard.unlock(KEYS)


def _missing(before: SpeechCounts, after: SpeechCounts) -> tuple[float, float]:
    """Of what was played in between: the share that was silence in place of voice, and the share that was made up."""
    silent = after.comfort_samples - before.comfort_samples
    made_up = after.concealed_samples - before.concealed_samples
    played = after.total_samples_received - before.total_samples_received + silent
    assert played > RATE, "of a download of many seconds hardly a second was played"
    return silent / played, made_up / played


def _congestion_control(listening: socket.socket) -> str:
    """Which of `KINDS` the connections that are taken here use."""
    for kind in KINDS:
        with contextlib.suppress(OSError):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, kind.encode())
            return kind
    raise AssertionError(f"this kernel has none of {', '.join(KINDS)}")


def main() -> None:
    """Once, told as JSON."""
    parser = argparse.ArgumentParser(description="A call beside a download, on one line.")
    parser.add_argument("pid", type=int)
    print(json.dumps(asdict(asyncio.run(beside(parser.parse_args().pid)))))


if __name__ == "__main__":
    main()
