"""What it costs to look at cases when there are ten years of them, beside the same with one year of them."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from support.bench import Row, interleaved
from support.bench_cases import A_YEAR, AGENCIES, SMALL, YEAR, Region, a_region, plan_of, put_cases, statements
from support.factories import BADR, NOW
from support.postgres import PostgresServer
from support.store import open_database, sqlite_url

from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import OPEN_STATES, WITH_AN_AGENCY, CaseState
from tawasul.store.unit_of_work import Database, UnitOfWork

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

YEARS = 10
ROUNDS = 5
EACH = 3
LONG = "follow-through, ten years"
"""Asked once a round: it takes a second or more."""

PAGE = 50

WORK = (
    f"{A_YEAR} cases a year for {YEARS} years, of three governorates and ten agencies; of the latest ten days nine "
    "tenths are open, of what is older than four months one in two hundred. Each subject is sealed and has four words: "
    "one of three, two of twenty-two, one of two thousand names of places. No entries, documents or audiences: none "
    f"of these reads touches them. A page is {PAGE} cases, their subjects opened. Beside it the same, in the same "
    f"engine, in a database that has only the latest {A_YEAR} of them."
)
READING = (
    f"Each sample is the mean of {EACH}, one after the other (of the longest, one). The ratio is how it grows "
    "from one year to ten; one is not at all."
)

Record = Callable[[list[Row]], None]
Say = Callable[[str], None]
Asked = Callable[[UnitOfWork], Awaitable[object]]


@dataclass(frozen=True)
class Both:
    """The same cases twice: all of them, and the latest year."""

    kind: str
    ten: Database
    one: Database
    region: Region


@pytest.fixture(scope="module")
def region() -> Region:
    """Made once: both databases get the same."""
    return a_region(YEARS * A_YEAR)


@pytest.fixture(params=["SQLite", "PostgreSQL"])
async def both(
    request: pytest.FixtureRequest, region: Region, tmp_path_factory: pytest.TempPathFactory, say: Say
) -> AsyncIterator[Both]:
    """Two databases of one kind."""
    kind = str(request.param)
    began = time.perf_counter()
    async with AsyncExitStack() as stack:
        databases = []
        for count in (len(region.cases), A_YEAR):
            if kind == "SQLite":
                url = sqlite_url(tmp_path_factory.mktemp("cases"))
            else:
                server: PostgresServer = request.getfixturevalue("postgres_server")
                url = stack.enter_context(server.database())
            database = await stack.enter_async_context(open_database(url))
            await put_cases(database, region, count)
            databases.append(database)
        say(f"\ncases, {kind}: {YEARS * A_YEAR} and {A_YEAR} stand after {time.perf_counter() - began:.0f} s")
        yield Both(kind, *databases, region)


async def test_ten_years_of_cases(both: Both, record: Record, say: Say) -> None:
    rows = []
    for part, ask in _reads(both.region).items():
        plans = await _indexes(both.ten, ask)
        say(f"  {part}: {plans}")
        each = 1 if part == LONG else EACH
        ten, one = await interleaved(ROUNDS, _several(both.ten, ask, each), _several(both.one, ask, each))
        reading = f"{READING} Its plan among all: {plans}."
        peer = f"the same among {A_YEAR}"
        rows.append(Row("Cases", WORK, "ms", tuple(ten), tuple(one), peer, f"{part}, {both.kind}", "lower", reading))
        say(f"    {sorted(ten)[ROUNDS // 2]:.2f} ms, {sorted(one)[ROUNDS // 2]:.2f} ms among {A_YEAR}")
    record(rows)


def _reads(region: Region) -> dict[str, Asked]:
    quarter = (NOW - timedelta(days=91), NOW)
    ever = (NOW - timedelta(days=366 * YEARS), NOW)
    agency = AGENCIES[0].id
    return {
        "follow-through, a quarter": lambda uow: _follow_through(uow, *quarter),
        LONG: lambda uow: _follow_through(uow, *ever),
        "agency's inbox": lambda uow: uow.cases.of_agency(agency, sorted(WITH_AN_AGENCY), PAGE),
        "agency's closed ones": lambda uow: uow.cases.of_agency(agency, [CaseState.CLOSED], PAGE),
        "desk's box": lambda uow: uow.cases.owed_by_desk(BADR.id, PAGE),
        "open ones of a desk": lambda uow: uow.cases.of_governorate(BADR.id, states=OPEN_STATES, limit=PAGE),
        "late ones of the region": lambda uow: uow.cases.listed(late_at=NOW, states=OPEN_STATES, limit=PAGE),
        "late ones of an agency": lambda uow: uow.cases.listed(
            agency_id=agency, late_at=NOW, states=OPEN_STATES, limit=PAGE
        ),
        "late ones of no agency": lambda uow: uow.cases.listed(
            with_no_agency=True, late_at=NOW, states=OPEN_STATES, limit=PAGE
        ),
        "those in time of a governorate": lambda uow: uow.cases.listed(
            governorate_id=BADR.id, late_at=NOW, is_late=False, states=OPEN_STATES, limit=PAGE
        ),
        "agenda": lambda uow: uow.cases.on_agenda(PAGE),
        "by number": lambda uow: uow.cases.by_number(CaseNumber(YEAR, A_YEAR // 2)),
        "search, a rare word": lambda uow: uow.cases.search(region.place, None, PAGE),
        "search, a frequent word": lambda uow: uow.cases.search("طلب", None, PAGE),
        "search, two frequent words": lambda uow: uow.cases.search("طلب مياه", None, PAGE),
        "search, frequent and rare": lambda uow: uow.cases.search(f"{region.words[0][0]} {region.place}", None, PAGE),
        "search, a small governorate": lambda uow: uow.cases.search("طلب مياه", SMALL.id, PAGE),
    }


async def _follow_through(uow: UnitOfWork, first: datetime, end: datetime) -> object:
    """All that the office's view asks of cases, and what was tapped and heard, of which there is nothing here."""
    through = uow.follow_through
    return [
        await through.figures(first, end, NOW),
        await through.answer_days(first, end),
        await through.answer_days_by_governorate(first, end),
        await through.answer_days_by_agency(first, end),
        await uow.satisfaction.between(f"{first:%Y-%m}", f"{end:%Y-%m}"),
        await through.weekly(first, end),
        await through.heard(first, end),
    ]


async def _indexes(database: Database, ask: Asked) -> str:
    """Which indexes it is read along, and what is read whole or sorted."""
    with statements(database) as said:
        async with database.unit_of_work(reading=True) as uow:
            await ask(uow)
    found: dict[str, None] = {}
    for statement in said:
        for line in await plan_of(database, *statement):
            for word in re.findall(
                r"(?:ix|uq|pk)_case\w+|sqlite_autoindex_case\w+|SCAN cases\b(?! USING)|Seq Scan on case\w+"
                r"|TEMP B-TREE FOR ORDER BY|SEARCH \w+ USING PRIMARY KEY|Sort Key",
                line,
            ):
                found[word] = None
    return ", ".join(found)


def _several(database: Database, ask: Asked, each: int) -> Callable[[], Awaitable[float]]:
    """Milliseconds of one, on the average of ``each``. Something must be found."""

    async def measure() -> float:
        async with database.unit_of_work(reading=True) as uow:
            began = time.perf_counter()
            for _ in range(each):
                assert await ask(uow)
            return (time.perf_counter() - began) * 1000 / each

    return measure
