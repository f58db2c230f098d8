"""Opening hours, pauses and the emirate as JSON: columns of few rows, read whole and never searched.

Times of the day are ``HH:MM`` by Riyadh's clock, the end of the day ``24:00``; lengths are seconds::

    hours   {"week": [[["07:30", "14:30"]], … seven, Monday first], "ramadan": […]}
    pauses  {"dhuhr": {"iqama": 1200, "pause": 900, "before": 0}, …}
    emirate {"arabic": …, "english": …, "latitude": …, "longitude": …, "hours": …, "pauses": …}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from types import MappingProxyType
from typing import Any, Final

from tawasul.domain.hours import OpeningHours, Prayer, PrayerPause, Span, Week
from tawasul.domain.places import Coordinates, Emirate, Name, RegionId

Json = dict[str, Any]

_END_OF_THE_DAY: Final = "24:00"


def hours_to_json(hours: OpeningHours) -> Json:
    """The spans of both weeks."""
    return {"week": _week_to_json(hours.week), "ramadan": _week_to_json(hours.ramadan)}


def hours_from_json(value: Json) -> OpeningHours:
    """Raises: InvalidInput: not what ``hours_to_json`` makes."""
    return OpeningHours(week=_week_from_json(value["week"]), ramadan=_week_from_json(value["ramadan"]))


def pauses_to_json(pauses: Mapping[Prayer, PrayerPause]) -> Json:
    """By the prayer's word."""
    return {
        prayer.value: {
            "iqama": int(pause.iqama.total_seconds()),
            "pause": int(pause.pause.total_seconds()),
            "before": int(pause.before.total_seconds()),
        }
        for prayer, pause in pauses.items()
    }


def pauses_from_json(value: Json) -> Mapping[Prayer, PrayerPause]:
    """Raises: InvalidInput, ValueError: not what ``pauses_to_json`` makes."""
    return MappingProxyType(
        {
            Prayer(prayer): PrayerPause(**{part: timedelta(seconds=seconds) for part, seconds in pause.items()})
            for prayer, pause in value.items()
        }
    )


def emirate_to_json(emirate: Emirate) -> Json:
    """All of it but the region, whose row it is in."""
    return {
        "arabic": emirate.name.arabic,
        "english": emirate.name.english,
        "latitude": emirate.coordinates.latitude,
        "longitude": emirate.coordinates.longitude,
        "hours": hours_to_json(emirate.hours),
        "pauses": pauses_to_json(emirate.pauses),
    }


def emirate_from_json(region_id: RegionId, value: Json) -> Emirate:
    """Of the region of that id."""
    return Emirate(
        region_id=region_id,
        name=Name(value["arabic"], value["english"]),
        coordinates=Coordinates(value["latitude"], value["longitude"]),
        hours=hours_from_json(value["hours"]),
        pauses=pauses_from_json(value["pauses"]),
    )


def _week_to_json(week: Week) -> list[list[list[str]]]:
    return [[[_time_to_text(span.opens), _time_to_text(span.closes)] for span in day] for day in week]


def _week_from_json(week: list[list[list[str]]]) -> Week:
    return tuple(tuple(Span(_time_from_text(opens), _time_from_text(closes)) for opens, closes in day) for day in week)


def _time_to_text(moment: time) -> str:
    return _END_OF_THE_DAY if moment == time.max else moment.isoformat("minutes" if not moment.second else "seconds")


def _time_from_text(text: str) -> time:
    return time.max if text == _END_OF_THE_DAY else time.fromisoformat(text)
