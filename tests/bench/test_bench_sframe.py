"""What sealing every frame, proving who is there, and renewing the keys cost: in CPU, in time, in frames."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from support.bench import Row, interleaved
from support.bench_calls import first_at, in_clear
from support.media_pair import End, connect, hears, sees
from support.secured_pair import secured_pair

from kiosk_client.frame_guard import FrameGuard
from kiosk_client.media.sources import CodedSource
from tawasul.e2ee.frames import Kind
from tawasul.e2ee.session import EpochSecrets, Side

pytestmark = [pytest.mark.bench, pytest.mark.timeout(400)]

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)
KEYS = EpochSecrets(0, bytes(32), bytes(32))
NONE = "no SFrame"
ROUNDS = 11

Record = Callable[[list[Row]], None]
Say = Callable[[str], None]

FRAMES = {
    "sound, 240 bytes": (Kind.SOUND, bytes(240), 4000),
    "picture, 2 600 bytes": (Kind.PICTURE, b"\x01" + bytes(2599), 3000),
    "key picture, 26 000 bytes": (Kind.PICTURE, bytes(26_000), 800),
}
"""As they are at 96 kbit/s and 500 kbit/s: kind, an encoded frame, how many a round."""

FRAMES_WORK = (
    "One encoded frame after another is sealed by one end's guard (`kiosk_client.frame_guard`) and opened by the "
    "other's: SFrame with AES-256-GCM, the replay window and all. Beside it the same loop over two functions that give "
    "back what they get. One thread."
)
PAIR_WORK = (
    "Two native ends (aiortc) in one process call each other over loopback, coded pictures of 640 by 480 and a tone "
    "both ways, and decode them. Counted for four seconds once both see and hear each other. Beside it the same two "
    "ends whose frames go in clear."
)
HANDSHAKE_WORK = (
    "Two native ends in one process, from the moment at which both begin to the first decoded picture. Ours go through "
    "the handshake: a chain of certificates each, a revocation list, X-Wing, four messages, key confirmation. Beside "
    "it two of the same connections without any of it, their frames in clear. Descriptions and messages are handed "
    "over as a function's argument; loopback, no relay."
)
REKEY_WORK = (
    "Two native ends in a call, ten seconds of pictures at one of them. Ours renew the keys every second (the product: "
    "every 300 s). Beside it the same call with the keys of its beginning."
)


@pytest.mark.parametrize("part", FRAMES)
async def test_frames_alone(part: str, record: Record, say: Say) -> None:
    kind, frame, count = FRAMES[part]
    citizen, office = FrameGuard(Side.CITIZEN), FrameGuard(Side.OFFICE)
    for guard in (citizen, office):
        guard.unlock(KEYS)
    office.open(Kind.PICTURE, citizen.seal(Kind.PICTURE, bytes(20)) or b"")  # pictures begin with a whole one
    say(f"\nframes sealed and opened, {part}, {ROUNDS} rounds")

    async def ours() -> float:
        return _cpu(count, lambda: office.open(kind, citizen.seal(kind, frame) or b""), frame)

    async def none() -> float:
        return _cpu(count, lambda: _back(_back(frame)), frame)

    sealed, clear = await interleaved(ROUNDS, ours, none, say=say)
    name, reading = "SFrame in Python", "By the process's CPU clock, over the whole round."
    record(
        [
            Row(
                name, FRAMES_WORK, "µs of CPU", tuple(sealed), tuple(clear), NONE, f"{part}: a frame", "lower", reading
            ),
            Row(
                name,
                FRAMES_WORK,
                "frames a second",
                tuple(round(1e6 / each) for each in sealed),
                tuple(round(1e6 / each) for each in clear),
                NONE,
                f"{part}: frames",
                "higher",
                "The same rounds, by the CPU clock. A call has 50 of sound and 24 of pictures a second, each way.",
            ),
        ]
    )


def _cpu(count: int, step: Callable[[], bytes | None], frame: bytes) -> float:
    """Microseconds of CPU for one frame."""
    before = time.process_time()
    for _ in range(count):
        assert step() == frame
    return round((time.process_time() - before) * 1e6 / count, 3)


def _back(frame: bytes) -> bytes:
    return frame


async def test_a_pair(record: Record, say: Say) -> None:
    rounds, seconds = 5, 4.0
    say(f"\nCPU of a native pair, {rounds} rounds")

    async def measured(clear: bool) -> float:
        async with _pair(clear=clear) as (citizen, office):
            before, at = time.process_time(), asyncio.get_running_loop().time()
            await asyncio.sleep(seconds)
            spent = time.process_time() - before
            assert sees(office, CITIZEN.identity, int(20 * seconds))
            assert hears(citizen, OFFICE.hertz)
            return round(spent * 1000 / (asyncio.get_running_loop().time() - at), 1)

    sealed, clear = await interleaved(rounds, lambda: measured(False), lambda: measured(True), say=say)
    frames = 2 * (50 + 24)
    reading = (
        f"The whole process, both ends: sources, VP8 and Opus both ways, the evidence. A second of call is {frames} "
        "frames sealed and opened; the difference over that is what SFrame takes of each, as far as other work lets "
        "one see it."
    )
    record(
        [
            Row(
                "SFrame in a native call",
                PAIR_WORK,
                "ms of CPU a second",
                tuple(sealed),
                tuple(clear),
                NONE,
                reading=reading,
            )
        ]
    )


@asynccontextmanager
async def _pair(*, clear: bool) -> AsyncIterator[tuple[End, End]]:
    citizen, office = End(), End()
    try:
        await citizen.open(CITIZEN, offers=True)
        await office.open(OFFICE, offers=False)
        if clear:
            in_clear(citizen)
            in_clear(office)
        await connect(citizen, office, keys=None if clear else KEYS)
        assert await office.witness.until(lambda _: sees(office, CITIZEN.identity) and hears(office, 440), 20)
        assert await citizen.witness.until(lambda _: sees(citizen, OFFICE.identity) and hears(citizen, 700), 20)
        yield citizen, office
    finally:
        await asyncio.gather(citizen.close(), office.close())


async def test_the_handshake(record: Record, say: Say) -> None:
    say(f"\nhandshake → first picture, {ROUNDS} rounds")

    async def ours() -> float:
        before = time.time()
        async with secured_pair(CITIZEN, OFFICE) as ends:
            return max([await first_at(end.conversation.witness) - before for end in ends]) * 1000

    async def none() -> float:
        citizen, office = End(), End()
        before = time.time()
        try:
            await citizen.open(CITIZEN, offers=True)
            await office.open(OFFICE, offers=False)
            in_clear(citizen)
            in_clear(office)
            await connect(citizen, office, keys=None)
            return max([await first_at(end.witness) - before for end in (citizen, office)]) * 1000
        finally:
            await asyncio.gather(citizen.close(), office.close())

    proven, plain = await interleaved(ROUNDS, ours, none, say=say)
    reading = (
        "One process, one clock. The later of the two ends' first pictures. The difference is what the handshake adds "
        "to *call in → first picture*, beside one more passing of the server's line, which goes on while the path is "
        "made."
    )
    samples = (tuple(round(each, 1) for each in of) for of in (proven, plain))
    ours_, peer = samples
    record([Row("Handshake → first picture", HANDSHAKE_WORK, "ms", ours_, peer, "no handshake", reading=reading)])


@dataclass(frozen=True)
class Stretch:
    """Ten seconds of pictures: the longest time between two, in ms; frames sealed and not opened, or refused."""

    longest: float
    unopened: int
    refused: int
    epochs: int


async def test_a_rekey(record: Record, say: Say) -> None:
    rounds = 3
    say(f"\nrekey every second, {rounds} rounds")
    renewed, kept = await interleaved(rounds, lambda: _stretch(1.0), lambda: _stretch(300.0), say=say)
    assert min(each.epochs for each in renewed) >= 3
    pauses = "42 ms are due. By the loop's clock, as each picture is decoded: the machine's own unrest is in it."
    assert sum(each.refused for each in renewed + kept) == 0
    lost = (
        "Of some 740 of both kinds, over the rekeys of each round. The last few of each call wait in the jitter "
        f"buffers for the one that follows; none was refused, over {sum(each.epochs for each in renewed)} rekeys."
    )
    name = "Rekey: its effect on frames"
    record(
        [
            Row(
                name,
                REKEY_WORK,
                "ms",
                tuple(round(each.longest, 1) for each in renewed),
                tuple(round(each.longest, 1) for each in kept),
                "no rekey",
                part="longest pause between two pictures",
                reading=pauses,
            ),
            Row(
                name,
                REKEY_WORK,
                "frames",
                tuple(float(each.unopened) for each in renewed),
                tuple(float(each.unopened) for each in kept),
                "no rekey",
                part="sealed and not opened when the call ends",
                reading=lost,
            ),
        ]
    )


async def _stretch(rekey_every: float) -> Stretch:
    loop = asyncio.get_running_loop()
    async with secured_pair(CITIZEN, OFFICE, rekey_every=rekey_every) as (citizen, office):
        witness = office.conversation.witness
        assert await witness.until(lambda them: them.picture.patterns >= 24, 20)
        began, last, longest = loop.time(), loop.time(), 0.0
        while loop.time() < began + 10:
            seen = witness.picture.frames
            assert await witness.until(lambda them, seen=seen: them.picture.frames > seen, 5)  # type: ignore[misc]
            now = loop.time()
            longest, last = max(longest, now - last), now
        assert not citizen.went_wrong + office.went_wrong
        await citizen.conversation.close(goodbye=False, attest=True)
        sent, came = (end.record.statement(time.time()) for end in (citizen, office))
        assert sent is not None
        assert came is not None
        unopened = sent.frames.sealed - came.frames.opened
        return Stretch(longest * 1000, unopened, came.frames.refused, len(came.handshakes[0].epochs) - 1)
