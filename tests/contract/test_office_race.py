"""Two consoles of an office call at the same moment, or two offices at one kiosk: the database lets one through."""

from __future__ import annotations

import asyncio

import pytest
from support.factories import BADR_1, BADR_2, NOW, a_citizen, a_sitting, an_audience, arrived

from signaling.office import call_in, conclude
from tawasul.domain.audience import AudienceId, CallId, State
from tawasul.domain.errors import KioskBusy, OfficeBusy, Stale, UnlawfulTransition
from tawasul.domain.places import KioskId
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import AtKiosk
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


async def test_two_sittings_that_share_a_kiosk_have_it_one_at_a_time(database: Database, sitting: Sitting) -> None:
    ids = await waiting_in_sittings(database, sitting, 2)
    await call_in(database.unit_of_work, ids[0], CallId("one"), NOW)
    with pytest.raises(KioskBusy):
        await call_in(database.unit_of_work, ids[1], CallId("two"), NOW)
    async with database.unit_of_work() as work:
        heard = await work.audiences.get(ids[0])
        heard.join(NOW)
        heard.hear(NOW)
        await work.audiences.save(heard)
        await work.commit()
    # That office still writes its outcome; the kiosk is free.
    called = await call_in(database.unit_of_work, ids[1], CallId("three"), NOW)
    assert called.state is State.CALLED_IN


async def test_of_offices_that_call_at_one_kiosk_at_once_one_gets_it(database: Database, sitting: Sitting) -> None:
    ids = await waiting_in_sittings(database, sitting, 8)

    async def call(id: AudienceId) -> str:
        try:
            await call_in(database.unit_of_work, id, CallId(f"call-of-{id}"), NOW)
        except KioskBusy as refusal:
            return refusal.code
        return "called-in"

    answers = await asyncio.gather(*(call(id) for id in ids))
    assert sorted(answers) == ["called-in", *["kiosk-busy"] * 7]
    async with database.unit_of_work(reading=True) as work:
        there = await work.audiences.open_at_kiosk(BADR_1.id)
        assert [a.state for a in there].count(State.CALLED_IN) == 1


async def test_an_office_does_not_mind_the_calls_at_other_kiosks(database: Database, sitting: Sitting) -> None:
    ids = await waiting_in_sittings(database, sitting, 2, kiosks=(BADR_1.id, BADR_2.id))
    called = [await call_in(database.unit_of_work, id, CallId(f"call-of-{id}"), NOW) for id in ids]
    assert [audience.state for audience in called] == [State.CALLED_IN] * 2


async def waiting_in_sittings(
    database: Database, sitting: Sitting, count: int, kiosks: tuple[KioskId, ...] = (BADR_1.id,)
) -> list[AudienceId]:
    """As many sittings, the first of them ``sitting``, in each of which one citizen has arrived at the kiosk."""
    async with database.unit_of_work() as work:
        ids = []
        for number in range(count):
            own = a_sitting(f"beside-{number}") if number else sitting
            if number:
                await work.sittings.add(own)
            citizen = a_citizen()
            venue = AtKiosk(kiosks[number % len(kiosks)])
            audience = arrived(an_audience(citizen, own, number=number, venue=venue))
            await work.citizens.add(citizen)
            await work.audiences.add(audience)
            ids.append(audience.id)
        await work.commit()
    return ids
