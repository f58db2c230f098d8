"""The pacer: sound at once, the rest at its rate and in its order, nothing for too long, and nothing lost unsaid."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kiosk_client.media.core.pacer import (
    BURST,
    MOST_DEBT,
    PACE,
    PADDING,
    PICTURES_WAIT,
    Allow,
    Begin,
    DroppedPictures,
    Effect,
    Kind,
    Pacer,
    Pad,
    Queue,
    Send,
    Tick,
)
from kiosk_client.media.core.probing import Probe


def until(pacer: Pacer[str], end: float) -> list[tuple[float, Effect[str]]]:
    """What happens at the pacer's own deadlines, to `end`."""
    out = []
    while pacer.deadline is not None and pacer.deadline <= end:
        now = pacer.deadline
        out += [(now, effect) for effect in pacer.handle(Tick(), now)]
    return out


def sent(effects: list[tuple[float, Effect[str]]]) -> list[str]:
    return [effect.item for _, effect in effects if isinstance(effect, Send)]


def test_sound_goes_out_at_once_though_pictures_wait() -> None:
    pacer = Pacer[str](100_000, 0.0)
    for number in range(20):
        pacer.handle(Queue(Kind.PICTURE, 1000, f"picture {number}"), 0.0)
    assert pacer.handle(Queue(Kind.SOUND, 160, "sound"), 0.001) == [Send("sound")]


def test_pictures_go_out_at_the_pace_and_what_was_asked_for_before_them() -> None:
    pacer = Pacer[str](800_000, 0.0)
    first = pacer.handle(Queue(Kind.PICTURE, 1000, "0"), 0.0)
    assert first == [Send("0")]
    for number in range(1, 50):
        assert pacer.handle(Queue(Kind.PICTURE, 1000, str(number)), 0.0) == []
    assert pacer.handle(Queue(Kind.RETRANSMISSION, 1000, "again"), 0.0) == []
    assert pacer.waits == pytest.approx(50 * 8000 / (PACE * 800_000))
    out = until(pacer, 1.0)
    assert sent(out) == ["again", *(str(number) for number in range(1, 50))]
    # 51,000 bytes, of which the first went at once, at 125,000 a second.
    assert out[-1][0] == pytest.approx(50 * 8000 / (PACE * 800_000) - BURST)
    assert pacer.deadline is None


def test_pictures_that_waited_too_long_are_dropped_together_and_said_to_be() -> None:
    pacer = Pacer[str](50_000, 0.0)
    for number in range(30):
        pacer.handle(Queue(Kind.PICTURE, 1000, str(number)), 0.0)
    out = until(pacer, 9.0)
    (dropped,) = [(at, effect) for at, effect in out if isinstance(effect, DroppedPictures)]
    assert PICTURES_WAIT < dropped[0] < PICTURES_WAIT + 0.2
    assert dropped[1].packets + len(sent(out)) == 29
    assert pacer.waits == 0


def test_sound_alone_above_the_rate_keeps_pictures_back_for_a_moment_only() -> None:
    pacer = Pacer[str](50_000, 0.0)
    for step in range(200):
        assert pacer.handle(Queue(Kind.SOUND, 1000, "sound"), step * 0.02) == [Send("sound")]
    pacer.handle(Queue(Kind.PICTURE, 500, "picture"), 4.0)
    assert sent(until(pacer, 4.0 + MOST_DEBT)) == ["picture"]


def test_a_probe_is_sent_at_its_rate_of_what_waits_and_of_padding() -> None:
    pacer = Pacer[str](100_000, 0.0)
    for number in range(3):
        pacer.handle(Queue(Kind.PICTURE, 1000, str(number)), 0.0)
    now = 0.001
    out = [(now, effect) for effect in pacer.handle(Begin(Probe(7, 1_000_000, 5, 5000)), now)]
    out += until(pacer, 0.060)
    assert [effect for _, effect in out] == [Send("1", 7), Send("2", 7), Pad(1000, 7), Pad(1000, 7), Pad(1000, 7)]
    assert [round(at, 6) for at, _ in out] == [0.001, 0.009, 0.017, 0.025, 0.033]
    assert pacer.deadline is None


def test_a_late_timer_makes_no_burst_of_a_probe() -> None:
    pacer = Pacer[str](100_000, 0.0)
    pacer.handle(Begin(Probe(1, 1_000_000, 5, 5000)), 0.0)
    assert pacer.handle(Tick(), 0.5) == [Pad(1000, 1)]
    assert pacer.deadline == pytest.approx(0.508 - BURST)


def test_two_probes_follow_each_other() -> None:
    pacer = Pacer[str](100_000, 0.0)
    pacer.handle(Begin(Probe(1, 1_000_000, 5, 1000)), 0.0)
    pacer.handle(Begin(Probe(2, 2_000_000, 5, 9000)), 0.0)
    pads = [effect for _, effect in until(pacer, 1.0) if isinstance(effect, Pad)]
    assert [pad.probe for pad in pads] == [1] * 4 + [2] * 9
    assert all(pad.size <= PADDING for pad in pads)


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.rate = 200_000.0
        self.pacer: Pacer[tuple[Kind, int, float]] = Pacer(self.rate, 0.0)
        self.queued: dict[Kind, int] = dict.fromkeys(Kind, 0)
        self.out: dict[Kind, list[int]] = {kind: [] for kind in Kind}
        self.dropped = 0
        self.probes = 0

    @rule(kind=st.sampled_from(Kind), size=st.integers(1, 1400), count=st.integers(1, 40))
    def queue(self, kind: Kind, size: int, count: int) -> None:
        for _ in range(count):
            number, self.queued[kind] = self.queued[kind], self.queued[kind] + 1
            effects = self.pacer.handle(Queue(kind, size, (kind, number, self.now)), self.now)
            assert kind is not Kind.SOUND or any(isinstance(each, Send) and each.item[1] == number for each in effects)
            self.take(effects)

    @rule(rate=st.floats(50_000, 4_000_000))
    def allow(self, rate: float) -> None:
        self.take(self.pacer.handle(Allow(rate), self.now))

    @rule(rate=st.floats(100_000, 4_000_000), size=st.integers(1000, 8000))
    def probe(self, rate: float, size: int) -> None:
        self.probes += 1
        self.take(self.pacer.handle(Begin(Probe(self.probes, rate, 5, size)), self.now))

    @rule(pause=st.floats(0, 3), punctual=st.booleans())
    def wait(self, pause: float, punctual: bool) -> None:
        end = self.now + pause
        while punctual and self.pacer.deadline is not None and self.pacer.deadline <= end:
            self.now = max(self.now, self.pacer.deadline)
            effects = self.pacer.handle(Tick(), self.now)
            assert effects or self.pacer.deadline is None or self.pacer.deadline > self.now
            self.take(effects)
        self.now = end
        self.take(self.pacer.handle(Tick(), end))

    def take(self, effects: list[Effect[tuple[Kind, int, float]]]) -> None:
        for effect in effects:
            match effect:
                case Send(item=(kind, number, since)):
                    assert not self.out[kind] or self.out[kind][-1] < number
                    self.out[kind].append(number)
                    assert kind is Kind.SOUND or self.now - since <= PICTURES_WAIT + 1e-6
                case DroppedPictures(packets):
                    assert packets > 0
                    self.dropped += packets

    @invariant()
    def nothing_is_lost_unsaid_or_waits_for_ever(self) -> None:
        waiting = self.queued[Kind.PICTURE] - self.dropped - len(self.out[Kind.PICTURE])
        assert waiting >= 0
        assert self.pacer.waits >= 0
        assert waiting == 0 or self.pacer.deadline is not None


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
