"""The parts of planning, waitlist and citizens' links, made of the scheduler's other parts: for ``tawasul.app``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter

from scheduler.availability import Availability
from scheduler.booking import Booking
from scheduler.citizen_links import BookingLinks, OfferLinks
from scheduler.clockwork import Clockwork
from scheduler.holds import Holds
from scheduler.notify.herald import Herald
from scheduler.offers import Offers
from scheduler.own_booking import OwnBookings
from scheduler.planning import Planning
from scheduler.protocol_visit import ProtocolVisits
from scheduler.sitting_plans import SittingPlans
from scheduler.tasks import Tasks
from scheduler.undo import Undo
from scheduler.waitlist import Waitlist
from scheduler.web.booking_links import LIMIT, booking_links_router
from scheduler.web.planning import planning_router
from scheduler.web.planning_places import planning_places_router
from scheduler.web.waitlist import waitlist_router
from tawasul.access.throttle import SourceThrottle
from tawasul.store.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class PlanningParts:
    """What was made. ``clockwork`` is to be run, and to listen to what happens."""

    waitlist: Waitlist
    offers: Offers
    own_bookings: OwnBookings
    planning: Planning
    sittings: SittingPlans
    visits: ProtocolVisits
    clockwork: Clockwork

    def routers(self) -> tuple[APIRouter, ...]:
        """Their endpoints."""
        return (
            waitlist_router(self.waitlist, self.offers),
            booking_links_router(self.own_bookings, self.offers, SourceThrottle(LIMIT)),
            planning_router(self.planning, self.sittings, self.visits),
            planning_places_router(self.planning, self.visits),
        )


def planning_parts(
    units: UnitOfWorkFactory,
    clock: Callable[[], datetime],
    *,
    availability: Availability,
    holds: Holds,
    booking: Booking,
    undo: Undo,
    herald: Herald,
    tasks: Tasks,
    booking_links: BookingLinks,
    offer_links: OfferLinks,
) -> PlanningParts:
    """Makes them. What frees a slot, or has somebody wait, wakes the clockwork."""
    woken = asyncio.Event()
    offers = Offers(
        units,
        clock,
        availability=availability,
        holds=holds,
        booking=booking,
        herald=herald,
        links=offer_links,
        changed=woken.set,
    )
    return PlanningParts(
        waitlist=Waitlist(units, clock, woken.set),
        offers=offers,
        own_bookings=OwnBookings(
            units, clock, availability=availability, holds=holds, booking=booking, undo=undo, links=booking_links
        ),
        planning=Planning(units, clock, woken.set),
        sittings=SittingPlans(units, clock, availability, offers, woken.set),
        visits=ProtocolVisits(
            units, clock, availability=availability, booking=booking, herald=herald, tasks=tasks, offers=offers
        ),
        clockwork=Clockwork(units, offers, clock, woken),
    )
