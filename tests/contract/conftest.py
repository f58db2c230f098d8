"""Contract tests run on both databases: the same suite, SQLite and PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.store import open_database, sqlite_url, with_a_sitting

from tawasul.domain.sitting import Sitting
from tawasul.store.unit_of_work import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, not yet upgraded."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Upgraded, without a row."""
    async with open_database(database_url) as database:
        yield database


@pytest.fixture
async def sitting(database: Database) -> Sitting:
    """The sitting that is open at ``NOW``, with the places around it."""
    return await with_a_sitting(database)
