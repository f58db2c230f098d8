"""What people are told of a call: steady, never better for more loss, and unbroken by any number."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.quality_vectors import FILE, MEET, SCENARIOS, Stretch, course, document, told

from kiosk_client.media.core.quality import Around, Figures, Measures, Quality, cause_of, level_of, measured
from kiosk_client.media.core.relay_leg import RelayLeg
from kiosk_client.media.core.steady import CAUSE_AFTER, DOWN_AFTER, LEVELS, UP_AFTER, Steady, ToldQuality

CAUSES = st.sampled_from([None, "own", "other", "relay"])
LEGS = st.sampled_from([None, "good", "bad"])
AROUND = st.builds(
    Around, st.booleans(), st.booleans(), st.booleans(), own_leg=LEGS, other_leg=LEGS, meet=st.booleans()
)
ABSURD = st.none() | st.floats() | st.integers(-(2**64), 2**64)
FIGURES = st.builds(
    Figures, st.floats(), **{each.name: ABSURD for each in fields(Figures) if each.name not in ("at", "limited")}
)
SHARES = st.floats(0, 1)


def test_the_vectors_are_not_stale() -> None:
    assert json.loads(FILE.read_text()) == json.loads(document()), "run `python -m support.quality_vectors`"


def test_every_level_and_every_cause_is_told() -> None:
    words = {word for stretches in SCENARIOS.values() for word in told([*course(*stretches)])}
    assert {word.level for word in words} == set(LEVELS)
    assert {word.cause for word in words} == {None, "own", "other", "relay"}
    assert all(word.cause is None for word in words if word.level == "good")


@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from(LEVELS), CAUSES), max_size=200))
def test_it_never_flickers(seen: list[tuple[float, str, str | None]]) -> None:
    steady, now, changes = Steady(), 0.0, [(float("-inf"), ToldQuality("good"))]
    for pause, level, cause in seen:
        now += pause
        word = steady.take(level, cause, now)  # type: ignore[arg-type]
        assert word.cause is None or word.level != "good"
        if word != changes[-1][1]:
            before, was = changes[-1]
            worse = LEVELS.index(word.level) - LEVELS.index(was.level)
            least = DOWN_AFTER if worse > 0 else UP_AFTER if worse < 0 else CAUSE_AFTER
            assert now - before >= least
            changes.append((now, word))


@given(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=30), st.sampled_from(LEVELS))
def test_what_lasts_is_told(before: list[str], lasting: str) -> None:
    steady = Steady()
    for second in range(len(before)):
        steady.take(before[second], None, float(second))  # type: ignore[arg-type]
    for second in range(len(before), len(before) + 18):
        steady.take(lasting, None, float(second))  # type: ignore[arg-type]
    assert steady.told.level == lasting


@given(SHARES, SHARES, AROUND, st.floats(0, 60), st.sampled_from(["loss_in", "loss_out", "concealed", "frozen"]))
def test_more_loss_is_never_better(one: float, other: float, around: Around, way: float, name: str) -> None:
    less, more = (
        LEVELS.index(level_of(Measures(round_trip=way, **{name: share}), around))  # type: ignore[arg-type]
        for share in sorted((one, other))
    )
    assert less <= more


@given(st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_lasting_loss_is_told_no_better_where_it_is_greater(one: float, other: float) -> None:
    less, more = (LEVELS.index(told([*course(Stretch(8, loss_in=loss))])[-1].level) for loss in sorted((one, other)))
    assert less <= more


@given(st.lists(st.tuples(FIGURES, AROUND), max_size=30))
def test_no_number_breaks_it(lived: list[tuple[Figures, Around]]) -> None:
    quality = Quality()
    for figures, around in lived:
        quality.take(figures)
        assert quality.judge(around).level in LEVELS
        leg = RelayLeg()
        leg.take(figures.at, figures.round_trip)
        leg.judge(quality.loss, quality.rise, figures.at)


@given(FIGURES, FIGURES)
def test_shares_are_shares(before: Figures, after: Figures) -> None:
    found = measured(before, after)
    for share in (found.loss_in, found.loss_out, found.concealed, found.frozen):
        assert share is None or 0 <= share <= 1


@given(AROUND)
def test_no_line_is_blamed_without_a_bad_one_or_two_that_meet(around: Around) -> None:
    cause = cause_of(around)
    if "bad" not in (around.own_leg, around.other_leg) and not around.meet:
        assert cause is None
    if around.own_leg == "good":
        assert cause != "own"
    if around.other_leg == "good":
        assert cause != "other"
    mirrored = Around(own_leg=around.other_leg, other_leg=around.own_leg, meet=around.meet)
    assert cause_of(mirrored) == {"own": "other", "other": "own"}.get(cause or "", cause)


# The way to the relay


def asked(lost: float, seconds: float = 20.0, way: float = 0.02) -> RelayLeg:
    """A leg on which each so-many-th question is lost."""
    leg = RelayLeg()
    for number in range(round(2 * seconds)):
        is_lost = lost and int((number + 1) * lost) > int(number * lost)
        leg.take(number / 2, None if is_lost else way)
    return leg


@pytest.mark.parametrize(("lost", "told"), [(0.0, "good"), (0.15, "bad"), (0.3, "bad")])
def test_what_the_call_suffers_is_on_the_way_to_the_relay_or_it_is_not(lost: float, told: str) -> None:
    assert asked(lost).judge(0.2, None, 20.0) == told


def test_few_questions_and_small_losses_tell_nothing() -> None:
    assert asked(0.0, seconds=4).judge(0.2, None, 4.0) is None
    assert asked(0.0).judge(0.03, None, 20.0) is None
    assert asked(0.0).judge(None, None, 20.0) is None
    assert asked(0.05, seconds=10).judge(0.3, None, 10.0) is None, "one lost of twenty"


def test_a_relay_that_never_answers_says_nothing_of_the_way() -> None:
    leg = RelayLeg()
    for number in range(40):
        leg.take(number / 2, None)
    assert leg.judge(0.5, 0.5, 20.0) is None


@pytest.mark.parametrize(("late", "told"), [(0.4, "bad"), (0.01, "good"), (0.1, None)])
def test_where_nothing_is_lost_the_delay_tells(late: float, told: str | None) -> None:
    leg = asked(0.0, seconds=10)
    for number in range(8):
        leg.take(10 + number / 2, 0.02 + late)
    assert leg.judge(0.0, 0.5, 14.0) == told


def test_what_was_long_ago_does_not_count() -> None:
    assert asked(0.3).judge(0.3, None, 100.0) is None


def test_the_ways_meet_where_one_relay_is_between() -> None:
    assert cause_of(Around(own_leg="good")) is None
    assert MEET.meet
