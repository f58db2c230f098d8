"""A thousand who want one slot: one gets it, 999 are told that it is taken, and nobody is told anything else."""

from collections import Counter

import pytest
from support.takers import go, processes, race, register

from tawasul.domain.sitting import Sitting
from tawasul.store.unit_of_work import Database

THOUSAND = 1000
PROCESSES = 4

pytestmark = pytest.mark.timeout(240)


async def test_in_one_process(database: Database, sitting: Sitting) -> None:
    await register(database, THOUSAND)
    _one_of_them(await race(database, range(THOUSAND)))
    await _the_database_says_so(database, sitting)


async def test_in_several_processes(database: Database, database_url: str, sitting: Sitting) -> None:
    await register(database, THOUSAND)
    async with processes(database_url, [range(first, THOUSAND, PROCESSES) for first in range(PROCESSES)]) as started:
        _one_of_them(await go(started))
    await _the_database_says_so(database, sitting)


def _one_of_them(told: Counter[str]) -> None:
    assert told.pop("taken") == THOUSAND - 1
    assert told in (Counter(booked=1), Counter(held=1))


async def _the_database_says_so(database: Database, sitting: Sitting) -> None:
    async with database.unit_of_work(reading=True) as uow:
        audiences = await uow.audiences.of_sitting(sitting.id)
        assert (await uow.holds.next_end() is None) == bool(audiences)
        assert len(audiences) <= 1
        assert len(await uow.occupancies.of_office(sitting.id)) == 1
