"""Directives on cases. The citizen is asked about one of a case at a time: the database holds that."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import AudienceId
from tawasul.domain.case import CaseId
from tawasul.domain.directive import CaseDirective, DirectiveId, DirectiveState, RatifiedBy, Urgency
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.people import StaffId
from tawasul.domain.private import Private
from tawasul.store.repositories.base import Repository
from tawasul.store.sealed import Sealer
from tawasul.store.tables import DirectiveRow

_WORDING: Final = "directives.wording"
_CORRECTION: Final = "directives.correction"


class Directives(Repository):
    """The directives."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def add(self, directive: CaseDirective) -> None:
        """A new one. Raises: Stale: another of this case is proposed, or another was made of this audience."""
        await self._insert(DirectiveRow(id=directive.id, version=directive.version, **self._columns(directive)))

    async def get(self, id: DirectiveId) -> CaseDirective:
        """Raises: NotFound."""
        row = await self._row(DirectiveRow, DirectiveRow.id == id)
        if row is None:
            raise NotFound("directive")
        return self._directive(row)

    async def save(self, directive: CaseDirective) -> CaseDirective:
        """What has changed; the directive with its next version. Raises: Stale: somebody else saved it since."""
        columns = self._columns(directive) | {"version": directive.version + 1}
        unchanged = (DirectiveRow.id == directive.id, DirectiveRow.version == directive.version)
        if not await self._change(update(DirectiveRow).where(*unchanged).values(columns)):
            raise Stale
        return await self.get(directive.id)

    async def proposed_of(self, case_id: CaseId) -> CaseDirective | None:
        """The one that the citizen has not answered yet."""
        row = await self._row(
            DirectiveRow, DirectiveRow.case_id == case_id, DirectiveRow.state == DirectiveState.PROPOSED.value
        )
        return None if row is None else self._directive(row)

    async def of_case(self, case_id: CaseId) -> list[CaseDirective]:
        """All of a case, in the order in which they were written."""
        of_it = select(DirectiveRow).where(DirectiveRow.case_id == case_id)
        rows = await self._rows(of_it.order_by(DirectiveRow.proposed_at, DirectiveRow.id))
        return [self._directive(row) for row in rows]

    async def of_cases(self, ids: Collection[CaseId]) -> dict[CaseId, list[CaseDirective]]:
        """All of several cases, each in the order in which they were written; those with none are not in it."""
        found: dict[CaseId, list[CaseDirective]] = {}
        of_them = select(DirectiveRow).where(DirectiveRow.case_id.in_(ids))
        for row in await self._rows(of_them.order_by(DirectiveRow.proposed_at, DirectiveRow.id)) if ids else []:
            found.setdefault(CaseId(row.case_id), []).append(self._directive(row))
        return found

    async def of_audience(self, audience_id: AudienceId) -> CaseDirective | None:
        """The one that was given in an audience."""
        row = await self._row(DirectiveRow, DirectiveRow.audience_id == audience_id)
        return None if row is None else self._directive(row)

    def _columns(self, directive: CaseDirective) -> dict[str, Any]:
        correction = None
        if directive.correction is not None:
            correction = self._sealer.seal(directive.correction.reveal(), column=_CORRECTION, row_id=directive.id)
        return {
            "case_id": directive.case_id,
            "audience_id": directive.audience_id,
            "agency_id": directive.agency_id,
            "wording_sealed": self._sealer.seal(directive.wording.reveal(), column=_WORDING, row_id=directive.id),
            "urgency": directive.urgency.value,
            "due_on": directive.due_on,
            "proposed_at": directive.proposed_at,
            "proposed_by": directive.proposed_by,
            "state": directive.state.value,
            "settled_at": directive.settled_at,
            "ratified_by": None if directive.ratified_by is None else directive.ratified_by.value,
            "correction_sealed": correction,
        }

    def _directive(self, row: DirectiveRow) -> CaseDirective:
        correction = None
        if row.correction_sealed is not None:
            correction = Private(self._sealer.open(row.correction_sealed, column=_CORRECTION, row_id=row.id))
        return CaseDirective(
            id=DirectiveId(row.id),
            case_id=row.case_id,
            audience_id=None if row.audience_id is None else AudienceId(row.audience_id),
            agency_id=AgencyId(row.agency_id),
            wording=Private(self._sealer.open(row.wording_sealed, column=_WORDING, row_id=row.id)),
            urgency=Urgency(row.urgency),
            due_on=row.due_on,
            proposed_at=row.proposed_at,
            proposed_by=None if row.proposed_by is None else StaffId(row.proposed_by),
            state=DirectiveState(row.state),
            settled_at=row.settled_at,
            ratified_by=None if row.ratified_by is None else RatifiedBy(row.ratified_by),
            correction=correction,
            version=row.version,
        )
