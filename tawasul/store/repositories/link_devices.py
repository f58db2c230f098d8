"""The valid generation of each citizen's link, and the device it belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from tawasul.domain.audience import AudienceId
from tawasul.domain.sign_in import LinkDevice
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import LinkDeviceRow


class LinkDevices(Repository):
    """One row an audience that has a link."""

    async def of(self, audience_id: AudienceId) -> LinkDevice | None:
        """The link of an audience."""
        row = await self._row(LinkDeviceRow, LinkDeviceRow.audience_id == audience_id)
        return None if row is None else _link_device(row)

    async def knows(self, device_hash: bytes) -> bool:
        """Whether some link belongs to this device."""
        return await self._row(LinkDeviceRow, LinkDeviceRow.device_hash == device_hash) is not None

    async def put(self, link: LinkDevice) -> None:
        """A new link, or a new generation of one: the earlier one and its device are shut out."""
        await self._session.merge(
            LinkDeviceRow(
                audience_id=link.audience_id,
                generation=link.generation,
                expires_at=link.expires_at,
                device_hash=link.device_hash,
                bound_at=link.bound_at,
            )
        )
        await self._session.flush()

    async def bind(self, audience_id: AudienceId, generation: int, device_hash: bytes, now: datetime) -> bool:
        """Gives the link to the device, if nobody has it yet. Of two that come at once, one is told ``True``."""
        return bool(
            await self._change(
                update(LinkDeviceRow)
                .where(
                    LinkDeviceRow.audience_id == audience_id,
                    LinkDeviceRow.generation == generation,
                    LinkDeviceRow.device_hash.is_(None),
                )
                .values(device_hash=device_hash, bound_at=now)
            )
        )


def _link_device(row: LinkDeviceRow) -> LinkDevice:
    return LinkDevice(
        audience_id=AudienceId(row.audience_id),
        generation=row.generation,
        expires_at=row.expires_at,
        device_hash=row.device_hash,
        bound_at=row.bound_at,
    )
