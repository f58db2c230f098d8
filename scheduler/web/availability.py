"""The endpoints that say where and when somebody can be booked. GET only: they change nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from scheduler.availability import MOST_DAYS, Availability
from scheduler.place import VenueWord
from scheduler.web.asked import Id, PlaceBody
from scheduler.web.availability_models import AvailabilityView, NearestView, PlacesView
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.riyadh import day_of

Who = Annotated[StaffPrincipal, Allow(Action.SEE_DAY)]
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]
TownQuery = Annotated[str, Query(min_length=1, max_length=80)]


def availability_router(availability: Availability, clock: Callable[[], datetime]) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk", tags=["availability"])

    @router.get("/places")
    async def places(who: Who) -> PlacesView:
        """Where the desk can book: its own centres, and those of others."""
        return PlacesView.of(await availability.places(who), day_of(clock()))

    @router.get("/availability")
    async def free(
        who: Who,
        venue: VenueWord,
        first_day: Annotated[date, Query(alias="from")],
        days: Days = 7,
        centre_id: Annotated[Id | None, Query()] = None,
        kiosk_id: Annotated[Id | None, Query()] = None,
    ) -> AvailabilityView:
        """The days at a place, what is free on each, and why others are not to be had."""
        place = PlaceBody(venue=venue, centre_id=centre_id, kiosk_id=kiosk_id).place()
        return AvailabilityView.of(await availability.free(who, place, first_day, days))

    @router.get("/nearest")
    async def nearest(who: Who, town: TownQuery) -> NearestView:
        """The reception centres nearest to a town, by any usual spelling of its name."""
        return NearestView.of(await availability.nearest(who, town), who.governorate_id)

    return router
