"""Two desks, a waitlist and a visit of protocol, in any order, over a real database: never two for one slot, never a
lost citizen, never an offer to two.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import SecretStr
from support.factories import BADR, BADR_1, BADR_2, BADR_CENTRE, NOW, YANBU, YANBU_CENTRE, a_citizen
from support.store import SEALER, Clock, open_database, put_places, sqlite_url

from scheduler.changes import AddBlackout
from scheduler.drafting import Wanted
from scheduler.place import InCentre, Place
from tawasul.access.policy import StaffPrincipal
from tawasul.app import Parts, assemble
from tawasul.domain.audience import OPEN, Audience, AudienceId, MissedBecause, State
from tawasul.domain.audit import THE_SERVICE
from tawasul.domain.calendar import AtCentre, Blackout, BlackoutId, BlackoutReason, OfficeTime
from tawasul.domain.errors import Conflict, NotFound
from tawasul.domain.hold import Hold, HoldId
from tawasul.domain.party import Priority
from tawasul.domain.people import CitizenId, IdentityAssurance, Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.task import TaskKind
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.domain.waitlist import EntryState, Offer, WaitlistEntry, WishedVenue
from tawasul.settings import Settings
from tawasul.store.unit_of_work import Database, UnitOfWork

T = TypeVar("T")

TEN_MINUTES = timedelta(minutes=10)
TODAY = Sitting(SittingId("today"), NOW, NOW + 5 * TEN_MINUTES, TEN_MINUTES)
LATER = Sitting(SittingId("later"), NOW + timedelta(days=1), NOW + timedelta(days=1) + 4 * TEN_MINUTES, TEN_MINUTES)
# Of another grid, at the same time: the two share the kiosks and not the office.
BESIDE = Sitting(SittingId("beside"), LATER.opens_at + timedelta(minutes=3), LATER.closes_at, timedelta(minutes=12))
SITTINGS = {sitting.id: sitting for sitting in (TODAY, LATER, BESIDE)}
SLOTS = [(sitting.id, start) for sitting in SITTINGS.values() for start in sitting.slots()]

BADR_DESK = StaffPrincipal(StaffId("badr"), Role.DESK, BADR.id, SignInId("1"))
YANBU_DESK = StaffPrincipal(StaffId("yanbu"), Role.DESK, YANBU.id, SignInId("2"))
PLACES: list[Place] = [
    InCentre(BADR_CENTRE.id), InCentre(YANBU_CENTRE.id), AtKiosk(BADR_1.id), OwnLocation(), InPerson(),
]  # fmt: skip
CITIZENS = [a_citizen(70_000_000 + number) for number in range(6)]

desks = st.sampled_from([BADR_DESK, YANBU_DESK])
places = st.sampled_from(PLACES)
slots = st.sampled_from(SLOTS)
citizens = st.sampled_from([citizen.id for citizen in CITIZENS])
numbers = st.integers(0, 100)


class Desks(RuleBasedStateMachine):
    """What is done to the service, and what must hold after it. ``states``: of each audience, as its steps said."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.clock = Clock()
        self.states: dict[AudienceId, State] = {}
        self.holds: list[tuple[StaffPrincipal, HoldId]] = []
        self.gave_up: set[CitizenId] = set()
        self.blackouts: list[Blackout] = []
        self.database, self.parts = self.run(self._start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    async def _start(self) -> tuple[Database, Parts]:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "tawasul.db").write_bytes(await _prepared())
        settings = Settings(directory=folder, database_url=SecretStr(sqlite_url(folder)))
        database = Database(settings.database, SEALER, clock=self.clock)
        self.stack.push_async_callback(database.close)
        return database, assemble(
            settings, database, relay_secret=SecretStr("relay"), relay_port=3478, clock=self.clock
        )

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()

    def tries(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What it gives; ``None`` if it was refused in a way that a person can be told."""
        name = work.__qualname__.rpartition(".")[2]
        try:
            done = self.run(work)
        except (Conflict, NotFound) as refusal:
            event(f"{name}: {refusal.code}")
            return None
        event(f"{name}: done")
        return done

    @initialize(at=st.permutations(SLOTS))
    def a_day_on_which_much_is_taken(self, at: list[tuple[SittingId, Any]]) -> None:
        """So that what is asked for is often somebody's, and there is somebody to wait for it."""
        for citizen, slot, place in zip(CITIZENS[:4], at[:4], PLACES, strict=False):
            self.book_at_once(BADR_DESK, place, slot, citizen.id)
        for slot in at[4:6]:
            self.hold(YANBU_DESK, OwnLocation(), slot)
        for citizen, venue in zip(CITIZENS[3:], WishedVenue, strict=True):
            self.join_the_waitlist(YANBU_DESK, citizen.id, venue)

    # What desks do

    @rule(desk=desks, place=places, slot=slots)
    def hold(self, desk: StaffPrincipal, place: Place, slot: tuple[SittingId, Any]) -> None:
        if kept := self.tries(self.parts.holds.take(desk, place, *slot)):
            self.holds.append((desk, kept.hold.id))

    @rule(number=numbers, act=st.sampled_from(["prolong", "release"]))
    def change_a_hold(self, number: int, act: str) -> None:
        if self.holds:
            desk, id = self.holds[number % len(self.holds)]
            self.tries(getattr(self.parts.holds, act)(desk, id))

    @rule(number=numbers, citizen=citizens)
    def book_what_is_held(self, number: int, citizen: CitizenId) -> None:
        if self.holds:
            desk, id = self.holds[number % len(self.holds)]
            if booked := self.tries(self.parts.booking.book_held(desk, id, Wanted(citizen, "طلب"))):
                self.states.setdefault(booked.audience.id, State.BOOKED)
                self.gave_up.discard(citizen)

    @rule(desk=desks, place=places, slot=slots, citizen=citizens)
    def book_at_once(self, desk: StaffPrincipal, place: Place, slot: tuple[SittingId, Any], citizen: CitizenId) -> None:
        booking = self.parts.booking.book(
            desk, Wanted(citizen, "طلب"), sitting_id=slot[0], slot_starts_at=slot[1], place=place
        )
        if booked := self.tries(booking):
            self.states[booked.audience.id] = State.BOOKED
            self.gave_up.discard(citizen)

    @rule(desk=desks, place=places, citizen=citizens, elderly=st.booleans())
    def walk_in(self, desk: StaffPrincipal, place: Place, citizen: CitizenId, elderly: bool) -> None:
        wanted = Wanted(citizen, "طلب", (Priority.ELDERLY,) if elderly else ())
        receiving = self.parts.walk_ins.receive(desk, place, wanted, IdentityAssurance.SEEN_AT_DESK)
        if received := self.tries(receiving):
            self.states[received.audience.id] = State.ARRIVED
            self.gave_up.discard(citizen)

    @rule(desk=desks, number=numbers, other=numbers)
    def move(self, desk: StaffPrincipal, number: int, other: int) -> None:
        if self.states and self.holds:
            audience = self.run(self._audience(number))
            clerk, hold = self.holds[other % len(self.holds)]
            self.tries(self.parts.booking.move(clerk, audience.id, hold, audience.version))

    @rule(
        desk=desks,
        number=numbers,
        step=st.sampled_from(["cancel", "check_in", "withdraw_arrival", "reinstate", *MissedBecause]),
    )
    def step(self, desk: StaffPrincipal, number: int, step: str) -> None:
        if not self.states:
            return
        audience = self.run(self._audience(number))
        match step:
            case "cancel":
                doing = self.parts.booking.cancel(desk, audience.id, audience.version)
            case "check_in":
                doing = self.parts.arrivals.check_in(desk, audience.id, IdentityAssurance.SEEN_AT_DESK)
            case "withdraw_arrival":
                doing = self.parts.undo.withdraw_arrival(desk, audience.id)
            case "reinstate":
                doing = self.parts.undo.reinstate(desk, audience.id, audience.version)
            case _:
                doing = self.parts.arrivals.mark_missed(desk, audience.id, MissedBecause(step))
        if done := self.tries(doing):
            self.states[done.id] = done.state
            if step in ("cancel", MissedBecause.CITIZEN):
                self.gave_up.add(done.citizen_id)
            else:
                self.gave_up.discard(done.citizen_id)

    # The waitlist

    @rule(desk=desks, citizen=citizens, venue=st.sampled_from(WishedVenue))
    def join_the_waitlist(self, desk: StaffPrincipal, citizen: CitizenId, venue: WishedVenue) -> None:
        day = NOW.date()
        own = BADR_CENTRE.id if desk is BADR_DESK else YANBU_CENTRE.id
        joining = self.parts.planning.waitlist.join(
            desk,
            citizen_id=citizen,
            venue=venue,
            centre_id=own if venue is WishedVenue.CENTRE else None,
            from_day=day,
            to_day=day + timedelta(days=1),
            subject="طلب",
            priorities=(),
            party=Wanted(citizen, "طلب").party,
        )
        self.tries(joining)

    @rule()
    def the_clock_works(self) -> None:
        turn = self.run(self.parts.planning.clockwork.turn())
        for what in ("holds", "lapsed", "offered"):
            if getattr(turn, what):
                event(f"clockwork: {what}")

    @rule(number=numbers, act=st.sampled_from(["accept", "decline", "withdraw"]))
    def answer_an_offer(self, number: int, act: str) -> None:
        offers = self.run(self._offers())
        if not offers:
            return
        entry, offer = offers[number % len(offers)]
        desk = BADR_DESK if entry.governorate_id == BADR.id else YANBU_DESK
        match act:
            case "accept":
                if booked := self.tries(self.parts.planning.offers.accept(desk, offer.id)):
                    self.states[booked.audience.id] = State.BOOKED
                    self.gave_up.discard(booked.audience.citizen_id)
            case "decline":
                self.tries(self.parts.planning.offers.decline(desk, offer.id))
            case "withdraw":
                self.tries(self.parts.planning.waitlist.withdraw(desk, entry.id))

    # What nobody at a desk decides

    @rule(minutes=st.sampled_from([1, 2, 4, 11, 35, 150]))
    def time_passes(self, minutes: int) -> None:
        self.clock.now += timedelta(minutes=minutes)

    @rule(number=numbers, slots_long=st.integers(1, 3), office=st.booleans())
    def a_visit_of_protocol(self, number: int, slots_long: int, office: bool) -> None:
        if len(self.blackouts) >= 2:
            return
        _, starts_at = SLOTS[number % len(SLOTS)]
        blackout = Blackout(
            BlackoutId(f"b{len(self.blackouts)}"),
            OfficeTime() if office else AtCentre(BADR_CENTRE.id),
            starts_at,
            starts_at + slots_long * TEN_MINUTES,
            BlackoutReason.PROTOCOL,
        )
        change = AddBlackout(blackout)
        expected = len(self.run(self.parts.planning.visits.preview(change)).affected)
        done = self.run(self.parts.planning.visits.confirm(THE_SERVICE, change, expected))
        assert len(done.affected) == expected
        self.blackouts.append(blackout)
        for one in done.affected:
            event("visit: moved" if one.to is not None else "visit: time lost")
            self.states[one.audience.id] = State.BOOKED if one.to is not None else State.MISSED

    # What holds, whatever was done

    @invariant()
    def all_holds(self) -> None:
        self.run(self._all_holds())

    async def _all_holds(self) -> None:
        async with self.database.unit_of_work(reading=True) as uow:
            audiences = [a for id in SITTINGS for a in await uow.audiences.of_sitting(id)]
            await self._never_two_for_one_slot(uow, audiences)
            await self._never_a_lost_citizen(uow, audiences)
            await self._never_an_offer_to_two(uow)

    async def _never_two_for_one_slot(self, uow: UnitOfWork, audiences: list[Audience]) -> None:
        now = self.clock.now
        kept = [hold for hold in await self._live_holds(uow) if not hold.is_over(now)]
        takers = [_slot(a) for a in audiences if a.holds_slot and a.state not in (State.CANCELLED, State.MISSED)]
        takers += [Slot(h.sitting_id, h.slot_starts_at, h.slot_ends_at, h.venue) for h in kept]
        needed = Counter(each for slot in takers for each in slot.occupies())
        assert all(count == 1 for count in needed.values()), "two for one slot"
        rows = await uow.occupancies.taken_between(NOW - timedelta(days=1), NOW + timedelta(days=3), now)
        assert {(resource, at) for resource, moments in rows.items() for at in moments} == set(needed)
        for audience in audiences:
            if audience.state is State.BOOKED and audience.holds_slot:
                for blackout in self.blackouts:
                    assert not _closes(blackout, audience), "booked where nobody is received"

    async def _never_a_lost_citizen(self, uow: UnitOfWork, audiences: list[Audience]) -> None:
        assert {a.id: a.state for a in audiences} == self.states
        held = Counter((a.citizen_id, a.sitting_id) for a in audiences if a.state in OPEN)
        assert all(count == 1 for count in held.values())
        looked_after = {a.citizen_id for a in audiences if a.state in OPEN}
        for entry in await self._entries(uow):
            looked_after.add(entry.citizen_id)
        by_id = {a.id: a for a in audiences}
        for governorate in (BADR, YANBU):
            for task in await uow.tasks.open_of(governorate.id):
                if task.kind is TaskKind.FIND_A_TIME and task.audience_id is not None:
                    looked_after.add(by_id[task.audience_id].citizen_id)
        assert {a.citizen_id for a in audiences} - self.gave_up <= looked_after

    async def _never_an_offer_to_two(self, uow: UnitOfWork) -> None:
        entries = [each for each in await self._entries(uow) if each.state is EntryState.OFFERED]
        offers = [await uow.offers.open_of_entry(each.id) for each in entries]
        assert None not in offers, "offered, and there is no offer"
        holds = [each.hold_id for each in offers if each is not None]
        assert len(set(holds)) == len(holds)
        for offer in offers:
            assert offer is not None
            if self.clock.now < offer.expires_at:
                assert (await uow.holds.get(offer.hold_id)).expires_at >= offer.expires_at

    # What the database holds

    async def _audience(self, number: int) -> Audience:
        ids = sorted(self.states)
        async with self.database.unit_of_work(reading=True) as uow:
            return await uow.audiences.get(ids[number % len(ids)])

    async def _entries(self, uow: UnitOfWork) -> list[WaitlistEntry]:
        of_both = [*await uow.waitlist.of_governorate(BADR.id), *await uow.waitlist.of_governorate(YANBU.id)]
        return [each for each in of_both if each.state in (EntryState.WAITING, EntryState.OFFERED)]

    async def _offers(self) -> list[tuple[WaitlistEntry, Offer]]:
        async with self.database.unit_of_work(reading=True) as uow:
            entries = [each for each in await self._entries(uow) if each.state is EntryState.OFFERED]
            offers = [(each, await uow.offers.open_of_entry(each.id)) for each in entries]
        return [(entry, offer) for entry, offer in offers if offer is not None]

    async def _live_holds(self, uow: UnitOfWork) -> list[Hold]:
        holds = [*await uow.holds.of_staff(BADR_DESK.staff_id), *await uow.holds.of_staff(YANBU_DESK.staff_id)]
        for entry in await self._entries(uow):
            offer = await uow.offers.open_of_entry(entry.id)
            if offer is not None:
                try:
                    holds.append(await uow.holds.get(offer.hold_id))
                except NotFound:
                    assert self.clock.now >= offer.expires_at, "an open offer without its hold"
        return holds


_prepared_once: list[bytes] = []


async def _prepared() -> bytes:
    """The file of a database with places, sittings and citizens: the same for every walk."""
    if not _prepared_once:
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(sqlite_url(Path(folder))) as database, database.unit_of_work() as uow:
                await put_places(uow)
                for sitting in SITTINGS.values():
                    await uow.sittings.add(sitting)
                for citizen in CITIZENS:
                    await uow.citizens.add(citizen)
                await uow.commit()
            _prepared_once.append((Path(folder) / "tawasul.db").read_bytes())
    return _prepared_once[0]


def _slot(audience: Audience) -> Slot:
    assert audience.slot_ends_at is not None
    return Slot(audience.sitting_id, audience.slot_starts_at, audience.slot_ends_at, audience.venue)


def _closes(blackout: Blackout, audience: Audience) -> bool:
    slot = _slot(audience)
    if isinstance(blackout.reach, AtCentre) and slot.venue not in (AtKiosk(BADR_1.id), AtKiosk(BADR_2.id)):
        return False
    return slot.starts_at < blackout.ends_at and blackout.starts_at < slot.ends_at


Desks.TestCase.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDesks = pytest.mark.timeout(600)(Desks.TestCase)
