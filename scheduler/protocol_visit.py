"""What a change of the calendar costs whom, and what becomes of them: protocol visits, closures, holidays, hours (R20).

``preview`` and ``confirm`` do the same: they write the change, look who no longer fits, and find each another time by
``scheduler.core.rebooking``. A preview is then rolled back, a confirmation committed: what was shown, to the person and
to the time that each gets, is what is done, or, if it is not so any more, ``OthersAffected``. While a confirmation is
carried out nobody is given a time: who was given one before is among those affected, and who comes after is told that
it is closed (``Calendars.hold``).

Who gets another time is told by a message and by a person (a task of the desk); who gets none keeps the right to be
first, is told that somebody will call, and a task says so to the desk.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from scheduler.availability import Availability
from scheduler.booking import Booking
from scheduler.changes import Change, Stretch, longest
from scheduler.core.availability import fits
from scheduler.core.rebooking import Displaced, rebook
from scheduler.core.windows import Calendar, Why
from scheduler.displaced import Places, Rooms
from scheduler.notify.herald import Herald
from scheduler.noting import note
from scheduler.offers import Offers
from scheduler.tasks import Tasks
from tawasul.domain.audience import Audience, AudienceId, MissedBecause, State, is_days_away
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry
from tawasul.domain.errors import Stale
from tawasul.domain.hold import Hold, HoldId
from tawasul.domain.message import MessageKind
from tawasul.domain.party import Priority
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.places import ReceptionCentre
from tawasul.domain.riyadh import A_DAY, day_of
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.task import TaskKind
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

REBOOKED_WITHIN: Final = timedelta(days=60)
"""After the last time that is lost: who finds none in two months is better called."""

CHANGES_REACH: Final = timedelta(days=180)
"""As far ahead as offers are looked at for a change without an end; bookings are looked at to the last of them."""

_CALL_WITHIN: Final = timedelta(hours=24)
_KEPT_FOR: Final = timedelta(minutes=5)
"""A hold within one transaction: it becomes the audience's in the same."""


@dataclass(frozen=True, slots=True)
class Affected:
    """Somebody who loses the time ``lost`` because of ``why``, and gets ``to`` or (``None``) nothing yet.

    ``centre``: of the kiosk, or ``None`` for a venue without one.
    """

    audience: Audience
    citizen: Citizen
    centre: ReceptionCentre | None
    lost: Slot
    to: Slot | None
    why: Why


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everybody affected, in the order of the times that are lost. ``arrived``: those who are there already and stay:
    the office receives them when it can.
    """

    affected: tuple[Affected, ...]
    arrived: int
    closes: Callable[[Slot], bool] = field(repr=False, compare=False)
    """Whether a slot was open before and is not after."""

    @property
    def seen(self) -> str:
        """A digest of who is affected, what they lose and what they get: 22 characters."""
        outcome = [(one.audience.id, repr(one.lost), repr(one.to)) for one in self.affected]
        return base64.urlsafe_b64encode(sha256(repr(outcome).encode()).digest()[:16]).decode().rstrip("=")

    @property
    def unplaced(self) -> int:
        """How many get no other time."""
        return sum(one.to is None for one in self.affected)

    @property
    def moved(self) -> int:
        """How many get another."""
        return len(self.affected) - self.unplaced


class OthersAffected(Stale):
    """What was shown is not so any more: ``affected`` people lose their time."""

    def __init__(self, affected: int) -> None:
        super().__init__(self.code)
        self.affected = affected

    def members(self) -> Mapping[str, object]:
        """``affected``: how many."""
        return {"affected": self.affected}


class ProtocolVisits:
    """The two use cases, for every change of the calendar."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        *,
        availability: Availability,
        booking: Booking,
        herald: Herald,
        tasks: Tasks,
        offers: Offers,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._availability = availability
        self._booking = booking
        self._herald = herald
        self._tasks = tasks
        self._offers = offers

    async def preview(self, change: Change) -> Consequences:
        """What it would cost. Changes nothing. Raises: NotFound: what the change refers to."""
        async with self._unit_of_work() as uow:
            return await self._consequences(uow, change)

    async def confirm(self, actor: AuditActor, change: Change, expected: int, seen: str | None = None) -> Consequences:
        """Does it, if as many are affected as were shown, and (``seen``: the preview's) the same get the same.

        Raises:
            NotFound: what the change refers to.
            OthersAffected: others are affected, or get other times: look again.
            Stale: one of them was changed meanwhile.
        """
        async with self._unit_of_work() as uow:
            await uow.calendar.hold()
            consequences = await self._consequences(uow, change)
            if len(consequences.affected) != expected or seen not in (None, consequences.seen):
                raise OthersAffected(len(consequences.affected))
            await self._carry_out(uow, actor, consequences.affected)
            await self._offers.take_back_in(uow, consequences.closes)
            facts = {"moved": consequences.moved, "unplaced": consequences.unplaced}
            await uow.audit.note(AuditEntry(actor, change.action, change.subject, change.subject_id, facts))
            await uow.commit()
        return consequences

    async def _consequences(self, uow: UnitOfWork, change: Change) -> Consequences:
        now = self._clock()
        ahead = max(now + CHANGES_REACH, await uow.audiences.last_open_end() or now)
        start, end = longest(change.bounds(), now, ahead)
        first, last = day_of(start), day_of(end) + REBOOKED_WITHIN
        before = await self._availability.calendar(uow, first, last)
        booked = await uow.audiences.open_between(start, end) if start < end else []
        sittings = {each.id: each for each in await uow.sittings.between(start, end + REBOOKED_WITHIN)}
        await change.write(uow)
        after = await self._availability.calendar(uow, first, last)
        places = await Places.read(uow, after)
        losing: list[tuple[Audience, Slot, Why]] = []
        arrived = 0
        for audience in booked:
            slot = _slot_of(audience, sittings.get(audience.sitting_id))
            if slot is None or not audience.holds_slot:
                continue
            why = _newly_closed(slot, before, after, places)
            if why is not None and (audience.state is State.BOOKED or _too_early(audience, slot, now)):
                losing.append((audience, slot, why))
            elif why is not None and audience.state is State.ARRIVED:
                arrived += 1
        placed = await self._placed(uow, losing, list(sittings.values()), after, places, now)
        return Consequences(placed, arrived, lambda slot: _closes(slot, (start, end), before, after, places))

    async def _placed(
        self,
        uow: UnitOfWork,
        losing: Sequence[tuple[Audience, Slot, Why]],
        sittings: Sequence[Sitting],
        calendar: Calendar,
        places: Places,
        now: datetime,
    ) -> tuple[Affected, ...]:
        if not losing:
            return ()
        taken = await uow.occupancies.taken_between(now, max(each.closes_at for each in sittings) + A_DAY, now)
        rooms = Rooms(sittings, calendar, places, taken, given_up=[slot for _, slot, _ in losing])
        closed = await _closed_to(uow, [audience for audience, _, _ in losing], sittings, now)
        found = rebook(
            [_displaced(audience, slot, places) for audience, slot, _ in losing],
            rooms.times(now),
            not_before=now,
            fits=lambda one, time: time.sitting_id not in closed[one.id] and rooms.has_room(one, time),
        )
        slots = rooms.assign({audience.id: (slot, found[audience.id]) for audience, slot, _ in losing})
        citizens = await uow.citizens.many({audience.citizen_id for audience, _, _ in losing})
        return tuple(
            Affected(
                audience, citizens[audience.citizen_id], places.centre_of(slot.venue), slot, slots[audience.id], why
            )
            for audience, slot, why in losing
        )

    async def _carry_out(self, uow: UnitOfWork, actor: AuditActor, affected: Sequence[Affected]) -> None:
        await uow.audiences.hold([one.audience.id for one in affected])
        # First everybody gives their time up: some of it is given to others of them.
        for one in affected:
            await uow.occupancies.free(one.audience.id)
        for one in affected:
            if one.audience.state is State.ARRIVED:
                one.audience.withdraw_arrival()
            one.audience.prefer(Priority.REBOOKED)
            if one.to is None:
                await self._lose(uow, actor, one)
            else:
                await self._move(uow, actor, one.audience, one.to)

    async def _move(self, uow: UnitOfWork, actor: AuditActor, audience: Audience, to: Slot) -> None:
        now = self._clock()
        hold = Hold(
            id=HoldId(uuid.uuid4().hex),
            sitting_id=to.sitting_id,
            slot_starts_at=to.starts_at,
            slot_ends_at=to.ends_at,
            venue=to.venue,
            governorate_id=audience.governorate_id,
            made_at=now,
            expires_at=now + _KEPT_FOR,
        )
        due_at = min(now + _CALL_WITHIN, max(now, audience.slot_starts_at))
        await uow.holds.take(hold, now)
        await self._booking.move_in(uow, audience, hold, actor=actor, kind=MessageKind.REBOOKED)
        await self._tasks.add_in(uow, TaskKind.TELL_OF_NEW_TIME, audience.governorate_id, audience.id, due_at)

    async def _lose(self, uow: UnitOfWork, actor: AuditActor, one: Affected) -> None:
        now, audience = self._clock(), one.audience
        audience.miss(MissedBecause.OFFICE)
        await uow.audiences.save(audience)
        await self._herald.tell(uow, MessageKind.TIME_LOST, audience, audience.citizen_id, now=now)
        await self._tasks.add_in(
            uow, TaskKind.FIND_A_TIME, audience.governorate_id, audience.id, min(now + _CALL_WITHIN, one.lost.starts_at)
        )
        await note(uow, actor, AuditAction.MISSED, audience, because=MissedBecause.OFFICE.value)


async def _closed_to(
    uow: UnitOfWork, losing: Sequence[Audience], sittings: Sequence[Sitting], now: datetime
) -> dict[AudienceId, set[SittingId]]:
    """The sittings that each cannot be moved to, for a citizen has one audience in a sitting: those in which they have
    another. Who loses several times may leave the sitting with the first of them only: no two are to meet in a third.
    """
    closed: dict[AudienceId, set[SittingId]] = {}
    leaving: set[CitizenId] = set()
    for audience in sorted(losing, key=lambda each: (each.slot_starts_at, each.id)):
        if audience.citizen_id in leaving:
            closed[audience.id] = {each.id for each in sittings} - {audience.sitting_id}
            continue
        leaving.add(audience.citizen_id)
        theirs = await uow.audiences.citizens_open(audience.citizen_id, now)
        closed[audience.id] = {each.sitting_id for each in theirs if each.id != audience.id}
    return closed


def _slot_of(audience: Audience, sitting: Sitting | None) -> Slot | None:
    """``None``: of a sitting that nobody plans, as a rehearsal."""
    if sitting is None:
        return None
    ends_at = audience.slot_ends_at or audience.slot_starts_at + sitting.slot_length
    return Slot(audience.sitting_id, audience.slot_starts_at, ends_at, audience.venue)


def _too_early(audience: Audience, slot: Slot, now: datetime) -> bool:
    """Who came on an earlier day than theirs is not there when the office receives: the time is lost to them too."""
    return audience.state is State.ARRIVED and is_days_away(slot.starts_at, now)


def _newly_closed(slot: Slot, before: Calendar, after: Calendar, places: Places) -> Why | None:
    """What the change puts in the way; ``None``: nothing, or it was in the way before."""
    centre = places.centre_of(slot.venue)
    earlier = None if centre is None else before.centres.get(centre.id, centre)
    if fits(slot, before, earlier) is not None:
        return None
    return fits(slot, after, centre)


def _closes(slot: Slot, within: Stretch, before: Calendar, after: Calendar, places: Places) -> bool:
    """The same of any slot; outside of what was looked at nothing changes."""
    touches = slot.starts_at < within[1] and within[0] < slot.ends_at
    return touches and _newly_closed(slot, before, after, places) is not None


def _displaced(audience: Audience, slot: Slot, places: Places) -> Displaced:
    centre = places.centre_of(slot.venue)
    place = type(slot.venue).__name__ if centre is None else centre.id
    return Displaced(audience.id, slot.starts_at, audience.governorate_id, audience.priorities, place)
