"""A request that is cancelled half-way leaves neither half a booking nor a lock behind."""

import asyncio

from support.factories import a_citizen, an_audience

from tawasul.domain.audience import Audience
from tawasul.domain.people import Citizen
from tawasul.domain.sitting import Sitting
from tawasul.store.unit_of_work import Database


async def test_cancelled_at_any_moment_all_or_nothing_is_there(database: Database, sitting: Sitting) -> None:
    # Measured in turns of the event loop, so that each task is cut off somewhere else, from the first wait to the last.
    for turns in range(0, 120, 3):
        task = asyncio.create_task(_register_and_book(database, a_citizen(), sitting, turns % 24))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with database.unit_of_work(reading=True) as uow:
        audiences = await uow.audiences.of_sitting(sitting.id)
        assert await uow.citizens.count() == len(audiences)
        assert await uow.occupancies.of_office(sitting.id) == {audience.slot_starts_at for audience in audiences}
        assert len(await uow.outbox.pending(1000)) == len(audiences)


async def test_many_cancelled_while_they_wait_hold_nobody_up(database: Database, sitting: Sitting) -> None:
    async with database.unit_of_work() as holding:
        await holding.citizens.add(a_citizen())
        waiting = [
            asyncio.create_task(_register_and_book(database, a_citizen(), sitting, number)) for number in range(24)
        ]
        await asyncio.sleep(0)
        for task in waiting[:20]:
            task.cancel()
        await holding.commit()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(outcome, Audience) for outcome in outcomes] == [False] * 20 + [True] * 4


async def _register_and_book(database: Database, citizen: Citizen, sitting: Sitting, number: int) -> Audience:
    audience = an_audience(citizen, sitting, number=number)
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return audience
