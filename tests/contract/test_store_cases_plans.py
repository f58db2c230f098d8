"""Each list, search and count of cases is read along an index, in both databases: none reads every case there is."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from support.bench_cases import statements
from support.cases import ROADS, WATER, YEAR, many_cases
from support.factories import BADR, NOW, a_citizen
from support.store import open_database, put_places

from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import CaseState
from tawasul.store.unit_of_work import Database, UnitOfWork

DAY = timedelta(days=1)
SALIM = a_citizen(77)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Sixty cases in all states."""
    async with open_database(database_url) as database:
        async with database.unit_of_work() as uow:
            await put_places(uow)
            for agency in (WATER, ROADS):
                await uow.agencies.put(agency)
            await uow.citizens.add(SALIM)
            await many_cases(uow, SALIM, random.Random(1), count=60)
            await uow.commit()
        yield database


READS: dict[str, tuple[Callable[[UnitOfWork], Awaitable[object]], str]] = {
    "a desk's": (lambda uow: uow.cases.owed_by_desk(BADR.id, 9), "ix_cases_open"),
    "a governorate's": (lambda uow: uow.cases.of_governorate(BADR.id, limit=9), "ix_cases_governorate"),
    "by state": (
        lambda uow: uow.cases.of_governorate(BADR.id, states=[CaseState.CLOSED], limit=9),
        "ix_cases_governorate_state",
    ),
    "the region's by state": (lambda uow: uow.cases.listed(states=[CaseState.CONTESTED], limit=9), "ix_cases_state"),
    "an inbox": (lambda uow: uow.cases.of_agency(WATER.id, [CaseState.REFERRED], 9), "ix_cases_agency"),
    "what is done": (lambda uow: uow.cases.of_agency(WATER.id, [CaseState.CLOSED], 9), "ix_cases_agency"),
    "how much is in an inbox": (lambda uow: uow.cases.open_of_agency(WATER.id, NOW), "ix_cases_agency"),
    "the agenda": (lambda uow: uow.cases.on_agenda(9), "ix_cases_agenda"),
    "the clock": (lambda uow: uow.cases.due(NOW - 30 * DAY, 9), "ix_cases_due"),
    "by number": (lambda uow: uow.cases.by_number(CaseNumber(YEAR, 7)), "sqlite_autoindex_cases_2"),
    "a citizen's": (lambda uow: uow.cases.of_citizen(SALIM.id), "ix_cases_citizen_id"),
    "opened, closed by week": (lambda uow: uow.follow_through.weekly(NOW - DAY, NOW), "ix_cases_opened_at"),
    "median": (lambda uow: uow.follow_through.answer_days_by_both(NOW - DAY, NOW), "ix_cases_answered_at"),
    "figures": (lambda uow: uow.follow_through.figures(NOW - DAY, NOW, NOW), "ix_cases_closed_at"),
}


IN_ORDER = {"a desk's", "a governorate's", "by state", "an inbox", "what is done", "the agenda", "the clock"}
"""Those that come in the order of their index: they end at the limit, and nothing is sorted."""


@pytest.mark.parametrize("name", READS)
async def test_each_is_read_along_its_index(database: Database, name: str) -> None:
    read, index = READS[name]
    with statements(database) as said:
        async with database.unit_of_work(reading=True) as uow:
            await read(uow)
    ordered = name in IN_ORDER
    plans = [await _plan(database, *each, ordered=ordered) for each in said]
    if database.engine.dialect.name == "sqlite":
        assert any(index in plan for plan in plans), plans
    else:
        # Of sixty rows any index is as good as another: which it takes of 200,000 is said by the bench.
        assert all("Index" in plan for plan in plans), plans
    assert not [plan for plan in plans if "SCAN cases\n" in plan or "Seq Scan on cases" in plan]
    if ordered:
        assert not [plan for plan in plans if "TEMP B-TREE" in plan or "Sort Key" in plan], plans


async def _plan(database: Database, statement: str, parameters: Any, *, ordered: bool) -> str:
    async with database.engine.begin() as connection:
        if database.engine.dialect.name == "sqlite":
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return "".join(f"{row[-1]}\n" for row in rows)
        # With sixty rows whatever is not an index is quicker: what is asked is whether an index can serve it.
        for off in ("enable_seqscan", "enable_bitmapscan", *(["enable_sort"] if ordered else [])):
            await connection.exec_driver_sql(f"SET LOCAL {off} = off")
        rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return "".join(f"{row[0]}\n" for row in rows)
