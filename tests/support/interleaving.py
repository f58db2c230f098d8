"""Two transactions on PostgreSQL, brought to the point where one is between its look and its deed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import make_url

Connection = psycopg.AsyncConnection[tuple[int]]

_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
    "AND pid <> pg_backend_pid()"
)


@dataclass
class Gate:
    """Shut: whoever comes to it waits there, with all that they have read."""

    _shut: Connection
    _watch: Connection

    async def open(self) -> None:
        """They go on."""
        await self._shut.rollback()

    async def until_waiting(self, count: int, *others: asyncio.Task[object]) -> None:
        """Until so many wait, here or for one another; or one of ``others`` did not have to."""
        while not any(task.done() for task in others):
            found = await (await self._watch.execute(_WAITING)).fetchone()
            if found is not None and found[0] >= count:
                return


@asynccontextmanager
async def nobody_writes(url: str, table: str) -> AsyncIterator[Gate]:
    """A gate before the first row that a transaction writes into the table; everybody may read it."""
    async with _gate(url) as gate:
        await gate._shut.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(table)))
        yield gate


@asynccontextmanager
async def nobody_changes(url: str, table: str, id: str) -> AsyncIterator[Gate]:
    """A gate before one row."""
    async with _gate(url) as gate:
        await gate._shut.execute(
            sql.SQL("SELECT 1 FROM {} WHERE id = %s FOR UPDATE").format(sql.Identifier(table)), [id]
        )
        yield gate


@asynccontextmanager
async def _gate(url: str) -> AsyncIterator[Gate]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with (
        await psycopg.AsyncConnection.connect(address) as shut,
        await psycopg.AsyncConnection.connect(address, autocommit=True) as watch,
    ):
        yield Gate(shut, watch)
