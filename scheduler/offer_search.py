"""Looks for times that are free and for whom they are: reading only. What was found may be gone when it is taken."""

from __future__ import annotations

from datetime import datetime

from scheduler.availability import Availability
from scheduler.core import offering
from scheduler.core.availability import FreeSlot
from scheduler.core.offering import Chance
from scheduler.place import InCentre, Place
from scheduler.waitlist import ranking
from tawasul.domain.places import GovernorateId
from tawasul.domain.riyadh import day_of
from tawasul.domain.venue import InPerson, OwnLocation
from tawasul.domain.waitlist import WaitlistEntry, WishedVenue
from tawasul.store.unit_of_work import UnitOfWork


async def chances(uow: UnitOfWork, availability: Availability, now: datetime) -> list[Chance]:
    """For each who waits and whom a free time fits that may be offered now: the first of these times.

    In the order of the waitlist, and no time twice; none in a sitting in which the citizen has a time already, which
    they could not take. A few queries, however many wait.
    """
    ranked = await ranking(uow, now)
    if not ranked:
        return []
    last_day = max(day_of(now), *(each.entry.to_day for each in ranked))
    situation = await availability.situation(uow, day_of(now), last_day, now)
    have_one = await uow.waitlist.sittings_of_the_waiting()
    found: dict[tuple[Place, GovernorateId], list[FreeSlot]] = {}

    def times_for(entry: WaitlistEntry) -> list[FreeSlot]:
        key = (place_of(entry), entry.governorate_id)
        if key not in found:
            found[key] = sorted(situation.free(*key), key=lambda slot: slot.starts_at)
        own = have_one.get(entry.citizen_id)
        return [slot for slot in found[key] if slot.sitting_id not in own] if own else found[key]

    passed = await uow.offers.made_to_the_waiting()
    return offering.pair([each.entry for each in ranked], times_for, passed, now)


def place_of(entry: WaitlistEntry) -> Place:
    """Where the citizen wants to be heard."""
    match entry.venue:
        case WishedVenue.OWN_LOCATION:
            return OwnLocation()
        case WishedVenue.IN_PERSON:
            return InPerson()
        case WishedVenue.CENTRE:
            assert entry.centre_id is not None, "a wish for a centre names it"
            return InCentre(entry.centre_id)
