"""What the planning API is asked of places. Times of the day are ``HH:MM`` of Riyadh's clock; ``24:00`` ends a day."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from scheduler.web.asked import Id, Request
from scheduler.web.planning_asked import Day, Expected, Minutes, NameBody, Seen, TimeOfDay, at
from tawasul.domain.errors import InvalidInput
from tawasul.domain.hours import OpeningHours, Prayer, PrayerPause, Span, Week
from tawasul.domain.places import CentreId, CentreKind, Coordinates, GovernorateId, ReceptionCentre, Stop

MOST_STOPS: Final = 200


class SpanBody(Request):
    """From ``opens`` to ``closes``."""

    opens: TimeOfDay
    closes: TimeOfDay

    def span(self) -> Span:
        """Raises: InvalidInput: it closes before it opens."""
        return Span(at(self.opens), at(self.closes))


DayBody = Annotated[tuple[SpanBody, ...], Field(max_length=6)]
WeekBody = Annotated[tuple[DayBody, ...], Field(min_length=7, max_length=7)]


class PreviewHours(Request):
    """The spans of each weekday, Monday first; and those in Ramadan."""

    week: WeekBody
    ramadan: WeekBody

    def hours(self) -> OpeningHours:
        """Raises: InvalidInput: a span that closes before it opens, or spans that do not follow each other."""
        return OpeningHours(_week(self.week), _week(self.ramadan))


class PutHours(PreviewHours):
    """The same, when its preview was looked at."""

    expected: Expected = 0
    seen: Seen = None


class PauseBody(Request):
    """Nobody is received from ``before_minutes`` before the adhan until ``pause_minutes`` after the iqama."""

    iqama_minutes: Minutes
    pause_minutes: Minutes
    before_minutes: Minutes = 0


class PreviewPauses(Request):
    """What each prayer takes; one that is not named makes no pause."""

    pauses: dict[Prayer, PauseBody]

    def by_prayer(self) -> Mapping[Prayer, PrayerPause]:
        """Raises: InvalidInput: longer than two hours."""
        return {
            prayer: PrayerPause(
                timedelta(minutes=body.iqama_minutes),
                timedelta(minutes=body.pause_minutes),
                timedelta(minutes=body.before_minutes),
            )
            for prayer, body in self.pauses.items()
        }


class PutPauses(PreviewPauses):
    """The same, when its preview was looked at."""

    expected: Expected = 0
    seen: Seen = None


class StopBody(Request):
    """A portable centre's stay; ``home``: at somebody's home."""

    on: Day
    opens: TimeOfDay
    closes: TimeOfDay
    place: NameBody
    latitude: Annotated[float, Field(ge=-90, le=90, strict=True)]
    longitude: Annotated[float, Field(ge=-180, le=180, strict=True)]
    home: Annotated[bool, Field(strict=True)] = False

    def stop(self) -> Stop:
        """Raises: InvalidText: the place. InvalidInput: it closes before it opens."""
        return Stop(
            self.on,
            self.place.name("place"),
            Coordinates(self.latitude, self.longitude),
            Span(at(self.opens), at(self.closes)),
            self.home,
        )


Stops = Annotated[tuple[StopBody, ...], Field(max_length=MOST_STOPS)]


class PreviewStops(Request):
    """The route of a portable centre: all its stops."""

    stops: Stops

    def route(self) -> tuple[Stop, ...]:
        """In order. Raises: InvalidInput: two stops at once, or by the stop."""
        route = tuple(sorted((body.stop() for body in self.stops), key=lambda stop: (stop.on, stop.span.opens)))
        for one, next_one in itertools.pairwise(route):
            if one.on == next_one.on and next_one.span.opens < one.span.closes:
                raise InvalidInput("two stops at once", field="stops")
        return route


class PutStops(PreviewStops):
    """The same, when its preview was looked at."""

    expected: Expected = 0
    seen: Seen = None


class AddCentre(PreviewStops):
    """A temporary centre (a market, with its days) or a portable one (with its stops), and how many kiosks it has."""

    governorate_id: Id
    name: NameBody
    kind: Literal[CentreKind.TEMPORARY, CentreKind.PORTABLE]
    latitude: Annotated[float, Field(ge=-90, le=90, strict=True)]
    longitude: Annotated[float, Field(ge=-180, le=180, strict=True)]
    opens_on: Day | None = None
    closes_on: Day | None = None
    hours: PreviewHours | None = None
    kiosks: Annotated[int, Field(ge=1, le=5, strict=True)] = 1
    stops: Stops = ()

    def centre(self) -> ReceptionCentre:
        """Raises: InvalidText, InvalidInput: by the field."""
        if self.opens_on is not None and self.closes_on is not None and self.closes_on < self.opens_on:
            raise InvalidInput("closes before it opens", field="closes_on")
        centre = ReceptionCentre(
            CentreId(f"centre-{uuid.uuid4().hex[:12]}"),
            GovernorateId(self.governorate_id),
            self.name.name("name"),
            Coordinates(self.latitude, self.longitude),
            CentreKind(self.kind),
            self.opens_on,
            self.closes_on,
            stops=self.route(),
        )
        return centre if self.hours is None else replace(centre, hours=self.hours.hours())


def _week(days: tuple[tuple[SpanBody, ...], ...]) -> Week:
    return tuple(tuple(span.span() for span in day) for day in days)
