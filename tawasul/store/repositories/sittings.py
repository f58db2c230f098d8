"""Sittings."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from tawasul.domain.errors import NotFound
from tawasul.domain.sitting import Purpose, Sitting, SittingId
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import SittingRow


class Sittings(Repository):
    """The sittings."""

    async def get(self, id: SittingId) -> Sitting:
        """Raises: NotFound."""
        row = await self._row(SittingRow, SittingRow.id == id)
        if row is None:
            raise NotFound("sitting")
        return _sitting(row)

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
        await self._insert(
            SittingRow(
                id=sitting.id,
                opens_at=sitting.opens_at,
                closes_at=sitting.closes_at,
                slot_seconds=int(sitting.slot_length.total_seconds()),
                purpose=sitting.purpose.value,
            )
        )


def _sitting(row: SittingRow) -> Sitting:
    return Sitting(
        id=SittingId(row.id),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        slot_length=timedelta(seconds=row.slot_seconds),
        purpose=Purpose(row.purpose),
    )
