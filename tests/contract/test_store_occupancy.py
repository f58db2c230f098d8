"""The database refuses the second taker of a slot, and nobody else."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from support.factories import BADR_1, BADR_2, NOW, a_citizen, a_sitting, an_audience, arrived, slot

from tawasul.domain.audience import Audience
from tawasul.domain.errors import AlreadyBooked, SlotTaken
from tawasul.domain.people import Citizen
from tawasul.domain.sitting import Sitting
from tawasul.domain.slot import GRAIN
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.constraints import ReferenceInUse
from tawasul.store.unit_of_work import Database


async def test_of_a_hundred_at_once_one_gets_the_slot(database: Database, sitting: Sitting) -> None:
    citizens = [a_citizen() for _ in range(100)]
    await _register(database, *citizens)

    async def take(citizen: Citizen) -> str:
        try:
            await _book(database, an_audience(citizen, sitting, number=3))
        except SlotTaken:
            return "refused"
        return "booked"

    outcomes = Counter(await asyncio.gather(*(take(citizen) for citizen in citizens)))
    assert outcomes == {"booked": 1, "refused": 99}
    async with database.unit_of_work(reading=True) as uow:
        assert len(await uow.audiences.of_sitting(sitting.id)) == 1
        assert await uow.occupancies.of_office(sitting.id) == {slot(sitting, 3)}
        grains = {slot(sitting, 3), slot(sitting, 3) + GRAIN}
        assert await uow.occupancies.of_kiosk(BADR_1.id, sitting.opens_at, sitting.closes_at) == grains


async def test_takers_of_different_slots_all_get_theirs(database: Database, sitting: Sitting) -> None:
    citizens = [a_citizen() for _ in range(20)]
    await _register(database, *citizens)
    await asyncio.gather(
        *(_book(database, an_audience(citizen, sitting, number=number)) for number, citizen in enumerate(citizens))
    )
    async with database.unit_of_work(reading=True) as uow:
        assert len(await uow.occupancies.of_office(sitting.id)) == 20


async def test_the_office_receives_one_at_a_time_wherever_they_are(database: Database, sitting: Sitting) -> None:
    first, second = a_citizen(), a_citizen()
    await _register(database, first, second)
    await _book(database, an_audience(first, sitting, venue=AtKiosk(BADR_1.id)))
    with pytest.raises(SlotTaken):
        await _book(database, an_audience(second, sitting, venue=OwnLocation()))


async def test_a_kiosk_is_taken_across_sittings(database: Database, sitting: Sitting) -> None:
    beside = a_sitting("beside")
    first, second, third = a_citizen(), a_citizen(), a_citizen()
    await _register(database, first, second, third)
    async with database.unit_of_work() as uow:
        await uow.sittings.add(beside)
        await uow.commit()
    await _book(database, an_audience(first, sitting))
    with pytest.raises(SlotTaken):
        await _book(database, an_audience(second, beside))
    await _book(database, an_audience(third, beside, venue=AtKiosk(BADR_2.id)))


@pytest.mark.parametrize("give_up", [Audience.cancel, Audience.miss], ids=lambda step: step.__name__)
async def test_a_slot_given_up_can_be_taken_again(database: Database, sitting: Sitting, give_up: object) -> None:
    first, second = a_citizen(), a_citizen()
    await _register(database, first, second)
    audience = an_audience(first, sitting)
    await _book(database, audience)
    async with database.unit_of_work() as uow:
        loaded = await uow.audiences.get(audience.id)
        assert callable(give_up)
        give_up(arrived(loaded))
        await uow.audiences.save(loaded)
        await uow.commit()
    await _book(database, an_audience(second, sitting))


async def test_a_refused_booking_leaves_nothing_behind(database: Database, sitting: Sitting) -> None:
    first, second = a_citizen(), a_citizen()
    await _register(database, first, second)
    await _book(database, an_audience(first, sitting))
    with pytest.raises(SlotTaken):
        await _book(database, an_audience(second, sitting))
    async with database.unit_of_work(reading=True) as uow:
        assert len(await uow.audiences.of_sitting(sitting.id)) == 1
        assert len(await uow.outbox.pending(10)) == 1


async def test_a_citizen_has_one_open_audience_in_a_sitting(database: Database, sitting: Sitting) -> None:
    tomorrow = a_sitting("tomorrow", opens_at=sitting.opens_at + timedelta(days=1))
    citizen = a_citizen()
    await _register(database, citizen)
    first = an_audience(citizen, sitting, number=1)
    await _book(database, first)
    with pytest.raises(AlreadyBooked):
        await _book(database, an_audience(citizen, sitting, number=2))
    async with database.unit_of_work() as uow:
        await uow.sittings.add(tomorrow)
        audience = await uow.audiences.get(first.id)
        audience.cancel()
        await uow.audiences.save(audience)
        await uow.commit()
    await _book(database, an_audience(citizen, sitting, number=2))
    await _book(database, an_audience(citizen, tomorrow, number=2))


async def test_a_reference_belongs_to_one_audience(database: Database, sitting: Sitting) -> None:
    first, second = a_citizen(), a_citizen()
    await _register(database, first, second)
    await _book(database, an_audience(first, sitting, number=1, reference="K7M-4TP"))
    with pytest.raises(ReferenceInUse):
        await _book(database, an_audience(second, sitting, number=2, reference="K7M-4TP"))


async def _register(database: Database, *citizens: Citizen) -> None:
    async with database.unit_of_work() as uow:
        for citizen in citizens:
            await uow.citizens.add(citizen)
        await uow.commit()


async def _book(database: Database, audience: Audience) -> None:
    assert audience.slot_starts_at >= NOW - timedelta(minutes=10)
    async with database.unit_of_work() as uow:
        await uow.audiences.add(audience)
        await uow.commit()
