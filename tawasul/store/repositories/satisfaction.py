"""How satisfied citizens were, as counts of a month: who tapped, when and for which case is nowhere to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, text

from tawasul.domain.agency import AgencyId
from tawasul.domain.places import GovernorateId
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import SatisfactionRow

_ONE_MORE: Final = text(
    "INSERT INTO satisfaction_counts (month, governorate_id, agency_id, rating, count) "
    "VALUES (:month, :governorate_id, :agency_id, :rating, 1) "
    "ON CONFLICT (month, governorate_id, agency_id, rating) DO UPDATE SET count = satisfaction_counts.count + 1"
)


@dataclass(frozen=True, slots=True)
class SatisfactionCount:
    """``month``: ``2026-11``, in Riyadh; ``agency_id``: ``None`` where no agency answered; ``rating``: 1 to 3."""

    month: str
    governorate_id: GovernorateId
    agency_id: AgencyId | None
    rating: int
    count: int


class Satisfaction(Repository):
    """The counts."""

    async def add(self, month: str, governorate_id: GovernorateId, agency_id: AgencyId | None, rating: int) -> None:
        """One more of this rating. That a case is rated once is the case's to know (``Case.rated``)."""
        values = {"month": month, "governorate_id": governorate_id, "agency_id": agency_id or "", "rating": rating}
        await self._session.execute(_ONE_MORE, values)

    async def between(self, first_month: str, last_month: str) -> list[SatisfactionCount]:
        """Those of these months, both included, in order."""
        statement = select(SatisfactionRow).where(SatisfactionRow.month.between(first_month, last_month))
        key = (SatisfactionRow.month, SatisfactionRow.governorate_id, SatisfactionRow.agency_id, SatisfactionRow.rating)
        return [
            SatisfactionCount(
                row.month,
                GovernorateId(row.governorate_id),
                AgencyId(row.agency_id) if row.agency_id else None,
                row.rating,
                row.count,
            )
            for row in await self._rows(statement.order_by(*key))
        ]
