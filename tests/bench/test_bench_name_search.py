"""What it costs to find a citizen by name among all of a region, beside finding one by national ID."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from support.bench import Row, interleaved
from support.bench_names import Region, a_region
from support.factories import BADR
from support.store import open_database, put_places, sqlite_url

from scheduler.search import MOST_FOUND
from tawasul.store.unit_of_work import Database, UnitOfWork

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

PEOPLE = 200_000
ROUNDS = 5
EACH = 3
TYPED = {"a frequent word": "محمد", "three frequent words": "محمد عبد الله احمد", "two beginnings": "محم عبد"}

WORK = (
    f"{PEOPLE} citizens of three first names, the frequent ones as often as they are, and one of a thousand families; "
    "an eighth of them are known to the desk that asks. What a clerk types is folded, hashed and looked up among the "
    f"tokens of all; the ids of the best {MOST_FOUND + 1} of that desk's come back. Beside it, in the same database, "
    "the lookup of one citizen by the hash of the national ID: one row by a unique index, whose three seals are opened."
)
READING = (
    f"Each sample is the mean of {EACH}, one after the other; PostgreSQL on this machine. A hash that is looked up is "
    "the bound: the more people share a word, the more rows have to be counted, however few are shown."
)

Record = Callable[[list[Row]], None]
Say = Callable[[str], None]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
async def database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """With the places of the tests."""
    url = sqlite_url(tmp_path) if kind == "SQLite" else request.getfixturevalue("postgres_url")
    async with open_database(url) as database:
        async with database.unit_of_work() as uow:
            await put_places(uow)
            await uow.commit()
        yield database


async def test_search_by_name(kind: str, database: Database, record: Record, say: Say) -> None:
    began = time.perf_counter()
    region = await a_region(database, PEOPLE)
    say(f"\nsearch by name, {kind}: {PEOPLE} citizens stand after {time.perf_counter() - began:.0f} s")
    typed = TYPED | {"a family's name": region.family, "a word and a family's name": f"محمد {region.family}"}
    rows = []
    for part, words in typed.items():
        say(f"  {part}, {ROUNDS} rounds")
        found, looked_up = await interleaved(
            ROUNDS, _several(database, _by_name(words)), _several(database, _by_number(region)), say=say
        )
        rows.append(
            Row("Search by name", WORK, "ms", tuple(found), tuple(looked_up), "the lookup by national ID",
                f"{part}, {kind}", "lower", READING)
        )  # fmt: skip
    record(rows)


Asked = Callable[[UnitOfWork], Awaitable[object]]


def _by_name(words: str) -> Asked:
    return lambda uow: uow.citizens.names.find(words, BADR.id, MOST_FOUND + 1)


def _by_number(region: Region) -> Asked:
    return lambda uow: uow.citizens.by_national_id(region.somebody)


def _several(database: Database, ask: Asked) -> Callable[[], Awaitable[float]]:
    """Milliseconds of one, on the average of ``EACH``. Somebody must be found."""

    async def measure() -> float:
        async with database.unit_of_work(reading=True) as uow:
            began = time.perf_counter()
            for _ in range(EACH):
                assert await ask(uow)
            return (time.perf_counter() - began) * 1000 / EACH

    return measure
