"""Walk-ins among the booked: nobody booked is put back by more than a slot, nobody waits without end, turns stay."""

from datetime import datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from support.factories import NOW

from scheduler.core.order import (
    BOOKED_FIRST,
    BOOKED_FIRST_WITH_A_PRIORITY,
    PUT_BACK_AT_MOST,
    expected_at,
    most_put_back,
    walk_in_turn,
)
from scheduler.core.stretches import Stretch, covers, less
from tawasul.domain.party import Priority
from tawasul.domain.turn import PRIORITY_IS_WORTH, turn

SLOT = timedelta(minutes=10)
SLOTS = [NOW + number * SLOT for number in range(24)]
ELDERLY = (Priority.ELDERLY,)

ALL_DAY = [(NOW, NOW + timedelta(days=1))]

minutes = st.integers(0, 12).map(lambda number: number * timedelta(minutes=5))
pauses = st.lists(st.tuples(st.sampled_from(SLOTS), minutes.map(lambda more: more + SLOT)), max_size=3).map(
    lambda some: [(start, start + length) for start, length in some]
)
booked_slots = st.sets(st.sampled_from(SLOTS))
priorities = st.lists(st.booleans(), max_size=12)


def walked_in(booked: set[datetime], comers: list[bool]) -> list[datetime]:
    """The turns of those who come one after the other."""
    waiting: list[datetime] = []
    for priority in comers:
        waiting.append(walk_in_turn(SLOTS, booked, waiting, priority=priority))
    return waiting


def heard_in_order(booked: set[datetime], turns: list[datetime], comers: list[bool]) -> list[tuple[str, datetime]]:
    """Who is heard when: each takes a slot's length, and who holds a slot is there at its start and not before."""
    queue = [(turn(start, NOW, f"b{start}"), "booked", start) for start in booked]
    for number, (start, priority) in enumerate(zip(turns, comers, strict=True)):
        came = NOW + timedelta(seconds=number)
        reasons = ELDERLY if priority else ()
        key = turn(start, came, f"w{number:02}", holds_slot=False, priorities=reasons)
        queue.append((key, f"walk-in {number}", start))
    heard, free_from = [], NOW
    while queue:
        # The office hears whoever is next; who is booked later than now is only waited for if nobody else is there.
        queue.sort()
        there = [each for each in queue if each[1] != "booked" or each[2] <= free_from]
        _, who, start = next_one = there[0] if there else queue[0]
        queue.remove(next_one)
        free_from = max(free_from, start) if who == "booked" else free_from
        heard.append((who, free_from) if who != "booked" else (f"booked {start.isoformat()}", free_from))
        free_from += SLOT
    return heard


@given(booked_slots, priorities)
def test_nobody_booked_is_put_back_by_more_than_one_slot(booked: set[datetime], comers: list[bool]) -> None:
    turns = walked_in(booked, comers)
    assert most_put_back(SLOTS, booked, turns) <= PUT_BACK_AT_MOST
    for who, at in heard_in_order(booked, turns, comers):
        if who.startswith("booked"):
            assert at - datetime.fromisoformat(who.removeprefix("booked ")) <= SLOT


@given(booked_slots, priorities, st.booleans())
def test_as_many_booked_go_first_as_the_rule_says_or_all(
    booked: set[datetime], comers: list[bool], priority: bool
) -> None:
    waiting = walked_in(booked, comers)
    given_turn = walk_in_turn(SLOTS, booked, waiting, priority=priority)
    ahead = BOOKED_FIRST_WITH_A_PRIORITY if priority else BOOKED_FIRST
    assert sum(start <= given_turn for start in booked) >= min(ahead, len(booked))
    assert given_turn in SLOTS


@given(booked_slots, priorities)
def test_everybody_is_heard_once_and_nobody_waits_without_end(booked: set[datetime], comers: list[bool]) -> None:
    turns = walked_in(booked, comers)
    heard = heard_in_order(booked, turns, comers)
    assert len({who for who, _ in heard}) == len(heard) == len(booked) + len(comers)
    # After all who are booked and all who came, at the latest.
    assert max((at for _, at in heard), default=NOW) <= SLOTS[-1] + len(comers) * SLOT


@given(booked_slots, priorities, st.booleans())
def test_who_comes_later_changes_nobodys_turn(booked: set[datetime], comers: list[bool], priority: bool) -> None:
    assert walked_in(booked, [*comers, priority])[: len(comers)] == walked_in(booked, comers)


@given(booked_slots, st.integers(0, 12), st.integers(0, 12))
def test_those_alike_are_heard_in_the_order_in_which_they_came(
    booked: set[datetime], number: int, priorities_among: int
) -> None:
    comers = [False] * number
    names = [who for who, _ in heard_in_order(booked, walked_in(booked, comers), comers) if who.startswith("walk-in")]
    assert names == [f"walk-in {each}" for each in range(number)]


def test_a_priority_goes_first_and_nobody_is_passed_for_longer_than_it_is_worth() -> None:
    long_there = turn(NOW, NOW - PRIORITY_IS_WORTH - timedelta(minutes=1), "a", holds_slot=False)
    just_there = turn(NOW, NOW - timedelta(minutes=1), "b", holds_slot=False)
    elderly = turn(NOW, NOW, "c", holds_slot=False, priorities=ELDERLY)
    holder = turn(NOW, NOW + SLOT, "d", priorities=ELDERLY)
    assert sorted([elderly, just_there, long_there, holder]) == [holder, long_there, elderly, just_there]


@given(booked_slots, st.integers(0, 24))
def test_what_is_expected_is_when_it_would_be(booked: set[datetime], after: int) -> None:
    ahead = sorted(booked)[:after]
    expected = expected_at(ahead, SLOT, NOW, office=ALL_DAY, own=ALL_DAY)
    assert expected is not None
    assert expected >= NOW
    assert expected - NOW >= len(ahead) * SLOT
    if ahead:
        assert expected >= ahead[-1] + SLOT


@given(booked_slots, minutes, minutes, pauses, pauses)
def test_nobody_is_told_to_expect_a_time_at_which_nobody_is_heard(
    ahead: set[datetime], past: timedelta, buffer: timedelta, office: list[Stretch], beside: list[Stretch]
) -> None:
    now = NOW + past
    sits = [(SLOTS[0], SLOTS[-1] + SLOT)]
    receives = less(sits, office)
    both = less(receives, beside)
    turns = sorted(ahead)
    expected = expected_at(turns, SLOT, now, office=receives, own=both, buffer=buffer)
    unbroken = expected_at(turns, SLOT, now, office=ALL_DAY, own=ALL_DAY)
    assert unbroken is not None
    if expected is None:
        # What is left of the sitting is too little for those ahead and this one, or it lies in pieces.
        assert office or beside or buffer or unbroken + SLOT > sits[0][1]
        return
    assert covers(both, expected, expected + SLOT)
    assert expected >= unbroken, "a pause makes nobody's turn come sooner"


def test_a_prayer_and_the_end_of_the_sitting_are_part_of_what_is_expected() -> None:
    ten, prayer = SLOTS[0], (SLOTS[2], SLOTS[5])
    receives = less([(ten, SLOTS[7])], [prayer])
    hears = partial(expected_at, slot_length=SLOT, now=ten, office=receives, own=receives)
    assert [hears(SLOTS[:number]) for number in range(3)] == [SLOTS[0], SLOTS[1], SLOTS[5]]
    assert hears([SLOTS[0]] * 3) == SLOTS[6]
    assert hears([SLOTS[0]] * 4) is None, "the sitting is over"
    half = ten + SLOT / 2
    assert expected_at(SLOTS[:1], SLOT, half, office=receives, own=receives) == SLOTS[5], "no audience into a prayer"
    # The centre prays later than the office: this one waits for both.
    both = less(receives, [(SLOTS[5], SLOTS[5] + SLOT / 2)])
    assert expected_at(SLOTS[:2], SLOT, ten, office=receives, own=both) == SLOTS[5] + SLOT / 2
    assert expected_at(SLOTS[:1], SLOT, ten, office=receives, own=receives, buffer=SLOT) == SLOTS[5]


def test_a_full_day_takes_one_walk_in_between_and_the_others_at_its_end() -> None:
    turns = walked_in(set(SLOTS), [False, True, False])
    assert turns == [SLOTS[2], SLOTS[-1], SLOTS[-1]]


def test_free_time_of_the_office_takes_another() -> None:
    booked = set(SLOTS) - {SLOTS[6]}
    # The free slot takes one of them in, so that a second may stand just before it.
    assert walked_in(booked, [False, False, True]) == [SLOTS[2], SLOTS[5], SLOTS[-1]]
