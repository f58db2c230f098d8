"""What is sent again: no more often than it can have been missed, and in more copies the more is lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.resends import COPIES, DOUBLES, DOUBLES_NO_MORE, LEAST_DOUBLED, SOONEST, Doubling, Resends


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


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-1e5, 4e6), st.booleans()), max_size=40))
def test_all_goes_out_twice_only_where_much_is_lost_and_there_is_room(told: list[tuple[float, float, bool]]) -> None:
    doubling, doubled = Doubling(), False
    for lost, room, full in told:
        before, doubled = doubled, doubling.choose(lost, room, full=full)
        fits = room >= 2 * LEAST_DOUBLED and not full
        assert doubled <= (fits and lost >= DOUBLES_NO_MORE)
        assert doubled >= (fits and lost >= DOUBLES)
        if fits and DOUBLES_NO_MORE <= lost < DOUBLES:
            assert doubled == before
