"""Years of a region's cases for the benches: as many rows as in the product, put in by the thousand.

A region has some 20,000 cases a year: more cases are more years, and what is open is mostly of the last months.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final, cast

import aiosqlite
import psycopg
from sqlalchemy import Table, event, text
from sqlalchemy.ext.asyncio import AsyncConnection
from support.factories import BADR, MADINAH, NOW, YANBU, a_citizen
from support.store import SEALER, put_places

from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.case_state import CaseState
from tawasul.domain.places import Coordinates, Governorate, GovernorateId, Name
from tawasul.store.engine import is_sqlite
from tawasul.store.tables import CaseRow, CaseTokenRow
from tawasul.store.tables.base import Base
from tawasul.store.unit_of_work import Database

A_YEAR: Final = 20_000
YEAR: Final = 1447
AGENCIES: Final = [Agency(AgencyId(f"agency-{number}"), Name("جهة", "Agency")) for number in range(10)]
SMALL: Final = Governorate(GovernorateId("small"), MADINAH.id, Name("محافظة", "Small"), Coordinates(24.0, 38.0))
"""Has a twentieth of all; Badr has three quarters, Yanbu the rest."""

COMMON: Final = ("طلب", "شكوى", "متابعة")
"""One of them begins each subject."""

THINGS: Final = (
    *("المياه", "الطريق", "الكهرباء", "المدرسة", "المستشفى", "الإنارة", "الأرض", "الصك", "السكن", "العلاج", "الوظيفة"),
    *("الحديقة", "المسجد", "السيول", "الصرف", "الجسر", "البلدية", "الحي", "القرية", "المركز", "النقل", "الضمان"),
)
"""Two of them follow; the most frequent first, each a sixth rarer than the one before it."""

PLACES: Final = 2_000
"""Names of villages and quarters, one in each subject, each as often as another."""

_OPEN_STATES: Final = {
    CaseState.RECEIVED: (20, "desk"), CaseState.PROPOSED: (10, "desk"), CaseState.REFERRED: (20, "agency"),
    CaseState.UNDER_WAY: (25, "agency"), CaseState.ASKED: (5, "desk"), CaseState.ANSWERED: (15, "citizen"),
    CaseState.CONTESTED: (5, "office"),
}  # fmt: skip
_STILL_OPEN: Final = ((10, 0.9), (40, 0.5), (120, 0.1), (100_000, 0.005))
"""Days since a case was opened, and the share of those that are no older that is open."""
_CITIZENS: Final = 500
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Made:
    """The columns of a row of cases, in the order of the table (but for those that are always the same)."""

    id: str
    hijri_year: int
    serial: int
    kind: str
    citizen_id: str
    governorate_id: str
    subject_sealed: bytes
    opened_at: datetime
    owner: str
    due_at: datetime | None
    state: str
    since: datetime
    agency_id: str | None
    agenda: str | None
    escalations: int
    contests: int
    answered_at: datetime | None
    answered_by: str | None
    answer_contested: bool
    closed_at: datetime | None
    closed_because: str | None
    directed: bool = False
    remaining: int = 0
    rated: bool = False
    language: str = "ar"
    version: int = 3


@dataclass(frozen=True, slots=True)
class Region:
    """``cases``, latest first, with the words of the subject of each."""

    cases: list[Made]
    words: list[tuple[str, ...]]

    @property
    def place(self) -> str:
        """The name of a place that the latest case has, and one in two thousand."""
        return self.words[0][-1]


def a_region(count: int) -> Region:
    """The same each time, however many are asked for: fewer are the latest of more."""
    chance = random.Random(11)
    weights = list(accumulate((5 / 6) ** rank for rank in range(len(THINGS))))
    region = Region([], [])
    for place in range(count):
        things = chance.choices(THINGS, cum_weights=weights, k=2)
        words = (chance.choice(COMMON), *things, f"قرية{chance.randrange(PLACES):04}")
        region.words.append(words)
        region.cases.append(_made(chance, place, " ".join(words)))
    return region


async def put_cases(database: Database, region: Region, count: int) -> None:
    """The latest ``count`` of them, with places, agencies and citizens, into an empty database."""
    async with database.unit_of_work() as uow:
        await put_places(uow)
        await uow.governorates.put(SMALL)
        for agency in AGENCIES:
            await uow.agencies.put(agency)
        for number in range(_CITIZENS):
            await uow.citizens.add(a_citizen(number))
        words = {word for subject in region.words[:count] for word in subject}
        token_of = {word: next(iter(uow.cases.words.tokens(word))) for word in words}
        await uow.commit()
    tokens = sorted(
        {
            (token_of[word], case.hijri_year, case.serial)
            for case, subject in zip(region.cases[:count], region.words, strict=False)
            for word in subject
        }
    )
    async with database.engine.begin() as connection:
        if not is_sqlite(database.engine):
            # A key to another table is not looked up a million times: the rows fit by their making.
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        # An index over all at once is made in a fraction of the time that it takes row by row.
        indexes = cast(Table, CaseRow.__table__).indexes
        for index in indexes:
            await connection.run_sync(index.drop)
        names = [field.name for field in fields(Made)]
        rows = ([getattr(case, name) for name in names] for case in reversed(region.cases[:count]))
        await _copy(connection, CaseRow, names, rows)
        for index in indexes:
            await connection.run_sync(index.create)
        await _copy(connection, CaseTokenRow, ["token", "hijri_year", "serial"], tokens)
    async with database.engine.connect() as connection:
        if not is_sqlite(database.engine):
            # As the server does by itself after so many rows.
            vacuuming = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await vacuuming.execute(text("VACUUM ANALYZE"))


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile."""
    said: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def plan_of(database: Database, statement: str, parameters: Any) -> list[str]:
    """The lines of the database's plan for a statement."""
    explain = "EXPLAIN QUERY PLAN" if is_sqlite(database.engine) else "EXPLAIN"
    async with database.engine.connect() as connection:
        rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return [str(row[-1]) for row in rows]


def _made(chance: random.Random, place: int, subject: str) -> Made:
    opened_at = NOW - timedelta(days=place * 365 / A_YEAR, seconds=1)
    age = (NOW - opened_at) / _DAY
    is_open = chance.random() < next(share for days, share in _STILL_OPEN if age <= days)
    state, owner = CaseState.CLOSED, "citizen"
    if is_open:
        [state] = chance.choices(list(_OPEN_STATES), [weight for weight, _ in _OPEN_STATES.values()])
        owner = _OPEN_STATES[state][1]
    answered = state in (CaseState.ANSWERED, CaseState.CONTESTED, CaseState.CLOSED)
    answered_at = min(opened_at + chance.uniform(1, 30) * _DAY, NOW) if answered else None
    closed_at = None if is_open or answered_at is None else min(answered_at + chance.uniform(0, 14) * _DAY, NOW)
    contested = state is CaseState.CONTESTED or (answered and chance.random() < 0.1)
    at_no_agency = state in (CaseState.RECEIVED, CaseState.PROPOSED) or chance.random() < 0.1
    id = f"{place:032x}"
    [governorate] = chance.choices((BADR, YANBU, SMALL), (75, 20, 5))
    kind = chance.choice(["audience", "petition", "complaint", "suggestion"])
    due_at = NOW + chance.uniform(-3, 14) * _DAY if is_open else None
    agency_id = None if at_no_agency else chance.choice(AGENCIES).id
    return Made(
        id=id,
        hijri_year=YEAR - place // A_YEAR,
        serial=A_YEAR - place % A_YEAR,
        kind=kind,
        citizen_id=f"citizen-{place % _CITIZENS}",
        governorate_id=governorate.id,
        subject_sealed=SEALER.seal(subject, column="cases.subject", row_id=id),
        opened_at=opened_at,
        owner=owner,
        due_at=due_at,
        state=state.value,
        since=closed_at or answered_at or opened_at,
        agency_id=agency_id,
        agenda="contested" if state is CaseState.CONTESTED else None,
        escalations=chance.choice([0, 0, 0, 1]) if is_open else 0,
        contests=int(contested),
        answered_at=answered_at,
        answered_by=agency_id if answered else None,
        answer_contested=contested,
        closed_at=closed_at,
        closed_because=None if is_open else "accepted",
    )


async def _copy(
    connection: AsyncConnection, row: type[Base], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """As fast as the driver takes them."""
    into = f"{row.__tablename__} ({', '.join(names)})"
    driver = (await connection.get_raw_connection()).driver_connection
    if isinstance(driver, psycopg.AsyncConnection):
        async with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for each in rows:
                await copy.write_row(each)
    else:
        assert isinstance(driver, aiosqlite.Connection)
        places = ", ".join("?" * len(names))
        await driver.executemany(
            f"INSERT INTO {into} VALUES ({places})", ([_for_sqlite(value) for value in each] for each in rows)
        )


def _for_sqlite(value: Any) -> Any:
    """As ``UtcDateTime`` leaves a moment there."""
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value
