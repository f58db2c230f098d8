"""Engines for the two databases: SQLite embedded, PostgreSQL when outgrown.

SQLite (sqlite.org/wal.html, /lang_transaction.html): WAL, so that readers and the writer do not wait for one another;
synchronous FULL, so that what was committed survives a power cut too (NORMAL may lose the last of it); a transaction
that will write begins IMMEDIATE, because one that began by reading cannot wait for its turn to write: it fails at once.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from tawasul.store.errors import DatabaseUrlInvalid

READING = "tawasul_reading"
"""Execution option of an engine or connection that will only read."""

_BUSY_SECONDS = 10
_POOL_SIZE = 8


def create_engine(url: str) -> AsyncEngine:
    """An engine for ``sqlite+aiosqlite:///path`` or ``postgresql+psycopg://…``. Errors never show the values.

    Raises:
        DatabaseUrlInvalid: another kind of database, or no URL at all.
    """
    match _driver(url):
        case "sqlite+aiosqlite":
            return _sqlite(url)
        case "postgresql+psycopg":
            # Pre-ping: the database may have been restarted since the connection was last used.
            return create_async_engine(
                url, pool_size=_POOL_SIZE, max_overflow=_POOL_SIZE, pool_pre_ping=True, hide_parameters=True
            )
        case _:
            raise DatabaseUrlInvalid(
                "TAWASUL_DATABASE_URL: it begins with sqlite+aiosqlite:/// or postgresql+psycopg://, and nothing else"
            )


def _driver(url: str) -> str | None:
    try:
        return make_url(url).drivername
    except (ArgumentError, ValueError):
        return None


def is_sqlite(engine: AsyncEngine) -> bool:
    """Whether one writer at a time is all there can be."""
    return engine.dialect.name == "sqlite"


def _sqlite(url: str) -> AsyncEngine:
    # isolation_level None: the driver starts no transaction of its own; ours begin by the event below.
    engine = create_async_engine(
        url,
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS},
        pool_size=_POOL_SIZE,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "do_connect", _make_it_its_owners)
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make_it_its_owners(dialect: Dialect, entry: ConnectionPoolEntry, place: Sequence[Any], options: Any) -> None:
    """A new file is for its owner alone, whatever the umask; SQLite gives the files beside it the same mode."""
    if place[0].startswith((":", "file:")):
        return  # in memory, or an URI: no name of a file
    with contextlib.suppress(OSError):
        # There already, or cannot be made: the driver says so better.
        os.close(os.open(place[0], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _configure(connection: Any, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
