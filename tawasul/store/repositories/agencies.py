"""Agencies: few, put by the loader of the region's file, read often."""

from __future__ import annotations

from sqlalchemy import select

from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.errors import NotFound
from tawasul.domain.places import Name
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import AgencyRow


class Agencies(Repository):
    """The agencies, closed ones too."""

    async def get(self, id: AgencyId) -> Agency:
        """Raises: NotFound."""
        row = await self._row(AgencyRow, AgencyRow.id == id)
        if row is None:
            raise NotFound("agency")
        return _agency(row)

    async def all(self) -> list[Agency]:
        """By id."""
        return [_agency(row) for row in await self._rows(select(AgencyRow).order_by(AgencyRow.id))]

    async def put(self, agency: Agency) -> None:
        """Adds it, or brings what is there up to date."""
        await self._put(
            AgencyRow(
                id=agency.id,
                name_arabic=agency.name.arabic,
                name_english=agency.name.english,
                acceptance_days=agency.acceptance_days,
                answer_days=agency.answer_days,
                closed_on=agency.closed_on,
            )
        )


def _agency(row: AgencyRow) -> Agency:
    return Agency(
        id=AgencyId(row.id),
        name=Name(row.name_arabic, row.name_english),
        acceptance_days=row.acceptance_days,
        answer_days=row.answer_days,
        closed_on=row.closed_on,
    )
