"""The thread that plays speech, in real time: a steady pace, whatever the loop does and whatever comes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av import AudioFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from support.speech_line import encoded

from kiosk_client.media.core.redundancy import join
from kiosk_client.media.core.speech import FRAME
from kiosk_client.media.speech_receiving import carried_types
from kiosk_client.media.speech_thread import MOST_NOTED, Noted, SpeechThread
from kiosk_client.media.synthetic import voice

pytestmark = pytest.mark.realtime

OPUS = 111
PATIENCE = 20


@dataclass
class Listener:
    """What a track's watcher gets."""

    frames: list[AudioFrame] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def give(self, frame: AudioFrame) -> None:
        self.frames.append(frame)
        self.news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self.news.clear()
                await self.news.wait()


def as_it_is(sealed: bytes) -> bytes | None:
    return sealed


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    return encoded(voice()[: 3 * 48000])


@pytest.fixture
async def thread() -> AsyncIterator[tuple[SpeechThread, Listener]]:
    listener = Listener()
    made = SpeechThread(listener.give, as_it_is, time.monotonic)
    yield made, listener
    made.end()


def noted(number: int, payload: bytes, *, redundant: bool = False) -> Noted:
    return Noted(7, number * FRAME, payload, frozenset([OPUS]) if redundant else None, time.monotonic())


async def speak(
    thread: SpeechThread, packets: list[bytes], first: int = 0, *, lose: int = 0, red: bool = False
) -> None:
    """In real time. Loses each packet whose number `lose` divides; `red`: each carries the one before it."""
    began = time.monotonic()
    for number, own in enumerate(packets[first:], start=first):
        await asyncio.sleep(max(began + (number - first) * 0.02 - time.monotonic(), 0))
        payload = join(own, [(FRAME, packets[number - 1])] if number else [], OPUS) if red else own
        if not lose or number % lose:
            thread.note(noted(number, payload, redundant=red))


async def test_frames_come_at_a_steady_pace_and_without_a_hole(
    thread: tuple[SpeechThread, Listener], packets: list[bytes]
) -> None:
    player, listener = thread
    await speak(player, packets, lose=7)
    await listener.until(lambda: len(listener.frames) >= len(packets) - 10)
    times = [frame.pts for frame in listener.frames]
    assert times == list(range(times[0], times[0] + len(times) * FRAME, FRAME))
    assert {frame.samples for frame in listener.frames} == {FRAME}
    counts = player.counts
    assert counts.recovered_samples > 0.4 * len(packets) / 7 * FRAME
    assert counts.packets["kept"] + counts.packets["late"] >= len(packets) * 6 // 7 - 5  # the last are on their way
    assert 0 < player.waits < 0.5


async def test_what_red_carries_takes_the_place_of_what_is_lost(
    thread: tuple[SpeechThread, Listener], packets: list[bytes]
) -> None:
    player, listener = thread
    await speak(player, packets[:100], lose=5, red=True)
    await listener.until(lambda: len(listener.frames) >= 80)
    assert player.counts.packets["kept"] >= 95
    assert player.counts.packets["copy"] > 0


async def test_a_loop_that_stands_still_stops_nothing(
    thread: tuple[SpeechThread, Listener], packets: list[bytes]
) -> None:
    player, listener = thread
    for number in range(20):
        player.note(noted(number, packets[number]))
    await listener.until(lambda: len(listener.frames) > 0)
    before = len(listener.frames)
    time.sleep(0.3)  # noqa: ASYNC251 -- this is the fault
    await asyncio.sleep(0)
    assert len(listener.frames) >= before + 5


async def test_silence_of_an_end_that_is_gone_is_not_handed_out(
    thread: tuple[SpeechThread, Listener], packets: list[bytes]
) -> None:
    player, listener = thread
    await speak(player, packets[:50])
    await asyncio.sleep(1.5)
    assert player.counts.comfort_samples > 0
    assert len(listener.frames) < 50 + 15
    await speak(player, packets, first=100)
    assert len(listener.frames) > 65 + 20


async def test_without_keys_nothing_is_heard_and_everything_is_counted(packets: list[bytes]) -> None:
    listener = Listener()
    player = SpeechThread(listener.give, lambda sealed: None, time.monotonic)
    await speak(player, packets[:25])
    player.end()
    assert listener.frames == []
    assert player.counts.packets["unopened"] >= 23


async def test_what_stumbles_is_begun_anew(packets: list[bytes]) -> None:
    listener, fails = Listener(), [True]

    def stumble(sealed: bytes) -> bytes:
        if fails.pop() if fails else False:
            raise ZeroDivisionError
        return sealed

    player = SpeechThread(listener.give, stumble, time.monotonic)
    await speak(player, packets[:50])
    await listener.until(lambda: len(listener.frames) >= 30)
    player.end()
    assert player.counts.packets["failed"] == 1


async def test_more_than_anybody_sends_is_dropped_and_the_end_is_the_end(
    thread: tuple[SpeechThread, Listener], packets: list[bytes]
) -> None:
    player, listener = thread
    for number in range(3 * MOST_NOTED):
        player.note(noted(number, packets[number % 100]))
    assert player.counts.packets["too many"] > MOST_NOTED
    await listener.until(lambda: len(listener.frames) > 3)
    player.end()
    await player.join()
    await asyncio.sleep(0)
    given = len(listener.frames)
    player.note(noted(0, packets[0]))
    await player.join()
    assert len(listener.frames) == given


async def test_nonsense_is_counted_and_what_comes_after_it_is_heard(
    thread: tuple[SpeechThread, Listener], packets: list[bytes]
) -> None:
    player, listener = thread

    @settings(max_examples=150)
    @given(st.binary(max_size=60), st.integers(0, 2**32 - 1), st.booleans(), st.integers(0, 2), st.floats(-1e6, 1e6))
    def nonsense(payload: bytes, timestamp: int, red: bool, source: int, arrival: float) -> None:
        player.note(Noted(source, timestamp, payload, frozenset([OPUS]) if red else None, arrival))
        time.sleep(0.001)

    nonsense()
    await asyncio.sleep(0.1)
    listener.frames.clear()
    await speak(player, packets)
    await listener.until(lambda: len(listener.frames) >= 100)
    assert player.counts.packets["failed"] == 0
    assert player.counts.packets["redundancy malformed"] > 0
    assert player.counts.packets["malformed"] > 0


def test_what_red_carries_is_read_from_its_parameter() -> None:
    def red(*parameters: str) -> RTCRtpCodecParameters:
        return RTCRtpCodecParameters("audio/red", 48000, 2, 63, parameters=dict.fromkeys(parameters))

    assert carried_types(red("111/111")) == {111}
    assert carried_types(red()) == carried_types(red("apt")) == frozenset()
