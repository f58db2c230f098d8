"""Rebooking: nobody lost, nobody twice, nobody where it is closed; as many as can be, nobody later than needed."""

import itertools
import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.factories import NOW

from scheduler.core.rebooking import Displaced, Time, rebook, serving_order
from tawasul.domain.audience import AudienceId
from tawasul.domain.party import Priority, ordered
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import SittingId

PLACES = ["badr", "yanbu", "own"]
SLOT = timedelta(minutes=10)


def a_time(number: int) -> Time:
    return Time(NOW + number * SLOT, SittingId("next"))


def displaced(
    id: str, lost: int = 0, governorate: str = "badr", *priorities: Priority, place: str = "badr"
) -> Displaced:
    return Displaced(AudienceId(id), NOW + lost * SLOT, GovernorateId(governorate), priorities, place)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[Displaced], list[Time], set[tuple[str, Time]]]:
    """Who loses which time, what is free, and which places are closed when."""
    people = [
        Displaced(
            AudienceId(f"a{number}"),
            NOW + draw(st.integers(0, 6)) * SLOT,
            GovernorateId(draw(st.sampled_from(PLACES))),
            ordered(frozenset(draw(st.sets(st.sampled_from(list(Priority)), max_size=2)))),
            draw(st.sampled_from(PLACES)),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    times = [a_time(number) for number in draw(st.lists(st.integers(0, 9), unique=True, max_size=7))]
    closed = draw(st.sets(st.tuples(st.sampled_from(PLACES), st.sampled_from(times)))) if times else set()
    return people, times, closed


Scene = tuple[list[Displaced], list[Time], set[tuple[str, Time]]]


def outcome(scene: Scene) -> dict[AudienceId, Time | None]:
    people, times, closed = scene
    return rebook(people, times, not_before=NOW, fits=lambda one, time: (one.place, time) not in closed)


def may_have(one: Displaced, scene: Scene) -> list[Time]:
    return sorted(time for time in scene[1] if (one.place, time) not in scene[2] and time.starts_at >= one.lost_at)


@given(scenes())
def test_nobody_is_lost_nobody_is_twice_and_nobody_is_where_it_is_closed(scene: Scene) -> None:
    placed = outcome(scene)
    assert set(placed) == {one.id for one in scene[0]}
    given_out = [time for time in placed.values() if time is not None]
    assert len(given_out) == len(set(given_out))
    for one in scene[0]:
        time = placed[one.id]
        assert time is None or time in may_have(one, scene)


@given(scenes())
def test_as_many_as_can_be_are_placed_and_the_first_of_them_first(scene: Scene) -> None:
    """By trying everything: those placed are the best set in the order of serving, so also a largest one."""
    best = (0,) * len(scene[0])
    order = serving_order(scene[0])
    for choice in itertools.product(*([None, *may_have(one, scene)] for one in order)):
        taken = [time for time in choice if time is not None]
        if len(taken) == len(set(taken)):
            best = max(best, tuple(int(time is not None) for time in choice))
    placed = outcome(scene)
    assert tuple(int(placed[one.id] is not None) for one in order) == best


@given(scenes())
def test_nobody_stands_later_than_a_time_that_is_left_free(scene: Scene) -> None:
    placed = outcome(scene)
    left = set(scene[1]) - {time for time in placed.values() if time is not None}
    for one in scene[0]:
        present = placed[one.id]
        for free in left.intersection(may_have(one, scene)):
            assert present is not None
            assert present < free


@given(scenes(), st.randoms(use_true_random=False))
def test_the_outcome_is_the_same_however_people_and_times_are_read(scene: Scene, chance: random.Random) -> None:
    people, times, closed = list(scene[0]), list(scene[1]), scene[2]
    chance.shuffle(people)
    chance.shuffle(times)
    assert outcome((people, times, closed)) == outcome(scene)


def test_the_governorates_take_turns_and_a_priority_goes_before() -> None:
    people = [
        displaced("badr-1", 0, "badr"),
        displaced("badr-2", 1, "badr"),
        displaced("badr-3", 2, "badr"),
        displaced("yanbu-1", 5, "yanbu"),
        displaced("elderly", 6, "badr", Priority.ELDERLY),
    ]
    assert [one.id for one in serving_order(people)] == ["elderly", "badr-1", "yanbu-1", "badr-2", "badr-3"]


def test_one_who_fits_many_times_makes_room_for_one_who_fits_a_single_one() -> None:
    first, second = displaced("first", 0, place="own"), displaced("second", 1, place="badr")
    placed = rebook(
        [first, second],
        [a_time(3), a_time(4)],
        not_before=NOW,
        fits=lambda one, time: one.place == "own" or time == a_time(3),
    )
    assert placed == {"first": a_time(4), "second": a_time(3)}


def test_nobody_is_placed_sooner_than_they_can_be_told() -> None:
    placed = rebook(
        [displaced("a")], [a_time(1), a_time(5)], not_before=a_time(3).starts_at, fits=lambda one, time: True
    )
    assert placed == {"a": a_time(5)}
