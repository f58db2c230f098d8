"""What all repositories share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, Delete, Insert, Select, Update, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.store.constraints import meaningful_refusals
from tawasul.store.tables import Base

RowT = TypeVar("RowT", bound=Base)


class Repository:
    """Statements are sent at once and rows never stay in the session: what is read is what the database holds now."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def _rows(self, statement: Select[RowT]) -> Sequence[RowT]:
        result = await self._session.scalars(statement.execution_options(populate_existing=True))
        return result.all()

    async def _row(self, table: type[RowT], *conditions: ColumnElement[bool]) -> RowT | None:
        rows = await self._rows(select(table).where(*conditions).limit(1))
        return rows[0] if rows else None

    async def _insert(self, *rows: Base) -> None:
        """Raises: what ``tawasul.store.constraints`` says of the constraint that refused."""
        with meaningful_refusals():
            self._session.add_all(rows)
            await self._session.flush()

    async def _add(self, table: type[Base], **columns: Any) -> None:
        """A new row, by the leanest way: for what many do at once. Raises as ``_insert``."""
        connection = await self._session.connection()
        with meaningful_refusals():
            # In a list: for one row alone SQLAlchemy would ask the database for its key, which we gave or do not need.
            await connection.execute(_insert_into(table), [columns])

    async def _put(self, row: Base) -> None:
        """Adds it, or brings what is there up to date."""
        with meaningful_refusals():
            await self._session.merge(row)
            await self._session.flush()

    async def _change(self, statement: Update | Delete | Insert) -> int:
        """How many rows it changed."""
        with meaningful_refusals():
            result = await self._session.execute(statement, execution_options={"synchronize_session": False})
            return cast(CursorResult[Any], result).rowcount


@cache
def _insert_into(table: type[Base]) -> Insert:
    return insert(table.__table__)  # type: ignore[arg-type]
