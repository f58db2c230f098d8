"""Regions with their emirates, governorates, towns, and kiosks: few, read often, put by the loader."""

from __future__ import annotations

from sqlalchemy import select, update

from tawasul.domain.errors import NotFound
from tawasul.domain.places import (
    CentreId,
    Coordinates,
    Emirate,
    Governorate,
    GovernorateId,
    Kiosk,
    KioskId,
    Name,
    Region,
    RegionId,
    Town,
)
from tawasul.store.places_json import emirate_from_json, emirate_to_json
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import CentreRow, GovernorateRow, KioskRow, RegionRow, TownRow


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

    async def hold(self) -> None:
        """Until the transaction ends nobody else plans: it waits for whoever does. First of all locks."""
        # On SQLite, which has one writer at a time, there is nothing to wait for. NO KEY: bookings go on meanwhile.
        await self._session.execute(select(RegionRow.id).order_by(RegionRow.id).with_for_update(key_share=True))

    async def put(self, region: Region) -> None:
        """Adds it, or brings what is there up to date."""
        await self._put(RegionRow(id=region.id, name_arabic=region.name.arabic, name_english=region.name.english))

    async def emirate(self, id: RegionId) -> Emirate:
        """The seat where the Amir receives. Raises: NotFound: no such region, or nobody has said where."""
        row = await self._row(RegionRow, RegionRow.id == id)
        if row is None or row.emirate is None:
            raise NotFound("emirate")
        return emirate_from_json(id, row.emirate)

    async def put_emirate(self, emirate: Emirate) -> None:
        """Where, and with what hours and pauses. Raises: NotFound: no such region."""
        told = emirate_to_json(emirate)
        if not await self._change(update(RegionRow).where(RegionRow.id == emirate.region_id).values(emirate=told)):
            raise NotFound("region")


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
        await self._put(
            GovernorateRow(
                id=governorate.id,
                region_id=governorate.region_id,
                name_arabic=governorate.name.arabic,
                name_english=governorate.name.english,
                latitude=governorate.coordinates.latitude,
                longitude=governorate.coordinates.longitude,
            )
        )


class Towns(Repository):
    """The towns that people name."""

    async def all(self) -> list[Town]:
        """By governorate and Arabic name."""
        rows = await self._rows(select(TownRow).order_by(TownRow.governorate_id, TownRow.name_arabic))
        return [_town(row) for row in rows]

    async def put(self, town: Town) -> None:
        """Adds it, or brings what is there under its Arabic name up to date."""
        await self._put(
            TownRow(
                governorate_id=town.governorate_id,
                name_arabic=town.name.arabic,
                name_english=town.name.english,
                latitude=town.coordinates.latitude,
                longitude=town.coordinates.longitude,
                also=list(town.also),
            )
        )


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
        await self._put(row)

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


def _town(row: TownRow) -> Town:
    return Town(
        name=Name(row.name_arabic, row.name_english),
        governorate_id=GovernorateId(row.governorate_id),
        coordinates=Coordinates(row.latitude, row.longitude),
        also=tuple(row.also),
    )


def _kiosk(row: KioskRow) -> Kiosk:
    return Kiosk(
        id=KioskId(row.id),
        centre_id=CentreId(row.centre_id),
        name=Name(row.name_arabic, row.name_english),
        public_key=row.public_key,
    )
