"""When a place is open: its hours of the week or of Ramadan, less prayer, holidays and blackouts. Pure.

The two ends of an audience are asked alike: a reception centre, or ``None`` for the office, whose hours and pauses are
those of the emirate. Moments are aware, in UTC; days are those of Riyadh.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from scheduler.core.prayer import Pause, pauses
from scheduler.core.ramadan import is_ramadan
from scheduler.core.stretches import Stretch, common, covers, less, merged, touch
from tawasul.domain.calendar import AtCentre, Blackout, Holiday, OfficeTime, OneKiosk, Ramadan
from tawasul.domain.hours import Prayer, Span
from tawasul.domain.places import CentreId, CentreKind, Coordinates, Emirate, KioskId, Name, ReceptionCentre, Stop
from tawasul.domain.riyadh import A_DAY, day_of, moment_of

End = ReceptionCentre | None
"""One of the two ends that must both be open: a centre, or (``None``) the office."""


class Why(enum.StrEnum):
    """Why nobody is received."""

    HOLIDAY = "holiday"
    BLACKOUT = "blackout"
    CLOSED = "closed"
    PRAYER = "prayer"
    NO_SITTING = "no-sitting"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Closed:
    """``why``, and which prayer or which holiday it is."""

    why: Why
    prayer: Prayer | None = None
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that was declared for ``first_day`` to ``last_day``, both included.

    ``emirate`` is ``None`` where a region's file does not say where its Amir receives; then only holidays and blackouts
    close the office. A calendar remembers what it has worked out: whoever asks much asks the same one.
    """

    first_day: date
    last_day: date
    emirate: Emirate | None
    centres: Mapping[CentreId, ReceptionCentre]
    holidays: tuple[Holiday, ...] = ()
    ramadans: tuple[Ramadan, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    _open: dict[CentreId | None, list[Stretch]] = field(init=False, default_factory=dict, repr=False, compare=False)
    _both_open: dict[CentreId, list[Stretch]] = field(init=False, default_factory=dict, repr=False, compare=False)
    _by_hours: dict[CentreId | None, list[Stretch]] = field(init=False, default_factory=dict, repr=False, compare=False)
    _ramadan: dict[date, bool] = field(init=False, default_factory=dict, repr=False, compare=False)

    def open_at(self, end: End) -> list[Stretch]:
        """The stretches in which it receives, in order."""
        key = None if end is None else end.id
        if key not in self._open:
            hours = [
                stretch
                for opens, closes, where in self._hours(end)
                for stretch in less([(opens, closes)], self._called(end, where, day_of(opens)))
            ]
            shut = [_of_days(each.first_day, each.last_day) for each in self._holidays(end)]
            shut += [(each.starts_at, each.ends_at) for each in self._blackouts(end)]
            self._open[key] = less(hours, shut)
        return self._open[key]

    def both_open_at(self, centre: End) -> list[Stretch]:
        """The stretches in which the office and the centre receive (``None``: the office), in order."""
        if centre is None:
            return self.open_at(None)
        if centre.id not in self._both_open:
            self._both_open[centre.id] = common(self.open_at(None), self.open_at(centre))
        return self._both_open[centre.id]

    def is_open(self, end: End, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether it receives all the while.

        Raises:
            ValueError: not within the days of this calendar; of others it knows nothing.
        """
        if day_of(starts_at) < self.first_day or day_of(ends_at) > self.last_day:
            raise ValueError("outside the days of this calendar")
        return covers(self.open_at(end), starts_at, ends_at)

    def is_kiosk_open(self, kiosk_id: KioskId, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether no blackout of this one kiosk touches the stretch."""
        return not any(
            each.reach == OneKiosk(kiosk_id) and touch((each.starts_at, each.ends_at), (starts_at, ends_at))
            for each in self.blackouts
        )

    def why_closed(self, end: End, starts_at: datetime, ends_at: datetime) -> Closed | None:
        """What stands in the way, the longest first; ``None``: nothing.

        Raises:
            ValueError: not within the days of this calendar.
        """
        if self.is_open(end, starts_at, ends_at):
            return None
        asked = (starts_at, ends_at)
        for holiday in self._holidays(end):
            if touch(asked, _of_days(holiday.first_day, holiday.last_day)):
                return Closed(Why.HOLIDAY, name=holiday.name)
        if any(touch(asked, (each.starts_at, each.ends_at)) for each in self._blackouts(end)):
            return Closed(Why.BLACKOUT)
        if not covers(self._open_by_hours(end), starts_at, ends_at):
            return Closed(Why.CLOSED)
        called = [pause for day in _days(day_of(starts_at) - A_DAY, day_of(ends_at)) for pause in self.pauses(end, day)]
        return Closed(Why.PRAYER, next((p.prayer for p in called if touch(asked, (p.starts_at, p.ends_at))), None))

    def pauses(self, end: End, day: date) -> list[Pause]:
        """The pauses for prayer of a day, in order, wherever it stands on that day."""
        site = self._site(end)
        if site is None:
            return []
        where = {stop.coordinates for stop in _stops(site, day)} or {site.coordinates}
        found = {pause for each in where for pause in self._pauses(site, each, day)}
        return sorted(found, key=lambda pause: (pause.starts_at, pause.ends_at))

    def holiday(self, end: End, day: date) -> Holiday | None:
        """The holiday that closes it on a day."""
        return next((each for each in self._holidays(end) if each.first_day <= day <= each.last_day), None)

    def is_ramadan(self, day: date) -> bool:
        """As declared, or by the table. Raises: OverflowError: a day outside 1343–1500 AH."""
        if day not in self._ramadan:
            self._ramadan[day] = is_ramadan(day, self.ramadans)
        return self._ramadan[day]

    def _open_by_hours(self, end: End) -> list[Stretch]:
        """Whatever else closes it then."""
        key = None if end is None else end.id
        if key not in self._by_hours:
            self._by_hours[key] = merged((opens, closes) for opens, closes, _ in self._hours(end))
        return self._by_hours[key]

    def _hours(self, end: End) -> Iterator[tuple[datetime, datetime, Coordinates | None]]:
        """When it is open by its hours, and where it stands then."""
        site = self._site(end)
        if site is None:
            yield (*_of_days(self.first_day, self.last_day), None)
            return
        for day in _days(self.first_day, self.last_day):
            for span, where in self._spans(site, day):
                yield moment_of(day, span.opens), moment_of(day, span.closes), where

    def _spans(self, site: Emirate | ReceptionCentre, day: date) -> list[tuple[Span, Coordinates]]:
        if isinstance(site, ReceptionCentre):
            if site.kind is CentreKind.PORTABLE:
                return [(stop.span, stop.coordinates) for stop in _stops(site, day)]
            if (site.opens_on and day < site.opens_on) or (site.closes_on and day > site.closes_on):
                return []
        hours = site.hours.ramadan if self.is_ramadan(day) else site.hours.week
        return [(span, site.coordinates) for span in hours[day.weekday()]]

    def _called(self, end: End, where: Coordinates | None, day: date) -> list[Stretch]:
        """The pauses that can lie in hours that begin on ``day``: one after Isha may run into the next day."""
        site = self._site(end)
        if site is None or where is None:
            return []
        found = [pause for each in (day - A_DAY, day) for pause in self._pauses(site, where, each)]
        return [(pause.starts_at, pause.ends_at) for pause in found]

    def _pauses(self, site: Emirate | ReceptionCentre, where: Coordinates, day: date) -> list[Pause]:
        return pauses(where, day, site.pauses, in_ramadan=self.is_ramadan(day))

    def _holidays(self, end: End) -> list[Holiday]:
        own = None if end is None else end.governorate_id
        return [each for each in self.holidays if each.governorate_id is None or each.governorate_id == own]

    def _blackouts(self, end: End) -> list[Blackout]:
        reach = OfficeTime() if end is None else AtCentre(end.id)
        return [each for each in self.blackouts if each.reach == reach]

    def _site(self, end: End) -> Emirate | ReceptionCentre | None:
        return self.emirate if end is None else end


def _of_days(first: date, last: date) -> Stretch:
    return moment_of(first, time.min), moment_of(last, time.max)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * A_DAY


def _stops(site: Emirate | ReceptionCentre, day: date) -> list[Stop]:
    if not isinstance(site, ReceptionCentre) or site.kind is not CentreKind.PORTABLE:
        return []
    return [stop for stop in site.stops if stop.on == day]
