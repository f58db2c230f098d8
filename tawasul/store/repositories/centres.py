"""Reception centres, with their hours, pauses and stops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Select, delete, select

from tawasul.domain.errors import NotFound
from tawasul.domain.hours import USUAL_HOURS, USUAL_PAUSES, Span
from tawasul.domain.places import CentreId, CentreKind, Coordinates, GovernorateId, Name, ReceptionCentre, Stop
from tawasul.store.places_json import hours_from_json, hours_to_json, pauses_from_json, pauses_to_json
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import CentreRow, CentreStopRow


class Centres(Repository):
    """The reception centres."""

    async def get(self, id: CentreId) -> ReceptionCentre:
        """Raises: NotFound."""
        found = await self._load(select(CentreRow).where(CentreRow.id == id))
        if not found:
            raise NotFound("centre")
        return found[0]

    async def all(self) -> list[ReceptionCentre]:
        """By id."""
        return await self._load(select(CentreRow))

    async def of_governorate(self, id: GovernorateId) -> list[ReceptionCentre]:
        """By id."""
        return await self._load(select(CentreRow).where(CentreRow.governorate_id == id))

    async def put(self, centre: ReceptionCentre) -> None:
        """Adds it, or brings what is there up to date: all of it, the stops too."""
        await self._put(
            CentreRow(
                id=centre.id,
                governorate_id=centre.governorate_id,
                name_arabic=centre.name.arabic,
                name_english=centre.name.english,
                latitude=centre.coordinates.latitude,
                longitude=centre.coordinates.longitude,
                kind=centre.kind.value,
                opens_on=centre.opens_on,
                closes_on=centre.closes_on,
                # What is not a place's own stays open to a better usual.
                hours=None if centre.hours == USUAL_HOURS else hours_to_json(centre.hours),
                pauses=None if centre.pauses == USUAL_PAUSES else pauses_to_json(centre.pauses),
            )
        )
        await self._change(delete(CentreStopRow).where(CentreStopRow.centre_id == centre.id))
        await self._insert(*(_stop_row(centre.id, stop) for stop in centre.stops))

    async def _load(self, statement: Select[CentreRow]) -> list[ReceptionCentre]:
        rows = await self._rows(statement.order_by(CentreRow.id))
        stops = await self._stops([row.id for row in rows if row.kind == CentreKind.PORTABLE.value])
        return [_centre(row, stops[row.id]) for row in rows]

    async def _stops(self, ids: Collection[str]) -> defaultdict[str, list[Stop]]:
        stops: defaultdict[str, list[Stop]] = defaultdict(list)
        if ids:
            statement = select(CentreStopRow).where(CentreStopRow.centre_id.in_(ids))
            for row in await self._rows(statement.order_by(CentreStopRow.day, CentreStopRow.opens)):
                stops[row.centre_id].append(_stop(row))
        return stops


def _centre(row: CentreRow, stops: list[Stop]) -> ReceptionCentre:
    return ReceptionCentre(
        id=CentreId(row.id),
        governorate_id=GovernorateId(row.governorate_id),
        name=Name(row.name_arabic, row.name_english),
        coordinates=Coordinates(row.latitude, row.longitude),
        kind=CentreKind(row.kind),
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        hours=USUAL_HOURS if row.hours is None else hours_from_json(row.hours),
        pauses=USUAL_PAUSES if row.pauses is None else pauses_from_json(row.pauses),
        stops=tuple(stops),
    )


def _stop_row(centre_id: CentreId, stop: Stop) -> CentreStopRow:
    return CentreStopRow(
        centre_id=centre_id,
        day=stop.on,
        opens=stop.span.opens,
        closes=stop.span.closes,
        place_arabic=stop.place.arabic,
        place_english=stop.place.english,
        latitude=stop.coordinates.latitude,
        longitude=stop.coordinates.longitude,
        home=stop.home,
    )


def _stop(row: CentreStopRow) -> Stop:
    return Stop(
        on=row.day,
        place=Name(row.place_arabic, row.place_english),
        coordinates=Coordinates(row.latitude, row.longitude),
        span=Span(row.opens, row.closes),
        home=row.home,
    )
