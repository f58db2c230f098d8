"""Cases: the aggregate of casework. What it notes is written with it, and each entry is told as an event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import AudienceId
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import CaseEntry, EntryKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_paper import RemainingItem
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.events import CaseChanged, Event
from tawasul.domain.places import GovernorateId
from tawasul.store.repositories.case_lists import CaseLists
from tawasul.store.repositories.case_words import CaseWords
from tawasul.store.sealed import Sealer
from tawasul.store.tables import AudienceRow, CaseEntryRow, CaseRow, RemainingItemRow

_NEXT: Final = text(
    "INSERT INTO case_serials (hijri_year, last) VALUES (:hijri_year, 1) "
    "ON CONFLICT (hijri_year) DO UPDATE SET last = case_serials.last + 1 RETURNING last"
)


class Cases(CaseLists):
    """The cases. What is asked for twice in one unit of work is two objects: the second saved is ``Stale``."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session, sealer)
        self.words = CaseWords(session, sealer)
        self._events: list[Event] = []

    async def next_number(self, hijri_year: int) -> CaseNumber:
        """The next number of the year, for a case of this transaction: nobody else gets one until it ends, and if it
        is undone the number is given again. So no number is given twice, and none is missing.
        """
        return CaseNumber(hijri_year, (await self._session.execute(_NEXT, {"hijri_year": hijri_year})).scalar_one())

    async def open(self, case: Case) -> None:
        """A new case, with what it noted."""
        await self._add(CaseRow, **self._as_rows.first_columns(case))
        await self.words.put(case.number, case.subject.reveal())
        await self._write_down(case)

    async def get(self, id: CaseId) -> Case:
        """Raises: NotFound."""
        found = await self._cases(select(CaseRow).where(CaseRow.id == id))
        if not found:
            raise NotFound("case")
        return found[0]

    async def by_number(self, number: CaseNumber) -> Case | None:
        """The case of that number."""
        is_it = (CaseRow.hijri_year == number.hijri_year, CaseRow.serial == number.serial)
        found = await self._cases(select(CaseRow).where(*is_it))
        return found[0] if found else None

    async def save(self, case: Case) -> Case:
        """What has changed, and what it noted since it was loaded; the same case, as it now is.

        Raises:
            Stale: somebody else saved it since it was loaded.
        """
        columns = self._as_rows.columns(case) | {"version": case.version + 1}
        unchanged = (CaseRow.id == case.id, CaseRow.version == case.version)
        if not await self._change(update(CaseRow).where(*unchanged).values(columns)):
            raise Stale
        case.version += 1
        await self._write_down(case)
        return case

    async def entries(self, case_id: CaseId) -> list[CaseEntry]:
        """All that happened, in its order."""
        of_it = select(CaseEntryRow).where(CaseEntryRow.case_id == case_id).order_by(CaseEntryRow.id)
        return [self._as_rows.entry(row) for row in await self._rows(of_it)]

    async def last_entries(self, ids: Collection[CaseId], kinds: Collection[EntryKind]) -> dict[CaseId, CaseEntry]:
        """Of each case the last that is of one of these kinds; those with none are not in it."""
        of_them = select(CaseEntryRow).where(
            CaseEntryRow.case_id.in_(ids), CaseEntryRow.kind.in_([kind.value for kind in kinds])
        )
        rows = await self._rows(of_them.order_by(CaseEntryRow.id)) if ids else []
        # Only what is given is unsealed.
        return {CaseId(id): self._as_rows.entry(row) for id, row in {row.case_id: row for row in rows}.items()}

    async def of_audience(self, audience_id: AudienceId) -> Case | None:
        """The case that an audience belongs to."""
        of_it = (
            select(CaseRow).join(AudienceRow, AudienceRow.case_id == CaseRow.id).where(AudienceRow.id == audience_id)
        )
        found = await self._cases(of_it)
        return found[0] if found else None

    async def audiences_of(self, case_id: CaseId) -> list[AudienceId]:
        """Those that belong to a case, in the order of their slots."""
        of_it = select(AudienceRow.id).where(AudienceRow.case_id == case_id)
        ids = await self._session.scalars(of_it.order_by(AudienceRow.slot_starts_at, AudienceRow.id))
        return [AudienceId(id) for id in ids]

    async def link_audience(
        self, case_id: CaseId, audience_id: AudienceId, *, instead_of: CaseId | None = None
    ) -> None:
        """The audience belongs to the case from now on. An ``Audience`` loaded before does not know it, and leaves it
        as it is when it is saved. ``instead_of``: to which it belongs now; ``None``: to none.

        Raises:
            NotFound: no such audience.
            Stale: it belongs to another since; of two who link at once the second is told.
        """
        it, now_linked = AudienceRow.id == audience_id, AudienceRow.case_id.is_not_distinct_from(instead_of)
        if not await self._change(update(AudienceRow).where(it, now_linked).values(case_id=case_id)):
            if await self._session.scalar(select(AudienceRow.id).where(it)) is None:
                raise NotFound("audience")
            raise Stale

    async def remaining(self, case_id: CaseId) -> list[RemainingItem]:
        """What the last partial answer left open, in its order, done or not."""
        of_it = select(RemainingItemRow).where(RemainingItemRow.case_id == case_id)
        return [self._as_rows.item(row) for row in await self._rows(of_it.order_by(RemainingItemRow.position))]

    async def remaining_of(self, ids: Collection[CaseId]) -> dict[CaseId, list[RemainingItem]]:
        """The same of several; those with none are not in it."""
        found: dict[CaseId, list[RemainingItem]] = {}
        of_them = select(RemainingItemRow).where(RemainingItemRow.case_id.in_(ids))
        for row in await self._rows(of_them.order_by(RemainingItemRow.position)) if ids else []:
            found.setdefault(CaseId(row.case_id), []).append(self._as_rows.item(row))
        return found

    async def put_remaining(self, case_id: CaseId, items: Sequence[RemainingItem]) -> None:
        """These in the place of those before."""
        await self._change(delete(RemainingItemRow).where(RemainingItemRow.case_id == case_id))
        await self._insert(*(self._as_rows.item_row(case_id, place, item) for place, item in enumerate(items)))

    async def search(self, typed: str, governorate_id: GovernorateId | None, limit: int) -> list[Case]:
        """Those with every word of ``typed`` in their subject, in any spelling, latest first; ``None``: of all."""
        found = await self.many(await self.words.find(typed, governorate_id, limit))
        return sorted(found.values(), key=lambda case: case.number, reverse=True)

    def take_events(self) -> list[Event]:
        """What happened to the cases that were written, once: for the unit of work."""
        events, self._events = self._events, []
        return events

    async def _write_down(self, case: Case) -> None:
        for entry in case.entries:
            # One by one: the order of the ids is the order in which it happened.
            await self._add(CaseEntryRow, **self._as_rows.entry_columns(case.id, entry))
            self._events.append(CaseChanged(case.id, case.governorate_id, case.agency_id, entry.kind.value))
        case.entries.clear()
