"""No slot crosses a prayer, the pause after it, the hours of the week or of Ramadan, a holiday or a blackout, at either
end (M6); and what crosses nothing is offered. Held against a rule of its own: minute by minute, without any arithmetic
of stretches; and over ten years against another library's prayer times, to the second.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.adhan import TEN_YEARS, ask_adhan
from support.regions import REGIONS, region

from scheduler.core.availability import fits, slots_of
from scheduler.core.prayer import adhan_times
from scheduler.core.ramadan import is_ramadan
from scheduler.core.windows import Calendar, Why
from tawasul.domain.calendar import (
    AtCentre,
    Blackout,
    BlackoutId,
    BlackoutReason,
    Holiday,
    HolidayId,
    OfficeTime,
    OneKiosk,
    Ramadan,
)
from tawasul.domain.hours import ALWAYS, OpeningHours, Prayer, Span
from tawasul.domain.places import CentreKind, Coordinates, Emirate, KioskId, Name, ReceptionCentre, Stop
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.venue import AtKiosk, OwnLocation

RIYADH = timedelta(hours=3)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SLOT = timedelta(minutes=20)
A_NAME = Name("عطلة", "Holiday")
HERE = KioskId("here-1")
YEARS = sorted({day.year for day in TEN_YEARS})

days = st.integers(0, len(TEN_YEARS) - 1).map(TEN_YEARS.__getitem__)
minutes_of_the_day = st.integers(0, 24 * 60 - 1)


def local(day: date, minute: int) -> datetime:
    """The moment (UTC) of a minute of the day in Riyadh."""
    return datetime.combine(day, time.min, UTC) + minute * MINUTE - RIYADH


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """None, one or two in a day; sometimes to its end."""
    edges = sorted(draw(st.sets(st.integers(0, 288), max_size=4)))
    at = [time.max if edge == 288 else time(*divmod(edge * 5, 60)) for edge in edges]
    return tuple(Span(opens, closes) for opens, closes in zip(at[::2], at[1::2], strict=False))


weeks = st.one_of(
    st.just(ALWAYS.week), st.lists(spans(), min_size=7, max_size=7).map(tuple), spans().map(lambda day: (day,) * 7)
)
hours = st.one_of(st.just(ALWAYS), st.builds(OpeningHours, week=weeks, ramadan=weeks))
sittings = st.builds(
    lambda day, minute, length, slot, buffer: Sitting(
        SittingId("s"), local(day, minute), local(day, minute + length), slot * MINUTE, buffer=buffer * MINUTE
    ),
    days,
    minutes_of_the_day,
    st.integers(10, 12 * 60),
    st.integers(1, 45),
    st.integers(0, 10),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Sitting, Calendar, ReceptionCentre | None]:
    """A sitting, a region with all that can be declared around it, and the other end."""
    sitting = draw(sittings)
    day = (sitting.opens_at + RIYADH).date()
    places = region(draw(st.sampled_from(REGIONS)))
    emirate = replace(places.emirate, hours=draw(hours))
    centre = replace(draw(st.sampled_from(places.centres)), hours=draw(hours))
    kind = draw(st.sampled_from(CentreKind))
    if kind is CentreKind.TEMPORARY:
        first = day + draw(st.integers(-2, 2)) * DAY
        centre = replace(centre, kind=kind, opens_on=first, closes_on=first + draw(st.integers(0, 2)) * DAY)
    if kind is CentreKind.PORTABLE:
        stops = [
            Stop(day + draw(st.integers(-1, 2)) * DAY, A_NAME, draw(st.sampled_from(places.towns)).coordinates, span)
            for span in draw(spans())
        ]
        centre = replace(centre, kind=kind, stops=tuple(stops))
    calendar = Calendar(
        day - 2 * DAY,
        day + 3 * DAY,
        emirate,
        {centre.id: centre},
        draw(_holidays(day, centre)),
        draw(_ramadans(day)),
        draw(_blackouts(sitting, centre)),
    )
    return sitting, calendar, draw(st.sampled_from([centre, None]))


def _holidays(day: date, centre: ReceptionCentre) -> st.SearchStrategy[tuple[Holiday, ...]]:
    one = st.builds(
        lambda begins, length, reach: Holiday(
            HolidayId("h"), A_NAME, day + begins * DAY, day + (begins + length) * DAY, reach
        ),
        st.integers(-2, 2),
        st.integers(0, 1),
        st.sampled_from([None, centre.governorate_id, "another"]),
    )
    return st.lists(one, max_size=2).map(tuple)


def _blackouts(sitting: Sitting, centre: ReceptionCentre) -> st.SearchStrategy[tuple[Blackout, ...]]:
    one = st.builds(
        lambda begins, length, reach: Blackout(
            BlackoutId("b"),
            reach,
            sitting.opens_at + begins * MINUTE,
            sitting.opens_at + (begins + length) * MINUTE,
            BlackoutReason.CLOSURE,
        ),
        st.integers(-60, 600),
        st.integers(1, 240),
        st.sampled_from([OfficeTime(), AtCentre(centre.id), OneKiosk(HERE), OneKiosk(KioskId("elsewhere-1"))]),
    )
    return st.lists(one, max_size=2).map(tuple)


def _ramadans(day: date) -> st.SearchStrategy[tuple[Ramadan, ...]]:
    """Not declared, or declared around the day, so that its month begins or ends on it."""
    around = st.builds(
        lambda begins, length: (Ramadan(_hijri_year(day), day + begins * DAY, day + (begins + length) * DAY),),
        st.sampled_from([-29, -28, -1, 0, 1, 2]),
        st.sampled_from([28, 29]),
    )
    return st.one_of(st.just(()), around)


def _hijri_year(day: date) -> int:
    return round((day - date(622, 7, 16)).days / 354.36707 + 0.5)


# A rule of its own


def closed_minute(moment: datetime, calendar: Calendar, centre: ReceptionCentre | None) -> bool:
    """Whether nobody can be received in the minute that begins at ``moment``, at one end or the other."""
    return any(_closed_at(end, moment, calendar) for end in (calendar.emirate, centre) if end is not None)


def _closed_at(end: Emirate | ReceptionCentre, moment: datetime, calendar: Calendar) -> bool:
    day = (moment + RIYADH).date()
    own = end.governorate_id if isinstance(end, ReceptionCentre) else None
    for holiday in calendar.holidays:
        if holiday.first_day <= day <= holiday.last_day and holiday.governorate_id in (None, own):
            return True
    reach = AtCentre(end.id) if isinstance(end, ReceptionCentre) else OfficeTime()
    for blackout in calendar.blackouts:
        if blackout.reach == reach and blackout.starts_at < moment + MINUTE and moment < blackout.ends_at:
            return True
    return all(
        not _within(span, moment) or _in_a_pause(end, where, moment, calendar)
        for span, where in _spans(end, day, calendar)
    )


def _spans(end: Emirate | ReceptionCentre, day: date, calendar: Calendar) -> Iterator[tuple[Span, Coordinates]]:
    if isinstance(end, ReceptionCentre) and end.kind is CentreKind.PORTABLE:
        yield from ((stop.span, stop.coordinates) for stop in end.stops if stop.on == day)
        return
    if isinstance(end, ReceptionCentre) and not (end.opens_on or day) <= day <= (end.closes_on or day):
        return
    week = end.hours.ramadan if is_ramadan(day, calendar.ramadans) else end.hours.week
    yield from ((span, end.coordinates) for span in week[day.weekday()])


def _within(span: Span, moment: datetime) -> bool:
    at = (moment + RIYADH).time()
    return span.opens <= at and (span.closes == time.max or at < span.closes)


def _in_a_pause(end: Emirate | ReceptionCentre, where: Coordinates, moment: datetime, calendar: Calendar) -> bool:
    today = (moment + RIYADH).date()
    for day in (today - DAY, today):
        for prayer, adhan in adhan_times(where, day, in_ramadan=is_ramadan(day, calendar.ramadans)):
            length = end.pauses[prayer]
            begins, ends = adhan - length.before - MINUTE, adhan + length.iqama + length.pause + MINUTE
            if begins < moment + MINUTE and moment < ends:
                return True
    return False


def crosses(start: datetime, end: datetime, calendar: Calendar, centre: ReceptionCentre | None) -> bool:
    """Whether any minute of it is closed."""
    length = int((end - start) / MINUTE)
    return any(closed_minute(start + number * MINUTE, calendar, centre) for number in range(length))


@pytest.mark.timeout(600)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_the_slots_are_those_that_cross_nothing_at_either_end(
    world: tuple[Sitting, Calendar, ReceptionCentre | None],
) -> None:
    sitting, calendar, centre = world
    offered = slots_of(sitting, calendar, centre=centre)
    expected = [start for start in sitting.slots() if not crosses(start, start + sitting.slot_length, calendar, centre)]
    assert offered == expected


@pytest.mark.timeout(600)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_the_one_rule_says_the_same_and_why(world: tuple[Sitting, Calendar, ReceptionCentre | None]) -> None:
    sitting, calendar, centre = world
    offered = set(slots_of(sitting, calendar, centre=centre))
    for start in sitting.slots():
        slot = Slot(sitting.id, start, start + sitting.slot_length, OwnLocation())
        why = fits(slot, calendar, centre)
        assert (why is None) == (start in offered)
        assert why in (None, Why.HOLIDAY, Why.BLACKOUT, Why.CLOSED, Why.PRAYER)
        at_kiosk = fits(replace(slot, venue=AtKiosk(HERE)), calendar, centre)
        shut = any(
            each.reach == OneKiosk(HERE) and each.starts_at < slot.ends_at and start < each.ends_at
            for each in calendar.blackouts
        )
        assert at_kiosk == (why or (Why.BLACKOUT if shut else None))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", REGIONS)
def test_every_centre_on_every_day_of_two_of_ten_years(name: str) -> None:
    """Each of two years, five apart, and the next centre of the next two: every year is some centre's."""
    of_centres = [{YEARS[number % 10], YEARS[(number + 5) % 10]} for number in range(len(region(name).centres))]
    assert set().union(*of_centres) == set(YEARS)
    _never_within_what_is_closed(name, of_centres)


@pytest.mark.thorough
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", REGIONS)
def test_every_centre_on_every_day_of_ten_years(name: str) -> None:
    _never_within_what_is_closed(name, [set(YEARS)] * len(region(name).centres))


def _never_within_what_is_closed(name: str, years_of_centres: Sequence[Set[int]]) -> None:
    """From six to midnight, every twenty minutes; the prayer times are another library's, to the second."""
    places = region(name)
    theirs = ask_adhan([places.emirate.coordinates, *(centre.coordinates for centre in places.centres)], TEN_YEARS)
    moved = tuple(_moved_by_a_day(year) for year in (1448, 1451))
    national_days = tuple(
        Holiday(HolidayId(f"{year}-{month}"), A_NAME, date(year, month, day), date(year, month, day))
        for year in range(2026, 2037)
        for month, day in ((2, 22), (9, 23))
    )
    centres = {centre.id: centre for centre in places.centres}
    # One for each year: a calendar works out all of its days for a centre that it is asked about.
    calendars = {
        year: Calendar(
            date(year, 1, 1) - DAY, date(year, 12, 31) + 2 * DAY, places.emirate, centres, national_days, moved
        )
        for year in YEARS
    }
    plan = [Sitting(SittingId(f"{day}"), local(day, 6 * 60), local(day, 24 * 60), SLOT) for day in TEN_YEARS]
    closed_days = {holiday.first_day for holiday in national_days}
    for centre, years in zip(places.centres, years_of_centres, strict=True):
        ends: Sequence[Emirate | ReceptionCentre] = (places.emirate, centre)
        received = 0
        for day, sitting in zip(TEN_YEARS, plan, strict=True):
            if day.year not in years:
                continue
            offered = slots_of(sitting, calendars[day.year], centre=centre)
            received += len(offered)
            if not offered:
                continue
            assert day not in closed_days
            in_ramadan = is_ramadan(day, moved)
            for end in ends:
                week = end.hours.ramadan if in_ramadan else end.hours.week
                called = theirs.times[end.coordinates][day]
                for span in _gaps(week[day.weekday()], day):
                    _assert_clear(offered, *span)
                for prayer, adhan in zip(_prayers(day), called, strict=True):
                    # Isha by their table: where ours was moved by a day, half an hour of it is another.
                    length = end.pauses[prayer]
                    if prayer is Prayer.ISHA:
                        adhan = called[3] + (120 if in_ramadan else 90) * MINUTE
                    _assert_clear(offered, adhan - length.before, adhan + length.iqama + length.pause)
        assert received > len(years) * 200 * 10


def _moved_by_a_day(hijri_year: int) -> Ramadan:
    first = next(day for day in TEN_YEARS if is_ramadan(day) and _hijri_year(day) == hijri_year)
    return Ramadan(hijri_year, first + DAY, first + 29 * DAY)


def _prayers(day: date) -> tuple[Prayer, ...]:
    noon = Prayer.JUMUAH if day.weekday() == 4 else Prayer.DHUHR
    return (Prayer.FAJR, noon, Prayer.ASR, Prayer.MAGHRIB, Prayer.ISHA)


def _gaps(spans_of_day: Sequence[Span], day: date) -> Iterator[tuple[datetime, datetime]]:
    """When it is not open on a day."""
    at = local(day, 0)
    for span in spans_of_day:
        yield at, local(day, span.opens.hour * 60 + span.opens.minute)
        at = local(day, 24 * 60 if span.closes == time.max else span.closes.hour * 60 + span.closes.minute)
    yield at, local(day, 24 * 60)


def _assert_clear(offered: Sequence[datetime], begins: datetime, ends: datetime) -> None:
    """``offered`` in order: the first slot that ends after ``begins`` begins after ``ends``."""
    later = bisect_right(offered, begins - SLOT)
    assert later == len(offered) or offered[later] >= ends, (offered[later], begins, ends)
