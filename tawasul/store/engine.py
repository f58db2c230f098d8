"""Engines for the two databases: SQLite embedded, PostgreSQL when outgrown.

SQLite (sqlite.org/wal.html, /lang_transaction.html): WAL, so that readers and the writer do not wait for one another;
synchronous FULL, so that what was committed survives a power cut too (NORMAL may lose the last of it); a transaction
that will write begins IMMEDIATE, because one that began by reading cannot wait for its turn to write: it fails at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, ExceptionContext, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from tawasul.store.errors import DatabaseBusy, DatabaseUrlInvalid

READING = "tawasul_reading"
"""Execution option of an engine or connection that will only read."""

_BUSY_SECONDS = 10
_POOL_SIZE = 8
_DEADLOCK_DETECTED = "40P01"
"""postgresql.org/docs/current/errcodes-appendix.html. By its code: the driver is not there where SQLite is enough."""


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
            engine = create_async_engine(
                url, pool_size=_POOL_SIZE, max_overflow=_POOL_SIZE, pool_pre_ping=True, hide_parameters=True
            )
            event.listen(engine.sync_engine, "handle_error", _say_that_it_is_busy)
            return engine
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
    event.listen(engine.sync_engine, "handle_error", _say_that_it_is_busy)
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


def _say_that_it_is_busy(context: ExceptionContext) -> None:
    """Raises: DatabaseBusy: two transactions waited for each other and this one was given up (PostgreSQL), or another
    process kept the file to itself (SQLite): nothing was done, and it may be asked for again.
    """
    error = context.original_exception
    if getattr(error, "sqlstate", None) == _DEADLOCK_DETECTED:
        raise DatabaseBusy("two transactions waited for each other")
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
        raise DatabaseBusy(f"another process kept the file for more than {_BUSY_SECONDS} s")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
