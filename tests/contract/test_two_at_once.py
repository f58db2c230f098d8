"""Two things at once, brought about on PostgreSQL, where transactions really run side by side: a time is given to
somebody at the moment in which it is closed, a share of a sitting is taken twice, an offer is left and taken back.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.factories import BADR, BADR_CENTRE, NOW, YANBU, a_citizen, a_member_of_staff, a_sitting, slot
from support.interleaving import nobody_changes, nobody_writes
from support.store import SEALER, Clock, open_database, put_places

from scheduler.changes import AddBlackout
from scheduler.citizen_links import BookingLinks
from scheduler.drafting import Wanted
from scheduler.errors import SlotTakenByAnother
from scheduler.holds import Kept
from scheduler.place import InCentre
from scheduler.protocol_visit import OthersAffected
from tawasul.access.keys import AccessKeys
from tawasul.access.policy import StaffPrincipal
from tawasul.app import Parts, assemble
from tawasul.domain.audience import OPEN, Audience, State
from tawasul.domain.audit import THE_SERVICE
from tawasul.domain.calendar import Blackout, BlackoutId, BlackoutReason, OfficeTime
from tawasul.domain.errors import OfferOver, QuotaReached, SlotNotOffered, Stale
from tawasul.domain.hold import HoldId
from tawasul.domain.party import Alone
from tawasul.domain.people import CitizenId, IdentityAssurance, Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import OwnLocation
from tawasul.domain.waitlist import EntryState, Offer, WishedVenue
from tawasul.settings import Settings
from tawasul.store.key_file import load_or_create
from tawasul.store.unit_of_work import Database

LATER = a_sitting("later", opens_at=NOW.replace(hour=7, minute=0) + timedelta(days=5))
AFTER = a_sitting("after", opens_at=LATER.opens_at + timedelta(days=1))
DESK = StaffPrincipal(StaffId("staff-badr"), Role.DESK, BADR.id, SignInId("badr"))
OTHER_DESK = StaffPrincipal(StaffId("staff-yanbu"), Role.DESK, YANBU.id, SignInId("yanbu"))

Step = Coroutine[object, object, object]


@dataclass
class Scene:
    """Two servers on one database. ``first`` and ``second`` do what they do in transactions of their own."""

    url: str
    clock: Clock
    first: Parts
    second: Parts
    links: BookingLinks

    async def citizen(self) -> CitizenId:
        citizen = a_citizen()
        async with self.first.database.unit_of_work() as uow:
            await uow.citizens.add(citizen)
            await uow.commit()
        return citizen.id

    async def held(self, sitting: Sitting, number: int) -> Kept:
        return await self.first.holds.take(DESK, OwnLocation(), sitting.id, slot(sitting, number))

    async def booked(self, sitting: Sitting, number: int) -> Audience:
        return await self.books(await self.held(sitting, number))

    async def books(self, kept: Kept) -> Audience:
        wanted = Wanted(await self.citizen(), "طلب")
        return (await self.second.booking.book_held(DESK, kept.hold.id, wanted)).audience

    async def offered(self) -> Offer:
        """A time of ``LATER`` to somebody who waits: there is none before it."""
        await self.first.planning.waitlist.join(
            DESK, citizen_id=await self.citizen(), venue=WishedVenue.OWN_LOCATION, centre_id=None,
            from_day=NOW.date(), to_day=NOW.date() + timedelta(days=30), subject="طلب", priorities=(), party=Alone(),
        )  # fmt: skip
        await self.first.planning.clockwork.turn()
        async with self.first.database.unit_of_work(reading=True) as uow:
            (offer,) = await uow.offers.open()
        return offer

    def closes(self, sitting: Sitting, expected: int = 0) -> asyncio.Task[object]:
        """The office closes all of it, as it was shown: so many lose their time."""
        blackout = Blackout(
            BlackoutId("visit"), OfficeTime(), sitting.opens_at, sitting.closes_at, BlackoutReason.PROTOCOL
        )
        return begun(self.first.planning.visits.confirm(THE_SERVICE, AddBlackout(blackout), expected))

    async def received(self, sitting: Sitting) -> list[Audience]:
        """Whom the office is to receive in the sitting."""
        async with self.first.database.unit_of_work(reading=True) as uow:
            found = await uow.audiences.of_sitting(sitting.id)
        return [each for each in found if each.state in OPEN and each.holds_slot]

    async def is_closed(self, sitting: Sitting) -> bool:
        async with self.first.database.unit_of_work(reading=True) as uow:
            return bool(await uow.calendar.blackouts_between(sitting.opens_at, sitting.closes_at))


@pytest.fixture
async def scene(postgres_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    clock = Clock()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(postgres_url, clock))
        settings = Settings(directory=tmp_path, database_url=SecretStr(postgres_url))
        servers = []
        for _ in range(2):
            own = Database(postgres_url, SEALER, clock=clock)
            stack.push_async_callback(own.close)
            servers.append(assemble(settings, own, relay_secret=SecretStr("r"), relay_port=3478, clock=clock))
        async with database.unit_of_work() as uow:
            await put_places(uow)
            for sitting in (LATER, AFTER):
                await uow.sittings.add(sitting)
            for name, governorate in (("badr", BADR), ("yanbu", YANBU)):
                await uow.staff.add(a_member_of_staff(name, Role.DESK, governorate))
            await uow.commit()
        key = AccessKeys.from_secret(load_or_create(tmp_path / "access.key")).bookings
        yield Scene(postgres_url, clock, *servers, BookingLinks(key))


def begun(what: Step) -> asyncio.Task[object]:
    return asyncio.create_task(what)


async def outcome(task: asyncio.Task[object]) -> object:
    """What it returned, or what it raised."""
    (told,) = await asyncio.gather(task, return_exceptions=True)
    return told


# Whoever gives somebody a time of LATER: each is prepared, and then does the one step that takes it.


async def books(scene: Scene) -> Step:
    wanted = Wanted(await scene.citizen(), "طلب")
    place = InCentre(BADR_CENTRE.id)
    return scene.second.booking.book(DESK, wanted, sitting_id=LATER.id, slot_starts_at=slot(LATER, 3), place=place)


async def books_what_is_held(scene: Scene) -> Step:
    wanted, kept = Wanted(await scene.citizen(), "طلب"), await scene.held(LATER, 3)
    return scene.second.booking.book_held(DESK, kept.hold.id, wanted)


async def moves(scene: Scene) -> Step:
    audience, kept = await scene.booked(AFTER, 0), await scene.held(LATER, 3)
    return scene.second.booking.move(DESK, audience.id, kept.hold.id, audience.version)


async def moves_by_the_link(scene: Scene) -> Step:
    token = scene.links.token(await scene.booked(AFTER, 0))
    return scene.second.planning.own_bookings.move(token, LATER.id, slot(LATER, 3))


async def takes_a_cancellation_back(scene: Scene) -> Step:
    audience = await scene.booked(LATER, 3)
    cancelled = await scene.second.booking.cancel(DESK, audience.id)
    return scene.second.undo.reinstate(DESK, audience.id, cancelled.version)


async def accepts_an_offer(scene: Scene) -> Step:
    offer = await scene.offered()
    return scene.second.planning.offers.accept(DESK, offer.id)


async def walks_in(scene: Scene) -> Step:
    wanted = Wanted(await scene.citizen(), "طلب")
    scene.clock.now = LATER.opens_at
    return scene.second.walk_ins.receive(DESK, OwnLocation(), wanted, IdentityAssurance.SEEN_AT_DESK)


TAKERS = [books, books_what_is_held, moves, moves_by_the_link, takes_a_cancellation_back, accepts_an_offer, walks_in]


@pytest.mark.parametrize("taker", TAKERS)
async def test_who_comes_while_a_time_is_closed_is_not_given_it(
    scene: Scene, taker: Callable[[Scene], Awaitable[Step]]
) -> None:
    prepared = await taker(scene)
    async with nobody_writes(scene.url, "blackouts") as gate:
        closing = scene.closes(LATER)
        await gate.until_waiting(1, closing)  # it has looked who is booked there: nobody
        taking = begun(prepared)
        await gate.until_waiting(2, taking)
        await gate.open()
        refused, done = await outcome(taking), await outcome(closing)
    assert not isinstance(done, BaseException), repr(done)
    assert isinstance(refused, SlotNotOffered | OfferOver), repr(refused)
    assert await scene.received(LATER) == []


@pytest.mark.parametrize("taker", TAKERS)
async def test_who_closes_a_time_while_somebody_takes_it_is_told_so(
    scene: Scene, taker: Callable[[Scene], Awaitable[Step]]
) -> None:
    prepared = await taker(scene)
    async with nobody_writes(scene.url, "occupancies") as gate:
        taking = begun(prepared)
        await gate.until_waiting(1, taking)  # it has looked whether the time is open: it is
        closing = scene.closes(LATER)
        await gate.until_waiting(2, closing)
        await gate.open()
        taken, done = await outcome(taking), await outcome(closing)
    assert not isinstance(taken, BaseException), repr(taken)
    if taker is walks_in:  # who is there stays, and is counted
        assert not isinstance(done, BaseException), repr(done)
        assert getattr(done, "arrived", None) == 1
        return
    assert isinstance(done, OthersAffected), repr(done)
    assert (done.affected, await scene.is_closed(LATER)) == (1, False)
    assert len(await scene.received(LATER)) == 1


async def test_who_gives_a_time_up_while_they_are_moved_makes_nobody_wait_for_ever(scene: Scene) -> None:
    audience = await scene.booked(LATER, 3)
    async with nobody_writes(scene.url, "holds") as gate:
        closing = scene.closes(LATER, 1)
        await gate.until_waiting(1, closing)  # the old time is given up, the new one is being taken
        cancelling = begun(scene.second.booking.cancel(DESK, audience.id))
        await gate.until_waiting(2, cancelling)
        await gate.open()
        cancelled, moved = await outcome(cancelling), await outcome(closing)
    assert not isinstance(moved, BaseException), repr(moved)
    assert isinstance(cancelled, Stale), repr(cancelled)
    (still,) = await scene.received(AFTER)
    assert (still.id, still.state) == (audience.id, State.BOOKED)


async def test_who_leaves_the_waitlist_while_the_offer_is_taken_back_is_off_it(scene: Scene) -> None:
    offer = await scene.offered()
    async with nobody_changes(scene.url, "waitlist_entries", offer.entry_id) as gate:
        leaving = begun(scene.second.planning.waitlist.withdraw(DESK, offer.entry_id))
        await gate.until_waiting(1, leaving)
        closing = scene.closes(LATER)
        await gate.until_waiting(2, closing)
        await gate.open()
        left, done = await outcome(leaving), await outcome(closing)
    assert not isinstance(left, BaseException), repr(left)
    assert not isinstance(done, BaseException), repr(done)
    async with scene.first.database.unit_of_work(reading=True) as uow:
        assert (await uow.waitlist.get(offer.entry_id)).state is EntryState.WITHDRAWN
        assert await uow.occupancies.of_office(LATER.id, NOW) == frozenset()


async def test_a_form_that_changes_its_time_and_a_share_that_is_counted_do_not_wait_for_each_other(
    scene: Scene,
) -> None:
    shared = replace(a_sitting("shared", opens_at=LATER.opens_at + timedelta(days=7)), quota=3)
    async with scene.first.database.unit_of_work() as uow:
        await uow.sittings.add(shared)
        await uow.commit()
    kept = await scene.held(shared, 0)
    async with nobody_changes(scene.url, "sittings", shared.id) as gate:
        # Another is about to be counted, who wants what the form is about to give back. (Its form kept something too,
        # which is over: who keeps nothing is refused by a look beforehand, and waits for nobody.)
        gone = HoldId("gone")
        wanting = begun(scene.second.holds.take(OTHER_DESK, OwnLocation(), shared.id, slot(shared, 0), replaces=gone))
        await gate.until_waiting(1, wanting)
        changing = begun(scene.first.holds.take(DESK, OwnLocation(), shared.id, slot(shared, 1), replaces=kept.hold.id))
        await gate.until_waiting(2, changing)
        await gate.open()
        changed, wanted = await outcome(changing), await outcome(wanting)
    assert isinstance(changed, Kept), repr(changed)
    assert isinstance(wanted, SlotTakenByAnother), repr(wanted)


async def test_a_share_is_not_taken_twice_by_two_who_counted_at_once(scene: Scene) -> None:
    shared = replace(a_sitting("shared", opens_at=LATER.opens_at + timedelta(days=7)), quota=2)
    async with scene.first.database.unit_of_work() as uow:
        await uow.sittings.add(shared)
        await uow.commit()
    await scene.held(shared, 0)
    async with nobody_writes(scene.url, "occupancies") as gate:
        one = begun(scene.first.holds.take(DESK, OwnLocation(), shared.id, slot(shared, 1)))
        await gate.until_waiting(1, one)
        two = begun(scene.second.holds.take(DESK, OwnLocation(), shared.id, slot(shared, 2)))
        await gate.until_waiting(2, two)
        await gate.open()
        told = [await outcome(one), await outcome(two)]
    assert isinstance(told[0], Kept), repr(told[0])
    assert isinstance(told[1], QuotaReached), repr(told[1])
