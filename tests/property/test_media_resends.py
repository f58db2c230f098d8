"""What is sent again: no more often than it can have been missed, and in more copies the more is lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.resends import (
    COPIES,
    DOUBLED,
    SOONEST,
    STAYS,
    STAYS_LOST,
    STAYS_ROOM,
    Doubling,
    Resends,
)


@given(
    st.lists(st.tuples(st.floats(0, 0.2), st.lists(st.integers(0, 20), max_size=12)), max_size=40),
    st.floats(0, 0.5),
    st.floats(0, 1),
)
def test_each_that_is_missed_goes_out_and_none_again_while_it_is_on_its_way(
    asked: list[tuple[float, list[int]]], round_trip: float, lost: float
) -> None:
    resends, now = Resends(), 0.0
    sent: dict[int, float] = {}
    for pause, missing in asked:
        now += pause
        out = Counter(resends.asked(missing, round_trip, lost, now))
        assert set(out) == {each for each in missing if sent.get(each, -1.0) <= now - max(SOONEST, round_trip)}
        assert set(out.values()) <= {1 + sum(lost >= share for share in COPIES)}
        sent |= dict.fromkeys(out, now)


@pytest.mark.parametrize(("lost", "copies"), [(0.0, 1), (0.02, 1), (0.05, 2), (0.1, 2), (0.2, 3), (1.0, 3)])
def test_copies_grow_with_the_loss_and_those_of_one_packet_are_apart(lost: float, copies: int) -> None:
    assert Resends().asked([7, 8, 9, 8], 0.1, lost, 5.0) == [7, 8, 9] * copies


def test_what_is_lost_again_goes_out_again_once_it_can_have_been_missed() -> None:
    resends = Resends()
    assert resends.asked([7], 0.08, 0.0, 5.0) == [7]
    assert resends.asked([7, 8], 0.08, 0.0, 5.079) == [8]
    assert resends.asked([7, 8], 0.08, 0.0, 5.081) == [7]


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 1), st.floats(-1e5, 4e6), st.booleans()), max_size=60))
def test_all_goes_out_twice_only_where_much_is_lost_and_there_is_room(
    told: list[tuple[float, float, float, bool]],
) -> None:
    doubling, doubled, now, since = Doubling(), False, 0.0, 0.0
    for pause, lost, room, full in told:
        now += pause
        before, doubled = doubled, doubling.choose(lost, room, now, full=full)
        since = now if doubled and not before else since
        if full:
            assert not doubled
        elif any(lost >= share and room >= 2 * least for share, least in DOUBLED):
            assert doubled
        elif doubled:
            assert before, "nothing else begins it"
            assert room >= STAYS_ROOM * 2 * min(least for _, least in DOUBLED)
            assert now - since < STAYS or lost >= STAYS_LOST * min(share for share, _ in DOUBLED)
        elif before:
            assert now - since >= STAYS or room < STAYS_ROOM * 2 * min(least for _, least in DOUBLED)


@pytest.mark.parametrize(
    ("lost", "room", "doubles"),
    [(0.2, 140_000, True), (0.2, 120_000, False), (0.1, 400_000, False), (0.1, 500_000, True), (0.05, 999_000, False),
     (0.05, 1_000_000, True), (0.03, 4_000_000, False)],
)  # fmt: skip
def test_the_less_is_lost_the_more_room_it_takes(lost: float, room: float, doubles: bool) -> None:
    assert Doubling().choose(lost, room, 0.0, full=False) == doubles
