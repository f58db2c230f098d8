"""How much of speech is repeated: quickly more, slowly fewer, and never to and fro."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.redundancy_choice import DEEPEST, FALL, HOLD, RedundancyChoice, affordable

REPORT = 50
"""Packets in a second, which is what a report is about."""


def over(loss: float, seconds: int, choice: RedundancyChoice, chance: random.Random, begin: float = 0.0) -> list[int]:
    """The depth after each second of a line that loses this share, independently."""
    depths = []
    for second in range(seconds):
        lost = sum(chance.random() < loss for _ in range(REPORT)) * 256 // REPORT / 256
        depths.append(choice.heard(lost, begin + second + 1))
    return depths


@given(st.integers(0, 2**32))
def test_a_line_that_loses_nothing_carries_nothing_twice_after_half_a_minute(seed: int) -> None:
    depths = over(0, 120, RedundancyChoice(0), random.Random(seed))
    assert depths[0] == 1
    assert set(depths[30:]) == {0}


@given(st.sampled_from([0.1, 0.15, 0.2, 0.3]), st.integers(0, 2**32))
def test_a_bad_line_has_two_within_four_seconds_and_keeps_them(loss: float, seed: int) -> None:
    chance = random.Random(seed)
    choice = RedundancyChoice(0)
    over(0, 60, choice, chance)
    depths = over(loss, 120, choice, chance, begin=60)
    assert DEEPEST in depths[:4]
    assert set(depths[4:]) == {DEEPEST}


@given(st.sampled_from([0.01, 0.02, 0.03, 0.04, 0.05, 0.08]), st.integers(0, 2**32))
def test_on_a_steady_line_it_seldom_changes(loss: float, seed: int) -> None:
    depths = over(loss, 600, RedundancyChoice(0), random.Random(seed))
    changes = sum(before != after for before, after in pairwise(depths))
    assert changes <= 600 / HOLD
    assert sum(depth > 0 for depth in depths) > 0.6 * len(depths)


@given(st.lists(st.tuples(st.floats(allow_nan=False), st.floats(-10, 1e6)), max_size=60))
def test_no_report_does_harm(reports: list[tuple[float, float]]) -> None:
    choice = RedundancyChoice(0)
    for lost, now in reports:
        assert 0 <= choice.heard(lost, now) <= DEEPEST
        assert 0 <= choice.loss <= 1


def test_a_full_line_is_not_made_fuller() -> None:
    # Two earlier frames make some 124 kbit/s of the voice, one 90.
    depths = [affordable(allowed) for allowed in (0, 100_000, 170_000, 180_000, 240_000, 250_000, 4_000_000)]
    assert depths == [0, 0, 0, 1, 1, 2, DEEPEST]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_what_a_full_line_loses_is_no_reason_for_more(losses: list[float]) -> None:
    choice = RedundancyChoice(0)
    before = choice.loss
    for second, lost in enumerate(losses):
        assert choice.heard(lost, second + 1, full=True) <= 1
    assert choice.loss <= before
    assert choice.heard(0.3, len(losses) + 5) == DEEPEST


def test_many_reports_at_once_count_as_one() -> None:
    few, many = RedundancyChoice(0), RedundancyChoice(0)
    few.heard(0.3, 1.0)
    for _ in range(1000):
        many.heard(0.3, 1.0)
    assert many.loss == few.loss


def test_it_becomes_less_one_by_one_and_not_before_it_has_held() -> None:
    choice = RedundancyChoice(0)
    over(0.3, 10, choice, random.Random(1))
    assert choice.depth == DEEPEST
    depths = over(0, 120, choice, random.Random(1), begin=10)
    assert depths == sorted(depths, reverse=True)
    assert set(depths) == {2, 1, 0}
    assert depths.index(1) >= FALL
