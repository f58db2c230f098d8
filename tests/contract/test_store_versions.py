"""Of two who change an audience at once, the second is told that it has changed."""

import asyncio
from collections import Counter

import pytest
from support.factories import CALL, NOW, a_citizen, an_audience, arrived

from tawasul.domain.audience import Audience, State
from tawasul.domain.errors import Stale, UnlawfulTransition
from tawasul.domain.sitting import Sitting
from tawasul.store.unit_of_work import Database


@pytest.fixture
async def waiting(database: Database, sitting: Sitting) -> Audience:
    citizen = a_citizen()
    audience = arrived(an_audience(citizen, sitting))
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return audience


async def test_a_version_that_was_read_before_another_was_saved_is_stale(database: Database, waiting: Audience) -> None:
    async with database.unit_of_work(reading=True) as uow:
        seen_by_desk = await uow.audiences.get(waiting.id)
    async with database.unit_of_work() as uow:
        seen_by_office = await uow.audiences.get(waiting.id)
        seen_by_office.call_in(CALL, NOW)
        await uow.audiences.save(seen_by_office)
        await uow.commit()
    seen_by_desk.miss()
    async with database.unit_of_work() as uow:
        with pytest.raises(Stale):
            await uow.audiences.save(seen_by_desk)
    async with database.unit_of_work(reading=True) as uow:
        kept = await uow.audiences.get(waiting.id)
        assert (kept.state, kept.version) == (State.CALLED_IN, 1)
        assert await uow.occupancies.of_office(waiting.sitting_id) == {waiting.slot_starts_at}


async def test_each_save_is_one_version_further(database: Database, waiting: Audience) -> None:
    async with database.unit_of_work() as uow:
        audience = await uow.audiences.get(waiting.id)
        audience.withdraw_arrival()
        await uow.audiences.save(audience)
        arrived(audience)
        await uow.audiences.save(audience)
        await uow.commit()
    assert audience.version == 2


async def test_of_many_who_call_in_the_same_citizen_at_once_one_succeeds(database: Database, waiting: Audience) -> None:
    async def call_in() -> str:
        try:
            async with database.unit_of_work() as uow:
                audience = await uow.audiences.get(waiting.id)
                audience.call_in(CALL, NOW)
                await uow.audiences.save(audience)
                await uow.commit()
        except (Stale, UnlawfulTransition) as error:
            # Who read after the first had saved finds the citizen called in; who read before it, a stale version.
            return type(error).__base__.__name__ if type(error).__base__ else ""
        return "called in"

    assert Counter(await asyncio.gather(*(call_in() for _ in range(12)))) == {"called in": 1, "Conflict": 11}
