"""A region of people whose names the benches look for: as many rows as in the product, put in by the thousand."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, cast

import aiosqlite
import psycopg
from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from support.factories import BADR, YANBU, a_citizen, a_sitting, an_audience, national_id

from tawasul.domain.people import NationalId
from tawasul.store.engine import is_sqlite
from tawasul.store.tables import AudienceRow, CitizenNameTokenRow, CitizenRow
from tawasul.store.tables.base import Base
from tawasul.store.unit_of_work import Database

FIRST_NAMES: Final = (
    *("محمد", "عبدالله", "أحمد", "سالم", "خالد", "فهد", "سعود", "ناصر", "علي", "عبدالرحمن", "إبراهيم", "صالح"),
    *("يوسف", "حمد", "سلطان", "تركي", "فاطمة", "مريم", "نورة", "عائشة", "سارة", "هند", "منيرة", "حصة"),
)
"""The most frequent first; each is a sixth rarer than the one before it."""

FAMILIES = 1000
_LETTERS = "بتجحدرزسشصعغفقكلمنهو"
_OF_A_GOVERNORATE = 8
"""Every eighth person has had an audience in Badr, the others in Yanbu."""


@dataclass(frozen=True, slots=True)
class Region:
    """``family``: the name of one of the families. ``somebody``: the number of one of the people."""

    family: str
    somebody: NationalId


async def a_region(database: Database, people: int) -> Region:
    """So many people of three first names and a family's, each with an audience that is over.

    Places stand in ``database`` already. What cannot be told apart by a search is the same for all: sealed columns and
    the audience's. Names get their tokens from the product: it registers one person for each word.
    """
    chance = random.Random(7)
    families = [f"ال{''.join(chance.choices(_LETTERS, k=5))}ي" for _ in range(FAMILIES)]
    tokens = await _tokens_of(database, [*FIRST_NAMES, *families])
    people_of: dict[bytes, list[int]] = {}
    for person, words in enumerate(_names(chance, families, people)):
        for token in {token for word in words for token in tokens[word]}:
            people_of.setdefault(token, []).append(person)
    await _put(database, people, people_of)
    return Region(families[0], NationalId.parse(national_id(0)))


def _names(chance: random.Random, families: Sequence[str], people: int) -> Iterator[tuple[str, ...]]:
    weights = list(accumulate((5 / 6) ** rank for rank in range(len(FIRST_NAMES))))
    for person in range(people):
        yield (*chance.choices(FIRST_NAMES, cum_weights=weights, k=3), families[person * 7919 % FAMILIES])


async def _tokens_of(database: Database, words: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
    """By the word. Leaves a citizen for each, who has no audience: nobody who is found by name."""
    async with database.unit_of_work() as uow:
        for number, word in enumerate(words):
            await uow.citizens.add(a_citizen(number, name=word))
        await uow.commit()
    tokens: dict[str, list[bytes]] = {word: [] for word in words}
    async with database.engine.connect() as connection:
        for token, citizen in await connection.execute(
            select(CitizenNameTokenRow.token, CitizenNameTokenRow.citizen_id)
        ):
            tokens[words[int(citizen.rpartition("-")[2])]].append(token)
    return tokens


async def _put(database: Database, people: int, people_of: Mapping[bytes, Sequence[int]]) -> None:
    citizen, sitting = a_citizen(FAMILIES * 2), a_sitting("over")
    audience = an_audience(citizen, sitting)
    async with database.unit_of_work() as uow:
        await uow.sittings.add(sitting)
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    async with database.engine.begin() as connection:
        sqlite = is_sqlite(database.engine)
        if not sqlite:
            # A key to another table is not looked up three million times: the rows fit by their making.
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        number = "randomblob(32)" if sqlite else "sha256(convert_to(i::text, 'UTF8'))"
        citizens = {"id": _ID, "national_id_hash": number, "mobile_hash": number}
        await connection.execute(text(_copies(CitizenRow, citizens)), {"one": citizen.id, "count": people})
        await connection.execute(text(_copies(AudienceRow, _AUDIENCES)), {"one": audience.id, "count": people})
        # An index over all at once is made in a fraction of the time that it takes row by row.
        indexes = cast(Table, CitizenNameTokenRow.__table__).indexes
        for index in indexes:
            await connection.run_sync(index.drop)
        await _copy(connection, ((token, f"p{person}") for token in sorted(people_of) for person in people_of[token]))
        for index in indexes:
            await connection.run_sync(index.create)
        await connection.execute(text("ANALYZE"))


_ID = "'p' || i"
_GOVERNORATE = f"CASE WHEN i % {_OF_A_GOVERNORATE} = 0 THEN '{BADR.id}' ELSE '{YANBU.id}' END"
_AUDIENCES = {
    "id": _ID,
    "reference": _ID,
    "citizen_id": _ID,
    "governorate_id": _GOVERNORATE,
    "booked_governorate_id": _GOVERNORATE,
    "state": "'concluded'",
}


def _copies(row: type[Base], different: Mapping[str, str]) -> str:
    """SQL: ``:count`` copies of the row ``:one``, but for what is said of ``i``."""
    table = row.__table__
    names = [column.name for column in table.columns]
    return (
        "WITH RECURSIVE numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < :count) "
        f"INSERT INTO {table.name} ({', '.join(names)}) "
        f"SELECT {', '.join(different.get(name, name) for name in names)} FROM {table.name}, numbers WHERE id = :one"
    )


async def _copy(connection: AsyncConnection, rows: Iterable[tuple[bytes, str]]) -> None:
    """Tokens, in their order, as fast as the driver takes them."""
    driver = (await connection.get_raw_connection()).driver_connection
    if isinstance(driver, psycopg.AsyncConnection):
        async with driver.cursor() as cursor, cursor.copy(f"COPY {_TOKENS} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["bytea", "varchar"])
            for row in rows:
                await copy.write_row(row)
    else:
        assert isinstance(driver, aiosqlite.Connection)
        await driver.executemany(f"INSERT INTO {_TOKENS} VALUES (?, ?)", rows)


_TOKENS = "citizen_name_tokens (token, citizen_id)"
