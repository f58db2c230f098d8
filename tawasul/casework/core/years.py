"""In which Hijri year a case is numbered: by the Umm al-Qura calendar, of the day in Riyadh. Pure."""

from __future__ import annotations

from datetime import datetime

from hijridate import Gregorian

from tawasul.domain.riyadh import day_of


def hijri_year(now: datetime) -> int:
    """Of an aware moment. Raises: OverflowError: outside the years of the table, 1343 to 1500."""
    day = day_of(now)
    return Gregorian(day.year, day.month, day.day).to_hijri().year
