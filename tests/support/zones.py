"""Time zones of browsers abroad: when their clocks leave out an hour."""

import datetime as dt
from zoneinfo import ZoneInfo


def clocks_go_forward(zone: str, *, after_days: int) -> dt.datetime:
    """The next moment when an hour is left out there, at least so many days from now."""
    there = ZoneInfo(zone)
    hour = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=after_days)
    while not _offset(hour, there) > _offset(hour - dt.timedelta(hours=1), there):
        hour += dt.timedelta(hours=1)
    return hour


def _offset(moment: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
