"""What the database itself gives up: of two who wait for each other one is told to come again, never of a fault."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.factories import BADR, NOW, YANBU, a_member_of_staff, a_sitting, slot
from support.interleaving import nobody_writes
from support.store import SEALER, Clock, open_database, put_places, sqlite_url

from scheduler.availability import Availability
from scheduler.holds import Holds, Kept
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.errors import SlotTaken
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.domain.venue import OwnLocation
from tawasul.store import engine as store_engine
from tawasul.store.errors import DatabaseBusy
from tawasul.store.unit_of_work import Database

LATER = a_sitting("later", opens_at=NOW.replace(hour=7, minute=0) + timedelta(days=5))
BADRS = StaffPrincipal(StaffId("staff-badr"), Role.DESK, BADR.id, SignInId("badr"))
YANBUS = StaffPrincipal(StaffId("staff-yanbu"), Role.DESK, YANBU.id, SignInId("yanbu"))


async def test_two_clerks_who_want_each_others_slot(postgres_url: str) -> None:
    clock = Clock()
    async with open_database(postgres_url, clock) as database:
        async with database.unit_of_work() as uow:
            await put_places(uow)
            await uow.sittings.add(LATER)
            for name, governorate in (("badr", BADR), ("yanbu", YANBU)):
                await uow.staff.add(a_member_of_staff(name, Role.DESK, governorate))
            await uow.commit()
        holds = Holds(database.unit_of_work, Availability(database.unit_of_work, clock), clock)
        for number in range(0, 10, 2):
            first = await holds.take(BADRS, OwnLocation(), LATER.id, slot(LATER, number))
            second = await holds.take(YANBUS, OwnLocation(), LATER.id, slot(LATER, number + 1))

            def swaps(who: StaffPrincipal, had: Kept, wants: Kept, holds: Holds = holds) -> asyncio.Task[Kept]:
                wanted = wants.hold.slot_starts_at
                return asyncio.create_task(
                    holds.take(who, OwnLocation(), LATER.id, wanted, replaces=had.hold.id), name=who.staff_id
                )

            async with nobody_writes(postgres_url, "occupancies") as gate:
                both = (swaps(BADRS, first, second), swaps(YANBUS, second, first))
                await gate.until_waiting(2, *both)
                await gate.open()
                told = await asyncio.gather(*both, return_exceptions=True)
            assert all(isinstance(each, Kept | SlotTaken | DatabaseBusy) for each in told), told


async def test_a_file_that_another_process_keeps_to_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_engine, "_BUSY_SECONDS", 0)
    url = sqlite_url(tmp_path)
    async with open_database(url):
        own = Database(url, SEALER)
        other = sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseBusy):
                async with own.unit_of_work() as uow:
                    await uow.regions.all()
            other.execute("ROLLBACK")
            async with own.engine.connect() as connection:
                assert await connection.scalar(text("SELECT 1")) == 1
        finally:
            other.close()
            await own.close()
