"""Holds: each takes its slot as an audience does, and is in nobody's way once it is over.

Whoever changes a hold touches its row first and its occupancies after, in their order.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import HoldExpired, NotFound, SlotTaken
from tawasul.domain.hold import Hold, HoldId
from tawasul.domain.people import StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import SittingId
from tawasul.domain.slot import Slot
from tawasul.store.repositories.base import Repository
from tawasul.store.repositories.occupancies import Occupancies
from tawasul.store.repositories.venues import venue_from_columns, venue_to_columns
from tawasul.store.tables import HoldRow


class Holds(Repository):
    """The holds."""

    def __init__(self, session: AsyncSession, occupancies: Occupancies) -> None:
        super().__init__(session)
        self._occupancies = occupancies

    async def take(self, hold: Hold, now: datetime) -> None:
        """A new hold, which takes its slot.

        Raises:
            SlotTaken: the office or the kiosk is taken or held. Nothing more can be done in this transaction: leave it.
        """
        if not await self._occupancies.take_for_hold(slot_of(hold).occupies(), hold.id, hold.expires_at, now):
            raise SlotTaken
        venue, kiosk_id = venue_to_columns(hold.venue)
        await self._add(
            HoldRow,
            id=hold.id,
            sitting_id=hold.sitting_id,
            slot_starts_at=hold.slot_starts_at,
            slot_ends_at=hold.slot_ends_at,
            venue=venue,
            kiosk_id=kiosk_id,
            governorate_id=hold.governorate_id,
            made_at=hold.made_at,
            expires_at=hold.expires_at,
            held_by=hold.held_by,
        )

    async def get(self, id: HoldId) -> Hold:
        """As it stands, over or not. Raises: NotFound."""
        row = await self._row(HoldRow, HoldRow.id == id)
        if row is None:
            raise NotFound("hold")
        return _hold(row)

    async def of_staff(self, staff_id: StaffId) -> list[Hold]:
        """Those of a member of staff, over or not, in the order in which they were made."""
        rows = await self._rows(
            select(HoldRow).where(HoldRow.held_by == staff_id).order_by(HoldRow.made_at, HoldRow.id)
        )
        return [_hold(row) for row in rows]

    async def next_end(self) -> datetime | None:
        """When the next of all holds is over, or was; ``None``: there is none."""
        return await self._session.scalar(select(func.min(HoldRow.expires_at)))

    async def prolong(self, id: HoldId, until: datetime, now: datetime) -> Hold:
        """Lasts until then. Raises: HoldExpired: it is over, or not there any more."""
        changed = await self._change(
            update(HoldRow).where(HoldRow.id == id, HoldRow.expires_at > now).values(expires_at=until)
        )
        if not changed:
            raise HoldExpired
        hold = await self.get(id)
        if not await self._occupancies.prolong(slot_of(hold).occupies(), id, until):
            raise HoldExpired
        return hold

    async def release(self, id: HoldId) -> None:
        """The slot is free again; one that is not there is none."""
        await self._change(delete(HoldRow).where(HoldRow.id == id))
        await self._occupancies.free_hold(id)

    async def remove_over(self, now: datetime) -> int:
        """How many of them were over. Nobody has to wait for this: what is over is in nobody's way."""
        over = (
            select(HoldRow.id).where(HoldRow.expires_at <= now).order_by(HoldRow.id).with_for_update(skip_locked=True)
        )
        removed = await self._change(delete(HoldRow).where(HoldRow.id.in_(over)))
        await self._occupancies.free_lapsed(now)
        return removed

    async def become(self, hold: Hold, audience_id: AudienceId, now: datetime) -> None:
        """Its slot is the audience's, and it is no more: for ``Audiences.add`` and ``move``.

        Raises:
            HoldExpired: it is over, or not there any more. Leave the transaction.
        """
        removed = await self._change(delete(HoldRow).where(HoldRow.id == hold.id, HoldRow.expires_at > now))
        if not removed or not await self._occupancies.hand_over(slot_of(hold).occupies(), hold.id, audience_id):
            raise HoldExpired


def slot_of(hold: Hold) -> Slot:
    """What it holds."""
    return Slot(hold.sitting_id, hold.slot_starts_at, hold.slot_ends_at, hold.venue)


def _hold(row: HoldRow) -> Hold:
    return Hold(
        id=HoldId(row.id),
        sitting_id=SittingId(row.sitting_id),
        slot_starts_at=row.slot_starts_at,
        slot_ends_at=row.slot_ends_at,
        venue=venue_from_columns(row.venue, row.kiosk_id),
        governorate_id=GovernorateId(row.governorate_id),
        made_at=row.made_at,
        expires_at=row.expires_at,
        held_by=None if row.held_by is None else StaffId(row.held_by),
    )
