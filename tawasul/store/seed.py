"""Places are data: loaded from a file, as often as one likes, with the same result.

What people have set since (a centre's hours, pauses, dates and stops; the emirate's hours and pauses) is theirs: the
file says only how a place begins. So it is with kiosk keys.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from tawasul.domain.errors import NotFound
from tawasul.domain.places import Emirate, ReceptionCentre, Region
from tawasul.domain.wording import Wording
from tawasul.store.places_file import read_places
from tawasul.store.unit_of_work import UnitOfWork

DATA = Path(__file__).parent / "data"
MADINAH = DATA / "madinah.toml"


async def load_places(uow: UnitOfWork, file: Path = MADINAH) -> Region:
    """Adds the region of the file with all its places, or brings what is there up to date.

    Raises:
        OSError: the file cannot be read.
        InvalidInput: it is not a file of places; the message says where.
    """
    places = read_places(await asyncio.to_thread(file.read_text, encoding="utf-8"))
    await uow.regions.put(places.region)
    await uow.regions.put_emirate(await _emirate_as_it_is_kept(uow, places.emirate))
    for governorate in places.governorates:
        await uow.governorates.put(governorate)
    for town in places.towns:
        await uow.towns.put(town)
    for centre in places.centres:
        await uow.centres.put(await _centre_as_it_is_kept(uow, centre))
    for kiosk in places.kiosks:
        await uow.kiosks.put(kiosk)
    for agency in places.agencies:
        await uow.agencies.put(agency)
    return places.region


async def _emirate_as_it_is_kept(uow: UnitOfWork, emirate: Emirate) -> Emirate:
    try:
        kept = await uow.regions.emirate(emirate.region_id)
    except NotFound:
        return emirate
    return replace(kept, name=emirate.name, coordinates=emirate.coordinates)


async def _centre_as_it_is_kept(uow: UnitOfWork, centre: ReceptionCentre) -> ReceptionCentre:
    try:
        kept = await uow.centres.get(centre.id)
    except NotFound:
        return centre
    return replace(kept, governorate_id=centre.governorate_id, name=centre.name, coordinates=centre.coordinates)


def wordings_of(file: Path = MADINAH) -> tuple[Wording, ...]:
    """The templates of directives that the region's file has. Raises: OSError, InvalidInput: as ``load_places``."""
    return read_places(file.read_text(encoding="utf-8")).wordings
