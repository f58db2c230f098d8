"""Whether a day is in Ramadan: by the Umm al-Qura table, or as it was declared. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hijridate import Gregorian, Hijri

from tawasul.domain.calendar import Ramadan

_RAMADAN = 9


def is_ramadan(day: date, declared: Iterable[Ramadan] = ()) -> bool:
    """What was declared for a Hijri year replaces the table for that year, and for no other.

    Raises:
        OverflowError: outside 1343–1500 AH (1924–2077), the years of the table.
    """
    declared = tuple(declared)
    if any(ramadan.first_day <= day <= ramadan.last_day for ramadan in declared):
        return True
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    return hijri.month == _RAMADAN and all(ramadan.hijri_year != hijri.year for ramadan in declared)


def by_the_table(hijri_year: int) -> Ramadan:
    """Ramadan of a year as the Umm al-Qura table has it.

    Raises:
        OverflowError: outside 1343–1500 AH.
    """
    first = Hijri(hijri_year, _RAMADAN, 1)
    first_day = date(*first.to_gregorian().datetuple())
    return Ramadan(hijri_year, first_day, first_day + timedelta(days=first.month_length() - 1))


def hijri_year(day: date) -> int:
    """The year of the Umm al-Qura calendar in which a day is. Raises: OverflowError: outside 1343–1500 AH."""
    return int(Gregorian(day.year, day.month, day.day).to_hijri().year)
