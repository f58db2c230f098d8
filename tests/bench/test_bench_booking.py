"""What booking costs beside the bare constrained INSERT, and what it costs to ask what is free."""

from __future__ import annotations

import datetime
import functools
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from support.bench import Row, interleaved
from support.bench_store import Desk, rate
from support.factories import BADR, BADR_CENTRE, NOW, a_sitting
from support.store import open_database, put_places, sqlite_url

from scheduler.availability import Availability
from scheduler.place import InCentre
from tawasul.domain.hours import USUAL_HOURS, USUAL_PAUSES
from tawasul.domain.places import CentreId, Emirate, Kiosk, KioskId, Name
from tawasul.domain.riyadh import moment_of
from tawasul.domain.slot import Slot
from tawasul.domain.venue import AtKiosk
from tawasul.store.unit_of_work import Database

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

ROUNDS = 7
BOOKINGS = 120
TAKERS = 240
MIDNIGHT = datetime.time.min
FIRST_DAY = date(2026, 2, 4)
NOTHING_ELSE = "the bare INSERT"

Record = Callable[[list[Row]], None]
Say = Callable[[str], None]

BOOKING_WORK = (
    f"Uncontended: {BOOKINGS} citizens are booked, each for a free slot at a kiosk, a unit of work each: the slot (one "
    "row of the office's time, two of the kiosk's), the audience with its sealed subject, its event in the outbox, one "
    f"commit. Contended: {TAKERS} want one slot that somebody has, and are refused. Beside it, in the same database "
    "with the same tables, the bare INSERT: the same three rows of a slot and nothing else, a transaction each. "
    "SQLite: one at a time, synchronous FULL, as in the product; PostgreSQL: eight at a time, without fsync."
)
READING = (
    "A booking writes five rows of three tables and seals what is personal; the bare INSERT writes three rows of one. "
    "One is the bound that no ratio can pass; a half is what was aimed at."
)
FREE_WORK = (
    "What is free in a whole region, read and worked out anew: all sittings (two hours on every day, a half of the "
    "slots taken), holidays, hours and prayer pauses of every centre (two kiosks each), then each centre's days. "
    "Beside it the one query that grows with the days: all that is taken of anything."
)


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


async def test_bookings_a_second(kind: str, database: Database, record: Record, say: Say) -> None:
    desk = Desk(database)
    await desk.prepare(max(BOOKINGS, TAKERS))
    say(f"\nbookings a second, {kind}, {ROUNDS} rounds")

    async def ours() -> float:
        audiences = await desk.audiences(BOOKINGS)
        return await rate([functools.partial(desk.book, each) for each in audiences], desk.workers, True)

    async def bare() -> float:
        return await rate([functools.partial(desk.insert, each) for each in desk.bare(BOOKINGS)], desk.workers, True)

    booked, inserted = await interleaved(ROUNDS, ours, bare, say=say)
    refused, rejected = await _contended(desk, say)
    unit = "a second"
    record(
        [
            Row("Booking", BOOKING_WORK, f"bookings {unit}", tuple(booked), tuple(inserted), NOTHING_ELSE,
                f"uncontended, {kind}", "higher", READING),
            Row("Booking", BOOKING_WORK, f"refused {unit}", tuple(refused), tuple(rejected), NOTHING_ELSE,
                f"contended, {kind}", "higher"),
        ]
    )  # fmt: skip


async def _contended(desk: Desk, say: Say) -> tuple[list[float], list[float]]:
    audiences = await desk.audiences(TAKERS)
    first, others = audiences[0], audiences[1:]
    assert await desk.book(first)
    for other in others:
        other.sitting_id, other.slot_starts_at, other.slot_ends_at = (
            first.sitting_id, first.slot_starts_at, first.slot_ends_at,
        )  # fmt: skip
    [taken] = desk.bare(1)
    assert await desk.insert(taken)

    async def ours() -> float:
        return await rate([functools.partial(desk.book, other) for other in others], desk.workers, False)

    async def bare() -> float:
        return await rate([functools.partial(desk.insert, taken) for _ in others], desk.workers, False)

    return await interleaved(ROUNDS, ours, bare, say=say)


@pytest.mark.parametrize("centres", [5, 20, 80])
async def test_what_is_free(kind: str, centres: int, database: Database, record: Record, say: Say) -> None:
    ids = await _region(database, centres)
    availability = Availability(database.unit_of_work, lambda: NOW)
    rows = []
    for days in (7, 30):
        say(f"\nwhat is free, {kind}, {centres} centres, {days} days")
        last_day = FIRST_DAY + timedelta(days=days - 1)
        asked, queried = await interleaved(
            ROUNDS,
            functools.partial(_ask, database, availability, ids, last_day),
            functools.partial(_query, database, last_day),
            say=say,
        )
        part = f"{centres} centres, {days} days, {kind}"
        rows.append(Row("What is free", FREE_WORK, "ms", tuple(asked), tuple(queried), "its one query", part))
    record(rows)


async def _ask(database: Database, availability: Availability, ids: list[CentreId], last_day: date) -> float:
    began, days = time.perf_counter(), (last_day - FIRST_DAY).days + 1
    async with database.unit_of_work(reading=True) as uow:
        found = await availability.situation(uow, FIRST_DAY, last_day, NOW)
    assert sum(len(day.slots) for id in ids for day in found.offers(InCentre(id), BADR.id, FIRST_DAY, days))
    return (time.perf_counter() - began) * 1000


async def _query(database: Database, last_day: date) -> float:
    ends = (moment_of(FIRST_DAY, MIDNIGHT), moment_of(last_day + timedelta(days=1), MIDNIGHT))
    began = time.perf_counter()
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.occupancies.taken_between(*ends, NOW)
    return (time.perf_counter() - began) * 1000


async def _region(database: Database, centres: int) -> list[CentreId]:
    """So many centres with hours and pauses, and thirty-one days that are half booked."""
    desk = Desk(database)
    await desk.prepare(1)
    ids = [CentreId(f"centre-{number}") for number in range(centres)]
    async with database.unit_of_work() as uow:
        await uow.regions.put_emirate(Emirate(BADR.region_id, BADR.name, BADR.coordinates, USUAL_HOURS, USUAL_PAUSES))
        for id in ids:
            await uow.centres.put(replace(BADR_CENTRE, id=id, hours=USUAL_HOURS, pauses=USUAL_PAUSES))
            for number in range(2):
                await uow.kiosks.put(Kiosk(KioskId(f"{id}-{number}"), id, Name("كشك", "Kiosk")))
        sittings = [
            replace(
                a_sitting(f"free-{day}", opens_at=NOW.replace(hour=7, minute=0) + timedelta(days=day)),
                closes_at=NOW.replace(hour=9, minute=0) + timedelta(days=day),
            )
            for day in range(1, 32)
        ]
        for sitting in sittings:
            await uow.sittings.add(sitting)
        await uow.commit()
    for number, sitting in enumerate(sittings):
        for taken in list(sitting.slots())[::2]:
            kiosk = AtKiosk(KioskId(f"{ids[number % centres]}-0"))
            await desk.insert(Slot(sitting.id, taken, taken + sitting.slot_length, kiosk).occupies())
    return ids
