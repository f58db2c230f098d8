"""Places are data: loaded from a file, as often as one likes, with the same result."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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
from tawasul.store.unit_of_work import UnitOfWork

MADINAH = Path(__file__).parent / "data" / "madinah.toml"

_Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_Text = Annotated[str, Field(min_length=1, max_length=120)]
_Latitude = Annotated[float, Field(ge=-90, le=90)]
_Longitude = Annotated[float, Field(ge=-180, le=180)]


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Id
    arabic: _Text
    english: _Text

    @property
    def name(self) -> Name:
        return Name(self.arabic, self.english)


class _Centre(_Named):
    latitude: _Latitude
    longitude: _Longitude
    kiosks: tuple[_Named, ...] = ()


class _Governorate(_Named):
    latitude: _Latitude
    longitude: _Longitude
    centres: tuple[_Centre, ...] = ()


class _Places(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    region: _Named
    governorates: tuple[_Governorate, ...]


async def load_places(uow: UnitOfWork, file: Path = MADINAH) -> Region:
    """Adds the region of the file with all its places, or brings what is there up to date. Registered kiosk keys stay.

    Raises:
        OSError: the file cannot be read.
        tomllib.TOMLDecodeError: it is not TOML.
        pydantic.ValidationError: it is not a file of places; the message says where.
    """
    text = await asyncio.to_thread(file.read_text, encoding="utf-8")
    places = _Places.model_validate(tomllib.loads(text))
    region = Region(RegionId(places.region.id), places.region.name)
    await uow.regions.put(region)
    for governorate in places.governorates:
        await uow.governorates.put(
            Governorate(
                GovernorateId(governorate.id),
                region.id,
                governorate.name,
                Coordinates(governorate.latitude, governorate.longitude),
            )
        )
        for centre in governorate.centres:
            await _put_centre(uow, GovernorateId(governorate.id), centre)
    return region


async def _put_centre(uow: UnitOfWork, governorate_id: GovernorateId, centre: _Centre) -> None:
    centre_id = CentreId(centre.id)
    coordinates = Coordinates(centre.latitude, centre.longitude)
    await uow.centres.put(ReceptionCentre(centre_id, governorate_id, centre.name, coordinates))
    for kiosk in centre.kiosks:
        await uow.kiosks.put(Kiosk(KioskId(kiosk.id), centre_id, kiosk.name))
