"""A hold takes its slot like an audience, for a while; what is over is in nobody's way."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.factories import BADR_1, NOW, YANBU, a_citizen, a_hold, a_sitting, an_audience, slot, slot_held

from tawasul.domain.audience import Audience
from tawasul.domain.errors import HoldExpired, NotFound, SlotTaken
from tawasul.domain.hold import FORM_LASTS, Hold, HoldId
from tawasul.domain.people import Citizen, StaffId
from tawasul.domain.sitting import Sitting
from tawasul.domain.slot import Slot
from tawasul.domain.venue import OwnLocation
from tawasul.store.unit_of_work import Database

OVER = NOW + FORM_LASTS
A_SECOND = timedelta(seconds=1)


async def test_what_is_held_is_taken_for_others_until_it_is_over(database: Database, sitting: Sitting) -> None:
    hold = a_hold(sitting, number=2)
    await _take(database, hold)
    with pytest.raises(SlotTaken):
        await _take(database, a_hold(sitting, number=2, venue=OwnLocation()))
    with pytest.raises(SlotTaken):
        await _book(database, an_audience(await _registered(database), sitting, number=2))
    await _take(database, a_hold(sitting, number=2, now=OVER), now=OVER)


async def test_it_is_kept_as_it_was_made(database: Database, sitting: Sitting) -> None:
    clerk = StaffId("clerk")
    first, second = a_hold(sitting, number=1, held_by=clerk), a_hold(sitting, number=2, venue=OwnLocation())
    await _take(database, first, second)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.holds.get(first.id) == first
        assert await uow.holds.get(second.id) == second
        assert await uow.holds.of_staff(clerk) == [first]
        assert await uow.holds.next_end() == OVER
        with pytest.raises(NotFound):
            await uow.holds.get(HoldId("none"))


async def test_one_given_back_is_free_at_once(database: Database, sitting: Sitting) -> None:
    hold = a_hold(sitting)
    await _take(database, hold)
    for _ in range(2):
        async with database.unit_of_work() as uow:
            await uow.holds.release(hold.id)
            await uow.commit()
    await _take(database, a_hold(sitting))


async def test_prolonged_it_lasts_and_over_it_cannot_be(database: Database, sitting: Sitting) -> None:
    hold, later = a_hold(sitting), OVER + FORM_LASTS
    await _take(database, hold)
    async with database.unit_of_work() as uow:
        assert await uow.holds.prolong(hold.id, later, OVER - A_SECOND) == replace(hold, expires_at=later)
        await uow.commit()
    with pytest.raises(SlotTaken):
        await _take(database, a_hold(sitting, now=OVER), now=OVER)
    async with database.unit_of_work() as uow:
        with pytest.raises(HoldExpired):
            await uow.holds.prolong(hold.id, later + FORM_LASTS, later)


async def test_it_becomes_the_audience(database: Database, sitting: Sitting) -> None:
    hold, audience = a_hold(sitting, number=3), an_audience(await _registered(database), sitting, number=3)
    await _take(database, hold)
    await _book(database, audience, hold)
    async with database.unit_of_work(reading=True) as uow:
        with pytest.raises(NotFound):
            await uow.holds.get(hold.id)
        # For good: long after the hold would have been over.
        taken = await uow.occupancies.taken_between(sitting.opens_at, sitting.closes_at, OVER + timedelta(days=1))
    assert {(resource, at) for resource, times in taken.items() for at in times} == set(slot_held(hold).occupies())


async def test_over_or_given_back_it_becomes_nothing(database: Database, sitting: Sitting) -> None:
    over, released = a_hold(sitting, number=1, now=NOW - FORM_LASTS), a_hold(sitting, number=2)
    await _take(database, over, released, now=NOW - FORM_LASTS)
    async with database.unit_of_work() as uow:
        await uow.holds.release(released.id)
        await uow.commit()
    for number, hold in ((1, over), (2, released)):
        with pytest.raises(HoldExpired):
            await _book(database, an_audience(await _registered(database), sitting, number=number), hold)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.audiences.of_sitting(sitting.id) == []


async def test_one_that_others_took_in_part_becomes_nothing(database: Database, sitting: Sitting) -> None:
    """By a clock that is behind that of whoever retook the office's time, the hold still lasts."""
    hold = a_hold(sitting, number=3)
    await _take(database, hold)
    await _take(database, a_hold(sitting, number=3, venue=OwnLocation(), now=OVER), now=OVER)
    with pytest.raises(HoldExpired):
        await _book(database, an_audience(await _registered(database), sitting, number=3), hold)
    async with database.unit_of_work() as uow:
        with pytest.raises(HoldExpired):
            await uow.holds.prolong(hold.id, OVER + FORM_LASTS, NOW)


async def test_a_hold_of_another_slot_is_a_mistake(database: Database, sitting: Sitting) -> None:
    hold = a_hold(sitting, number=1)
    await _take(database, hold)
    with pytest.raises(ValueError, match="another slot"):
        await _book(database, an_audience(await _registered(database), sitting, number=2), hold)


async def test_what_is_over_is_swept_and_no_more(database: Database, sitting: Sitting) -> None:
    over = [a_hold(sitting, number=number, now=NOW - FORM_LASTS) for number in range(3)]
    lasting = a_hold(sitting, number=5)
    await _take(database, *over, now=NOW - FORM_LASTS)
    await _take(database, lasting)
    await _book(database, an_audience(await _registered(database), sitting, number=6))
    async with database.unit_of_work() as uow:
        assert await uow.holds.remove_over(NOW) == 3
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.occupancies.of_office(sitting.id, NOW - FORM_LASTS) == {slot(sitting, 5), slot(sitting, 6)}
        assert await uow.holds.next_end() == lasting.expires_at


async def test_of_fifty_who_retake_what_is_over_one_gets_it(database: Database, sitting: Sitting) -> None:
    await _take(database, a_hold(sitting, now=NOW - FORM_LASTS), now=NOW - FORM_LASTS)

    async def retake() -> str:
        try:
            await _take(database, a_hold(sitting))
        except SlotTaken:
            return "refused"
        return "held"

    async def sweep() -> str:
        async with database.unit_of_work() as uow:
            await uow.holds.remove_over(NOW)
            await uow.commit()
        return "swept"

    outcomes = Counter(await asyncio.gather(*(retake() if n % 10 else sweep() for n in range(50))))
    assert outcomes == {"held": 1, "refused": 44, "swept": 5}


async def test_booked_given_back_or_retaken_at_once_it_is_one_of_them(database: Database, sitting: Sitting) -> None:
    """Ten times: at the same moment its owner books with it, gives it back, and another comes for the slot."""
    for number in range(10):
        hold = a_hold(sitting, number=number)
        own, other = [an_audience(await _registered(database), sitting, number=number) for _ in range(2)]
        await _take(database, hold)

        async def release(hold: Hold = hold) -> None:
            async with database.unit_of_work() as uow:
                await uow.holds.release(hold.id)
                await uow.commit()

        outcomes = await asyncio.gather(
            _book(database, own, hold), release(), _book(database, other), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} <= {type(None), HoldExpired, SlotTaken}, outcomes
        async with database.unit_of_work(reading=True) as uow:
            audiences = [each for each in await uow.audiences.of_sitting(sitting.id) if each.id in (own.id, other.id)]
            taken = await uow.occupancies.taken_between(hold.slot_starts_at, hold.slot_ends_at, NOW)
        assert len(audiences) == [outcomes[0], outcomes[2]].count(None) <= 1
        assert len(taken) == (2 if audiences else 0)


async def test_governorates_are_counted_with_their_holds(database: Database, sitting: Sitting) -> None:
    empty = a_sitting("empty", opens_at=sitting.opens_at + timedelta(days=1))
    async with database.unit_of_work() as uow:
        await uow.sittings.add(empty)
        await uow.commit()
    await _book(database, an_audience(await _registered(database), sitting, number=0))
    await _take(database, a_hold(sitting, number=1), a_hold(sitting, number=2, venue=OwnLocation(), governorate=YANBU))
    await _take(database, a_hold(sitting, number=3, now=NOW - FORM_LASTS), now=NOW - FORM_LASTS)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.occupancies.taken_by_governorate([sitting.id, empty.id], NOW) == {
            sitting.id: {"badr": 2, "yanbu": 1},
            empty.id: {},
        }
        assert await uow.occupancies.taken_by_governorate([], NOW) == {}


async def test_all_that_is_taken_in_a_stretch_by_resource(database: Database, sitting: Sitting) -> None:
    await _book(database, an_audience(await _registered(database), sitting, number=1))
    await _take(database, a_hold(sitting, number=2, venue=OwnLocation()))
    await _take(database, a_hold(sitting, number=9))
    free = Slot(sitting.id, slot(sitting, 3), slot(sitting, 4), OwnLocation())
    async with database.unit_of_work(reading=True) as uow:
        taken = await uow.occupancies.taken_between(sitting.opens_at, slot(sitting, 4), NOW)
        lapsed = await uow.occupancies.taken_between(sitting.opens_at, slot(sitting, 4), OVER)
    grains = {slot(sitting, 1), slot(sitting, 1) + timedelta(minutes=5)}
    assert taken == {
        f"office:{sitting.id}": {slot(sitting, 1), slot(sitting, 2)},
        f"kiosk:{BADR_1.id}": grains,
    }
    assert lapsed == {f"office:{sitting.id}": {slot(sitting, 1)}, f"kiosk:{BADR_1.id}": grains}
    assert not any(at in taken.get(resource, ()) for resource, at in free.occupies())


async def _registered(database: Database) -> Citizen:
    citizen = a_citizen()
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.commit()
    return citizen


async def _take(database: Database, *holds: Hold, now: datetime = NOW) -> None:
    async with database.unit_of_work() as uow:
        for hold in holds:
            await uow.holds.take(hold, now)
        await uow.commit()


async def _book(database: Database, audience: Audience, hold: Hold | None = None) -> None:
    async with database.unit_of_work() as uow:
        await uow.audiences.add(audience, hold)
        await uow.commit()
