"""What the store's benches work on: sittings with room for many, citizens enough, and the bare rows of a slot."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from support.factories import BADR_1, NOW, a_citizen, a_sitting, an_audience

from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.errors import SlotTaken
from tawasul.domain.people import Citizen
from tawasul.domain.slot import Occupancy, Slot
from tawasul.domain.venue import AtKiosk
from tawasul.store.engine import is_sqlite
from tawasul.store.unit_of_work import Database

_NOBODY = AudienceId("")
_SLOTS_OF_A_SITTING = 24
_BARE = text("INSERT INTO occupancies (resource, starts_at, audience_id) VALUES (:resource, :starts_at, :audience_id)")


@dataclass(slots=True)
class Desk:
    """Books as the store does it, and inserts as bare as the database lets one. ``prepare`` comes first."""

    database: Database
    citizens: list[Citizen] = field(default_factory=list)
    somebody: AudienceId = _NOBODY
    _days: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def workers(self) -> int:
        """SQLite has one writer at a time, whoever waits; PostgreSQL has as many as there are connections."""
        return 1 if is_sqlite(self.database.engine) else 8

    async def prepare(self, citizens: int) -> None:
        """Citizens, and one audience to which the bare rows refer as ours do to theirs."""
        self.citizens = [a_citizen() for _ in range(citizens)]
        [audience] = await self.audiences(1)
        async with self.database.unit_of_work() as uow:
            for citizen in self.citizens:
                await uow.citizens.add(citizen)
            await uow.audiences.add(audience)
            await uow.commit()
        self.somebody = audience.id

    async def audiences(self, count: int) -> list[Audience]:
        """Not booked yet: each with a slot at a kiosk that is free, in sittings made for them."""
        audiences: list[Audience] = []
        async with self.database.unit_of_work() as uow:
            for first in range(0, count, _SLOTS_OF_A_SITTING):
                day = next(self._days)
                sitting = a_sitting(f"day-{day}", opens_at=NOW - timedelta(minutes=4) + timedelta(days=day))
                await uow.sittings.add(sitting)
                for number, citizen in enumerate(self.citizens[first : min(first + _SLOTS_OF_A_SITTING, count)]):
                    audience = an_audience(citizen, sitting, number=number)
                    audience.slot_ends_at = audience.slot_starts_at + sitting.slot_length
                    audiences.append(audience)
            await uow.commit()
        return audiences

    async def book(self, audience: Audience) -> bool:
        """One unit of work. Whether the slot was free."""
        async with self.database.unit_of_work() as uow:
            try:
                await uow.audiences.add(audience)
            except SlotTaken:
                return False
            await uow.commit()
        return True

    async def insert(self, keys: Sequence[Occupancy]) -> bool:
        """One transaction with the rows of a slot and nothing else. Whether it was free."""
        rows = [{"resource": resource, "starts_at": at, "audience_id": self.somebody} for resource, at in keys]
        try:
            async with self.database.engine.begin() as connection:
                await connection.execute(_BARE, rows)
        except IntegrityError:
            return False
        return True

    def bare(self, count: int) -> list[tuple[Occupancy, ...]]:
        """The rows of as many slots as ``audiences`` makes, that nobody has."""
        kiosk = AtKiosk(BADR_1.id)
        keys = []
        for number in range(count):
            sitting = a_sitting(f"bare-{number}", opens_at=NOW.replace(year=2000) + timedelta(days=next(self._days)))
            opens = sitting.opens_at.replace(minute=0)
            keys.append(Slot(sitting.id, opens, opens + sitting.slot_length, kiosk).occupies())
        return keys


async def rate(jobs: Sequence[Callable[[], Awaitable[bool]]], workers: int, expected: bool) -> float:
    """Jobs a second, so many at once. Each must answer as expected."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            assert await job() is expected

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(workers)))
    return len(jobs) / (time.perf_counter() - began)
