"""Two consoles of the office call at the same moment: the database lets one of them through."""

from __future__ import annotations

import asyncio

from support.factories import NOW, a_citizen, an_audience, arrived

from signaling.office import call_in, conclude
from tawasul.domain.audience import AudienceId, CallId, State
from tawasul.domain.errors import OfficeBusy, Stale, UnlawfulTransition
from tawasul.domain.sitting import Sitting
from tawasul.store.unit_of_work import Database


async def waiting(database: Database, sitting: Sitting, count: int) -> list[AudienceId]:
    """So many citizens who have arrived."""
    async with database.unit_of_work() as work:
        ids = []
        for number in range(count):
            citizen = a_citizen()
            audience = arrived(an_audience(citizen, sitting, number=number))
            await work.citizens.add(citizen)
            await work.audiences.add(audience)
            ids.append(audience.id)
        await work.commit()
    return ids


async def test_of_many_consoles_one_calls_in_and_the_others_are_told_that_the_office_is_busy(
    database: Database, sitting: Sitting
) -> None:
    ids = await waiting(database, sitting, 5)

    async def call(number: int) -> str:
        try:
            await call_in(database.unit_of_work, ids[number % 5], CallId(f"call-{number}"), NOW)
        except (OfficeBusy, Stale, UnlawfulTransition) as refusal:
            return refusal.code
        return "called-in"

    answers = await asyncio.gather(*(call(number) for number in range(20)))
    assert answers.count("called-in") == 1
    assert set(answers) <= {"called-in", "office-busy", "stale", "unlawful-transition"}
    async with database.unit_of_work(reading=True) as work:
        assert len(await work.audiences.with_the_office(sitting.id)) == 1


async def test_after_the_outcome_the_next_may_come(database: Database, sitting: Sitting) -> None:
    first, second = await waiting(database, sitting, 2)
    await call_in(database.unit_of_work, first, CallId("one"), NOW)
    async with database.unit_of_work() as work:
        audience = await work.audiences.get(first)
        audience.join(NOW)
        await work.audiences.save(audience)
        await work.commit()
    await conclude(database.unit_of_work, first, None, NOW)
    called = await call_in(database.unit_of_work, second, CallId("two"), NOW)
    assert called.state is State.CALLED_IN
