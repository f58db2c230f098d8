"""Petitions and what is attached to them. The content of a file is sealed on disk, not here."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import NotFound
from tawasul.domain.petition import Attachment, AttachmentId, MediaType, Petition
from tawasul.domain.private import Private
from tawasul.store.repositories.base import Repository
from tawasul.store.sealed import Sealer
from tawasul.store.tables import AttachmentRow, AudienceRow, PetitionRow

_TEXT = "petitions.text"
_FILE_NAME = "attachments.file_name"


class Petitions(Repository):
    """One petition an audience, with its attachments; there may be attachments without words."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def get(self, audience_id: AudienceId) -> Petition | None:
        """The words, if there are any."""
        row = await self._row(PetitionRow, PetitionRow.audience_id == audience_id)
        if row is None:
            return None
        text = self._sealer.open(row.text_sealed, column=_TEXT, row_id=audience_id)
        return Petition(audience_id, Private(text), row.written_at)

    async def put(self, petition: Petition) -> None:
        """Adds the words, or other ones in their place."""
        sealed = self._sealer.seal(petition.text.reveal(), column=_TEXT, row_id=petition.audience_id)
        await self._put(
            PetitionRow(audience_id=petition.audience_id, text_sealed=sealed, written_at=petition.written_at)
        )

    async def written(self, audience_ids: Collection[AudienceId]) -> set[AudienceId]:
        """Those of them with a petition."""
        ids = select(PetitionRow.audience_id).where(PetitionRow.audience_id.in_(audience_ids))
        return {AudienceId(id) for id in await self._session.scalars(ids)} if audience_ids else set()

    async def count_attachments(self, audience_ids: Collection[AudienceId]) -> dict[AudienceId, int]:
        """How many each of them has; those with none are not in it."""
        if not audience_ids:
            return {}
        rows = await self._session.execute(
            select(AttachmentRow.audience_id, func.count())
            .where(AttachmentRow.audience_id.in_(audience_ids))
            .group_by(AttachmentRow.audience_id)
        )
        return {AudienceId(id): count for id, count in rows}

    async def hold(self, audience_id: AudienceId) -> None:
        """Until the transaction ends nobody else holds the attachments of this audience; it waits for whoever does."""
        # On SQLite, which has one writer at a time, there is nothing to wait for. NO KEY: the day goes on meanwhile.
        await self._session.execute(
            select(AudienceRow.id).where(AudienceRow.id == audience_id).with_for_update(key_share=True)
        )

    async def attachment_ids(self) -> set[AttachmentId]:
        """Of all there are."""
        return {AttachmentId(id) for id in await self._session.scalars(select(AttachmentRow.id))}

    async def attachments(self, audience_id: AudienceId) -> list[Attachment]:
        """In the order in which they were attached."""
        rows = await self._rows(
            select(AttachmentRow)
            .where(AttachmentRow.audience_id == audience_id)
            .order_by(AttachmentRow.attached_at, AttachmentRow.id)
        )
        return [self._attachment(row) for row in rows]

    async def attachment(self, id: AttachmentId) -> Attachment:
        """Raises: NotFound."""
        row = await self._row(AttachmentRow, AttachmentRow.id == id)
        if row is None:
            raise NotFound("attachment")
        return self._attachment(row)

    async def add_attachment(self, attachment: Attachment) -> None:
        """One more."""
        await self._insert(
            AttachmentRow(
                id=attachment.id,
                audience_id=attachment.audience_id,
                file_name_sealed=self._sealer.seal(
                    attachment.file_name.reveal(), column=_FILE_NAME, row_id=attachment.id
                ),
                media_type=attachment.media_type.value,
                size=attachment.size,
                sha256=attachment.sha256,
                attached_at=attachment.attached_at,
            )
        )

    async def remove_attachment(self, id: AttachmentId) -> None:
        """Raises: NotFound."""
        if not await self._change(delete(AttachmentRow).where(AttachmentRow.id == id)):
            raise NotFound("attachment")

    def _attachment(self, row: AttachmentRow) -> Attachment:
        return Attachment(
            id=AttachmentId(row.id),
            audience_id=AudienceId(row.audience_id),
            file_name=Private(self._sealer.open(row.file_name_sealed, column=_FILE_NAME, row_id=row.id)),
            media_type=MediaType(row.media_type),
            size=row.size,
            sha256=row.sha256,
            attached_at=row.attached_at,
        )
