"""The clockwork: what happens by itself when time passes or a slot becomes free.

Holds that are over are taken away, offers that nobody answered lapse, entries whose last day is over end, and what is
free is offered to whoever waits for it. One loop runs it, woken by what happens (``woken``) and by one timer, armed to
the next due moment. Several servers may run it at once: each step is a compare-and-set in the database, so whoever
comes second finds nothing to do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.core import offering
from scheduler.offers import Offers
from tawasul.bus.port import Events
from tawasul.domain.events import (
    AudienceBooked,
    AudienceCancelled,
    AudienceMoved,
    AudienceReinstated,
    CitizenMissed,
    Event,
)
from tawasul.store.unit_of_work import UnitOfWorkFactory

CONCERNS: Final[tuple[type[Event], ...]] = (
    AudienceBooked,
    AudienceCancelled,
    AudienceMoved,
    AudienceReinstated,
    CitizenMissed,
)
"""After these a slot may be free that was not."""

LOOKS_AGAIN_AFTER: Final = timedelta(seconds=60)
"""At the latest: what another server did, or a hold that was given back, is told to nobody."""

LEAST_WAIT: Final = 0.5
"""Seconds between two turns that nothing woke: what is due and cannot be done must not be tried without a pause."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: how many holds were taken away, offers and entries lapsed, offers made."""

    holds: int
    lapsed: int
    offered: int


class Clockwork:
    """``woken`` is set when something has happened after which a slot may be free, or somebody waits."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        offers: Offers,
        clock: Callable[[], datetime],
        woken: asyncio.Event,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._offers = offers
        self._clock = clock
        self._woken = woken

    def listen(self, events: Events) -> None:
        """Is woken by what happens to audiences."""
        for kind in CONCERNS:
            events.subscribe(kind, self._wake)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken.clear()
            await self.turn()
            wait = (await self.next_due() - self._clock()).total_seconds()
            try:
                async with asyncio.timeout(max(LEAST_WAIT, wait)):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def turn(self) -> Turn:
        """All that is due now, in the order in which one thing frees what the next needs."""
        lapsed = await self._offers.lapse_what_is_over()
        async with self._unit_of_work() as uow:
            holds = await uow.holds.remove_over(self._clock())
            await uow.commit()
        done = Turn(holds, lapsed, await self._offers.offer_what_is_free())
        if done.lapsed or done.offered:
            log.info("%d lapsed, %d offered", done.lapsed, done.offered)
        return done

    async def _wake(self, event: Event) -> None:
        self._woken.set()

    async def next_due(self) -> datetime:
        """When something is to be done again if nothing happens."""
        now = self._clock()
        async with self._unit_of_work(reading=True) as uow:
            ends = [await uow.holds.next_end(), await uow.offers.next_end()]
        due = [end for end in ends if end is not None]
        return min([*due, offering.next_asking(now), now + LOOKS_AGAIN_AFTER])
