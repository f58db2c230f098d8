"""By when whoever has a case must have acted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawasul.casework.core.clocks import (
    Told,
    WorkingDays,
    agency_answers_until,
    agency_goes_on_until,
    agency_takes_on_until,
    citizen_has_until,
    desk_has_until,
    end_of,
    office_hears_until,
    told,
)
from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.calendar import Holiday, HolidayId
from tawasul.domain.case_state import CaseState
from tawasul.domain.places import GovernorateId, Name
from tawasul.domain.riyadh import A_DAY, day_of

THURSDAY, SUNDAY = date(2026, 11, 19), date(2026, 11, 22)
USUAL = WorkingDays()
WATER = Agency(AgencyId("water"), Name("المياه", "Water"), acceptance_days=2, answer_days=10)
NAME = Name("يوم", "A day")

days = st.dates(date(2024, 1, 1), date(2030, 1, 1))
calendars = st.frozensets(days, max_size=60).map(WorkingDays)


def at(day: date, hour: int = 6) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_friday_and_saturday_do_not_count() -> None:
    assert USUAL.after(THURSDAY, 1) == SUNDAY
    assert USUAL.after(THURSDAY + A_DAY, 1) == SUNDAY
    assert USUAL.after(SUNDAY, 5) == SUNDAY + timedelta(days=7)


def test_a_holiday_of_the_region_counts_for_nobody_and_one_governorate_s_for_all() -> None:
    eid = Holiday(HolidayId("eid"), NAME, SUNDAY, SUNDAY + A_DAY)
    own = Holiday(HolidayId("own"), NAME, SUNDAY + 2 * A_DAY, SUNDAY + 2 * A_DAY, GovernorateId("badr"))
    assert WorkingDays.less([eid, own]).after(THURSDAY, 1) == SUNDAY + 2 * A_DAY


@given(calendars, days, st.integers(1, 40))
def test_the_day_found_is_worked_and_so_many_lie_before_it(calendar: WorkingDays, day: date, count: int) -> None:
    found = calendar.after(day, count)
    worked = [day + n * A_DAY for n in range(1, (found - day).days + 1) if calendar.is_worked(day + n * A_DAY)]
    assert len(worked) == count
    assert worked[-1] == found


def test_no_day_is_counted_backwards_or_for_ever() -> None:
    with pytest.raises(ValueError, match="from 1"):
        USUAL.after(SUNDAY, 0)
    never = WorkingDays(frozenset(SUNDAY + n * A_DAY for n in range(4000)))
    with pytest.raises(ValueError, match="ten years"):
        never.after(SUNDAY, 1)


def test_a_day_ends_with_its_midnight_in_riyadh() -> None:
    assert end_of(SUNDAY) == datetime(2026, 11, 22, 21, tzinfo=UTC)
    # 21:30 UTC on Saturday is Sunday there: Monday is the first day that counts.
    assert USUAL.end_after(at(SUNDAY - A_DAY, 21) + timedelta(minutes=30), 1) == end_of(SUNDAY + A_DAY)


def test_each_has_the_time_that_its_state_gives() -> None:
    now = at(SUNDAY)
    assert desk_has_until(USUAL, now, CaseState.RECEIVED) == end_of(SUNDAY + 3 * A_DAY)
    assert desk_has_until(USUAL, now, CaseState.ASKED) == end_of(SUNDAY + 7 * A_DAY)
    assert agency_takes_on_until(USUAL, now, WATER) == end_of(SUNDAY + 2 * A_DAY)
    assert agency_answers_until(USUAL, now, WATER, None) == end_of(SUNDAY + 14 * A_DAY)
    assert citizen_has_until(now) == end_of(SUNDAY + 14 * A_DAY)


def test_the_directive_s_own_day_counts_while_it_is_ahead() -> None:
    now = at(SUNDAY)
    assert agency_answers_until(USUAL, now, WATER, SUNDAY + A_DAY) == end_of(SUNDAY + A_DAY)
    assert agency_answers_until(USUAL, now, WATER, SUNDAY) == end_of(SUNDAY + 14 * A_DAY)


def test_an_agency_gets_back_the_time_for_which_it_waited() -> None:
    due, asked = at(SUNDAY + 5 * A_DAY), at(SUNDAY)
    assert agency_goes_on_until(due, asked, at(SUNDAY + 3 * A_DAY)) == due + 3 * A_DAY
    assert agency_goes_on_until(due, asked, asked) == due


def test_a_contest_is_heard_at_the_next_sitting_or_within_the_usual_time() -> None:
    now = at(SUNDAY)
    usual = end_of(SUNDAY + 9 * A_DAY)
    assert office_hears_until(USUAL, now, None) == usual
    assert office_hears_until(USUAL, now, at(SUNDAY + A_DAY, 17)) == end_of(SUNDAY + A_DAY)
    assert office_hears_until(USUAL, now, at(SUNDAY + 60 * A_DAY)) == usual


def test_who_is_told_by_how_often_it_was_late() -> None:
    assert [told(n) for n in (1, 2, 3, 9)] == [Told.DESK, Told.OFFICE, Told.SITTING, Told.SITTING]


@given(calendars, days, st.integers(0, 23))
def test_no_clock_is_set_that_has_run_out(calendar: WorkingDays, day: date, hour: int) -> None:
    now = at(day, hour)
    for until in (
        *(desk_has_until(calendar, now, state) for state in CaseState),
        agency_takes_on_until(calendar, now, WATER),
        agency_answers_until(calendar, now, WATER, day_of(now)),
        citizen_has_until(now),
        office_hears_until(calendar, now, None),
    ):
        assert until > now
