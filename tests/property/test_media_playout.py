"""The play-out buffer under any weather: it plays what it has, grows no further than it says, and comes back."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from support.playout_hearing import Ear, packet, played

from kiosk_client.media.core.delay_target import CEILING, FLOOR
from kiosk_client.media.core.playout import HELD, HURRY_ABOVE, MOST_PACKETS, SHORTEN_ABOVE, Playout
from kiosk_client.media.core.speech import FRAME, RATE, Comfort, Conceal, Decision, Fate, Play, Recover, SpeechPacket
from kiosk_client.media.core.speech_timeline import STRANGERS

STEP = FRAME / RATE
RECOVERS_WITHIN = 4.0
"""Seconds after any burst until the delay is what it should be: half a second too much, at a third more speed."""


def lived(ear: Ear, arrivals: list[tuple[float, SpeechPacket]], until: float, since: float = 0.0) -> None:
    """Put each packet when it comes, and hear on all the time."""
    waiting = sorted(arrivals, key=lambda each: each[0])
    for tick in range(round(since / STEP), round(until / STEP)):
        while waiting and waiting[0][0] <= tick * STEP:
            ear.take(waiting.pop(0)[1])
        ear.tick(tick * STEP)


def stream(count: int, late: object = None, **marks: int) -> list[tuple[float, SpeechPacket]]:
    """`count` packets, each when it comes: in time but for what `late(number)` says, in seconds; None loses it."""
    comes = []
    for number in range(count):
        delay = late(number) if callable(late) else 0.0
        if delay is not None:
            comes.append((number * STEP + delay, packet(number, number * STEP + delay, **marks)))
    return comes


def test_on_a_good_line_every_packet_is_played_in_order_and_soon() -> None:
    ear = Ear(Playout())
    lived(ear, stream(1000), 20)
    assert played(ear.heard) == list(range(played(ear.heard)[-1] + 1))
    assert played(ear.heard)[-1] > 990
    assert ear.playout.target == FLOOR
    assert ear.playout.delay(20.0) <= FLOOR + SHORTEN_ABOVE + STEP


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32), st.floats(0.0, 0.3))
def test_a_lost_packet_is_recovered_from_the_next_or_concealed_once(first: int, seed: int, share: float) -> None:
    chance = random.Random(seed)
    lost = {number for number in range(200) if chance.random() < share}
    ear = Ear(Playout())
    arrivals = [
        (number * STEP, packet(number, number * STEP, first=first, recovers=number % 2 == 0))
        for number in range(200)
        if number not in lost
    ]
    lived(ear, arrivals, 4.0)
    heard = played(ear.heard)
    assert heard == sorted(set(heard))
    assert not set(heard) & lost
    upto = heard[-1]
    assert set(range(heard[0], upto)) - lost == set(heard) - {upto}
    holes = [number for number in lost if heard[0] < number < upto]
    recoverable = [number for number in holes if number + 1 not in lost and (number + 1) % 2 == 0]
    recovered = sum(isinstance(each, Recover) for each in ear.heard)
    assert len(recoverable) - 2 <= recovered <= len(recoverable) + 1  # at both ends some is begun, or not yet over


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.floats(0.02, 0.3))
def test_jitter_is_learned_and_then_hardly_anything_is_late(seed: int, jitter: float) -> None:
    chance = random.Random(seed)
    ear = Ear(Playout())
    lived(ear, stream(1500, lambda number: chance.uniform(0, jitter)), 30)
    settled = ear.heard[len(ear.heard) // 2 :]
    assert sum(isinstance(each, Conceal | Comfort) for each in settled) <= 0.01 * len(settled)
    assert jitter - 0.03 <= ear.playout.target <= max(jitter + 0.02, FLOOR)


@settings(max_examples=40)
@given(st.floats(0.1, 10.0), st.integers(0, 2**32), st.sampled_from([0.0, 0.03, 0.1]))
def test_after_any_stall_of_the_line_the_delay_is_back_in_time(stall: float, seed: int, jitter: float) -> None:
    chance = random.Random(seed)
    ear, begins = Ear(Playout()), 5.0

    def late(number: int) -> float:
        at = number * STEP
        return max(begins + stall - at, 0.0) + chance.uniform(0, jitter) if at >= begins else chance.uniform(0, jitter)

    ends = begins + stall
    lived(ear, stream(round((ends + 12) / STEP), late), ends + RECOVERS_WITHIN)
    excess = ear.playout.delay(ends + RECOVERS_WITHIN) - ear.playout.target
    assert excess <= HURRY_ABOVE
    assert any(isinstance(each, Play) for each in ear.heard[-10:])


def test_a_single_packet_however_often_it_comes_is_not_heard() -> None:
    ear = Ear(Playout())
    lived(ear, [(number * STEP, packet(0, number * STEP)) for number in range(100)], 2.0)
    assert {type(each) for each in ear.heard} == {Comfort}
    assert len(ear.put[Fate.COPY]) == 99


def test_copies_that_come_late_are_no_jitter() -> None:
    ear = Ear(Playout())
    copies = [(at + 0.25, packet(number, at + 0.25)) for number, (at, _) in enumerate(stream(500))]
    lived(ear, [*stream(500), *copies], 10.0)
    assert ear.playout.target == FLOOR
    assert len(ear.put[Fate.COPY]) >= 480


def test_after_a_long_pause_speech_waits_again_for_what_jitter_it_had() -> None:
    chance = random.Random(7)
    ear = Ear(Playout())
    before = stream(1000, lambda number: chance.uniform(0, 0.15))
    after = [(at + 5.0, packet(1000 + number, at + 5.0)) for number, (at, _) in enumerate(before[:100])]
    lived(ear, before, 24.5)
    assert ear.playout.delay(24.5) == 0.0
    ear.heard.clear()
    lived(ear, [(at + 20.0, replace(each, arrival=at + 20.0)) for at, each in after], 28.0, since=24.5)
    first = next(place for place, each in enumerate(ear.heard) if isinstance(each, Play))
    assert sum(isinstance(each, Conceal | Comfort) for each in ear.heard[first : first + 95]) <= 2


@pytest.mark.parametrize("parts_per_million", [-200, 200])
def test_a_sender_whose_clock_runs_otherwise_is_followed_for_half_an_hour(parts_per_million: int) -> None:
    playout = Playout()
    ear = Ear(playout)
    rate = 1 + parts_per_million / 1e6
    number, delays = 0, []
    for tick in range(30 * 60 * 50):
        now = tick * STEP
        while number * STEP / rate <= now:
            ear.take(packet(number, number * STEP / rate))
            number += 1
        ear.tick(now)
        ear.heard.clear()
        delays.append(playout.delay(now))
    assert max(delays[500:]) <= FLOOR + SHORTEN_ABOVE + 2 * STEP
    assert playout.counts.concealed == 0
    assert playout.counts.skipped == 0
    assert playout.at_hand <= HELD


@pytest.mark.parametrize("jump", [-(2**31) + 1, -RATE * 3600, -RATE * 10, RATE, RATE * 10, RATE * 3600])
@pytest.mark.parametrize("source", [1, 2])
def test_a_sender_that_begins_anew_is_heard_again_at_once(jump: int, source: int) -> None:
    ear = Ear(Playout())
    lived(ear, stream(250), 5.0)
    anew = [
        (5.0 + number * STEP, packet(number, 5.0 + number * STEP, source=source, first=250 * FRAME + jump))
        for number in range(250)
    ]
    ear.heard.clear()
    lived(ear, anew, 10.0, since=5.0)
    assert played(ear.heard)[-1] > 230
    made_up = [each for each in ear.heard if isinstance(each, Conceal | Comfort)]
    assert len(made_up) <= STRANGERS + 10
    assert ear.playout.counts.restarts == 1


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 3)), min_size=1, max_size=50), st.integers(0, 99))
def test_single_packets_of_another_time_or_source_disturb_next_to_nothing(
    lies: list[tuple[int, int]], seed: int
) -> None:
    chance = random.Random(seed)
    ear = Ear(Playout())
    true = stream(500)
    lying = [
        (at := chance.uniform(0.5, 9.0), SpeechPacket(source, timestamp, FRAME, b"-2", at))
        for timestamp, source in lies[:12]
    ]
    lived(ear, [*true, *lying], 10.0)
    heard = [number for number in played(ear.heard) if number >= 0]
    # A lie that is within half a second of the truth is believed, and costs at most that.
    near = sum(fate is not Fate.STRANGE for fate in ear.put for number in ear.put[fate] if number == -2)
    assert len(heard) >= 480 - 30 * near


class NeverStarves(Playout):
    """Judges each decision by what was at hand."""

    def next(self, now: float) -> Decision:
        is_there, playing = self._next in self._packets, self._next is not None
        decision = super().next(now)
        if is_there:
            assert isinstance(decision, Play)
        assert playing or isinstance(decision, Play | Comfort)
        return decision


class Weather(RuleBasedStateMachine):
    """A sender of 20 ms packets, a line that does anything with them, and an ear."""

    def __init__(self) -> None:
        super().__init__()
        self.ear = Ear(NeverStarves())
        self.now = 0.0
        self.sent = 0
        self.first = 2**32 - 5 * FRAME
        self.source = 1
        self.on_the_way: list[SpeechPacket] = []

    def arrive(self, given: SpeechPacket) -> None:
        self.ear.take(
            SpeechPacket(given.source, given.timestamp, given.samples, given.payload, self.now, given.recovers)
        )

    @rule(count=st.integers(1, 60), lost=st.sets(st.integers(0, 59)), recovers=st.booleans())
    def speaks(self, count: int, lost: set[int], recovers: bool) -> None:
        for number in range(count):
            if number not in lost:
                self.arrive(packet(self.sent, self.now, source=self.source, first=self.first, recovers=recovers))
            self.sent += 1
            self.hears(1)

    @rule(count=st.integers(1, 100))
    def is_held_up(self, count: int) -> None:
        for _ in range(count):
            self.on_the_way.append(packet(self.sent, self.now, source=self.source, first=self.first))
            self.sent += 1
            self.hears(1)

    @rule(chance=st.randoms(use_true_random=False), copies=st.booleans())
    def comes_at_once(self, chance: random.Random, copies: bool) -> None:
        chance.shuffle(self.on_the_way)
        for each in self.on_the_way:
            self.arrive(each)
            if copies:
                self.arrive(each)
        self.on_the_way.clear()

    @rule(ticks=st.integers(1, 100))
    def hears(self, ticks: int) -> None:
        for _ in range(ticks):
            self.now += STEP
            self.decide()

    @rule(first=st.integers(0, 2**32 - 1), source=st.integers(1, 3))
    def begins_anew(self, first: int, source: int) -> None:
        self.first, self.source = first, source
        self.on_the_way.clear()

    @rule(
        timestamp=st.integers(0, 2**32 - 1),
        near=st.integers(-2 * RATE, 2 * RATE) | st.none(),
        samples=st.sampled_from([-1, 0, 1, 120, 960, 5760, 5761, 10**9]),
        recovers=st.booleans(),
    )
    def is_lied_to(self, timestamp: int, near: int | None, samples: int, recovers: bool) -> None:
        if near is not None:
            timestamp = (self.first + self.sent * FRAME + near) % 2**32
        lie = SpeechPacket(self.source, timestamp, samples, b"-3", self.now, recovers)
        assert (self.ear.take(lie) is Fate.MALFORMED) == (not 0 < samples <= 5760)

    def decide(self) -> None:
        for decision in self.ear.tick(self.now):
            if not isinstance(decision, Play):
                assert 120 <= decision.samples <= 5760
        assert self.ear.playout.at_hand <= HELD + 0.12  # the last packet begins within it

    @invariant()
    def is_bounded(self) -> None:
        assert FLOOR <= self.ear.playout.target <= CEILING
        assert len(self.ear.playout._packets) <= MOST_PACKETS
        assert len(self.ear.playout._seen) <= 2 * MOST_PACKETS

    def teardown(self) -> None:
        # Whatever went before, a sender that simply speaks is heard within a second, and then without a hole.
        self.on_the_way.clear()
        self.speaks(100, set(), recovers=False)
        self.ear.heard.clear()
        self.speaks(100, set(), recovers=False)
        assert not any(isinstance(each, Conceal | Comfort) for each in self.ear.heard)
        assert len(played(self.ear.heard)) >= 90


TestWeather = Weather.TestCase
TestWeather.settings = settings(max_examples=40, stateful_step_count=25)
