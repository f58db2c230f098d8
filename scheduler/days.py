"""What the desk looks at: the day of its governorate, and the slots that are free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.core import agenda
from scheduler.scope import governorate_of
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audience import Audience
from tawasul.domain.errors import NotFound
from tawasul.domain.people import Citizen
from tawasul.domain.places import Governorate, Kiosk, KioskId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_BACK: Final = timedelta(hours=12)
_AHEAD: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Day:
    """One sitting as a governorate's desk sees it: its own audiences, in the order of their slots."""

    sitting: Sitting | None
    governorate: Governorate
    kiosks: list[Kiosk]
    audiences: list[tuple[Audience, Citizen]]


class Days:
    """Reading only."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def day(self, who: StaffPrincipal, sitting_id: SittingId | None = None) -> Day:
        """A sitting; without an id the open one, else the next, else the last; ``None`` in it if there is none.

        Raises:
            NotFound: no such sitting.
        """
        governorate_id = governorate_of(who)
        async with self._unit_of_work(reading=True) as uow:
            governorate = await uow.governorates.get(governorate_id)
            kiosks = await uow.kiosks.of_governorate(governorate_id)
            sitting = await self._sitting(uow, sitting_id)
            everybody = [] if sitting is None else await uow.audiences.of_sitting(sitting.id)
            own = [audience for audience in everybody if audience.governorate_id == governorate_id]
            citizens = await uow.citizens.many({audience.citizen_id for audience in own})
        return Day(sitting, governorate, kiosks, [(audience, citizens[audience.citizen_id]) for audience in own])

    async def free_slots(
        self, who: StaffPrincipal, sitting_id: SittingId | None = None, kiosk_id: KioskId | None = None
    ) -> tuple[Sitting | None, list[datetime]]:
        """The sitting and the slots of it that may be booked, at a kiosk or (``None``) without one.

        Raises:
            NotFound: no such sitting, or no such kiosk in the desk's governorate.
        """
        governorate_id = governorate_of(who)
        async with self._unit_of_work(reading=True) as uow:
            sitting = await self._sitting(uow, sitting_id)
            if kiosk_id is not None and kiosk_id not in {k.id for k in await uow.kiosks.of_governorate(governorate_id)}:
                raise NotFound("kiosk")
            if sitting is None:
                return None, []
            office_taken = await uow.occupancies.of_office(sitting.id)
            kiosk_taken: frozenset[datetime] = frozenset()
            if kiosk_id is not None:
                kiosk_taken = await uow.occupancies.of_kiosk(kiosk_id, sitting.opens_at, sitting.closes_at)
        return sitting, agenda.free_slots(sitting, self._clock(), office_taken=office_taken, kiosk_taken=kiosk_taken)

    async def _sitting(self, uow: UnitOfWork, id: SittingId | None) -> Sitting | None:
        if id is not None:
            return await uow.sittings.get(id)
        now = self._clock()
        return agenda.present_sitting(await uow.sittings.between(now - _BACK, now + _AHEAD), now)
