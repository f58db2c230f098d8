"""By when whoever has a case must have acted, and what happens when they have not (F78, F79). Pure.

Staff and agencies have working days: Sunday to Thursday, less the region's holidays; a citizen has days of the
calendar. A time in days ends with the midnight that ends its last day in Riyadh; the day it begins does not count.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from tawasul.domain.agency import Agency
from tawasul.domain.calendar import Holiday
from tawasul.domain.case_state import CaseState
from tawasul.domain.riyadh import A_DAY, day_of, moment_of

TRIAGE_DAYS: Final = 3
"""Working days in which a desk, or the office, brings what it has on its way."""

RATIFY_DAYS: Final = 3
"""Working days in which a desk reads a directive to the citizen."""

REPLY_DAYS: Final = 5
"""Working days in which a desk answers an agency's question."""

CONTEST_DAYS: Final = 7
"""Working days in which the office takes a contest up, where no sitting is planned before."""

CONSENT: Final = timedelta(days=14)
"""In which the citizen may contest an answer, from the moment at which they were told of it."""

REMINDED_BEFORE: Final = timedelta(days=3)
"""So long before the end of it the citizen is told once more."""

AFTER_AN_ESCALATION_DAYS: Final = 2
"""Working days that whoever is late has before it is told further up."""

_FRIDAY, _SATURDAY = 4, 5
_FAR: Final = 3660


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are worked: those of the region, so one governorate's own holidays stop nobody's clock."""

    closed: frozenset[date] = frozenset()

    @classmethod
    def less(cls, holidays: Iterable[Holiday]) -> WorkingDays:
        """Without the holidays of the whole region."""
        return cls(frozenset(day for each in holidays if each.governorate_id is None for day in _days(each)))

    def is_worked(self, day: date) -> bool:
        """Sunday to Thursday, and no holiday."""
        return day.weekday() not in (_FRIDAY, _SATURDAY) and day not in self.closed

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``.

        Raises:
            ValueError: ``count`` is less than 1.
        """
        if count < 1:
            raise ValueError("counts from 1")
        for _ in range(_FAR):
            day += A_DAY
            count -= self.is_worked(day)
            if count == 0:
                return day
        raise ValueError("no such day within ten years")

    def end_after(self, now: datetime, count: int) -> datetime:
        """The end (UTC) of the ``count``-th working day after today's."""
        return end_of(self.after(day_of(now), count))


class Told(enum.StrEnum):
    """Who is told that a case is late, by how often its clock has run out in the same state."""

    DESK = "desk"
    """First: the desk of its governorate gets a task, and the agency's own list marks it."""
    OFFICE = "office"
    """Second: it is marked in what the office follows."""
    SITTING = "sitting"
    """Third and after: it comes before the next sitting."""


def told(escalations: int) -> Told:
    """By a case's ``escalations``, 1 or more."""
    return (Told.DESK, Told.OFFICE, Told.SITTING)[min(escalations, 3) - 1]


def end_of(day: date) -> datetime:
    """The midnight (UTC) that ends a day in Riyadh."""
    return moment_of(day, time.max)


def desk_has_until(days: WorkingDays, now: datetime, state: CaseState) -> datetime:
    """For what a desk does in a state: triage, reading a directive out, answering an agency."""
    count = {CaseState.PROPOSED: RATIFY_DAYS, CaseState.ASKED: REPLY_DAYS}.get(state, TRIAGE_DAYS)
    return days.end_after(now, count)


def agency_takes_on_until(days: WorkingDays, now: datetime, agency: Agency) -> datetime:
    """The acceptance clock."""
    return days.end_after(now, agency.acceptance_days)


def agency_answers_until(days: WorkingDays, now: datetime, agency: Agency, due_on: date | None) -> datetime:
    """By the directive's own day, where there is one and it is ahead; otherwise by what the agency usually has."""
    if due_on is not None and due_on > day_of(now):
        return end_of(due_on)
    return days.end_after(now, agency.answer_days)


def agency_goes_on_until(due_before: datetime, asked_at: datetime, now: datetime) -> datetime:
    """After its question was answered: the time for which it waited is given back, and never less than was left."""
    return due_before + max(now - asked_at, timedelta(0))


def citizen_has_until(now: datetime) -> datetime:
    """To say no to an answer of which they are told now."""
    return end_of(day_of(now + CONSENT))


def office_hears_until(days: WorkingDays, now: datetime, next_sitting: datetime | None) -> datetime:
    """A contest: by the end of the next sitting's day, or within the usual time where none is planned before it."""
    usual = days.end_after(now, CONTEST_DAYS)
    return usual if next_sitting is None else min(usual, end_of(day_of(next_sitting)))


def late_has_until(days: WorkingDays, now: datetime) -> datetime:
    """After an escalation."""
    return days.end_after(now, AFTER_AN_ESCALATION_DAYS)


def _days(holiday: Holiday) -> Iterable[date]:
    return (holiday.first_day + n * A_DAY for n in range((holiday.last_day - holiday.first_day).days + 1))
