"""The times of prayer against another library's, at every place of the region's files, over ten years."""

from datetime import UTC, date, timedelta

import pytest
from support.adhan import TEN_YEARS, ask_adhan
from support.regions import every_site

from scheduler.core.prayer import AGREED_TO, Pause, adhan_times, pauses
from scheduler.core.ramadan import is_ramadan
from tawasul.domain.hours import USUAL_PAUSES, Prayer, PrayerPause
from tawasul.domain.places import Coordinates

MADINAH = Coordinates(24.4686, 39.6142)
MOST_APART = timedelta(seconds=31)
"""Ours are whole minutes, the nearest; theirs are told to the second."""

MINUTE = timedelta(minutes=1)


def test_times_agree_with_another_library_to_the_rounding() -> None:
    """Every fifth day of ten years at every place, all Ramadans among them."""
    sampled = TEN_YEARS[::5]
    theirs = ask_adhan(every_site(), sampled)
    assert len(theirs.ramadan) > 50
    for place, days in theirs.times.items():
        for day, moments in days.items():
            ours = [moment for _, moment in adhan_times(place, day, in_ramadan=day in theirs.ramadan)]
            for one, other in zip(ours, moments, strict=True):
                assert abs(one - other) <= MOST_APART, (place, day, one, other)


def test_ramadan_is_what_another_table_says() -> None:
    """ICU has the first day of 1453 and the last of 1454 otherwise: that is what ``Ramadan`` is declared for."""
    theirs = ask_adhan([], TEN_YEARS).ramadan
    ours = {day for day in TEN_YEARS if is_ramadan(day)}
    assert len(ours) in range(10 * 29, 11 * 30)
    assert ours ^ theirs <= {date(2031, 12, 15), date(2033, 1, 2)}


def test_a_pause_never_begins_late_nor_ends_early() -> None:
    sampled = TEN_YEARS[::97]
    theirs = ask_adhan(every_site(), sampled)
    for place, days in theirs.times.items():
        for day, moments in days.items():
            found = pauses(place, day, USUAL_PAUSES, in_ramadan=day in theirs.ramadan)
            for pause, adhan in zip(found, moments, strict=True):
                length = USUAL_PAUSES[pause.prayer]
                early = adhan - length.before - pause.starts_at
                late = pause.ends_at - (adhan + length.iqama + length.pause)
                assert timedelta(0) <= early <= 2 * MINUTE
                assert timedelta(0) <= late <= 2 * MINUTE
                assert pause.starts_at.second == pause.ends_at.second == 0


def test_on_friday_the_jumuah_is_in_the_place_of_dhuhr() -> None:
    thursday, friday = date(2026, 11, 26), date(2026, 11, 27)
    assert Prayer.JUMUAH not in dict(adhan_times(MADINAH, thursday, in_ramadan=False))
    assert Prayer.DHUHR not in dict(adhan_times(MADINAH, friday, in_ramadan=False))
    (pause,) = pauses(MADINAH, friday, {Prayer.DHUHR: PrayerPause(5 * MINUTE, 5 * MINUTE)}, in_ramadan=False)
    assert pause.prayer is Prayer.JUMUAH


@pytest.mark.parametrize(("in_ramadan", "after_maghrib"), [(False, 90), (True, 120)])
def test_isha_follows_maghrib_by_the_rule(in_ramadan: bool, after_maghrib: int) -> None:
    times = dict(adhan_times(MADINAH, date(2027, 2, 20), in_ramadan=in_ramadan))
    assert times[Prayer.ISHA] - times[Prayer.MAGHRIB] == after_maghrib * MINUTE


def test_a_pause_is_as_long_as_the_place_says() -> None:
    own = PrayerPause(iqama=25 * MINUTE, pause=20 * MINUTE, before=10 * MINUTE)
    (pause,) = pauses(MADINAH, date(2026, 11, 22), {Prayer.ASR: own}, in_ramadan=False)
    asr = dict(adhan_times(MADINAH, date(2026, 11, 22), in_ramadan=False))[Prayer.ASR]
    assert pause == Pause(Prayer.ASR, asr - 10 * MINUTE - AGREED_TO, asr + 45 * MINUTE + AGREED_TO)
    assert pause.starts_at.tzinfo is UTC
