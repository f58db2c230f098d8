"""Days that clocks and calendars get wrong: midnight in Riyadh, the ends of Hijri months, a Ramadan moved by a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from support.regions import region

from scheduler.core.ramadan import by_the_table, is_ramadan
from scheduler.core.windows import Calendar, Why
from tawasul.domain.calendar import Ramadan
from tawasul.domain.hours import Prayer
from tawasul.domain.riyadh import day_of, moment_of

DAY = timedelta(days=1)
MADINAH = region("madinah")
BADR = next(centre for centre in MADINAH.centres if centre.id == "badr-centre")


def calendar(day: date, *declared: Ramadan) -> Calendar:
    """Around a day."""
    return Calendar(day - 3 * DAY, day + 3 * DAY, MADINAH.emirate, {BADR.id: BADR}, ramadans=declared)


def opening(around: Calendar, day: date) -> datetime:
    """When the centre opens on a day, by Riyadh's clock."""
    return min(stretch[0] for stretch in around.open_at(BADR) if day_of(stretch[0]) == day) + timedelta(hours=3)


def test_midnight_in_riyadh_is_nine_in_the_evening_of_the_day_before() -> None:
    assert day_of(datetime(2026, 11, 22, 20, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert day_of(datetime(2026, 11, 22, 21, tzinfo=UTC)) == date(2026, 11, 23)
    assert moment_of(date(2026, 11, 23), time.min) == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert moment_of(date(2026, 11, 22), time.max) == datetime(2026, 11, 22, 21, tzinfo=UTC)


def test_no_clock_change_anywhere_else_moves_the_hours() -> None:
    """On the last Sunday of March and of October Europe's clocks change; Riyadh's hours stay."""
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        assert opening(calendar(day), day).time() == time(7, 30)


@pytest.mark.parametrize("year", [1447, 1448, 1449, 1450])
def test_hours_change_with_the_month_on_both_its_ends(year: int) -> None:
    ramadan = by_the_table(year)
    for edge in (ramadan.first_day, ramadan.last_day + DAY):
        around = calendar(edge)
        for day in (edge - 2 * DAY, edge - DAY, edge, edge + DAY):
            if BADR.hours.week[day.weekday()]:
                hours = time(10) if ramadan.first_day <= day <= ramadan.last_day else time(7, 30)
                assert opening(around, day).time() == hours, day


def test_a_ramadan_that_was_declared_a_day_later_moves_hours_and_isha_with_it() -> None:
    table = by_the_table(1448)  # begins on Monday, 8 February 2027
    declared = Ramadan(1448, table.first_day + DAY, table.last_day + DAY)
    first = table.first_day
    assert opening(calendar(first), first).time() == time(10)
    moved = calendar(first, declared)
    assert opening(moved, first).time() == time(7, 30)
    assert opening(moved, first + DAY).time() == time(10)
    assert _isha_after_maghrib(calendar(first), first) - _isha_after_maghrib(moved, first) == timedelta(minutes=30)
    nine = moment_of(first, time(9))
    assert calendar(first).why_closed(BADR, nine, nine + timedelta(minutes=10)) is not None
    assert moved.why_closed(BADR, nine, nine + timedelta(minutes=10)) is None


def test_a_declared_year_leaves_its_neighbours_to_the_table() -> None:
    table = {year: by_the_table(year) for year in (1447, 1448, 1449)}
    declared = (replace(table[1448], first_day=table[1448].first_day - DAY, last_day=table[1448].last_day - DAY),)
    for year, ramadan in table.items():
        last = is_ramadan(ramadan.last_day, declared)
        assert is_ramadan(ramadan.first_day, declared)
        assert last == (year != 1448)
        assert is_ramadan(ramadan.first_day - DAY, declared) == (year == 1448)


def test_the_end_of_the_hijri_year_is_an_ordinary_day() -> None:
    """The last of Dhu al-Hijjah 1447 and the first of Muharram 1448: 15 and 16 June 2026."""
    for day in (date(2026, 6, 15), date(2026, 6, 16)):
        assert not is_ramadan(day)
        assert opening(calendar(day), day).time() == time(7, 30)


def test_a_declared_month_may_be_of_29_days() -> None:
    table = by_the_table(1447)
    declared = Ramadan(1447, table.first_day, table.first_day + 28 * DAY)
    assert is_ramadan(table.first_day + 28 * DAY, (declared,))
    assert not is_ramadan(table.first_day + 29 * DAY, (declared,))
    assert is_ramadan(table.first_day + 29 * DAY) == (table.last_day == table.first_day + 29 * DAY)


def test_what_stands_in_the_way_is_told() -> None:
    day = date(2026, 11, 23)
    around = calendar(day)
    for at, why, prayer in (
        (time(6), Why.CLOSED, None),
        (time(12, 15), Why.PRAYER, Prayer.DHUHR),
        (time(15), Why.CLOSED, None),
        (time(20), Why.CLOSED, None),
    ):
        starts_at = moment_of(day, at)
        closed = around.why_closed(BADR, starts_at, starts_at + timedelta(minutes=10))
        assert closed is not None
        assert (closed.why, closed.prayer) == (why, prayer)


def _isha_after_maghrib(around: Calendar, day: date) -> timedelta:
    pauses = {pause.prayer: pause.starts_at for pause in around.pauses(None, day)}
    return pauses[Prayer.ISHA] - pauses[Prayer.MAGHRIB]
