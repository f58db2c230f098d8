"""The office's follow-through (F92): what is open and overdue, by governorate and agency, how soon it is answered, how
often the answer is contested, how satisfied citizens are, and what nobody had to travel (M16).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal, require
from tawasul.casework.core.figures import LEAST_SHOWN, Rated, Satisfied, satisfaction, share, together
from tawasul.casework.core.journeys import Journeys
from tawasul.casework.kilometres import spared_between
from tawasul.casework.step import Casework
from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.errors import DaysBackwards, DaysTooMany
from tawasul.domain.places import Governorate, GovernorateId
from tawasul.domain.riyadh import moment_of
from tawasul.store.repositories.follow_through import AnswerDays, Figures, Week, sunday_of

LONGEST: Final = 3 * 366
"""Days."""

_A_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """``open`` and ``overdue`` now, the others in the stretch. ``median_days`` from a case's opening to its last
    answer, ``contested_share`` (0 to 1) of what was answered: ``None`` of fewer than five.
    """

    open: int
    overdue: int
    opened: int
    answered: int
    closed: int
    median_days: float | None
    contested_share: float | None


@dataclass(frozen=True, slots=True)
class FollowedThrough:
    """From ``first`` to ``last``, days in Riyadh, both included. Agencies are under ``None`` where a desk or the office
    answered itself, or nothing is referred yet. ``satisfaction``: of the whole months that the stretch touches.
    """

    first: date
    last: date
    total: Line
    by_governorate: Mapping[GovernorateId, Line]
    by_agency: Mapping[AgencyId | None, Line]
    weeks: Sequence[Week]
    """Every one that the stretch touches, also those in which nothing was."""
    satisfaction: Mapping[AgencyId | None, Satisfied]
    satisfied_in_all: Satisfied
    spared: Journeys
    governorates: Mapping[GovernorateId, Governorate]
    agencies: Mapping[AgencyId, Agency]


class FollowingThrough:
    """The office's."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def between(self, who: StaffPrincipal, first: date, last: date) -> FollowedThrough:
        """Raises: Refused; DaysBackwards: it ends before it begins; DaysTooMany: it is longer than three years."""
        require(who, Action.SEE_FOLLOW_THROUGH)
        if last < first:
            raise DaysBackwards(field="to")
        if (last - first).days >= LONGEST:
            raise DaysTooMany(field="to")
        begins, ends = moment_of(first, time.min), moment_of(last, time.max)
        async with self._casework.units(reading=True) as uow:
            figures = await uow.follow_through.figures(begins, ends, self._casework.clock())
            of_all = await uow.follow_through.answer_days(begins, ends)
            of_governorates = await uow.follow_through.answer_days_by_governorate(begins, ends)
            of_agencies = await uow.follow_through.answer_days_by_agency(begins, ends)
            counted = await uow.satisfaction.between(f"{first:%Y-%m}", f"{last:%Y-%m}")
            weeks = await uow.follow_through.weekly(begins, ends)
            spared = await spared_between(uow, begins, ends)
            governorates = {each.id: each for each in await uow.governorates.all()}
            agencies = {each.id: each for each in await uow.agencies.all()}
        satisfied = satisfaction(Rated(each.month, each.agency_id, each.rating, each.count) for each in counted)
        return FollowedThrough(
            first,
            last,
            _line(figures, of_all),
            {
                id: _line([each for each in figures if each.governorate_id == id], of_governorates.get(id))
                for id in sorted({each.governorate_id for each in figures})
            },
            {
                id: _line([each for each in figures if each.agency_id == id], of_agencies.get(id))
                for id in sorted({each.agency_id for each in figures}, key=lambda id: id or "")
            },
            _every(weeks, first, last),
            satisfied,
            together(satisfied.values()),
            spared,
            governorates,
            agencies,
        )


def _every(weeks: Iterable[Week], first: date, last: date) -> list[Week]:
    """Those in which nothing was have a place too: a chart of what is left would tell a time that was not."""
    found = {each.begins: each for each in weeks}
    begins = sunday_of(first)
    count = (last - begins).days // _A_WEEK.days + 1
    days = [begins + number * _A_WEEK for number in range(count)]
    return [found.get(day, Week(day)) for day in days]


def _line(figures: Iterable[Figures], days: AnswerDays | None) -> Line:
    found = list(figures)
    answered = sum(each.answered for each in found)
    return Line(
        open=sum(each.open for each in found),
        overdue=sum(each.overdue for each in found),
        opened=sum(each.opened for each in found),
        answered=answered,
        closed=sum(each.closed for each in found),
        median_days=None if days is None or days.answered < LEAST_SHOWN else days.median,
        contested_share=share(sum(each.contested for each in found), answered),
    )
