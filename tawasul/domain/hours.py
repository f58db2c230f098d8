"""When a place is open: spans of the day by weekday, other ones in Ramadan, and the pause that each prayer makes.

All times of the day are those of Riyadh's clock (UTC+3, no daylight saving).
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from types import MappingProxyType
from typing import Final

from tawasul.domain.errors import InvalidInput

WEEKDAYS: Final = 7
LONGEST_PAUSE: Final = timedelta(hours=2)


class Prayer(enum.StrEnum):
    """The five prayers, and the Friday prayer in the place of the second."""

    FAJR = "fajr"
    DHUHR = "dhuhr"
    JUMUAH = "jumuah"
    ASR = "asr"
    MAGHRIB = "maghrib"
    ISHA = "isha"


@dataclass(frozen=True, slots=True)
class Span:
    """From ``opens`` to ``closes`` within one day; a span that runs to midnight closes at ``time.max``."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Raises: InvalidInput: it closes before it opens."""
        if self.opens >= self.closes:
            raise InvalidInput("closes before it opens", field="closes")


Week = tuple[tuple[Span, ...], ...]
"""The spans of each weekday, Monday first (``date.weekday()``)."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The spans of a week, and those of a week in Ramadan."""

    week: Week
    ramadan: Week

    def __post_init__(self) -> None:
        """Raises: InvalidInput: not seven days, or spans of a day that are not in order."""
        for spans in (self.week, self.ramadan):
            if len(spans) != WEEKDAYS:
                raise InvalidInput("a week has seven days", field="hours")
            for day in spans:
                if any(earlier.closes > later.opens for earlier, later in itertools.pairwise(day)):
                    raise InvalidInput("the spans of a day follow each other", field="hours")


@dataclass(frozen=True, slots=True)
class PrayerPause:
    """What a prayer takes of a place's time: nobody is received from ``before`` the adhan until ``pause`` after the
    iqama, which is ``iqama`` after the adhan.
    """

    iqama: timedelta
    pause: timedelta
    before: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """Raises: InvalidInput: a length that is negative, or longer than two hours."""
        if not all(timedelta(0) <= length <= LONGEST_PAUSE for length in (self.iqama, self.pause, self.before)):
            raise InvalidInput("a pause is between nothing and two hours", field="pause")


def _minutes(iqama: int, pause: int, before: int = 0) -> PrayerPause:
    return PrayerPause(timedelta(minutes=iqama), timedelta(minutes=pause), timedelta(minutes=before))


USUAL_PAUSES: Final[Mapping[Prayer, PrayerPause]] = MappingProxyType(
    {
        Prayer.FAJR: _minutes(25, 15),
        Prayer.DHUHR: _minutes(20, 15),
        Prayer.JUMUAH: _minutes(10, 45, before=30),
        Prayer.ASR: _minutes(20, 15),
        Prayer.MAGHRIB: _minutes(10, 15),
        Prayer.ISHA: _minutes(20, 20),
    }
)
"""Where a place has not set its own."""


def _sunday_to_thursday(*spans: Span) -> Week:
    return tuple(() if day in (4, 5) else spans for day in range(WEEKDAYS))


USUAL_HOURS: Final = OpeningHours(
    week=_sunday_to_thursday(Span(time(7, 30), time(14, 30))),
    ramadan=_sunday_to_thursday(Span(time(10), time(15))),
)
"""Where a place has not set its own: Sunday to Thursday, and later in Ramadan."""

ALWAYS: Final = OpeningHours(
    week=((Span(time.min, time.max),),) * WEEKDAYS, ramadan=((Span(time.min, time.max),),) * WEEKDAYS
)
"""A place without hours: whatever sitting there is, it is open."""
