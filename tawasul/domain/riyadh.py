"""Riyadh's clock. Moments are kept in UTC; days, hours and due dates are those of Riyadh, wherever the browser is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

RIYADH: Final = timezone(timedelta(hours=3), "Asia/Riyadh")
"""Three hours ahead of UTC the year round (IANA tz database: Asia/Riyadh, since 1947), so no database of
time zones is needed."""

A_DAY: Final = timedelta(days=1)


def day_of(moment: datetime) -> date:
    """The day in Riyadh at an aware moment."""
    return moment.astimezone(RIYADH).date()


def moment_of(day: date, at: time) -> datetime:
    """The moment (UTC) of a time of the day by Riyadh's clock; ``time.max`` is the midnight that ends the day."""
    if at == time.max:
        day, at = day + A_DAY, time.min
    return datetime.combine(day, at, RIYADH).astimezone(UTC)
