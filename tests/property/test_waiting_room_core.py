"""The waiting room: nobody is lost, nobody is told twice, and the order is the promised one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from signaling.core.waiting_room import (
    LINE_FADES_AFTER,
    Entry,
    LineDown,
    LineUp,
    Passed,
    Refreshed,
    TellOffice,
    TellVenue,
    WaitingRoom,
    expected_wait,
    waiting_order,
)
from tawasul.domain.audience import AudienceId, State
from tawasul.domain.sitting import SittingId

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def entry(
    number: int, *, slot: int = 0, arrived: int | None = 0, state: State = State.ARRIVED, venue: str = ""
) -> Entry:
    return Entry(
        audience_id=AudienceId(f"a{number}"),
        sitting_id=SittingId("s"),
        venue=venue or f"citizen:a{number}",
        state=state,
        slot_starts_at=START + timedelta(minutes=10 * slot),
        arrived_at=None if arrived is None else START + timedelta(minutes=arrived),
    )


entries = st.lists(
    st.builds(
        entry,
        st.integers(0, 30),
        slot=st.integers(0, 20),
        arrived=st.integers(-60, 60),
        state=st.sampled_from(State),
        venue=st.sampled_from(["kiosk:1", "kiosk:2", "kiosk:3"]),
    ),
    unique_by=lambda e: e.audience_id,
    max_size=15,
).map(tuple)


def test_who_came_early_takes_nobodys_turn() -> None:
    early, due = entry(1, slot=5, arrived=-50), entry(2, slot=0, arrived=3)
    assert waiting_order([early, due]) == [due, early]


@given(entries)
def test_positions_count_those_who_wait_without_a_gap(there: tuple[Entry, ...]) -> None:
    room = WaitingRoom()
    room.handle(Refreshed(there), 0.0)
    positions = sorted(p for e in there if (p := room.position(e.audience_id)) is not None)
    assert positions == list(range(1, sum(e.state is State.ARRIVED for e in there) + 1))


@given(entries, entries)
def test_every_change_is_told_and_no_change_is_not(before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
    room = WaitingRoom()
    room.handle(Refreshed(before), 0.0)
    shown = {v: [(e, room.position(e.audience_id)) for e in room.at(v)] for v in ("kiosk:1", "kiosk:2", "kiosk:3")}
    told = room.handle(Refreshed(after), 1.0)
    for venue, was in shown.items():
        if [(e, room.position(e.audience_id)) for e in room.at(venue)] != was:
            assert TellVenue(venue) in told
    assert (TellOffice(SittingId("s")) in told) == (set(before) != set(after))
    assert room.handle(Refreshed(tuple(reversed(after))), 2.0) == [], "the same rows in another order are no news"


def test_a_row_that_changed_and_stands_where_it_stood_is_told() -> None:
    room = WaitingRoom()
    room.handle(Refreshed((entry(1),)), 0.0)
    again = replace(entry(1), version=2)
    assert room.handle(Refreshed((again,)), 1.0) == [TellOffice(SittingId("s")), TellVenue("citizen:a1")]
    assert room.handle(Refreshed((again,)), 2.0) == []


def test_a_reload_does_not_make_the_board_flicker() -> None:
    room = WaitingRoom()
    room.handle(Refreshed((entry(1),)), 0.0)
    assert TellOffice(SittingId("s")) in room.handle(LineUp("citizen:a1"), 0.0)
    assert room.handle(LineDown("citizen:a1"), 10.0) == []
    assert room.online("citizen:a1")
    assert room.handle(LineUp("citizen:a1"), 11.0) == [TellVenue("citizen:a1")]
    assert room.deadline is None


def test_a_line_that_stays_away_is_told_once() -> None:
    room = WaitingRoom()
    room.handle(Refreshed((entry(1),)), 0.0)
    room.handle(LineUp("citizen:a1"), 0.0)
    room.handle(LineDown("citizen:a1"), 10.0)
    assert room.deadline == 10.0 + LINE_FADES_AFTER
    assert room.handle(Passed(), 10.0 + LINE_FADES_AFTER) == [TellOffice(SittingId("s"))]
    assert not room.online("citizen:a1")
    assert room.position(AudienceId("a1")) == 1, "the place is a row, not a socket"


def test_an_estimate_learns_from_the_day_and_counts_what_is_going_on() -> None:
    assert expected_wait(1, [], 600, None) == 0
    assert expected_wait(3, [], 600, None) == 1200
    assert expected_wait(2, [100, 300, 200], 600, 50.0) == 150 + 200
    assert expected_wait(1, [100, 300, 200], 600, 5000.0) == 0


@given(
    st.integers(1, 50), st.lists(st.floats(1, 7200), max_size=20), st.floats(60, 3600), st.none() | st.floats(0, 9000)
)
def test_who_stands_further_back_never_waits_less(
    position: int, lengths: list[float], planned: float, busy: float | None
) -> None:
    here = expected_wait(position, lengths, planned, busy)
    assert 0 <= here <= expected_wait(position + 1, lengths, planned, busy)
