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
    # Read at one go and compared here: every start of a server comes by, and mostly finds all of it there.
    governorates = {each.id: each for each in await uow.governorates.all()}
    for governorate in places.governorates:
        if governorates.get(governorate.id) != governorate:
            await uow.governorates.put(governorate)
    towns = {(each.governorate_id, each.name.arabic): each for each in await uow.towns.all()}
    for town in places.towns:
        key = (town.governorate_id, town.name.arabic)
        if towns.get(key) != town:
            await uow.towns.put(town)
            # A file may name it twice: the last one counts.
            towns[key] = town
    centres = {each.id: each for each in await uow.centres.all()}
    for centre in places.centres:
        kept = centres.get(centre.id)
        wanted = centre if kept is None else _centre_as_it_is_kept(kept, centre)
        if kept != wanted:
            await uow.centres.put(wanted)
    # Whose key is registered is no part of the file.
    kiosks = {each.id: replace(each, public_key=None) for each in await uow.kiosks.all()}
    for kiosk in places.kiosks:
        if kiosks.get(kiosk.id) != kiosk:
            await uow.kiosks.put(kiosk)
    agencies = {each.id: each for each in await uow.agencies.all()}
    for agency in places.agencies:
        if agencies.get(agency.id) != agency:
            await uow.agencies.put(agency)
    return places.region


async def _emirate_as_it_is_kept(uow: UnitOfWork, emirate: Emirate) -> Emirate:
    try:
        kept = await uow.regions.emirate(emirate.region_id)
    except NotFound:
        return emirate
    return replace(kept, name=emirate.name, coordinates=emirate.coordinates)


def _centre_as_it_is_kept(kept: ReceptionCentre, centre: ReceptionCentre) -> ReceptionCentre:
    return replace(kept, governorate_id=centre.governorate_id, name=centre.name, coordinates=centre.coordinates)


def wordings_of(file: Path = MADINAH) -> tuple[Wording, ...]:
    """The templates of directives that the region's file has. Raises: OSError, InvalidInput: as ``load_places``."""
    return read_places(file.read_text(encoding="utf-8")).wordings
