"""A season simulated: with a quota no governorate starves beside one that books everything first, and no time that
somebody wants stays empty; without one, some do (M7).
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from support.factories import NOW, a_sitting

from scheduler.core.fairness import shortfall
from scheduler.core.quota import RELEASED_BEFORE, may_take
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import Sitting

GREEDY = GovernorateId("greedy")
OTHERS = [GovernorateId(f"g{number}") for number in range(7)]
EVERYBODY = [GREEDY, *OTHERS]
DAYS = 10

Wishes = Iterator[tuple[timedelta, GovernorateId]]


def season(sitting: Sitting, wishes: Wishes) -> tuple[Counter[GovernorateId], int]:
    """Who was given how many slots, each wish at its time before the sitting; how many that were wanted are empty."""
    slots, taken, wanted = len(list(sitting.slots())), Counter[GovernorateId](), 0
    refused: list[GovernorateId] = []
    for before, governorate in sorted(wishes, key=lambda wish: -wish[0]):
        wanted += 1
        if sum(taken.values()) < slots and may_take(governorate, taken, sitting, sitting.opens_at - before):
            taken[governorate] += 1
        else:
            refused.append(governorate)
    # Who was refused asks once more on the last day, when what is left is everybody's.
    for governorate in refused:
        if sum(taken.values()) < slots and may_take(governorate, taken, sitting, sitting.opens_at - timedelta(hours=1)):
            taken[governorate] += 1
    return taken, min(slots, wanted) - sum(taken.values())


def gini(given_out: Mapping[GovernorateId, int]) -> float:
    """0: all alike; near 1: one has everything."""
    counts = sorted(given_out.get(each, 0) for each in EVERYBODY)
    total = sum(counts)
    return sum((2 * rank - len(counts) - 1) * count for rank, count in enumerate(counts, 1)) / (len(counts) * total)


def a_rush(chance: random.Random) -> list[tuple[timedelta, GovernorateId]]:
    """The greedy one wants forty at once when booking opens; each other three within the days before it is released."""
    rush = [(timedelta(days=DAYS), GREEDY)] * 40
    later = [
        (timedelta(seconds=chance.uniform(RELEASED_BEFORE.total_seconds() + 1, DAYS * 86_400 - 1)), each)
        for each in OTHERS
        for _ in range(3)
    ]
    return rush + later


@given(st.integers(0, 10_000), st.integers(3, 12))
@settings(max_examples=50)
def test_with_a_quota_nobody_starves_and_nothing_stays_empty(seed: int, quota: int) -> None:
    chance = random.Random(seed)
    sitting = a_sitting(opens_at=NOW + timedelta(days=30))
    slots = len(list(sitting.slots()))
    rush = a_rush(chance)
    free_for_all, _ = season(replace(sitting, quota=None), iter(rush))
    fair, empty = season(replace(sitting, quota=min(quota, slots // len(EVERYBODY))), iter(rush))
    assert [free_for_all[each] for each in OTHERS] == [0] * len(OTHERS), "without a quota the first takes all"
    assert all(fair[each] == 3 for each in OTHERS), "each has what it wanted"
    assert empty == 0
    assert gini(fair) < gini(free_for_all)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_over_weeks_the_waitlist_levels_what_governorates_were_given(seed: int) -> None:
    """Each week eight times are free; whoever lacks the most of the share is served first: none lags far behind."""
    chance = random.Random(seed)
    given_out: Counter[GovernorateId] = Counter({GREEDY: 20})
    for _ in range(40):
        for _ in range(8):
            lacking = shortfall(given_out, EVERYBODY)
            waiting = [each for each in EVERYBODY if chance.random() < 0.9]
            if waiting:
                given_out[max(waiting, key=lambda each: (lacking[each], each))] += 1
    counts = [given_out[each] for each in EVERYBODY]
    assert max(counts) - min(counts) <= 8
