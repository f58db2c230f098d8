"""Changes of the calendar that may take somebody's time: what each writes, and from when to when it can matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Protocol

from scheduler.core.ramadan import by_the_table
from tawasul.domain.audit import AuditAction, AuditSubject
from tawasul.domain.calendar import AtCentre, Blackout, Holiday, OneKiosk, Ramadan
from tawasul.domain.errors import InvalidDate
from tawasul.domain.places import Emirate, ReceptionCentre
from tawasul.domain.riyadh import A_DAY, moment_of
from tawasul.store.unit_of_work import UnitOfWork

Stretch = tuple[datetime, datetime]

MOST_MOVED: Final = timedelta(days=2)
"""By which a declared Ramadan may differ from the table's."""


class Change(Protocol):
    """One change. ``action``, ``subject`` and ``subject_id`` are for the audit log."""

    @property
    def action(self) -> AuditAction: ...

    @property
    def subject(self) -> AuditSubject: ...

    @property
    def subject_id(self) -> str: ...

    def bounds(self) -> Stretch | None:
        """Outside of it nothing changes; ``None``: from now on."""
        ...

    async def write(self, uow: UnitOfWork) -> None:
        """Does not commit. Raises: NotFound: what it refers to is not there."""
        ...


@dataclass(frozen=True, slots=True)
class AddBlackout:
    """A protocol visit, a closure, maintenance."""

    blackout: Blackout
    action = AuditAction.ADDED_BLACKOUT
    subject = AuditSubject.BLACKOUT

    @property
    def subject_id(self) -> str:
        """The blackout's."""
        return self.blackout.id

    def bounds(self) -> Stretch | None:
        """See ``Change``."""
        return self.blackout.starts_at, self.blackout.ends_at

    async def write(self, uow: UnitOfWork) -> None:
        """See ``Change``."""
        match self.blackout.reach:
            case AtCentre(centre_id):
                await uow.centres.get(centre_id)
            case OneKiosk(kiosk_id):
                await uow.kiosks.get(kiosk_id)
        await uow.calendar.add_blackout(self.blackout)


@dataclass(frozen=True, slots=True)
class AddHoliday:
    """Days on which nobody is received."""

    holiday: Holiday
    action = AuditAction.ADDED_HOLIDAY
    subject = AuditSubject.HOLIDAY

    @property
    def subject_id(self) -> str:
        """The holiday's."""
        return self.holiday.id

    def bounds(self) -> Stretch | None:
        """See ``Change``."""
        return moment_of(self.holiday.first_day, time.min), moment_of(self.holiday.last_day, time.max)

    async def write(self, uow: UnitOfWork) -> None:
        """See ``Change``."""
        if self.holiday.governorate_id is not None:
            await uow.governorates.get(self.holiday.governorate_id)
        await uow.calendar.add_holiday(self.holiday)


@dataclass(frozen=True, slots=True)
class PutRamadan:
    """Ramadan was declared for other days than were known."""

    ramadan: Ramadan
    action = AuditAction.PUT_RAMADAN
    subject = AuditSubject.RAMADAN

    @property
    def subject_id(self) -> str:
        """The Hijri year."""
        return str(self.ramadan.hijri_year)

    def bounds(self) -> Stretch | None:
        """See ``Change``. What the days were before may reach further."""
        return None

    async def write(self, uow: UnitOfWork) -> None:
        """See ``Change``. Raises: InvalidDate: the crescent moves a month by a day or two, not by a season."""
        try:
            table = by_the_table(self.ramadan.hijri_year)
        except (OverflowError, ValueError):
            raise InvalidDate("a year that the table does not have", field="hijri_year") from None
        if abs(self.ramadan.first_day - table.first_day) > MOST_MOVED:
            raise InvalidDate("not Ramadan of that year", field="first_day")
        await uow.calendar.put_ramadan(self.ramadan)


@dataclass(frozen=True, slots=True)
class RemoveRamadan:
    """The table's days hold again."""

    hijri_year: int
    action = AuditAction.REMOVED_RAMADAN
    subject = AuditSubject.RAMADAN

    @property
    def subject_id(self) -> str:
        """The Hijri year."""
        return str(self.hijri_year)

    def bounds(self) -> Stretch | None:
        """See ``Change``."""
        return None

    async def write(self, uow: UnitOfWork) -> None:
        """See ``Change``."""
        await uow.calendar.remove_ramadan(self.hijri_year)


@dataclass(frozen=True, slots=True)
class PutCentre:
    """A centre has other hours, pauses, days or stops."""

    centre: ReceptionCentre
    action: AuditAction
    subject = AuditSubject.CENTRE

    @property
    def subject_id(self) -> str:
        """The centre's."""
        return self.centre.id

    def bounds(self) -> Stretch | None:
        """See ``Change``."""
        return None

    async def write(self, uow: UnitOfWork) -> None:
        """See ``Change``."""
        await uow.centres.put(self.centre)


@dataclass(frozen=True, slots=True)
class PutEmirate:
    """Where the Amir receives there are other hours or pauses."""

    emirate: Emirate
    action: AuditAction
    subject = AuditSubject.CENTRE

    @property
    def subject_id(self) -> str:
        """The region's: its seat has no other."""
        return self.emirate.region_id

    def bounds(self) -> Stretch | None:
        """See ``Change``."""
        return None

    async def write(self, uow: UnitOfWork) -> None:
        """See ``Change``."""
        await uow.regions.put_emirate(self.emirate)


def longest(bounds: Stretch | None, now: datetime, ahead: datetime) -> Stretch:
    """The bounds from now on, up to ``ahead`` at most."""
    start, end = bounds or (now, ahead)
    return max(start, now), min(end, ahead + A_DAY)
