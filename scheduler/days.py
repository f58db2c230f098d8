"""The list of the day: who comes to the desk's governorate in a sitting, in the one order of all who come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.core import agenda
from scheduler.noting import note
from scheduler.papers.ticket import TicketCodes
from scheduler.scope import governorate_of, may_touch
from scheduler.walk_ins import TO_BE_HEARD, turn_of
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.audit import AuditAction, AuditActor
from tawasul.domain.errors import NotFound
from tawasul.domain.people import Citizen
from tawasul.domain.places import Governorate, Kiosk, KioskId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import grains
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_BACK: Final = timedelta(hours=12)
_AHEAD: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """One audience of the list. ``order``: its place among all of the sitting who are still to be heard, of every
    governorate; 1 is next, ``None`` for who is not to be heard (any more).
    """

    audience: Audience
    citizen: Citizen
    order: int | None
    has_petition: bool
    attachments: int


@dataclass(frozen=True, slots=True)
class Day:
    """One sitting as a governorate's desk sees it, and the ones around it."""

    sitting: Sitting | None
    sittings: list[Sitting]
    governorate: Governorate
    kiosks: list[Kiosk]
    lines: list[Line]


class Days:
    """Reading only, but for the note that a ticket was read."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime], tickets: TicketCodes) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._tickets = tickets

    async def day(self, who: StaffPrincipal, sitting_id: SittingId | None = None) -> Day:
        """A sitting; without an id the open one, else the next, else the last; ``None`` in it if there is none.

        Raises:
            NotFound: no such sitting.
        """
        governorate_id = governorate_of(who)
        async with self._unit_of_work(reading=True) as uow:
            governorate = await uow.governorates.get(governorate_id)
            kiosks = await uow.kiosks.of_governorate(governorate_id)
            sittings = await self._around(uow)
            sitting = await self._sitting(uow, sitting_id, sittings)
            everybody = [] if sitting is None else await uow.audiences.of_sitting(sitting.id)
            own = [audience for audience in everybody if audience.governorate_id == governorate_id]
            lines = await _lines(uow, own, everybody)
        if sitting is not None and sitting not in sittings:
            sittings = sorted([*sittings, sitting], key=lambda each: each.opens_at)
        return Day(sitting, sittings, governorate, kiosks, lines)

    async def by_ticket(self, who: StaffPrincipal, typed: str) -> Line:
        """Whose ticket or reference this is.

        Raises:
            TicketNotValid: neither a ticket of ours nor a reference.
            NotFound: nothing that this desk looks after.
        """
        reference = self._tickets.read(typed)
        async with self._unit_of_work() as uow:
            audience = await uow.audiences.by_reference(reference)
            if audience is None or not may_touch(who, Action.CHECK_IN, audience):
                raise NotFound("audience")
            everybody = await uow.audiences.of_sitting(audience.sitting_id)
            (line,) = await _lines(uow, [audience], everybody)
            await note(uow, AuditActor.of(who), AuditAction.READ_TICKET, audience)
            await uow.commit()
        return line

    async def free_slots(
        self, who: StaffPrincipal, sitting_id: SittingId | None = None, kiosk_id: KioskId | None = None
    ) -> tuple[Sitting | None, list[datetime]]:
        """The sitting and the slots of it that nobody has, at a kiosk or (``None``) without one.

        Raises:
            NotFound: no such sitting, or no such kiosk in the desk's governorate.
        """
        governorate_id = governorate_of(who)
        now = self._clock()
        async with self._unit_of_work(reading=True) as uow:
            sitting = await self._sitting(uow, sitting_id, await self._around(uow))
            if kiosk_id is not None and kiosk_id not in {k.id for k in await uow.kiosks.of_governorate(governorate_id)}:
                raise NotFound("kiosk")
            if sitting is None:
                return None, []
            office_taken = await uow.occupancies.of_office(sitting.id, now)
            kiosk_taken: frozenset[datetime] = frozenset()
            if kiosk_id is not None:
                of_kiosk = await uow.occupancies.of_kiosk(kiosk_id, sitting.opens_at, sitting.closes_at, now)
                kiosk_taken = frozenset(
                    start
                    for start in sitting.slots()
                    if any(grain in of_kiosk for grain in grains(start, start + sitting.slot_length))
                )
        return sitting, agenda.free_slots(sitting, now, office_taken=office_taken, kiosk_taken=kiosk_taken)

    async def _around(self, uow: UnitOfWork) -> list[Sitting]:
        now = self._clock()
        return await uow.sittings.between(now - _BACK, now + _AHEAD)

    async def _sitting(self, uow: UnitOfWork, id: SittingId | None, around: Sequence[Sitting]) -> Sitting | None:
        if id is not None:
            return await uow.sittings.get(id)
        return agenda.present_sitting(around, self._clock())


async def _lines(uow: UnitOfWork, shown: Sequence[Audience], everybody: Collection[Audience]) -> list[Line]:
    """``everybody``: of the sitting, so that the order is that of the office."""
    ids = [audience.id for audience in shown]
    citizens = await uow.citizens.many({audience.citizen_id for audience in shown})
    written = await uow.petitions.written(ids)
    attachments = await uow.petitions.count_attachments(ids)
    order = order_of(everybody)
    return [
        Line(a, citizens[a.citizen_id], order.get(a.id), a.id in written, attachments.get(a.id, 0))
        for a in sorted(shown, key=turn_of)
    ]


def order_of(everybody: Collection[Audience]) -> dict[AudienceId, int]:
    """The place of each who is still to be heard, from 1: those who are there and those who are to come."""
    to_be_heard = sorted((a for a in everybody if a.state in TO_BE_HEARD), key=turn_of)
    return {audience.id: number for number, audience in enumerate(to_be_heard, start=1)}
