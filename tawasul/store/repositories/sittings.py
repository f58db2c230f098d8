"""Sittings."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.errors import Conflict, NotFound
from tawasul.domain.sitting import Purpose, Receiver, Sitting, SittingId
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import AudienceRow, HoldRow, SittingRow


class Sittings(Repository):
    """The sittings."""

    def __init__(self, session: AsyncSession, clock: Callable[[], datetime]) -> None:
        super().__init__(session)
        self._clock = clock

    async def get(self, id: SittingId) -> Sitting:
        """Raises: NotFound."""
        row = await self._row(SittingRow, SittingRow.id == id)
        if row is None:
            raise NotFound("sitting")
        return _sitting(row)

    async def many(self, ids: Collection[SittingId]) -> dict[SittingId, Sitting]:
        """Those of ``ids`` that there are."""
        rows = await self._rows(select(SittingRow).where(SittingRow.id.in_(ids))) if ids else []
        return {SittingId(row.id): _sitting(row) for row in rows}

    async def between(self, start: datetime, end: datetime, purpose: Purpose = Purpose.MAJLIS) -> list[Sitting]:
        """Those with a part of their time in ``[start, end)``, in order."""
        rows = await self._rows(
            select(SittingRow)
            .where(SittingRow.opens_at < end, SittingRow.closes_at > start, SittingRow.purpose == purpose.value)
            .order_by(SittingRow.opens_at, SittingRow.id)
        )
        return [_sitting(row) for row in rows]

    async def add(self, sitting: Sitting) -> None:
        """A new sitting."""
        await self._insert(SittingRow(id=sitting.id, **_columns(sitting)))

    async def hold(self, id: SittingId) -> None:
        """Until the transaction ends nobody else holds this sitting; it waits for whoever does. First of all locks."""
        # On SQLite, which has one writer at a time, there is nothing to wait for. NO KEY: bookings go on meanwhile.
        await self._session.execute(select(SittingRow.id).where(SittingRow.id == id).with_for_update(key_share=True))

    async def update(self, sitting: Sitting) -> None:
        """Other times, another receiver or quota. Raises: NotFound."""
        if not await self._change(update(SittingRow).where(SittingRow.id == sitting.id).values(**_columns(sitting))):
            raise NotFound("sitting")

    async def remove(self, id: SittingId) -> None:
        """Takes it away, with the holds of it that are over.

        Raises:
            NotFound: no such sitting.
            Conflict: it has audiences, whatever became of them, or somebody holds a slot of it.
        """
        # Locked, so that nobody takes a slot of it meanwhile (a new row that refers to it waits for this one).
        if await self._session.scalar(select(SittingRow.id).where(SittingRow.id == id).with_for_update()) is None:
            raise NotFound("sitting")
        await self._change(delete(HoldRow).where(HoldRow.sitting_id == id, HoldRow.expires_at <= self._clock()))
        for table in (AudienceRow, HoldRow):
            if await self._session.scalar(select(exists().where(table.sitting_id == id))):
                raise Conflict("the sitting has audiences or holds")
        await self._change(delete(SittingRow).where(SittingRow.id == id))


def _columns(sitting: Sitting) -> dict[str, Any]:
    return {
        "opens_at": sitting.opens_at,
        "closes_at": sitting.closes_at,
        "slot_seconds": int(sitting.slot_length.total_seconds()),
        "purpose": sitting.purpose.value,
        "receiver": sitting.receiver.value,
        "buffer_seconds": int(sitting.buffer.total_seconds()),
        "quota": sitting.quota,
    }


def _sitting(row: SittingRow) -> Sitting:
    return Sitting(
        id=SittingId(row.id),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        slot_length=timedelta(seconds=row.slot_seconds),
        purpose=Purpose(row.purpose),
        receiver=Receiver(row.receiver),
        buffer=timedelta(seconds=row.buffer_seconds),
        quota=row.quota,
    )
