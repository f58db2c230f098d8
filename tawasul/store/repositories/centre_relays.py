"""By which transport the kiosks of a centre were last seen to reach their relay."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import select

from tawasul.domain.places import CentreId
from tawasul.protocol.relay_url import Transport
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import CentreRelayRow


class CentreRelays(Repository):
    """One row a centre, of centres only: of a citizen's network nothing is kept."""

    async def since(self, earliest: datetime) -> dict[CentreId, Transport]:
        """What was seen at ``earliest`` or later; what is older is as good as forgotten."""
        rows = await self._rows(select(CentreRelayRow).where(CentreRelayRow.since >= earliest))
        return {CentreId(row.centre_id): cast(Transport, row.transport) for row in rows}

    async def put(self, id: CentreId, transport: Transport, since: datetime) -> None:
        """In the place of what was there."""
        await self._put(CentreRelayRow(centre_id=id, transport=transport, since=since))
