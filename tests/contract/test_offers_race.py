"""Several clockworks and several answers at once, on both databases: never an offer to two, nor two for an offer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.factories import BADR, NOW, YANBU, a_citizen
from support.store import SEALER, Clock, put_places

from tawasul.access.policy import StaffPrincipal
from tawasul.app import Parts, assemble
from tawasul.domain.errors import Conflict, OfferOver
from tawasul.domain.party import Alone
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.waitlist import EntryState, Offer, WishedVenue
from tawasul.settings import Settings
from tawasul.store.unit_of_work import Database

SERVERS = 4
SLOTS = 5
WAITING = 8
DAY = NOW.replace(hour=7, minute=0) + timedelta(days=5)
SITTING = Sitting(SittingId("sunday"), DAY, DAY + SLOTS * timedelta(minutes=10), timedelta(minutes=10))
DESKS = {
    governorate.id: StaffPrincipal(StaffId(governorate.id), Role.DESK, governorate.id, SignInId(governorate.id))
    for governorate in (BADR, YANBU)
}


@pytest.fixture
async def servers(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[list[Parts]]:
    """Several servers on one database; people wait, and there is a sitting."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        servers = []
        for number in range(SERVERS):
            own = Database(database_url, SEALER, clock=clock)
            stack.push_async_callback(own.close)
            settings = Settings(directory=tmp_path / str(number), database_url=SecretStr(database_url))
            servers.append(assemble(settings, own, relay_secret=SecretStr("r"), relay_port=3478, clock=clock))
        async with database.unit_of_work() as uow:
            await put_places(uow)
            await uow.sittings.add(SITTING)
            citizens = [a_citizen() for _ in range(WAITING)]
            for citizen in citizens:
                await uow.citizens.add(citizen)
            await uow.commit()
        for number, citizen in enumerate(citizens):
            await servers[0].planning.waitlist.join(
                list(DESKS.values())[number % 2],
                citizen_id=citizen.id,
                venue=WishedVenue.OWN_LOCATION,
                centre_id=None,
                from_day=NOW.date(),
                to_day=NOW.date() + timedelta(days=30),
                subject="طلب",
                priorities=(),
                party=Alone(),
            )
        yield servers


async def open_offers(servers: list[Parts]) -> list[Offer]:
    async with servers[0].database.unit_of_work(reading=True) as uow:
        return await uow.offers.open()


async def test_several_clockworks_offer_each_slot_once_and_each_entry_one(servers: list[Parts]) -> None:
    while sum(turn.offered for turn in await asyncio.gather(*(s.planning.clockwork.turn() for s in servers))):
        pass
    offers = await open_offers(servers)
    assert len(offers) == SLOTS
    assert len({offer.entry_id for offer in offers}) == SLOTS
    assert len({offer.slot_starts_at for offer in offers}) == SLOTS
    async with servers[0].database.unit_of_work(reading=True) as uow:
        entries = [each for id in DESKS for each in await uow.waitlist.of_governorate(id)]
        held = await uow.occupancies.of_office(SITTING.id, NOW)
    assert sum(entry.state is EntryState.OFFERED for entry in entries) == SLOTS
    assert held == frozenset(SITTING.slots())


async def test_of_many_answers_to_one_offer_one_counts(servers: list[Parts]) -> None:
    await servers[0].planning.clockwork.turn()
    offer = (await open_offers(servers))[0]
    async with servers[0].database.unit_of_work(reading=True) as uow:
        entry = await uow.waitlist.get(offer.entry_id)
    desk = DESKS[entry.governorate_id]
    answers = await asyncio.gather(
        *(server.planning.offers.accept(desk, offer.id) for server in servers for _ in range(3)),
        *(server.planning.offers.decline(desk, offer.id) for server in servers),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == len(answers) - 1
    assert all(isinstance(answer, Conflict) for answer in refused), refused
    assert any(isinstance(answer, OfferOver) for answer in refused)
    async with servers[0].database.unit_of_work(reading=True) as uow:
        booked = await uow.audiences.of_sitting(SITTING.id)
        state = (await uow.waitlist.get(offer.entry_id)).state
    assert (len(booked), state) in ((1, EntryState.PLACED), (0, EntryState.WAITING))
