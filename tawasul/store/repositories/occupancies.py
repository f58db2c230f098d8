"""The slots that are taken. The database refuses the second taker: nobody looks first and inserts after."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.places import KioskId
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import AtKiosk
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import OccupancyRow


class Occupancies(Repository):
    """Resources at times. An audience takes its own when it is added and frees them when it is given up."""

    async def of_office(self, sitting_id: SittingId) -> frozenset[datetime]:
        """The slots of the sitting in which the office receives somebody."""
        return await self._taken(office_of(sitting_id))

    async def of_kiosk(self, kiosk_id: KioskId, start: datetime, end: datetime) -> frozenset[datetime]:
        """The times in ``[start, end)`` for which the kiosk is taken."""
        return await self._taken(kiosk_of(kiosk_id), OccupancyRow.starts_at >= start, OccupancyRow.starts_at < end)

    async def take(self, audience: Audience) -> None:
        """What the audience needs at its slot: the office, and the kiosk if it is at one.

        Raises:
            SlotTaken: somebody has one of them.
        """
        resources = [office_of(audience.sitting_id)]
        if isinstance(audience.venue, AtKiosk):
            resources.append(kiosk_of(audience.venue.kiosk_id))
        # In one order for all takers, so that two of them can never wait for each other.
        for resource in sorted(resources):
            await self._insert(
                OccupancyRow(resource=resource, starts_at=audience.slot_starts_at, audience_id=audience.id)
            )

    async def free(self, audience_id: AudienceId) -> None:
        """All that the audience had."""
        await self._change(delete(OccupancyRow).where(OccupancyRow.audience_id == audience_id))

    async def _taken(self, resource: str, *when: ColumnElement[bool]) -> frozenset[datetime]:
        statement = select(OccupancyRow.starts_at).where(OccupancyRow.resource == resource, *when)
        return frozenset(await self._session.scalars(statement))


def office_of(sitting_id: SittingId) -> str:
    """The resource that every audience of a sitting needs."""
    return f"office:{sitting_id}"


def kiosk_of(kiosk_id: KioskId) -> str:
    """The resource that an audience at a kiosk needs besides."""
    return f"kiosk:{kiosk_id}"
