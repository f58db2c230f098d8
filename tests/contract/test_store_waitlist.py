"""Who waits, and the offers made to them: one open entry a citizen, one open offer an entry, one answer an offer."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.factories import BADR, BADR_CENTRE, NOW, YANBU, a_citizen, an_audience, national_id

from tawasul.domain.errors import AlreadyWaiting, NotFound, Stale
from tawasul.domain.hold import HoldId
from tawasul.domain.party import Alone, Group, Priority, Representative
from tawasul.domain.people import Citizen
from tawasul.domain.private import Private
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import OwnLocation
from tawasul.domain.waitlist import EntryId, EntryState, Offer, OfferId, OfferState, WaitlistEntry, WishedVenue
from tawasul.store.unit_of_work import Database

DAY = date(2026, 2, 9)
HIS_SON = Representative.named(
    name="عينة: خالد", national_id=national_id(7), relation="child", proof="family-record", proof_number="77",
    proof_seen=True,
)  # fmt: skip


def an_entry(citizen: Citizen, *, joined_minutes_ago: int = 0, **more: object) -> WaitlistEntry:
    entry = WaitlistEntry(
        EntryId(f"entry-of-{citizen.id}"), citizen.id, BADR.id, WishedVenue.CENTRE, BADR_CENTRE.id, DAY,
        DAY + timedelta(days=3), Private("طلب"), Private(Alone()), (), NOW - timedelta(minutes=joined_minutes_ago),
    )  # fmt: skip
    return replace(entry, **more)  # type: ignore[arg-type]


def an_offer(entry: WaitlistEntry, name: str, hold: str) -> Offer:
    return Offer(OfferId(name), entry.id, HoldId(hold), NOW + timedelta(days=1), NOW, NOW + timedelta(minutes=30))


async def test_entries_are_kept_whole_and_found_in_the_order_of_joining(database: Database, sitting: Sitting) -> None:
    first, second, third, fourth = (a_citizen() for _ in range(4))
    own = {"venue": WishedVenue.OWN_LOCATION, "centre_id": None}
    late = an_entry(first, party=Private(HIS_SON), priorities=(Priority.REBOOKED, Priority.ELDERLY), **own)
    early = an_entry(second, joined_minutes_ago=9, party=Private(Group("أهالي القرية", 12)))
    elsewhere = an_entry(third, joined_minutes_ago=5, governorate_id=YANBU.id)
    over = an_entry(fourth, joined_minutes_ago=99, state=EntryState.WITHDRAWN)
    await _add(database, (first, second, third, fourth), late, early, elsewhere, over)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.waitlist.get(late.id) == late
        assert await uow.waitlist.waiting() == [early, elsewhere, late]
        assert await uow.waitlist.of_governorate(BADR.id) == [early, late]
        assert await uow.waitlist.open_of_citizen(first.id) == late
        assert await uow.waitlist.open_of_citizen(fourth.id) is None
        assert await uow.waitlist.of_citizen(fourth.id) == [over]
        with pytest.raises(NotFound):
            await uow.waitlist.get(EntryId("none"))


async def test_nobody_is_left_out_however_many_wait(database: Database, sitting: Sitting) -> None:
    citizens = [a_citizen() for _ in range(501)]
    entries = [an_entry(citizen, joined_minutes_ago=len(citizens) - n) for n, citizen in enumerate(citizens)]
    await _add(database, citizens, *entries)
    async with database.unit_of_work(reading=True) as uow:
        assert [entry.id for entry in await uow.waitlist.waiting()] == [entry.id for entry in entries]


async def test_in_which_sittings_those_who_wait_have_a_time(database: Database, sitting: Sitting) -> None:
    has_one, gave_it_up, does_not_wait = (a_citizen() for _ in range(3))
    await _add(database, (has_one, gave_it_up, does_not_wait), an_entry(has_one), an_entry(gave_it_up))
    audiences = [
        an_audience(citizen, sitting, number=number, venue=OwnLocation())
        for number, citizen in enumerate((has_one, gave_it_up, does_not_wait))
    ]
    audiences[1].cancel()
    async with database.unit_of_work() as uow:
        for audience in audiences:
            await uow.audiences.add(audience)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.waitlist.sittings_of_the_waiting() == {has_one.id: {sitting.id}}


async def test_a_citizen_waits_once_and_again_after_it_is_over(database: Database, sitting: Sitting) -> None:
    citizen = a_citizen()
    entry = an_entry(citizen)
    again = replace(entry, id=EntryId("again"))
    await _add(database, (citizen,), entry)
    for state in (EntryState.WAITING, EntryState.OFFERED):
        async with database.unit_of_work() as uow:
            entry = await uow.waitlist.save(replace(entry, state=state))
            await uow.commit()
        async with database.unit_of_work() as uow:
            with pytest.raises(AlreadyWaiting):
                await uow.waitlist.add(again)
    async with database.unit_of_work() as uow:
        await uow.waitlist.save(entry.withdrawn())
        await uow.waitlist.add(again)
        await uow.commit()


async def test_of_two_who_change_an_entry_the_second_is_stale(database: Database, sitting: Sitting) -> None:
    citizen = a_citizen()
    entry = an_entry(citizen)
    await _add(database, (citizen,), entry)
    async with database.unit_of_work() as uow:
        offered = await uow.waitlist.save(entry.offered())
        assert (offered.state, offered.version) == (EntryState.OFFERED, 1)
        with pytest.raises(Stale):
            await uow.waitlist.save(entry.withdrawn())
        passed = await uow.waitlist.save(offered.passed())
        assert (passed.state, passed.passed_over, passed.version) == (EntryState.WAITING, 1, 2)


async def test_an_entry_has_one_open_offer_and_a_hold_is_in_one(database: Database, sitting: Sitting) -> None:
    first, second = a_citizen(), a_citizen()
    entry, other = an_entry(first), an_entry(second)
    await _add(database, (first, second), entry, other)
    offer = an_offer(entry, "offer", "hold-1")
    async with database.unit_of_work() as uow:
        await uow.offers.add(offer)
        await uow.commit()
    for refused in (an_offer(entry, "second", "hold-2"), an_offer(other, "same hold", "hold-1")):
        async with database.unit_of_work() as uow:
            with pytest.raises(Stale):
                await uow.offers.add(refused)
    async with database.unit_of_work() as uow:
        assert await uow.offers.get(offer.id) == offer
        assert await uow.offers.open_of_entry(entry.id) == offer
        assert await uow.offers.save_state(offer.id, OfferState.OPEN, OfferState.DECLINED)
        assert await uow.offers.open_of_entry(entry.id) is None
        await uow.offers.add(an_offer(entry, "second", "hold-2"))
        with pytest.raises(NotFound):
            await uow.offers.get(OfferId("none"))


async def test_of_ten_who_answer_an_offer_at_once_one_is_heard(database: Database, sitting: Sitting) -> None:
    citizen = a_citizen()
    entry = an_entry(citizen)
    await _add(database, (citizen,), entry)
    async with database.unit_of_work() as uow:
        await uow.offers.add(an_offer(entry, "offer", "hold"))
        await uow.commit()

    async def answer(state: OfferState) -> bool:
        async with database.unit_of_work() as uow:
            heard = await uow.offers.save_state(OfferId("offer"), OfferState.OPEN, state)
            await uow.commit()
        return heard

    answers = [OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED, OfferState.WITHDRAWN, OfferState.ACCEPTED]
    heard = await asyncio.gather(*(answer(state) for state in answers * 2))
    assert sorted(heard) == [False] * 9 + [True]
    async with database.unit_of_work(reading=True) as uow:
        assert (await uow.offers.get(OfferId("offer"))).state is (answers * 2)[heard.index(True)]


async def test_offers_are_due_when_their_time_is_over(database: Database, sitting: Sitting) -> None:
    citizens = [a_citizen() for _ in range(3)]
    entries = [an_entry(citizen) for citizen in citizens]
    offers = [
        replace(an_offer(entry, f"o-{n}", f"h-{n}"), expires_at=NOW + timedelta(minutes=10 - n))
        for n, entry in enumerate(entries)
    ]
    await _add(database, tuple(citizens), *entries)
    async with database.unit_of_work() as uow:
        assert await uow.offers.next_end() is None
        for offer in offers:
            await uow.offers.add(offer)
        assert await uow.offers.next_end() == offers[2].expires_at
        assert await uow.offers.due(NOW) == []
        assert await uow.offers.due(NOW + timedelta(minutes=9)) == [offers[2], offers[1]]
        await uow.offers.save_state(offers[2].id, OfferState.OPEN, OfferState.LAPSED)
        assert await uow.offers.due(NOW + timedelta(days=1)) == [offers[1], offers[0]]


async def _add(database: Database, citizens: Collection[Citizen], *entries: WaitlistEntry) -> None:
    async with database.unit_of_work() as uow:
        for citizen in citizens:
            await uow.citizens.add(citizen)
        for entry in entries:
            await uow.waitlist.add(entry)
        await uow.commit()
