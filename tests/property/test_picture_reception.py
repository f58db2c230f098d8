"""The reception of a picture: on a seeded line that loses, jitters and breaks off, and under any packets at all."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.link_emulator import BurstLoss
from support.picture_line import Run, Seen, payload

from kiosk_client.media.core.missing import MOST_AT_ONCE
from kiosk_client.media.core.picture_assembly import MOST_PIECES, PictureFrame
from kiosk_client.media.core.picture_reception import (
    GUESS_WAITS,
    KEY_FRAME_ASKED_AGAIN_AFTER,
    MOST_WAITING,
    AskAgain,
    AskForKeyFrame,
    Decode,
    Effect,
    Given,
    PacketArrived,
    PictureReception,
    PictureRefused,
    RoundTrip,
    Tick,
)
from kiosk_client.media.core.sequence import MAX_DROPOUT

SECONDS = 30.0
SEEDS = (1, 2, 3)


def may_be_decoded(frames: list[PictureFrame]) -> bool:
    """Whether each frame is a key frame or follows the one before it directly."""
    follows = all(later.is_key or later.first == earlier.last + 1 for earlier, later in pairwise(frames))
    return follows and all(frame.is_key for frame in frames[:1])


def frozen(seen: Seen) -> float:
    """The share of the time in which the picture stood still."""
    return seen.freezes.total / SECONDS


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("loss", "at_most"), [(0.0, 0.0), (0.02, 0.005), (0.05, 0.01), (0.1, 0.03), (0.2, 0.09)])
def test_lost_packets_are_asked_for_until_they_come(loss: float, at_most: float, seed: int) -> None:
    seen = Run(seed, loss=loss).play(SECONDS)
    assert may_be_decoded([frame for _, frame in seen.shown])
    assert frozen(seen) <= at_most
    assert len(seen.shown) >= SECONDS * 25 * (1 - loss / 4) - 5
    assert len(seen.asked) <= 30  # a key frame is the last resort
    assert seen.shown[0][0] < 1.0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("jitter", "waits"), [(0.0, 0.04), (0.03, 0.07), (0.1, 0.15)])
def test_jitter_is_smoothed_by_waiting_no_longer_than_it_needs(jitter: float, waits: float, seed: int) -> None:
    run = Run(seed, jitter=jitter)
    seen = run.play(SECONDS)
    assert frozen(seen) == 0
    assert seen.asked_again == 0
    late = [pause for pause in seen.pauses() if pause > 0.040 + 0.030]
    assert len(late) <= len(seen.shown) / 100
    counts = run.reception.counts
    assert counts.jitter_buffer_delay / counts.jitter_buffer_emitted_count < waits


def test_overtaking_is_learnt_and_no_more_taken_for_loss() -> None:
    run = Run(1, jitter=0.1, reorders=True)
    run.play(20)
    asked = run.seen.asked_again
    run.play(SECONDS)
    assert run.seen.asked_again - asked < 0.1 * run.seen.sent
    assert frozen(run.seen) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_bursts_are_repaired(seed: int) -> None:
    seen = Run(seed, loss=BurstLoss.of(0.05, mean_burst=8)).play(SECONDS)
    assert may_be_decoded([frame for _, frame in seen.shown])
    assert frozen(seen) < 0.06
    assert max(seen.pauses()) < 1.0


@pytest.mark.parametrize("gone", [0.3, 2.0, 20.0])
def test_after_a_break_the_picture_is_back_within_half_a_second(gone: float) -> None:
    run = Run(1, rate=lambda now: 1.0 if 10 <= now < 10 + gone else 1e9)
    # Nothing of what is sent meanwhile may stay in the queue.
    run.line.at(10.0, lambda: setattr(run.there, "loss", BurstLoss(1.0, 0.0)))
    run.line.at(10.0 + gone, lambda: setattr(run.there, "loss", BurstLoss(0.0, 1.0)))
    seen = run.play(40)
    assert may_be_decoded([frame for _, frame in seen.shown])
    assert max(seen.pauses()) < gone + 0.5
    assert len(seen.asked) <= 2


def test_a_long_way_is_borne() -> None:
    seen = Run(1, loss=0.05, delay=0.150).play(SECONDS)
    assert frozen(seen) < 0.3
    assert len(seen.asked) <= 30


def test_a_full_line_is_not_filled_with_requests() -> None:
    seen = Run(1, loss=0.1, rate=800_000).play(20)
    assert seen.asked_again < 2 * 200 + 1.0 * seen.sent


def test_a_sender_that_never_gives_a_key_frame_is_asked_at_a_bounded_rate() -> None:
    reception, asked, now = PictureReception(), [], 0.0
    for number in range(3000):
        now = number * 0.01
        packet = PacketArrived(number, number * 900, True, payload(begins=True, is_key=False))
        asked += [now for effect in reception.handle(packet, now) if isinstance(effect, AskForKeyFrame)]
    assert asked[0] == 0.0
    assert all(later - earlier >= KEY_FRAME_ASKED_AGAIN_AFTER - 1e-9 for earlier, later in pairwise(asked))
    assert 25 <= len(asked) <= 32
    assert reception.held <= MOST_PIECES + MOST_WAITING


@pytest.mark.parametrize("lost", [1, 3])
@pytest.mark.parametrize("sequence", [9, 1, 65_535])
def test_what_is_lost_before_the_first_packet_that_came_is_asked_for_before_a_key_frame(
    lost: int, sequence: int
) -> None:
    """Of a key frame of six packets the first are lost: where they come again nobody needs another one."""
    reception = PictureReception()
    frame = [PacketArrived(sequence + at & 0xFFFF, 0, at == 5, payload(begins=at == 0, is_key=True)) for at in range(6)]
    effects = [effect for each in frame[lost:] for effect in reception.handle(each, 0.0)]
    assert [effect for effect in effects if isinstance(effect, AskForKeyFrame)] == []
    asked = [number for effect in effects if isinstance(effect, AskAgain) for number in effect.sequences]
    assert {each.sequence for each in frame[:lost]} <= {*asked}
    effects = [effect for each in frame[:lost] for effect in reception.handle(each, 0.1)]
    assert [type(effect) for effect in effects if not isinstance(effect, AskAgain)] == [Decode]
    assert reception.deadline is None


def test_a_beginning_that_does_not_come_is_soon_given_up_for_a_key_frame() -> None:
    reception, asked = PictureReception(), []
    reception.handle(RoundTrip(0.08), 0.0)
    reception.handle(PacketArrived(7, 0, True, payload(begins=False, is_key=False)), 0.0)
    while not asked:
        now = reception.deadline
        assert now is not None
        asked += [now for effect in reception.handle(Tick(), now) if isinstance(effect, AskForKeyFrame)]
    assert asked == [pytest.approx(GUESS_WAITS * 0.08)]


@pytest.mark.parametrize("ticks_a_second", [89_982, 90_018])
def test_an_hour_of_a_call_brings_no_growth_and_no_delay_of_drifting_clocks(ticks_a_second: int) -> None:
    """A sender whose clock is 200 ppm off, 0.7 s in all: frames wait no longer at the end than at the beginning."""
    reception, now, waits = PictureReception(), 0.0, []
    for number in range(3600 * 5):
        sent = number * 0.2
        now = sent + 0.04
        kind = payload(begins=True, is_key=number == 0)
        effects = reception.handle(
            PacketArrived(number & 0xFFFF, round(sent * ticks_a_second) & 0xFFFFFFFF, True, kind), now
        )
        while not effects:
            deadline = reception.deadline
            assert deadline is not None
            effects = reception.handle(Tick(), now := deadline)
        waits.append(now - sent - 0.04)
        assert reception.held == 0
    assert max(waits[1000:]) <= 0.025


def shown_of(reception: PictureReception, sequence: int, *, is_key: bool, now: float) -> list[Effect]:
    """What is done about a frame of one packet, once it is due."""
    packet = PacketArrived(sequence, sequence * 3600, True, payload(begins=True, is_key=is_key))
    return [*reception.handle(packet, now), *reception.handle(Tick(), now + 0.2)]


def test_after_a_frame_that_was_refused_a_key_frame_is_asked_for_and_waited_for() -> None:
    reception = PictureReception()
    (first,) = shown_of(reception, 1, is_key=True, now=0.0)
    (second,) = shown_of(reception, 2, is_key=False, now=1.0)
    assert isinstance(first, Decode)
    assert isinstance(second, Decode)
    assert reception.handle(PictureRefused(second.frame.first), 1.3) == [AskForKeyFrame()]
    assert shown_of(reception, 3, is_key=False, now=1.4) == []
    (whole,) = shown_of(reception, 4, is_key=True, now=1.8)
    assert isinstance(whole, Decode)
    # What was still being decoded and built on the refused one says nothing against the key frame.
    assert reception.handle(PictureRefused(second.frame.first), 3.0) == []
    (next_one,) = shown_of(reception, 5, is_key=False, now=3.1)
    assert isinstance(next_one, Decode)


def test_nothing_from_before_a_key_frame_is_asked_for() -> None:
    reception = PictureReception()
    shown_of(reception, 1, is_key=True, now=0.0)
    lost = reception.handle(PacketArrived(5, 0, False, payload(begins=False, is_key=False)), 1.0)
    assert lost == []
    effects = [*shown_of(reception, 6, is_key=True, now=1.001), *reception.handle(Tick(), 1.5)]
    assert [type(effect) for effect in effects] == [Decode]


givens = st.one_of(
    st.builds(
        PacketArrived,
        st.one_of(st.integers(0, 40), st.integers(0, 0xFFFF)),
        st.one_of(st.integers(0, 5).map(lambda each: each * 3000), st.integers(0, 0xFFFFFFFF)),
        st.booleans(),
        st.one_of(
            st.sampled_from([payload(begins=a, is_key=b) for a in (True, False) for b in (True, False)]),
            st.binary(max_size=6),
        ),
    ),
    st.builds(PictureRefused, st.one_of(st.integers(0, 200_000), st.just(1 << 60))),
    st.just(Tick()),
    st.builds(RoundTrip, st.floats(allow_nan=False)),
)


@given(st.lists(st.tuples(givens, st.sampled_from([0.0, 0.001, 0.04, 0.7, 3.0])), max_size=120))
def test_whatever_comes_only_decodable_frames_go_on_and_little_is_held(steps: list[tuple[Given, float]]) -> None:
    reception, now = PictureReception(), 0.0
    effects: list[Effect] = []
    asked: list[float] = []

    def did(more: list[Effect]) -> None:
        asked.extend([now for effect in more if isinstance(effect, AskForKeyFrame)])
        effects.extend(more)

    for given_now, pause in steps:
        until = now + pause
        looks = 0
        while (deadline := reception.deadline) is not None and deadline <= until:
            now = max(now, deadline)
            did(reception.handle(Tick(), now))
            looks += 1
            assert looks < 1000  # it never spins
        now = until
        did(reception.handle(given_now, now))
        assert reception.held <= MOST_PIECES + MOST_WAITING
    assert may_be_decoded([effect.frame for effect in effects if isinstance(effect, Decode)])
    assert all(later - earlier >= KEY_FRAME_ASKED_AGAIN_AFTER - 1e-9 for earlier, later in pairwise(asked))
    for effect in effects:
        if isinstance(effect, AskAgain):
            assert 0 < len(effect.sequences) <= MOST_AT_ONCE
            assert all(0 <= each <= 0xFFFF for each in effect.sequences)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=60))
def test_a_good_stream_goes_on_after_any_nonsense(nonsense: list[int]) -> None:
    """Absurd jumps of numbers, then an honest stream that gives a key frame when asked: it is shown once its numbers
    have passed those that were believed, and at once where they are too far away to be of the same stream."""
    reception, now, wants_key = PictureReception(), 0.0, False
    for number in nonsense:
        reception.handle(PacketArrived(number, number * 7, False, payload(begins=False, is_key=False)), now)
        now += 0.01
    for place in range(MAX_DROPOUT + 100):
        packet = PacketArrived(
            (nonsense[-1] + 1 + place) & 0xFFFF, place * 3600, True, payload(begins=True, is_key=wants_key)
        )
        effects = reception.handle(packet, now)
        now += 0.04
        effects += reception.handle(Tick(), now)
        if any(isinstance(effect, Decode) for effect in effects):
            return
        wants_key = any(isinstance(effect, AskForKeyFrame) for effect in effects)
    pytest.fail("nothing was shown")
