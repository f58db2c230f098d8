"""The audit log, as use cases write it. Chaining and verifying it: ``tawasul.store.audit_chain``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audit import AuditEntry
from tawasul.store.repositories.base import Repository
from tawasul.store.tables.audit import AuditRow


class Audit(Repository):
    """Entries in the transaction of what they tell of: an act that is undone was never noted."""

    def __init__(self, session: AsyncSession, clock: Callable[[], datetime]) -> None:
        super().__init__(session)
        self._clock = clock

    async def note(self, *entries: AuditEntry) -> None:
        """One or several, with the time now."""
        if not entries:
            return
        now = self._clock()
        await self._session.execute(
            insert(AuditRow),
            [
                {
                    "at": now,
                    "actor_kind": entry.actor.kind.value,
                    "actor_id": entry.actor.id,
                    "action": entry.action.value,
                    "subject_kind": entry.subject_kind.value,
                    "subject_id": entry.subject_id,
                    "facts": json.dumps(entry.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
                }
                for entry in entries
            ],
        )
