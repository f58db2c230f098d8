"""The one place where rows are deleted by name: what a rehearsal made."""

from __future__ import annotations

from sqlalchemy import delete

from tawasul.domain.sitting import SittingId
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import AudienceRow, CitizenRow, KioskRow, SignInRow, SittingRow, StaffRow


class Rehearsals(Repository):
    """See ``tawasul.store.rehearsal``: everything of one rehearsal bears the same identifier."""

    async def remove(self, id: SittingId) -> None:
        """All of it, in the order of what refers to what."""
        for table in (AudienceRow, SignInRow, StaffRow, CitizenRow, KioskRow, SittingRow):
            await self._change(delete(table).where(table.id == id))
