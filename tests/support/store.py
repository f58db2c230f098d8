"""Real databases for tests, upgraded by the real migrations."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, LiteralString

from psycopg import AsyncConnection, sql
from sqlalchemy import URL, make_url
from support.factories import (
    BADR,
    BADR_1,
    BADR_2,
    BADR_CENTRE,
    EMIRATE,
    MADINAH,
    NOW,
    YANBU,
    YANBU_1,
    YANBU_CENTRE,
    a_sitting,
)

from tawasul.domain.sitting import Sitting
from tawasul.store import migrate
from tawasul.store.sealed import PersonalDataKey, Sealer
from tawasul.store.unit_of_work import Database, UnitOfWork

Connection = AsyncConnection[tuple[Any, ...]]

SEALER = Sealer(PersonalDataKey.from_secret(b"the secret of the tests: 32 byte"))


def sqlite_url(folder: Path) -> str:
    """A SQLite file in ``folder``."""
    return f"sqlite+aiosqlite:///{folder / 'tawasul.db'}"


class Clock:
    """A clock that a test turns."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def open_database(url: str, clock: Clock | None = None) -> AsyncIterator[Database]:
    """Upgraded; a new one without a row."""
    await put_upgraded(url)
    await migrate.upgrade(url)
    database = Database(url, SEALER, clock=clock or Clock())
    try:
        yield database
    finally:
        await database.close()


_upgraded: list[bytes] = []


async def _upgraded_once() -> bytes:
    """The file that the migrations make of nothing: made once a test run, for it is the same for all."""
    if not _upgraded:
        with tempfile.TemporaryDirectory() as folder:
            url = sqlite_url(Path(folder))
            await migrate.upgrade(url)
            _upgraded.append(_file_of(url).read_bytes())
    return _upgraded[0]


async def put_upgraded(url: str) -> None:
    """An empty database becomes a copy of one that the migrations have made; another stays as it is."""
    if url.startswith("sqlite"):
        _put_file(url, await _upgraded_once())
    else:
        await _copy_upgraded(make_url(url))


_COPIED: Final = "upgraded"
"""The PostgreSQL database that is copied; made once a server, which is once a test process."""


async def _copy_upgraded(url: URL) -> None:
    # A thousand statements otherwise, for each of hundreds of tests: PostgreSQL copies the files instead.
    address = url.set(drivername="postgresql")
    async with await _connected(address) as own:
        if await _first(own, "SELECT to_regclass('alembic_version')") is not None:
            return
    async with await _connected(address.set(database="postgres")) as server:
        if await _first(server, "SELECT 1 FROM pg_database WHERE datname = %s", _COPIED) is None:
            await _create(server, _COPIED, "template0")
            await migrate.upgrade(url.set(database=_COPIED).render_as_string(hide_password=False))
        await server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(url.database))))
        await _create(server, str(url.database), _COPIED)


async def _create(server: Connection, name: str, template: str) -> None:
    names = (sql.Identifier(each) for each in (name, template))
    await server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


async def _connected(address: URL) -> Connection:
    return await Connection.connect(address.render_as_string(hide_password=False), autocommit=True)


async def _first(connection: Connection, query: LiteralString, *values: str) -> object:
    row = await (await connection.execute(query, values)).fetchone()
    return None if row is None else row[0]


def _put_file(url: str, content: bytes) -> None:
    file = _file_of(url)
    if not file.exists():
        file.write_bytes(content)
        # As private as the service makes it.
        file.chmod(0o600)


def _file_of(url: str) -> Path:
    return Path(str(make_url(url).database))


async def put_places(uow: UnitOfWork) -> None:
    """Two governorates: Badr with two kiosks, Yanbu with one."""
    await uow.regions.put(MADINAH)
    await uow.regions.put_emirate(EMIRATE)
    for governorate, centre in ((BADR, BADR_CENTRE), (YANBU, YANBU_CENTRE)):
        await uow.governorates.put(governorate)
        await uow.centres.put(centre)
    for kiosk in (BADR_1, BADR_2, YANBU_1):
        await uow.kiosks.put(kiosk)


async def with_a_sitting(database: Database) -> Sitting:
    """The places, and a sitting that is open at ``NOW``."""
    sitting = a_sitting()
    async with database.unit_of_work() as uow:
        await put_places(uow)
        await uow.sittings.add(sitting)
        await uow.commit()
    return sitting
