"""What an audience spared its citizen (M16): told to them, and for all of a time to the office."""

from __future__ import annotations

from datetime import datetime

from tawasul.casework.core import journeys
from tawasul.casework.core.journeys import Journeys
from tawasul.domain.audience import Audience, State
from tawasul.domain.places import Coordinates
from tawasul.domain.venue import AtKiosk, InPerson
from tawasul.store.unit_of_work import UnitOfWork


async def spared_by(uow: UnitOfWork, audience: Audience) -> Journeys | None:
    """``None``: the citizen travelled, or was not heard."""
    if audience.state not in {State.HEARD, State.CONCLUDED} or isinstance(audience.venue, InPerson):
        return None
    governorate = await uow.governorates.get(audience.governorate_id)
    place = governorate.coordinates
    if isinstance(audience.venue, AtKiosk):
        kiosk = await uow.kiosks.get(audience.venue.kiosk_id)
        place = (await uow.centres.get(kiosk.centre_id)).coordinates
    return journeys.of_one(place, (await uow.regions.emirate(governorate.region_id)).coordinates)


async def spared_between(uow: UnitOfWork, first: datetime, end: datetime) -> Journeys:
    """By all audiences that were concluded from ``first`` on and before ``end``."""
    (region,) = await uow.regions.all()
    heard = await uow.follow_through.heard(first, end)
    places: dict[str, Coordinates] = {
        **{f"centre {each.id}": each.coordinates for each in await uow.centres.all()},
        **{f"governorate {each.id}": each.coordinates for each in await uow.governorates.all()},
    }
    counts = {
        **{f"centre {id}": count for id, count in heard.at_centres.items()},
        **{f"governorate {id}": count for id, count in heard.at_own_location.items()},
    }
    return journeys.spared(counts, places, (await uow.regions.emirate(region.id)).coordinates)
