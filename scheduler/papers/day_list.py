"""The list of a sitting as it leaves the house: on paper, or as a file. Each time is noted.

It names people; of their numbers it has the last four digits, as the screen does. What they come about is not on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.core import agenda
from scheduler.scope import governorate_of
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audience import Audience
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject, Facts
from tawasul.domain.errors import NotFound
from tawasul.domain.people import Citizen
from tawasul.domain.places import Kiosk, KioskId, Name
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_BACK: Final = timedelta(hours=12)
_AHEAD: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DayList:
    """The audiences that a governorate's desk looks after, in the order of their times."""

    sitting: Sitting
    governorate: Name
    kiosks: Mapping[KioskId, Kiosk]
    audiences: tuple[tuple[Audience, Citizen], ...]
    made_at: datetime


class DayLists:
    """Makes them. ``form`` is what the audit log says of it: ``pdf``, ``csv`` or ``xlsx``."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def day(self, who: StaffPrincipal, sitting_id: SittingId | None, form: str) -> DayList:
        """The sitting named, else the open one, the next, or the last.

        Raises:
            NotFound: no such sitting, or none at all.
        """
        governorate_id = governorate_of(who)
        async with self._unit_of_work() as uow:
            sitting = await self._sitting(uow, sitting_id)
            everybody = await uow.audiences.of_sitting(sitting.id)
            own = [audience for audience in everybody if audience.governorate_id == governorate_id]
            citizens = await uow.citizens.many({audience.citizen_id for audience in own})
            made = DayList(
                sitting=sitting,
                governorate=(await uow.governorates.get(governorate_id)).name,
                kiosks={kiosk.id: kiosk for kiosk in await uow.kiosks.of_governorate(governorate_id)},
                audiences=tuple(
                    (audience, citizens[audience.citizen_id])
                    for audience in sorted(own, key=lambda each: (each.slot_starts_at, each.reference))
                ),
                made_at=self._clock(),
            )
            facts: Facts = {"form": form, "governorate": governorate_id, "audiences": len(own)}
            await uow.audit.note(
                AuditEntry(AuditActor.of(who), AuditAction.EXPORTED_DAY, AuditSubject.SITTING, sitting.id, facts)
            )
            await uow.commit()
        return made

    async def _sitting(self, uow: UnitOfWork, id: SittingId | None) -> Sitting:
        if id is not None:
            return await uow.sittings.get(id)
        now = self._clock()
        sitting = agenda.present_sitting(await uow.sittings.between(now - _BACK, now + _AHEAD), now)
        if sitting is None:
            raise NotFound("sitting")
        return sitting
