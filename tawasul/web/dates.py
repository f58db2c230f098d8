"""Dates, times and waits as people read them: Hijri (Umm al-Qura) beside Gregorian, always in Riyadh's time.

The browser's twin is `static/js/dates.js`; both take names of days and months from the same catalogue, so that a page
drawn by the server and one redrawn by a script say the same. A test compares them day by day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from hijridate import Gregorian

from tawasul.domain.riyadh import RIYADH
from tawasul.web.words import Words


class Dates:
    """Dates in the words of one language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def day(self, moment: datetime | date) -> str:
        """The day with both calendars, e.g. «الأحد 12 جمادى الآخرة 1448هـ، الموافق 22 نوفمبر 2026م»."""
        day = local_day(moment)
        names = {"weekday": self.weekday(day), "hijri": self.hijri(day), "gregorian": self.gregorian(day)}
        return self._words.say("date-both", **names)

    def hijri(self, moment: datetime | date) -> str:
        """The Umm al-Qura date, e.g. «12 جمادى الآخرة 1448هـ». Raises `OverflowError` outside 1343–1500 AH."""
        day = local_day(moment)
        hijri = Gregorian(day.year, day.month, day.day).to_hijri()
        month = self._words.say(HIJRI_MONTHS[hijri.month - 1])
        return self._words.say("date-hijri", day=str(hijri.day), month=month, year=str(hijri.year))

    def gregorian(self, moment: datetime | date) -> str:
        """The Gregorian date, e.g. «22 نوفمبر 2026م»."""
        day = local_day(moment)
        month = self._words.say(GREGORIAN_MONTHS[day.month - 1])
        return self._words.say("date-gregorian", day=str(day.day), month=month, year=str(day.year))

    def weekday(self, moment: datetime | date) -> str:
        """The name of the day, e.g. «الأحد»."""
        return self._words.say(WEEKDAYS[local_day(moment).isoweekday() % 7])

    def time(self, moment: datetime) -> str:
        """The time of the day on a clock of twelve hours, e.g. «10:30 صباحًا». `ValueError` for a naive moment."""
        local = in_riyadh(moment)
        half = "time-morning" if local.hour < 12 else "time-evening"
        return self._words.say(half, time=f"{local.hour % 12 or 12}:{local.minute:02}")

    def wait(self, seconds: float) -> str:
        """How long someone has waited, in whole minutes, e.g. «ثلاث دقائق», «ساعة و5 دقائق»."""
        minutes = max(0, int(seconds // 60))
        if minutes < 1:
            return self._words.say("wait-moment")
        if minutes < 60:
            return self._words.say("wait-minutes", minutes=minutes)
        hours = self._words.say("wait-hours", hours=minutes // 60)
        if minutes % 60 == 0:
            return hours
        return self._words.say("wait-both", hours=hours, minutes=self._words.say("wait-minutes", minutes=minutes % 60))


def in_riyadh(moment: datetime) -> datetime:
    """The same moment on Riyadh's clock. Raises `ValueError` when `moment` does not say its own zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no place on Riyadh's clock")
    return moment.astimezone(RIYADH)


def local_day(moment: datetime | date) -> date:
    """The calendar day in Riyadh of a moment; a bare date is taken as it is."""
    return in_riyadh(moment).date() if isinstance(moment, datetime) else moment


WEEKDAYS: Final = (
    "day-sunday", "day-monday", "day-tuesday", "day-wednesday", "day-thursday", "day-friday", "day-saturday",
)  # fmt: skip

GREGORIAN_MONTHS: Final = (
    "month-january", "month-february", "month-march", "month-april", "month-may", "month-june",
    "month-july", "month-august", "month-september", "month-october", "month-november", "month-december",
)  # fmt: skip

HIJRI_MONTHS: Final = (
    "month-muharram", "month-safar", "month-rabi-awwal", "month-rabi-akhir", "month-jumada-ula", "month-jumada-akhirah",
    "month-rajab", "month-shaban", "month-ramadan", "month-shawwal", "month-dhu-qidah", "month-dhu-hijjah",
)  # fmt: skip
