"""Many forms that want one slot of one centre: one has it, the others are told so with what is free instead."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from support.factories import BADR, BADR_CENTRE, NOW, a_sitting, slot
from support.store import SEALER, Clock, put_places

from scheduler.availability import Availability
from scheduler.errors import SlotTakenByAnother
from scheduler.holds import Holds, Kept
from scheduler.place import InCentre
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.errors import QuotaReached
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.domain.venue import OwnLocation
from tawasul.store.unit_of_work import Database

CLERKS = 60


def clerk(number: int) -> StaffPrincipal:
    return StaffPrincipal(StaffId(f"clerk-{number}"), Role.DESK, BADR.id, SignInId(str(number)))


async def holds_of(database: Database) -> Holds:
    async with database.unit_of_work() as uow:
        await put_places(uow)
        for sitting in (a_sitting(), a_sitting("beside")):
            await uow.sittings.add(sitting)
        await uow.commit()
    clock = Clock()
    return Holds(database.unit_of_work, Availability(database.unit_of_work, clock), clock)


async def test_one_of_many_has_the_slot_and_the_others_are_told_what_is_free(database: Database) -> None:
    holds, starts_at = await holds_of(database), slot(a_sitting(), 7)
    asked = [holds.take(clerk(n), InCentre(BADR_CENTRE.id), a_sitting().id, starts_at) for n in range(CLERKS)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, Kept) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, SlotTakenByAnother)]
    assert len(refused) == CLERKS - 1, "none an error"
    for each in refused:
        assert each.alternatives
        assert all((a.slot.sitting_id, a.slot.starts_at) != (a_sitting().id, starts_at) for a in each.alternatives)


async def test_of_two_sittings_at_once_each_centre_has_as_many_as_it_has_kiosks(database: Database) -> None:
    holds, starts_at = await holds_of(database), slot(a_sitting(), 7)
    asked = [
        holds.take(clerk(n), InCentre(BADR_CENTRE.id), a_sitting(name).id, starts_at)
        for n, name in enumerate(["today", "beside"] * 10)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    kept = [answer for answer in answers if isinstance(answer, Kept)]
    assert {each.hold.sitting_id for each in kept} == {"today", "beside"}
    assert len({each.hold.venue for each in kept}) == len(kept) == 2, "two who want a kiosk at once get two"
    assert sum(isinstance(answer, SlotTakenByAnother) for answer in answers) == 18


@pytest.mark.parametrize("again", range(3))
async def test_a_slot_given_back_is_had_by_one(database: Database, again: int) -> None:
    holds, starts_at = await holds_of(database), slot(a_sitting(), again)
    first = await holds.take(clerk(0), OwnLocation(), a_sitting().id, starts_at)
    givers = [holds.release(clerk(0), first.hold.id)]
    takers = [holds.take(clerk(n), OwnLocation(), a_sitting().id, starts_at) for n in range(1, 9)]
    answers = await asyncio.gather(*givers, *takers, return_exceptions=True)
    assert sum(isinstance(answer, Kept) for answer in answers) <= 1
    assert all(answer is None or isinstance(answer, Kept | SlotTakenByAnother) for answer in answers)


async def test_of_many_who_want_other_times_a_governorate_has_its_share(database: Database, database_url: str) -> None:
    here = await holds_of(database)
    shared = replace(a_sitting("shared", opens_at=NOW + timedelta(days=5)), quota=4)
    async with database.unit_of_work() as uow:
        await uow.sittings.add(shared)
        await uow.commit()
    clock, other = Clock(), Database(database_url, SEALER, clock=Clock())
    there = Holds(other.unit_of_work, Availability(other.unit_of_work, clock), clock)
    try:
        asked = [
            (here, there)[n % 2].take(clerk(n), OwnLocation(), shared.id, slot(shared, n))
            for n in range(len(list(shared.slots())))
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
    finally:
        await other.close()
    assert sum(isinstance(answer, Kept) for answer in answers) == shared.quota
    assert sum(isinstance(answer, QuotaReached) for answer in answers) == len(answers) - shared.quota
