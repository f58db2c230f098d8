"""Slots by the grain: no two at a kiosk overlap, whatever their sittings; moved, given up and taken again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from support.factories import (
    BADR_1,
    BADR_2,
    NOW,
    YANBU,
    YANBU_1,
    a_citizen,
    a_hold,
    a_sitting,
    an_audience,
    arrived,
    slot,
    slot_held,
)

from tawasul.domain.audience import Audience, AudienceId, MissedBecause, State
from tawasul.domain.errors import AlreadyBooked, HoldExpired, NotFound, SlotTaken, Stale
from tawasul.domain.hold import FORM_LASTS, Hold
from tawasul.domain.people import Citizen
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.unit_of_work import Database

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("opens_after", "length", "is_free"),
    [(5, 20, False), (7, 7, False), (9, 30, False), (10, 10, True), (-20, 20, True), (-20, 21, False)],
)
async def test_two_sittings_of_other_grids_never_overlap_at_a_kiosk(
    database: Database, sitting: Sitting, opens_after: int, length: int, is_free: bool
) -> None:
    """The first is taken from 0 to 10 minutes; the other sitting's only slot begins and lasts as told."""
    opens_at = sitting.opens_at + opens_after * MINUTE
    beside = Sitting(SittingId("beside"), opens_at, opens_at + length * MINUTE, length * MINUTE)
    async with database.unit_of_work() as uow:
        await uow.sittings.add(beside)
        await uow.commit()
    await _book(database, an_audience(await _registered(database), sitting))
    second = an_audience(await _registered(database), beside)
    if is_free:
        await _book(database, second)
    else:
        with pytest.raises(SlotTaken):
            await _book(database, second)
        # The other kiosk is as free as the other office.
        await _book(database, an_audience(await _registered(database), beside, venue=AtKiosk(BADR_2.id)))


async def test_one_booked_without_an_end_gets_that_of_the_sittings_slot(database: Database, sitting: Sitting) -> None:
    audience = an_audience(await _registered(database), sitting, number=2)
    assert audience.slot_ends_at is None
    await _book(database, audience)
    async with database.unit_of_work(reading=True) as uow:
        assert (await uow.audiences.get(audience.id)).slot_ends_at == slot(sitting, 3)
    astray = replace(audience, id=AudienceId("astray"), sitting_id=SittingId("none"), slot_ends_at=None, events=[])
    with pytest.raises(NotFound):
        await _book(database, astray)


async def test_a_walk_in_without_a_slot_takes_none_and_frees_none(database: Database, sitting: Sitting) -> None:
    booked = an_audience(await _registered(database), sitting)
    walk_in = an_audience(await _registered(database), sitting)
    walk_in.walk_in, walk_in.holds_slot = True, False
    await _book(database, booked)
    await _book(database, walk_in)
    async with database.unit_of_work() as uow:
        found = await uow.audiences.get(walk_in.id)
        assert (found.walk_in, found.holds_slot) == (True, False)
        found.cancel()
        await uow.audiences.save(found)
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.occupancies.of_office(sitting.id) == {slot(sitting, 0)}
        found = await uow.audiences.get(walk_in.id)
        found.reinstate()
        await uow.audiences.reinstate(found)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert [each.id for each in await uow.audiences.in_slots([sitting.id])] == [booked.id]


async def test_moved_it_has_the_new_slot_and_the_old_one_is_free(database: Database, sitting: Sitting) -> None:
    tomorrow = a_sitting("tomorrow", opens_at=sitting.opens_at + timedelta(days=1))
    audience = an_audience(await _registered(database), sitting, number=1)
    hold = a_hold(tomorrow, number=4, venue=AtKiosk(YANBU_1.id), governorate=YANBU)
    await _book(database, audience)
    async with database.unit_of_work() as uow:
        await uow.sittings.add(tomorrow)
        await uow.holds.take(hold, NOW)
        await uow.commit()
    await _move(database, audience.id, hold)
    async with database.unit_of_work(reading=True) as uow:
        moved = await uow.audiences.get(audience.id)
        assert await uow.occupancies.of_office(sitting.id) == frozenset()
        assert await uow.occupancies.of_office(tomorrow.id, NOW + FORM_LASTS) == {slot(tomorrow, 4)}
        with pytest.raises(NotFound):
            await uow.holds.get(hold.id)
    assert (moved.reference, moved.sitting_id, moved.venue) == (audience.reference, tomorrow.id, hold.venue)
    assert (moved.slot_starts_at, moved.slot_ends_at) == (hold.slot_starts_at, hold.slot_ends_at)
    assert (moved.governorate_id, moved.booked_at, moved.version) == ("yanbu", "badr", 1)


async def test_moved_within_its_own_grains_it_keeps_what_both_have(database: Database, sitting: Sitting) -> None:
    """From a slot to the next at the same kiosk: nobody gets between."""
    audience = an_audience(await _registered(database), sitting, number=1)
    hold = a_hold(sitting, number=2)
    await _book(database, audience)
    async with database.unit_of_work() as uow:
        await uow.holds.take(hold, NOW)
        await uow.commit()
    await _move(database, audience.id, hold)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.occupancies.of_office(sitting.id) == {slot(sitting, 2)}


async def test_a_move_that_fails_changes_nothing(database: Database, sitting: Sitting) -> None:
    audience = an_audience(await _registered(database), sitting, number=1)
    over = a_hold(sitting, number=2, now=NOW - FORM_LASTS)
    await _book(database, audience)
    async with database.unit_of_work() as uow:
        await uow.holds.take(over, NOW - FORM_LASTS)
        await uow.commit()
    with pytest.raises(HoldExpired):
        await _move(database, audience.id, over)
    stale = replace(audience, version=7, events=[])
    stale.move(slot_held(over), stale.governorate_id)
    async with database.unit_of_work() as uow:
        with pytest.raises(Stale):
            await uow.audiences.move(stale, over)
    async with database.unit_of_work(reading=True) as uow:
        kept = await uow.audiences.get(audience.id)
        assert (kept.slot_starts_at, kept.version) == (slot(sitting, 1), 0)
        assert await uow.occupancies.of_office(sitting.id) == {slot(sitting, 1)}


@pytest.mark.parametrize("because", list(MissedBecause))
async def test_reinstated_it_takes_its_slot_again_or_is_told(
    database: Database, sitting: Sitting, because: MissedBecause
) -> None:
    first, second = [an_audience(await _registered(database), sitting, number=number) for number in (1, 2)]
    for audience in (first, second):
        await _book(database, audience)
        async with database.unit_of_work() as uow:
            loaded = await uow.audiences.get(audience.id)
            arrived(loaded).miss(because)
            await uow.audiences.save(loaded)
            await uow.commit()
    await _book(database, an_audience(await _registered(database), sitting, number=2, venue=OwnLocation()))
    await _reinstate(database, first.id)
    with pytest.raises(SlotTaken):
        await _reinstate(database, second.id)
    async with database.unit_of_work(reading=True) as uow:
        kept, missed = await uow.audiences.get(first.id), await uow.audiences.get(second.id)
        assert (kept.state, kept.missed_because) == (State.BOOKED, None)
        assert (missed.state, missed.missed_because) == (State.MISSED, because)
        assert await uow.occupancies.of_office(sitting.id) == {slot(sitting, 1), slot(sitting, 2)}
        assert await uow.occupancies.of_kiosk(BADR_1.id, slot(sitting, 2), slot(sitting, 3)) == frozenset()


async def test_reinstated_beside_another_of_the_same_citizen_it_is_told(database: Database, sitting: Sitting) -> None:
    citizen = await _registered(database)
    audience = an_audience(citizen, sitting, number=1)
    await _book(database, audience)
    async with database.unit_of_work() as uow:
        loaded = await uow.audiences.get(audience.id)
        loaded.cancel()
        await uow.audiences.save(loaded)
        await uow.commit()
    await _book(database, an_audience(citizen, sitting, number=2))
    with pytest.raises(AlreadyBooked):
        await _reinstate(database, audience.id)


async def test_many_who_move_cancel_and_take_at_once_never_share_and_never_fail(
    database: Database, sitting: Sitting
) -> None:
    """Twelve audiences in twelve slots that overlap in kiosks; everybody moves, and some cancel, at the same moment."""
    beside = replace(sitting, id=SittingId("beside"), slot_length=timedelta(minutes=15))
    async with database.unit_of_work() as uow:
        await uow.sittings.add(beside)
        await uow.commit()
    audiences = [an_audience(await _registered(database), sitting, number=number) for number in range(12)]
    for audience in audiences:
        await _book(database, audience)

    async def go(number: int) -> str:
        audience = audiences[number % 12]
        target = (sitting, beside)[number % 2]
        hold = a_hold(target, number=(number * 5) % 12, venue=AtKiosk((BADR_1, BADR_2)[number % 3 == 0].id))
        try:
            if number % 7 == 3:
                await _cancel(database, audience.id)
            else:
                async with database.unit_of_work() as uow:
                    await uow.holds.take(hold, NOW)
                    await uow.commit()
                await _move(database, audience.id, hold)
        except (SlotTaken, Stale):
            return "refused"
        except Exception as error:
            return type(error).__name__
        return "done"

    outcomes = await asyncio.gather(*(go(number) for number in range(60)))
    assert set(outcomes) <= {"done", "refused", "UnlawfulTransition"}, outcomes
    async with database.unit_of_work(reading=True) as uow:
        open_ones = await uow.audiences.in_slots([sitting.id, beside.id])
        taken = await uow.occupancies.taken_between(sitting.opens_at, sitting.closes_at, NOW + timedelta(days=1))
    needed = [key for audience in open_ones for key in _slot(audience).occupies()]
    assert len(set(needed)) == len(needed)
    assert {(resource, at) for resource, times in taken.items() for at in times} == set(needed)


async def test_who_moves_to_the_slot_before_and_who_wants_both_never_wait_for_each_other(
    database: Database, sitting: Sitting
) -> None:
    """Back and forth between two slots beside each other, while others try for a longer one that covers both."""
    longer = replace(sitting, id=SittingId("longer"), slot_length=timedelta(minutes=20))
    audience = an_audience(await _registered(database), sitting, number=3)
    async with database.unit_of_work() as uow:
        await uow.sittings.add(longer)
        await uow.commit()
    await _book(database, audience)

    async def want_both() -> None:
        for _ in range(3):
            with pytest.raises(SlotTaken):
                async with database.unit_of_work() as uow:
                    await uow.holds.take(a_hold(longer, number=1), NOW)

    for number in (2, 3) * 12:
        hold = a_hold(sitting, number=number)
        async with database.unit_of_work() as uow:
            await uow.holds.take(hold, NOW)
            await uow.commit()
        await asyncio.gather(_move(database, audience.id, hold), *(want_both() for _ in range(6)))
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.occupancies.of_office(sitting.id) == {slot(sitting, 3)}


async def _registered(database: Database) -> Citizen:
    citizen = a_citizen()
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.commit()
    return citizen


async def _book(database: Database, audience: Audience) -> None:
    async with database.unit_of_work() as uow:
        await uow.audiences.add(audience)
        await uow.commit()


async def _move(database: Database, id: AudienceId, hold: Hold) -> None:
    async with database.unit_of_work() as uow:
        audience = await uow.audiences.get(id)
        audience.move(slot_held(hold), hold.governorate_id)
        await uow.audiences.move(audience, hold)
        await uow.commit()


async def _cancel(database: Database, id: AudienceId) -> None:
    async with database.unit_of_work() as uow:
        audience = await uow.audiences.get(id)
        audience.cancel()
        await uow.audiences.save(audience)
        await uow.commit()


async def _reinstate(database: Database, id: AudienceId) -> None:
    async with database.unit_of_work() as uow:
        audience = await uow.audiences.get(id)
        audience.reinstate()
        await uow.audiences.reinstate(audience)
        await uow.commit()


def _slot(audience: Audience) -> Slot:
    assert audience.slot_ends_at is not None
    return Slot(audience.sitting_id, audience.slot_starts_at, audience.slot_ends_at, audience.venue)
