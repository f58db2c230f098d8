"""Regions, governorates, reception centres and kiosks: few, read often, put by the loader."""

from __future__ import annotations

from sqlalchemy import select, update

from tawasul.domain.errors import NotFound
from tawasul.domain.places import (
    CentreId,
    Coordinates,
    Governorate,
    GovernorateId,
    Kiosk,
    KioskId,
    Name,
    ReceptionCentre,
    Region,
    RegionId,
)
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import CentreRow, GovernorateRow, KioskRow, RegionRow


class Regions(Repository):
    """The regions."""

    async def get(self, id: RegionId) -> Region:
        """Raises: NotFound."""
        row = await self._row(RegionRow, RegionRow.id == id)
        if row is None:
            raise NotFound("region")
        return _region(row)

    async def all(self) -> list[Region]:
        """By id."""
        return [_region(row) for row in await self._rows(select(RegionRow).order_by(RegionRow.id))]

    async def put(self, region: Region) -> None:
        """Adds it, or brings what is there up to date."""
        await self._session.merge(
            RegionRow(id=region.id, name_arabic=region.name.arabic, name_english=region.name.english)
        )
        await self._session.flush()


class Governorates(Repository):
    """The governorates."""

    async def get(self, id: GovernorateId) -> Governorate:
        """Raises: NotFound."""
        row = await self._row(GovernorateRow, GovernorateRow.id == id)
        if row is None:
            raise NotFound("governorate")
        return _governorate(row)

    async def all(self) -> list[Governorate]:
        """By id."""
        return [_governorate(row) for row in await self._rows(select(GovernorateRow).order_by(GovernorateRow.id))]

    async def put(self, governorate: Governorate) -> None:
        """Adds it, or brings what is there up to date."""
        await self._session.merge(
            GovernorateRow(
                id=governorate.id,
                region_id=governorate.region_id,
                name_arabic=governorate.name.arabic,
                name_english=governorate.name.english,
                latitude=governorate.coordinates.latitude,
                longitude=governorate.coordinates.longitude,
            )
        )
        await self._session.flush()


class Centres(Repository):
    """The reception centres."""

    async def get(self, id: CentreId) -> ReceptionCentre:
        """Raises: NotFound."""
        row = await self._row(CentreRow, CentreRow.id == id)
        if row is None:
            raise NotFound("centre")
        return _centre(row)

    async def all(self) -> list[ReceptionCentre]:
        """By id."""
        return [_centre(row) for row in await self._rows(select(CentreRow).order_by(CentreRow.id))]

    async def of_governorate(self, id: GovernorateId) -> list[ReceptionCentre]:
        """By id."""
        rows = await self._rows(select(CentreRow).where(CentreRow.governorate_id == id).order_by(CentreRow.id))
        return [_centre(row) for row in rows]

    async def put(self, centre: ReceptionCentre) -> None:
        """Adds it, or brings what is there up to date."""
        await self._session.merge(
            CentreRow(
                id=centre.id,
                governorate_id=centre.governorate_id,
                name_arabic=centre.name.arabic,
                name_english=centre.name.english,
                latitude=centre.coordinates.latitude,
                longitude=centre.coordinates.longitude,
            )
        )
        await self._session.flush()


class Kiosks(Repository):
    """The kiosks and their registered device keys."""

    async def get(self, id: KioskId) -> Kiosk:
        """Raises: NotFound."""
        row = await self._row(KioskRow, KioskRow.id == id)
        if row is None:
            raise NotFound("kiosk")
        return _kiosk(row)

    async def all(self) -> list[Kiosk]:
        """By id."""
        return [_kiosk(row) for row in await self._rows(select(KioskRow).order_by(KioskRow.id))]

    async def of_governorate(self, id: GovernorateId) -> list[Kiosk]:
        """The kiosks of all its centres, by id."""
        statement = (
            select(KioskRow)
            .join(CentreRow, CentreRow.id == KioskRow.centre_id)
            .where(CentreRow.governorate_id == id)
            .order_by(KioskRow.id)
        )
        return [_kiosk(row) for row in await self._rows(statement)]

    async def hold(self, id: KioskId) -> None:
        """Until the transaction ends nobody else holds this kiosk; it waits for whoever does."""
        # On SQLite, which has one writer at a time, there is nothing to wait for. NO KEY: bookings go on meanwhile.
        await self._session.execute(select(KioskRow.id).where(KioskRow.id == id).with_for_update(key_share=True))

    async def put(self, kiosk: Kiosk) -> None:
        """Adds it, or brings names and centre up to date. A registered key stays: ``register_key`` changes it."""
        row = KioskRow(
            id=kiosk.id,
            centre_id=kiosk.centre_id,
            name_arabic=kiosk.name.arabic,
            name_english=kiosk.name.english,
        )
        if kiosk.public_key is not None:
            row.public_key = kiosk.public_key
        await self._session.merge(row)
        await self._session.flush()

    async def register_key(self, id: KioskId, public_key: bytes | None) -> None:
        """The device's Ed25519 key, 32 bytes; ``None`` shuts the device out.

        Raises:
            NotFound: no such kiosk.
        """
        if not await self._change(update(KioskRow).where(KioskRow.id == id).values(public_key=public_key)):
            raise NotFound("kiosk")


def _region(row: RegionRow) -> Region:
    return Region(id=RegionId(row.id), name=Name(row.name_arabic, row.name_english))


def _governorate(row: GovernorateRow) -> Governorate:
    return Governorate(
        id=GovernorateId(row.id),
        region_id=RegionId(row.region_id),
        name=Name(row.name_arabic, row.name_english),
        coordinates=Coordinates(row.latitude, row.longitude),
    )


def _centre(row: CentreRow) -> ReceptionCentre:
    return ReceptionCentre(
        id=CentreId(row.id),
        governorate_id=GovernorateId(row.governorate_id),
        name=Name(row.name_arabic, row.name_english),
        coordinates=Coordinates(row.latitude, row.longitude),
    )


def _kiosk(row: KioskRow) -> Kiosk:
    return Kiosk(
        id=KioskId(row.id),
        centre_id=CentreId(row.centre_id),
        name=Name(row.name_arabic, row.name_english),
        public_key=row.public_key,
    )
