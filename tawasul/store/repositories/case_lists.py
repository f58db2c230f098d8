"""Lists of cases: what each who works on them has before them. Each is bounded, and read along an index.

What is in several states is read state by state, each up to the limit, and put together here: one statement over all
of them would read every closed case to find the latest few (``tests/contract/test_store_cases_plans.py``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.agency import AgencyId
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import CaseKind, CaseState, OwnerKind
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.store.repositories.base import Repository
from tawasul.store.repositories.case_rows import CaseRows
from tawasul.store.sealed import Sealer
from tawasul.store.tables import CaseRow
from tawasul.store.tables.cases import IS_OPEN

_LATEST_FIRST: Final = (CaseRow.hijri_year.desc(), CaseRow.serial.desc())


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases are in a state or in several, and how many of those are late."""

    cases: int = 0
    overdue: int = 0

    def __add__(self, other: Waiting) -> Waiting:
        return Waiting(self.cases + other.cases, self.overdue + other.overdue)


class CaseLists(Repository):
    """Cases, several at a time."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._as_rows = CaseRows(sealer)

    async def many(self, ids: Collection[CaseId]) -> dict[CaseId, Case]:
        """Those of ``ids`` that there are."""
        found = await self._cases(select(CaseRow).where(CaseRow.id.in_(ids))) if ids else []
        return {case.id: case for case in found}

    async def of_citizen(self, citizen_id: CitizenId) -> list[Case]:
        """All of a citizen, latest first."""
        return await self._cases(
            select(CaseRow)
            .where(CaseRow.citizen_id == citizen_id)
            .order_by(CaseRow.opened_at.desc(), CaseRow.serial.desc())
        )

    async def owed_by_desk(self, governorate_id: GovernorateId, limit: int, kind: CaseKind | None = None) -> list[Case]:
        """The open ones of a governorate that wait for its desk, soonest due first; ``None``: of every kind."""
        mine = select(CaseRow).where(
            IS_OPEN, CaseRow.governorate_id == governorate_id, CaseRow.owner == OwnerKind.DESK.value
        )
        if kind is not None:
            mine = mine.where(CaseRow.kind == kind.value)
        return await self._cases(mine.order_by(CaseRow.due_at).limit(limit))

    async def of_governorate(
        self,
        governorate_id: GovernorateId,
        *,
        states: Collection[CaseState] | None = None,
        kind: CaseKind | None = None,
        limit: int,
        before: CaseNumber | None = None,
    ) -> list[Case]:
        """Those of a governorate in these states (``None``: in any), latest number first; older than ``before``."""
        return await self.listed(governorate_id=governorate_id, states=states, kind=kind, limit=limit, before=before)

    async def listed(
        self,
        *,
        governorate_id: GovernorateId | None = None,
        agency_id: AgencyId | None = None,
        with_no_agency: bool = False,
        states: Collection[CaseState] | None = None,
        kind: CaseKind | None = None,
        late_at: datetime | None = None,
        is_late: bool = True,
        limit: int,
        before: CaseNumber | None = None,
    ) -> list[Case]:
        """Those that are all of what is asked for, latest number first; at most ``limit``, older than ``before``.

        ``late_at``: only those that are late then (``late``), or with ``is_late`` false only those that are not.
        """
        conditions: list[ColumnElement[bool]] = []
        if governorate_id is not None:
            conditions.append(CaseRow.governorate_id == governorate_id)
        if agency_id is not None:
            conditions.append(CaseRow.agency_id == agency_id)
        if with_no_agency:
            conditions.append(CaseRow.agency_id.is_(None))
        if kind is not None:
            conditions.append(CaseRow.kind == kind.value)
        if late_at is not None:
            conditions.append(late(late_at) if is_late else ~late(late_at))
        if before is not None:
            number = tuple_(CaseRow.hijri_year, CaseRow.serial)
            conditions.append(number < tuple_(before.hijri_year, before.serial))
        if states is None:
            return await self._cases(select(CaseRow).where(*conditions).order_by(*_LATEST_FIRST).limit(limit))
        latest = select(CaseRow.hijri_year, CaseRow.serial, CaseRow.id).where(*conditions).order_by(*_LATEST_FIRST)
        found: list[tuple[int, int, str]] = []
        for state in _once(states):
            rows = await self._session.execute(latest.where(_in(state)).limit(limit))
            found += [(year, serial, id) for year, serial, id in rows]
        cases = await self.many([CaseId(id) for _, _, id in sorted(found, reverse=True)[:limit]])
        return sorted(cases.values(), key=lambda case: case.number, reverse=True)

    async def of_agency(self, agency_id: AgencyId, states: Collection[CaseState], limit: int) -> list[Case]:
        """Those that are or were last with an agency, in these states: soonest due first, closed ones latest first at
        the end.
        """
        own = select(CaseRow).where(CaseRow.agency_id == agency_id).limit(limit)
        open_ones: list[Case] = []
        for state in _once(states):
            if state is not CaseState.CLOSED:
                open_ones += await self._cases(own.where(_in(state)).order_by(CaseRow.due_at))
        found = sorted(open_ones, key=_when_due)
        if CaseState.CLOSED in states:
            closed = own.where(_in(CaseState.CLOSED))
            found += await self._cases(closed.order_by(CaseRow.due_at.desc(), CaseRow.closed_at.desc()))
        return found[:limit]

    async def open_of_agency(self, agency_id: AgencyId, now: datetime) -> dict[CaseState, Waiting]:
        """How many of an agency's are in each open state, and how many of those are late; none: not in it."""
        own = (IS_OPEN, CaseRow.agency_id == agency_id)
        late_ones = func.count().filter(late(now))
        counted = select(CaseRow.state, func.count(), late_ones).where(*own).group_by(CaseRow.state)
        rows = await self._session.execute(counted)
        return {CaseState(state): Waiting(cases, overdue) for state, cases, overdue in rows}

    async def on_agenda(self, limit: int) -> list[Case]:
        """Those that come before the next sitting, of all governorates, the longest there first."""
        rows = select(CaseRow).where(CaseRow.agenda.is_not(None)).order_by(CaseRow.since).limit(limit)
        return await self._cases(rows)

    async def owed_by_office(self, limit: int) -> list[Case]:
        """The open ones that wait for the office to write something, and are not on the agenda; soonest due first."""
        its = (IS_OPEN, CaseRow.owner == OwnerKind.OFFICE.value, CaseRow.agenda.is_(None))
        return await self._cases(select(CaseRow).where(*its).order_by(CaseRow.due_at).limit(limit))

    async def due(self, now: datetime, limit: int) -> list[CaseId]:
        """The open ones whose clock has run out, longest ago first. None is unsealed: one that cannot be is in nobody's
        way.
        """
        ran_out = select(CaseRow.id).where(IS_OPEN, CaseRow.due_at <= now)
        return [CaseId(id) for id in await self._session.scalars(ran_out.order_by(CaseRow.due_at).limit(limit))]

    async def closing_soon(self, now: datetime, until: datetime, limit: int) -> list[CaseId]:
        """The answered ones that close by silence after now and by ``until``, whose citizens were told of the answer
        and not reminded yet; soonest first.
        """
        soon = (IS_OPEN, CaseRow.due_at > now, CaseRow.due_at <= until, _in(CaseState.ANSWERED))
        silent = (CaseRow.notified_at.is_not(None), CaseRow.escalations == 0)
        found = select(CaseRow.id).where(*soon, *silent).order_by(CaseRow.due_at).limit(limit)
        return [CaseId(id) for id in await self._session.scalars(found)]

    async def open_for_comparison(self, governorate_id: GovernorateId, since: datetime, limit: int) -> list[Case]:
        """The open ones of a governorate that were opened since then, latest first: what a new one may repeat."""
        recent = select(CaseRow).where(IS_OPEN, CaseRow.governorate_id == governorate_id, CaseRow.opened_at >= since)
        return await self._cases(recent.order_by(*_LATEST_FIRST).limit(limit))

    async def _cases(self, statement: Select[Any]) -> list[Case]:
        return [self._as_rows.case(row) for row in await self._rows(statement)]


def late(now: datetime) -> ColumnElement[bool]:
    """Somebody owes a step and is behind: the clock ran out, now or once since the state began. Nobody is late while
    it is the citizen's turn to say something to an answer.
    """
    return and_(
        IS_OPEN,
        CaseRow.state != CaseState.ANSWERED.value,
        or_(CaseRow.escalations > 0, CaseRow.due_at <= now),
    )


def _in(state: CaseState) -> ColumnElement[bool]:
    return CaseRow.state == state.value


def _once(states: Collection[CaseState]) -> list[CaseState]:
    return list(dict.fromkeys(states))


def _when_due(case: Case) -> tuple[datetime, CaseNumber]:
    return case.due_at or case.opened_at, case.number
