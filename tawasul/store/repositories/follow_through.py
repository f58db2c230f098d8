"""What has become of cases, counted, for the office's follow-through. Counts only; to hide small ones is the caller's.

What is open is counted as it stands now, along the index of open cases; what happened in a stretch of time along the
index of that time. So what it costs grows with the work at hand and with the stretch, not with the years before.
What is open, opened and closed counts for the agency the case is with, or was with last; ``None`` is none. An answer
counts for who gave it, wherever the case went since; ``None`` is a desk or the office. What closes upon an answer is
with who gave it: only what was contested, directed elsewhere and then withdrawn closes with another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import State
from tawasul.domain.places import CentreId, GovernorateId
from tawasul.domain.sitting import Purpose
from tawasul.domain.venue import OwnLocation
from tawasul.store.repositories.base import Repository
from tawasul.store.repositories.case_lists import late
from tawasul.store.repositories.venues import venue_to_columns
from tawasul.store.tables import AudienceRow, CaseRow, KioskRow, SittingRow
from tawasul.store.tables.cases import IS_OPEN

Key = tuple[GovernorateId, AgencyId | None]

_NONE: Final = ""
_SECONDS_A_DAY: Final = 86_400
_RIYADH: Final = "+3 hours"
_OWN_LOCATION, _ = venue_to_columns(OwnLocation())
_HEARD: Final = (State.HEARD.value, State.CONCLUDED.value)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one governorate and agency. ``open`` and ``overdue``: now; the others: in the stretch of time asked for.

    ``answered``: whose last answer was given then, and by this agency; ``contested``: those of them of which an answer
    of this agency was contested, now or before. Once another has answered a case, what came before is in neither.
    """

    governorate_id: GovernorateId
    agency_id: AgencyId | None
    open: int = 0
    overdue: int = 0
    opened: int = 0
    answered: int = 0
    contested: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class AnswerDays:
    """The median of the days from a case's opening to its last answer, of ``answered`` cases."""

    median: float
    answered: int


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of Riyadh, from the Sunday ``begins``."""

    begins: date
    opened: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """How many audiences were heard, and where."""

    at_centres: dict[CentreId, int] = field(default_factory=dict)
    at_own_location: dict[GovernorateId, int] = field(default_factory=dict)
    in_person: int = 0


class FollowThrough(Repository):
    """Reads only. ``first`` is the first moment of the stretch asked about, ``end`` the first after it."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session)
        self._sqlite = session.get_bind().dialect.name == "sqlite"

    async def figures(self, first: datetime, end: datetime, now: datetime) -> list[Figures]:
        """By governorate and agency; those with nothing are not there."""
        found: defaultdict[Key, dict[str, int]] = defaultdict(dict)
        overdue = func.sum(case((late(now), 1), else_=0))
        contested = func.sum(case((CaseRow.answer_contested, 1), else_=0))
        of_open = _by(CaseRow.agency_id, func.count(), overdue).where(IS_OPEN)
        of_opened = _by(CaseRow.agency_id, func.count()).where(*_within(CaseRow.opened_at, first, end))
        of_answered = _by(CaseRow.answered_by, func.count(), contested)
        of_answered = of_answered.where(*_within(CaseRow.answered_at, first, end))
        of_closed = _by(CaseRow.agency_id, func.count()).where(*_within(CaseRow.closed_at, first, end))
        for statement, names in (
            (of_open, ("open", "overdue")),
            (of_opened, ("opened",)),
            (of_answered, ("answered", "contested")),
            (of_closed, ("closed",)),
        ):
            for governorate_id, agency_id, *counts in await self._session.execute(statement):
                found[governorate_id, agency_id] |= dict(zip(names, counts, strict=True))
        return [
            Figures(GovernorateId(governorate), None if agency is None else AgencyId(agency), **counts)
            for (governorate, agency), counts in sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        ]

    async def answer_days(self, first: datetime, end: datetime) -> AnswerDays | None:
        """Of all that were answered last in this time; ``None``: none was."""
        return (await self._medians(first, end)).get(())

    async def answer_days_by_governorate(self, first: datetime, end: datetime) -> dict[GovernorateId, AnswerDays]:
        """Of each governorate."""
        found = await self._medians(first, end, CaseRow.governorate_id)
        return {GovernorateId(id): days for (id,), days in found.items()}

    async def answer_days_by_agency(self, first: datetime, end: datetime) -> dict[AgencyId | None, AnswerDays]:
        """Of each agency that answered, and (``None``) of what desks and the office answered themselves."""
        found = await self._medians(first, end, CaseRow.answered_by)
        return {None if id is None else AgencyId(id): days for (id,), days in found.items()}

    async def answer_days_by_both(self, first: datetime, end: datetime) -> dict[Key, AnswerDays]:
        """Of each agency that answered, in each governorate."""
        found = await self._medians(first, end, CaseRow.governorate_id, CaseRow.answered_by)
        return {(GovernorateId(g), None if a is None else AgencyId(a)): days for (g, a), days in found.items()}

    async def weekly(
        self, first: datetime, end: datetime, *, governorate_id: GovernorateId | None = None
    ) -> list[Week]:
        """How many were opened and closed in each week that has some, in order; the first and last may be cut off."""
        weeks: dict[date, Week] = {}
        for column, count_in in ((CaseRow.opened_at, _opened), (CaseRow.closed_at, _closed)):
            day = self._day_in_riyadh(column)
            statement = select(day, func.count()).where(*_within(column, first, end)).group_by(day)
            if governorate_id is not None:
                statement = statement.where(CaseRow.governorate_id == governorate_id)
            for told, count in await self._session.execute(statement):
                begins = sunday_of(told if isinstance(told, date) else date.fromisoformat(told))
                weeks[begins] = count_in(weeks.get(begins, Week(begins)), count)
        return [weeks[begins] for begins in sorted(weeks)]

    async def heard(self, first: datetime, end: datetime) -> Heard:
        """The audiences of this time by their slot, where they were heard; rehearsals are none."""
        statement = (
            select(AudienceRow.venue, KioskRow.centre_id, AudienceRow.governorate_id, func.count())
            .join(SittingRow, SittingRow.id == AudienceRow.sitting_id)
            .outerjoin(KioskRow, KioskRow.id == AudienceRow.kiosk_id)
            .where(
                *_within(AudienceRow.slot_starts_at, first, end),
                AudienceRow.state.in_(_HEARD),
                SittingRow.purpose == Purpose.MAJLIS.value,
            )
            .group_by(AudienceRow.venue, KioskRow.centre_id, AudienceRow.governorate_id)
        )
        found = Heard()
        for venue, centre_id, governorate_id, count in await self._session.execute(statement):
            if centre_id is not None:
                centre = CentreId(centre_id)
                found.at_centres[centre] = found.at_centres.get(centre, 0) + count
            elif venue == _OWN_LOCATION:
                found.at_own_location[GovernorateId(governorate_id)] = count
            else:
                found = replace(found, in_person=found.in_person + count)
        return found

    async def _medians(self, first: datetime, end: datetime, *by: Any) -> dict[tuple[Any, ...], AnswerDays]:
        """By what is given, in its order; of all together where nothing is. The median of an even number is halfway
        between the two in the middle, as PostgreSQL's ``percentile_cont(0.5)`` has it.
        """
        statement = _medians_by_window(first, end, by) if self._sqlite else _medians_by_percentile(first, end, by)
        rows = await self._session.execute(statement)
        return {
            tuple(each or None for each in key): AnswerDays(float(median), count)
            for *key, median, count in rows
            if count
        }

    def _day_in_riyadh(self, column: Any) -> ColumnElement[Any]:
        # The offset is the year round the same: SQLite knows no zones (``tawasul.domain.riyadh``).
        if self._sqlite:
            return func.date(column, _RIYADH)
        return func.date(func.timezone(text("'Asia/Riyadh'"), column))


def _by(agency: Any, *counted: ColumnElement[Any]) -> Select[Any]:
    keys = (CaseRow.governorate_id, agency)
    return select(*keys, *counted).group_by(*keys)


def _medians_by_percentile(first: datetime, end: datetime, by: Sequence[Any]) -> Select[Any]:
    days = func.extract("epoch", CaseRow.answered_at - CaseRow.opened_at) / _SECONDS_A_DAY
    median = func.percentile_cont(0.5).within_group(days)
    return select(*by, median, func.count()).where(*_within(CaseRow.answered_at, first, end)).group_by(*by)


def _medians_by_window(first: datetime, end: datetime, by: Sequence[Any]) -> Select[Any]:
    """SQLite has no percentiles: the mean of the one or two in the middle of each group, by its size."""
    days = func.julianday(CaseRow.answered_at) - func.julianday(CaseRow.opened_at)
    within = _within(CaseRow.answered_at, first, end)
    # Not NULL, so that groups can be joined by their keys.
    labelled = [func.coalesce(column, _NONE).label(f"by_{place}") for place, column in enumerate(by)]
    ranked = (
        select(
            *labelled,
            days.label("days"),
            func.row_number().over(partition_by=tuple(by) or None, order_by=days).label("place"),
        )
        .where(*within)
        .subquery()
    )
    # Counted apart: a second window over the same rows takes longer than all the rest.
    sizes = select(*labelled, func.count().label("of")).where(*within).group_by(*by).subquery()
    keys = [ranked.c[f"by_{place}"] for place in range(len(by))]
    same = [key == sizes.c[key.name] for key in keys]
    middle = ranked.c.place.in_([(sizes.c.of + 1) // 2, (sizes.c.of + 2) // 2])
    medians = select(*keys, func.avg(ranked.c.days), func.max(sizes.c.of))
    return medians.select_from(ranked.join(sizes, and_(true(), *same))).where(middle).group_by(*keys)


def _opened(week: Week, count: int) -> Week:
    return replace(week, opened=week.opened + count)


def _closed(week: Week, count: int) -> Week:
    return replace(week, closed=week.closed + count)


def _within(column: Any, first: datetime, end: datetime) -> Sequence[ColumnElement[bool]]:
    return column >= first, column < end


def sunday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=(day.weekday() + 1) % 7)
