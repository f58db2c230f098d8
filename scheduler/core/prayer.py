"""When each prayer is called, by place and day, and for how long a place pauses for it. Pure.

The method is that of Umm al-Qura: Fajr at 18.5° below the horizon, Asr when a shadow has grown by the height of what
casts it, Maghrib at sunset, Isha 90 minutes later, or 120 in Ramadan. On Friday the Jumu'ah stands in the place of
Dhuhr. The astronomy is the library's (after Meeus, Astronomical Algorithms); a test holds it against another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from alfalak import CalculationMethod, CalculationParameters, PrayerTimes
from alfalak.util.DateComponents import DateComponents

from tawasul.domain.hours import Prayer, PrayerPause
from tawasul.domain.places import Coordinates

FRIDAY: Final = 4

AGREED_TO: Final = timedelta(minutes=1)
"""The library tells whole minutes, the nearest; a mosque's printed table may have the one before or after. A pause
begins by the earliest of them and ends by the latest: it is never short."""

_REMEMBERED: Final = 50_000
"""Places times days: fifty places for the better part of three years."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody is received from ``starts_at`` to ``ends_at`` (aware, UTC, whole minutes)."""

    prayer: Prayer
    starts_at: datetime
    ends_at: datetime


@lru_cache(maxsize=_REMEMBERED)
def adhan_times(place: Coordinates, day: date, *, in_ramadan: bool) -> tuple[tuple[Prayer, datetime], ...]:
    """The five of a day in Riyadh's calendar, in order (aware, UTC, to the nearest minute)."""
    parameters = CalculationParameters(method=CalculationMethod.UMM_AL_QURA, is_ramadan=in_ramadan)
    times = PrayerTimes(
        (place.latitude, place.longitude),
        DateComponents(day.year, day.month, day.day),
        calculation_parameters=parameters,
    )
    return (
        (Prayer.FAJR, times.fajr),
        (Prayer.JUMUAH if day.weekday() == FRIDAY else Prayer.DHUHR, times.dhuhr),
        (Prayer.ASR, times.asr),
        (Prayer.MAGHRIB, times.maghrib),
        (Prayer.ISHA, times.isha),
    )


def pauses(place: Coordinates, day: date, lengths: Mapping[Prayer, PrayerPause], *, in_ramadan: bool) -> list[Pause]:
    """The pauses of a place on a day, in order. It makes none for a prayer that ``lengths`` leaves out; the Jumu'ah is
    left out only with Dhuhr.
    """
    found = []
    for prayer, adhan in adhan_times(place, day, in_ramadan=in_ramadan):
        length = lengths.get(prayer) or (lengths.get(Prayer.DHUHR) if prayer is Prayer.JUMUAH else None)
        if length is not None:
            begins = adhan - AGREED_TO - length.before
            found.append(Pause(prayer, begins, adhan + AGREED_TO + length.iqama + length.pause))
    return found
