"""The documents of cases. The content of a file is sealed on disk, not here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.agency import AgencyId
from tawasul.domain.case import CaseId
from tawasul.domain.case_paper import CaseDocument, CaseDocumentId, DocumentOf
from tawasul.domain.errors import NotFound
from tawasul.domain.people import StaffId
from tawasul.domain.petition import MediaType
from tawasul.domain.private import Private
from tawasul.store.repositories.base import Repository
from tawasul.store.sealed import Sealer
from tawasul.store.tables import CaseDocumentRow, CaseRow

_FILE_NAME: Final = "case_documents.file_name"


class CaseDocuments(Repository):
    """What is known of each file."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def hold(self, case_id: CaseId) -> None:
        """Until the transaction ends nobody else holds the documents of this case; it waits for whoever does."""
        # On SQLite, which has one writer at a time, there is nothing to wait for.
        await self._session.execute(select(CaseRow.id).where(CaseRow.id == case_id).with_for_update(key_share=True))

    async def add(self, document: CaseDocument) -> None:
        """One more."""
        name = self._sealer.seal(document.file_name.reveal(), column=_FILE_NAME, row_id=document.id)
        await self._insert(
            CaseDocumentRow(
                id=document.id,
                case_id=document.case_id,
                came_with=document.came_with.value,
                agency_id=document.agency_id,
                file_name_sealed=name,
                media_type=document.media_type.value,
                size=document.size,
                sha256=document.sha256,
                attached_at=document.attached_at,
                by_staff=document.by_staff,
            )
        )

    async def get(self, id: CaseDocumentId) -> CaseDocument:
        """Raises: NotFound."""
        row = await self._row(CaseDocumentRow, CaseDocumentRow.id == id)
        if row is None:
            raise NotFound("document")
        return self._document(row)

    async def of_case(self, case_id: CaseId) -> Sequence[CaseDocument]:
        """In the order in which they were attached."""
        of_it = select(CaseDocumentRow).where(CaseDocumentRow.case_id == case_id)
        rows = await self._rows(of_it.order_by(CaseDocumentRow.attached_at, CaseDocumentRow.id))
        return [self._document(row) for row in rows]

    async def remove(self, id: CaseDocumentId) -> None:
        """Raises: NotFound."""
        if not await self._change(delete(CaseDocumentRow).where(CaseDocumentRow.id == id)):
            raise NotFound("document")

    async def ids(self) -> set[CaseDocumentId]:
        """Of all there are."""
        return {CaseDocumentId(id) for id in await self._session.scalars(select(CaseDocumentRow.id))}

    def _document(self, row: CaseDocumentRow) -> CaseDocument:
        return CaseDocument(
            id=CaseDocumentId(row.id),
            case_id=CaseId(row.case_id),
            came_with=DocumentOf(row.came_with),
            agency_id=None if row.agency_id is None else AgencyId(row.agency_id),
            file_name=Private(self._sealer.open(row.file_name_sealed, column=_FILE_NAME, row_id=row.id)),
            media_type=MediaType(row.media_type),
            size=row.size,
            sha256=row.sha256,
            attached_at=row.attached_at,
            by_staff=None if row.by_staff is None else StaffId(row.by_staff),
        )
