"""The ladder: down at once, up with patience, still at last, and never to and fro."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.bandwidth import Cause, Target
from kiosk_client.media.core.ladder import CLIMBS, HOLDS, PATIENCE, RUNGS, STARTING, Ladder, Step


def steps(ladder: Ladder, rate: float, since: float, until: float, cause: Cause = "growing") -> list[Step]:
    """What is chosen at ten pictures a second."""
    times = range(round(since * 10), round(until * 10))
    return [ladder.choose(Target(rate, cause), rate, 720, number / 10) for number in times]


def settled(rate: float) -> tuple[Ladder, Step]:
    ladder = Ladder(0.0)
    return ladder, steps(ladder, rate, 0, 100)[-1]


@pytest.mark.parametrize(
    ("rate", "height", "frames"),
    [
        (2_300_000, 720, 30),
        (760_000, 540, 30),
        (400_000, 360, 30),
        (165_000, 270, 20),
        (80_000, 180, 15),
        (50_000, 180, 8),
        (20_000, 0, 0),
        (-30_000, 0, 0),
    ],
)
def test_each_rate_has_its_pictures(rate: float, height: int, frames: float) -> None:
    _, step = settled(rate)
    assert (step.height, step.frames, step.rate) == (height, frames, rate if height else 0)


def test_a_call_begins_with_what_there_is_and_climbs_soon() -> None:
    ladder = Ladder(0.0)
    assert ladder.choose(Target(400_000, "growing"), 320_000, 720, 0.0) == Step(360, 30, 320_000, "start")
    seen = steps(ladder, 1_700_000, 0.2, 2)
    assert [each.height for each in seen].index(720) <= 7
    assert seen[-1].reason == "more room"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [("delay", "line full"), ("loss", "line loses"), ("silence", "line silent"), ("growing", "line full")],
)
def test_it_falls_at_once_and_says_why(cause: Cause, reason: str) -> None:
    ladder, _ = settled(2_000_000)
    assert ladder.choose(Target(200_000, cause), 140_000, 720, 100.0) == Step(270, 20, 140_000, reason)


def test_after_the_start_it_climbs_only_when_there_was_room_for_a_while() -> None:
    ladder, _ = settled(200_000)
    seen = steps(ladder, 1_500_000, 100, 100 + PATIENCE - 0.1)
    assert {each.height for each in seen} == {270}
    assert ladder.choose(Target(1_500_000, "growing"), 1_500_000, 720, 100 + PATIENCE).height == 720


def test_room_that_goes_in_between_does_not_count() -> None:
    ladder, _ = settled(200_000)
    for begins in range(100, 130, 2):
        assert {each.height for each in steps(ladder, 1_500_000, begins, begins + 1.5)} == {270}
        steps(ladder, 200_000, begins + 1.5, begins + 2)


def test_who_falls_soon_after_a_climb_waits_longer_each_time() -> None:
    ladder, _ = settled(200_000)
    now, waits = 100.0, []
    for _ in range(6):
        began = now
        while steps(ladder, 600_000, now, now + 0.1)[0].height < 360:
            now += 0.1
        waits.append(now - began)
        steps(ladder, 140_000, now + 0.1, now + 1)
        now = round(now + 1, 1)
    assert all(later >= 1.5 * before or later > 30 for before, later in pairwise(waits))
    assert max(waits) < 45


def test_a_rung_is_held_a_little_below_its_least() -> None:
    for rung in RUNGS:
        ladder, before = settled(1.05 * rung.least)
        held = steps(ladder, (HOLDS + 0.02) * rung.least, 100, 130)[-1]
        assert (held.height, held.frames) == (before.height, before.frames) == (rung.height, rung.frames)


def test_nothing_is_made_larger_than_it_is_or_richer_than_can_be_seen() -> None:
    step = Ladder(0.0).choose(Target(4e6, "growing"), 3_900_000, 360, 0.0)
    assert step.height == 360
    assert step.rate < 900_000


def test_around_a_boundary_it_does_not_go_to_and_fro() -> None:
    for rung in RUNGS:
        ladder = Ladder(0.0)
        seen = []
        for number in range(3000):
            rate = rung.least * (1.0 + 0.12 * (-1) ** (number // 7))
            seen.append(ladder.choose(Target(rate, "growing"), rate, 720, number / 10).height)
        assert sum(before != after for before, after in pairwise(seen)) <= 1


rates = st.lists(st.tuples(st.floats(-100_000, 4e6), st.floats(0.01, 20)), min_size=1, max_size=80)


@given(rates, st.sampled_from([240, 480, 720, 1080]))
def test_whatever_the_rate_does_the_step_fits_it(rated: list[tuple[float, float]], source: int) -> None:
    ladder, now, before, fell = Ladder(0.0), 0.0, None, -99.0
    for rate, pause in rated:
        now += pause
        step = ladder.choose(Target(max(rate, 50_000), "delay"), rate, source, now)
        assert step.height <= source
        assert 0 <= step.rate <= max(rate, 0)
        least = [rung.least for rung in RUNGS if (min(rung.height, source), rung.frames) == (step.height, step.frames)]
        assert not least or rate >= HOLDS * min(least)
        if before is not None and (step.height, step.frames) > (before.height, before.frames) and now > STARTING:
            assert rate >= CLIMBS * min(least)
            assert now - fell >= PATIENCE
        if before is not None and (step.height, step.frames) < (before.height, before.frames):
            fell = now
        before = step
