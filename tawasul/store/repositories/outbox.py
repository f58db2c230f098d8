"""The outbox: events between the transaction that made them happen and the bus."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from tawasul.domain.events import EVENTS, Event, subject_of
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import OutboxRow


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that is still to be published. ``id`` grows with every event; ``attempts`` were made already.

    ``subject_id``: whose order it keeps.
    """

    id: int
    kind: str
    subject_id: str
    body: str
    attempts: int
    next_attempt_at: datetime

    @property
    def event(self) -> Event:
        """The event itself.

        Raises:
            KeyError, TypeError: written by another version of the service, which knew another event.
        """
        return EVENTS[self.kind](**json.loads(self.body))


class Outbox(Repository):
    """Events in the order in which they were written."""

    async def append(self, events: Iterable[Event], now: datetime) -> None:
        """In the transaction of what they tell of."""
        for event in events:
            # One by one: the order of the ids is the order of the events.
            await self._add(
                OutboxRow,
                kind=type(event).__name__,
                subject_id=subject_of(event),
                body=json.dumps(dataclasses.asdict(event)),
                happened_at=now,
                attempts=0,
                next_attempt_at=now,
            )

    async def pending(self, limit: int) -> list[Pending]:
        """The first that are neither published nor parked, in order, due or not."""
        rows = await self._rows(
            select(OutboxRow)
            .where(OutboxRow.published_at.is_(None), OutboxRow.parked_at.is_(None))
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        return [_pending(row) for row in rows]

    async def mark_published(self, ids: Collection[int], now: datetime) -> None:
        """The bus has taken them."""
        await self._change(update(OutboxRow).where(OutboxRow.id.in_(ids)).values(published_at=now))

    async def postpone(self, id: int, until: datetime) -> None:
        """An attempt failed; there will be another."""
        await self._change(
            update(OutboxRow).where(OutboxRow.id == id).values(attempts=OutboxRow.attempts + 1, next_attempt_at=until)
        )

    async def park(self, id: int, now: datetime) -> None:
        """The last attempt failed; the event stays, and holds nobody up."""
        await self._change(
            update(OutboxRow).where(OutboxRow.id == id).values(attempts=OutboxRow.attempts + 1, parked_at=now)
        )

    async def take_up_parked(self, now: datetime) -> None:
        """Each gets one more attempt; their count goes on, so that it is the last again."""
        await self._change(
            update(OutboxRow).where(OutboxRow.parked_at.is_not(None)).values(parked_at=None, next_attempt_at=now)
        )

    async def parked(self) -> int:
        """How many wait for what stands against them to be mended."""
        statement = select(func.count()).select_from(OutboxRow).where(OutboxRow.parked_at.is_not(None))
        return await self._session.scalar(statement) or 0


def _pending(row: OutboxRow) -> Pending:
    return Pending(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        body=row.body,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
    )
