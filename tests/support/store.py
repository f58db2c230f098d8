"""Real databases for tests, upgraded by the real migrations."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
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
    if url.startswith("sqlite"):
        _put_file(url, await _upgraded_once())
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


async def put_upgraded(folder: Path) -> str:
    """The URL of a SQLite file in ``folder`` that is upgraded and without a row; as private as the service makes it."""
    url = sqlite_url(folder)
    _put_file(url, await _upgraded_once())
    _file_of(url).chmod(0o600)
    return url


def _put_file(url: str, content: bytes) -> None:
    file = _file_of(url)
    if not file.exists():
        file.write_bytes(content)


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
