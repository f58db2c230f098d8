"""Planning (F9): what was declared, and the places. Each use case is one transaction.

What may take somebody's time (a blackout, a holiday, other hours) goes by ``scheduler.protocol_visit``, which finds
another for them; here is what takes nothing from anybody. Sittings: ``scheduler.sitting_plans``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from scheduler.core.ramadan import by_the_table, hijri_year
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.calendar import Blackout, BlackoutId, Holiday, HolidayId, Ramadan
from tawasul.domain.errors import InvalidDate, InvalidInput, NotFound
from tawasul.domain.places import CentreId, CentreKind, Emirate, Governorate, Kiosk, KioskId, Name, ReceptionCentre
from tawasul.domain.riyadh import day_of
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

MOST_KIOSKS: Final = 5
_YEARS: Final = timedelta(days=2 * 366)


class Planning:
    """The office's. ``changed`` is called after a commit: pages look again, and the waitlist may have a chance."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        changed: Callable[[], None],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._changed = changed

    # What is declared

    async def blackouts(self) -> list[Blackout]:
        """Those that are not over, in order."""
        now = self._clock()
        async with self._unit_of_work(reading=True) as uow:
            return await uow.calendar.blackouts_between(now, now + _YEARS)

    async def remove_blackout(self, who: StaffPrincipal, id: BlackoutId) -> None:
        """The time may be booked again. Who was moved for it stays where they are now. Raises: NotFound."""
        async with self._unit_of_work() as uow:
            await uow.calendar.remove_blackout(id)
            await uow.audit.note(_noted(who, AuditAction.REMOVED_BLACKOUT, AuditSubject.BLACKOUT, id))
            await uow.commit()
        self._changed()

    async def holidays(self) -> list[Holiday]:
        """Those of the last month and of the next two years, in order."""
        today = day_of(self._clock())
        async with self._unit_of_work(reading=True) as uow:
            return await uow.calendar.holidays_between(today - timedelta(days=30), today + _YEARS)

    async def remove_holiday(self, who: StaffPrincipal, id: HolidayId) -> None:
        """Raises: NotFound."""
        async with self._unit_of_work() as uow:
            await uow.calendar.remove_holiday(id)
            await uow.audit.note(_noted(who, AuditAction.REMOVED_HOLIDAY, AuditSubject.HOLIDAY, id))
            await uow.commit()
        self._changed()

    async def ramadans(self) -> list[tuple[Ramadan, bool]]:
        """Those of the years around now, and whatever else was declared, in order; whether it was declared."""
        async with self._unit_of_work(reading=True) as uow:
            declared = {ramadan.hijri_year: ramadan for ramadan in await uow.calendar.ramadans()}
        this_year = hijri_year(day_of(self._clock()))
        years = sorted({*declared, *range(this_year - 1, this_year + 3)})
        return [(declared.get(year) or by_the_table(year), year in declared) for year in years]

    # Places

    async def centres(self) -> tuple[Emirate | None, list[Governorate], list[tuple[ReceptionCentre, list[Kiosk]]]]:
        """Where the Amir receives, the governorates, and all centres with their kiosks."""
        async with self._unit_of_work(reading=True) as uow:
            kiosks = await uow.kiosks.all()
            centres = await uow.centres.all()
            governorates = await uow.governorates.all()
            emirate = await _emirate(uow)
        return (
            emirate,
            governorates,
            [(each, [kiosk for kiosk in kiosks if kiosk.centre_id == each.id]) for each in centres],
        )

    async def centre(self, id: CentreId) -> ReceptionCentre:
        """Raises: NotFound."""
        async with self._unit_of_work(reading=True) as uow:
            return await uow.centres.get(id)

    async def emirate(self) -> Emirate:
        """Raises: NotFound: nobody has said where the Amir receives."""
        async with self._unit_of_work(reading=True) as uow:
            found = await _emirate(uow)
        if found is None:
            raise NotFound("emirate")
        return found

    async def add_centre(self, who: StaffPrincipal, centre: ReceptionCentre, kiosks: int) -> ReceptionCentre:
        """A temporary or portable centre with so many kiosks, whose devices are enrolled afterwards.

        Raises:
            InvalidInput: a permanent one (those come from the region's file), or not 1 to 5 kiosks; a temporary one
                without its days.
            NotFound: no such governorate.
        """
        if centre.kind is CentreKind.PERMANENT:
            raise InvalidInput("permanent centres come from the region's file", field="kind")
        if centre.kind is CentreKind.TEMPORARY and (centre.opens_on is None or centre.closes_on is None):
            raise InvalidDate("a temporary centre has a first and a last day", field="opens_on")
        if not 1 <= kiosks <= MOST_KIOSKS:
            raise InvalidInput(f"1 to {MOST_KIOSKS} kiosks", field="kiosks")
        async with self._unit_of_work() as uow:
            await uow.governorates.get(centre.governorate_id)
            await uow.centres.put(centre)
            for number in range(1, kiosks + 1):
                await uow.kiosks.put(_kiosk(centre, number))
            await uow.audit.note(_noted(who, AuditAction.ADDED_CENTRE, AuditSubject.CENTRE, centre.id))
            await uow.commit()
        self._changed()
        return centre


def _kiosk(centre: ReceptionCentre, number: int) -> Kiosk:
    name = Name(f"{centre.name.arabic} {number}", f"{centre.name.english} {number}")
    return Kiosk(KioskId(f"{centre.id}-{number}"), centre.id, name)


async def _emirate(uow: UnitOfWork) -> Emirate | None:
    for region in await uow.regions.all():
        try:
            return await uow.regions.emirate(region.id)
        except NotFound:
            continue
    return None


def _noted(who: StaffPrincipal, action: AuditAction, subject: AuditSubject, id: str) -> AuditEntry:
    return AuditEntry(AuditActor.of(who), action, subject, id)
