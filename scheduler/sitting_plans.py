"""The office's sittings: one, many by weekdays, none again (F9). Each use case is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from scheduler.availability import Availability
from scheduler.core.availability import slots_of
from scheduler.offers import Offers
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.errors import InvalidDate, InvalidInput, SittingsOverlap
from tawasul.domain.riyadh import A_DAY, moment_of
from tawasul.domain.sitting import Receiver, Sitting, SittingId
from tawasul.domain.slot import GRAIN, grain_of
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

LONGEST_SITTING: Final = timedelta(hours=12)
LONGEST_REPEAT: Final = timedelta(days=366)
MOST_DAYS_SHOWN: Final = 100
SHORTEST_SLOT: Final = timedelta(minutes=5)
LONGEST_SLOT: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What sittings that repeat have in common."""

    slot_length: timedelta
    buffer: timedelta
    receiver: Receiver
    quota: int | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A sitting, how many of its slots are taken (with those that are held), and how many there are."""

    sitting: Sitting
    booked: int
    slots: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day on which no sitting was put: ``holiday``, ``overlap`` or ``past``."""

    day: date
    why: str


class SittingPlans:
    """The office's. ``changed`` is called after a commit: pages look again, and the waitlist may have a chance."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        availability: Availability,
        offers: Offers,
        changed: Callable[[], None],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._availability = availability
        self._offers = offers
        self._changed = changed

    async def sittings(self, first_day: date, days: int) -> list[Planned]:
        """Those of ``days`` days from ``first_day`` on. Raises: InvalidInput: not 1 to 100 days."""
        if not 1 <= days <= MOST_DAYS_SHOWN:
            raise InvalidInput("too many days", field="days")
        last_day = first_day + (days - 1) * A_DAY
        async with self._unit_of_work(reading=True) as uow:
            found = await uow.sittings.between(moment_of(first_day, time.min), moment_of(last_day, time.max))
            calendar = await self._availability.calendar(uow, first_day - A_DAY, last_day + A_DAY)
            taken = await uow.occupancies.taken_by_governorate([each.id for each in found], self._clock())
        return [
            Planned(each, sum(taken.get(each.id, {}).values()), len(slots_of(each, calendar, centre=None)))
            for each in found
        ]

    async def add_sitting(
        self, who: StaffPrincipal, opens_at: datetime, closes_at: datetime, pattern: Pattern
    ) -> Sitting:
        """One sitting.

        Raises:
            InvalidInput: too long, over already, not on the five minutes, or without room for a slot.
            SittingsOverlap: another stands in that time.
        """
        sitting = _sitting(opens_at, closes_at, pattern)
        if closes_at <= self._clock():
            raise InvalidInput("over already", field="closes_at")
        async with self._unit_of_work() as uow:
            await uow.regions.hold()
            if await uow.sittings.between(sitting.opens_at, sitting.closes_at):
                raise SittingsOverlap
            await self._add(uow, who, sitting)
            await uow.commit()
        self._changed()
        return sitting

    async def repeat_sitting(
        self,
        who: StaffPrincipal,
        weekdays: Collection[int],
        first_day: date,
        last_day: date,
        opens: time,
        closes: time,
        pattern: Pattern,
    ) -> tuple[list[Sitting], list[Skipped]]:
        """The same sitting on these weekdays (0 is Monday), but for holidays and where another stands already.

        Raises:
            InvalidInput: by the field that is wrong.
            InvalidDate: the last day is before the first, or more than a year after it.
        """
        if not weekdays or not set(weekdays) <= set(range(7)):
            raise InvalidInput("no such weekday", field="weekdays")
        if not first_day <= last_day <= first_day + LONGEST_REPEAT:
            raise InvalidDate("the last day is before the first, or more than a year after it", field="to_day")
        now = self._clock()
        added: list[Sitting] = []
        skipped: list[Skipped] = []
        days = [first_day + number * A_DAY for number in range((last_day - first_day).days + 1)]
        async with self._unit_of_work() as uow:
            await uow.regions.hold()
            calendar = await self._availability.calendar(uow, first_day, last_day)
            there = await uow.sittings.between(moment_of(first_day, time.min), moment_of(last_day, time.max))
            for day in days:
                if day.weekday() not in weekdays:
                    continue
                sitting = _sitting(moment_of(day, opens), moment_of(day, closes), pattern)
                if sitting.closes_at <= now:
                    skipped.append(Skipped(day, "past"))
                elif calendar.holiday(None, day) is not None:
                    skipped.append(Skipped(day, "holiday"))
                elif any(each.opens_at < sitting.closes_at and sitting.opens_at < each.closes_at for each in there):
                    skipped.append(Skipped(day, "overlap"))
                else:
                    await self._add(uow, who, sitting)
                    added.append(sitting)
            await uow.commit()
        self._changed()
        return added, skipped

    async def remove_sitting(self, who: StaffPrincipal, id: SittingId) -> None:
        """Offers of its slots are taken back: who had one waits as before.

        Raises:
            NotFound: no such sitting.
            Conflict: somebody is or was booked in it, or a desk holds a slot of it.
        """
        async with self._unit_of_work() as uow:
            await uow.calendar.hold()
            await self._offers.take_back_in(uow, lambda slot: slot.sitting_id == id)
            await uow.sittings.remove(id)
            await uow.audit.note(_noted(who, AuditAction.REMOVED_SITTING, id))
            await uow.commit()
        self._changed()

    async def _add(self, uow: UnitOfWork, who: StaffPrincipal, sitting: Sitting) -> None:
        await uow.sittings.add(sitting)
        await uow.audit.note(_noted(who, AuditAction.ADDED_SITTING, sitting.id))


def _sitting(opens_at: datetime, closes_at: datetime, pattern: Pattern) -> Sitting:
    """Raises: InvalidInput."""
    if not timedelta(0) < closes_at - opens_at <= LONGEST_SITTING:
        raise InvalidInput("closes before it opens, or is too long", field="closes_at")
    if not SHORTEST_SLOT <= pattern.slot_length <= LONGEST_SLOT or pattern.slot_length > closes_at - opens_at:
        raise InvalidInput("no such length of a slot", field="slot_minutes")
    # Kiosks are taken by five minutes: a slot on another grid would touch its neighbour's.
    if any(length % GRAIN for length in (pattern.slot_length, pattern.buffer)) or grain_of(opens_at) != opens_at:
        raise InvalidInput("on the five minutes", field="slot_minutes")
    return Sitting(
        id=SittingId(uuid.uuid4().hex),
        opens_at=opens_at,
        closes_at=closes_at,
        slot_length=pattern.slot_length,
        receiver=pattern.receiver,
        buffer=pattern.buffer,
        quota=pattern.quota,
    )


def _noted(who: StaffPrincipal, action: AuditAction, id: SittingId) -> AuditEntry:
    return AuditEntry(AuditActor.of(who), action, AuditSubject.SITTING, id)
