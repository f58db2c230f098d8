"""Messages to citizens, from planned to sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import NotFound
from tawasul.domain.message import Message, MessageId, MessageKind, MessageState
from tawasul.domain.people import CitizenId
from tawasul.domain.private import Private
from tawasul.store.repositories.base import Repository
from tawasul.store.sealed import Sealer
from tawasul.store.tables import MessageRow

_FACTS = "messages.facts"


class Messages(Repository):
    """The messages."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def add(self, message: Message) -> None:
        """A new message."""
        await self._insert(
            MessageRow(
                id=message.id,
                kind=message.kind.value,
                citizen_id=message.citizen_id,
                audience_id=message.audience_id,
                language=message.language,
                facts_sealed=self._sealer.seal(message.facts.reveal(), column=_FACTS, row_id=message.id),
                due_at=message.due_at,
                made_at=message.made_at,
                state=message.state.value,
                attempts=message.attempts,
                sent_at=message.sent_at,
            )
        )

    async def get(self, id: MessageId) -> Message:
        """Raises: NotFound."""
        row = await self._row(MessageRow, MessageRow.id == id)
        if row is None:
            raise NotFound("message")
        return self._message(row)

    async def due(self, now: datetime, limit: int) -> list[Message]:
        """Those to be sent by now, longest due first."""
        statement = select(MessageRow).where(MessageRow.state == MessageState.DUE.value, MessageRow.due_at <= now)
        return await self._load(statement.limit(limit))

    async def of_audience(self, id: AudienceId) -> list[Message]:
        """All about an audience, whatever became of them, in the order in which they are due."""
        return await self._load(select(MessageRow).where(MessageRow.audience_id == id))

    async def latest(self, limit: int, state: MessageState | None = None) -> list[Message]:
        """The latest planned, latest first, of one state or of all: for the command line."""
        statement = select(MessageRow).order_by(MessageRow.made_at.desc(), MessageRow.id.desc()).limit(limit)
        if state is not None:
            statement = statement.where(MessageRow.state == state.value)
        rows = await self._rows(statement)
        return [self._message(row) for row in rows]

    async def claim(self, message: Message, until: datetime) -> bool:
        """One more attempt, noted before it is made; the next is due at ``until``. Of two who would send the same
        message, one is told ``True``; one that was withdrawn meanwhile is nobody's.
        """
        return bool(
            await self._change(
                update(MessageRow)
                .where(
                    MessageRow.id == message.id,
                    MessageRow.state == MessageState.DUE.value,
                    MessageRow.attempts == message.attempts,
                )
                .values(attempts=message.attempts + 1, due_at=until)
            )
        )

    async def save(self, message: Message) -> None:
        """Where it stands: state, attempts, and when it is due or was sent. Raises: NotFound."""
        changed = await self._change(
            update(MessageRow)
            .where(MessageRow.id == message.id)
            .values(
                state=message.state.value,
                attempts=message.attempts,
                due_at=message.due_at,
                sent_at=message.sent_at,
            )
        )
        if not changed:
            raise NotFound("message")

    async def withdraw(self, audience_id: AudienceId, kinds: Collection[MessageKind] | None = None) -> int:
        """Those about an audience that are not sent yet will not be; all, or of these kinds. How many."""
        statement = update(MessageRow).where(
            MessageRow.audience_id == audience_id, MessageRow.state == MessageState.DUE.value
        )
        if kinds is not None:
            statement = statement.where(MessageRow.kind.in_(kind.value for kind in kinds))
        return await self._change(statement.values(state=MessageState.WITHDRAWN.value))

    async def _load(self, statement: Select[MessageRow]) -> list[Message]:
        return [self._message(row) for row in await self._rows(statement.order_by(MessageRow.due_at, MessageRow.id))]

    def _message(self, row: MessageRow) -> Message:
        return Message(
            id=MessageId(row.id),
            kind=MessageKind(row.kind),
            citizen_id=CitizenId(row.citizen_id),
            audience_id=None if row.audience_id is None else AudienceId(row.audience_id),
            language=row.language,
            facts=Private(self._sealer.open(row.facts_sealed, column=_FACTS, row_id=row.id)),
            due_at=row.due_at,
            made_at=row.made_at,
            state=MessageState(row.state),
            attempts=row.attempts,
            sent_at=row.sent_at,
        )
