"""The calendar: holidays, declared Ramadans, and blackouts; and the lock between those who close and those who book."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, func, select

from tawasul.domain.calendar import (
    AtCentre,
    Blackout,
    BlackoutId,
    BlackoutReason,
    Holiday,
    HolidayId,
    OfficeTime,
    OneKiosk,
    Ramadan,
    Reach,
)
from tawasul.domain.errors import NotFound
from tawasul.domain.places import CentreId, GovernorateId, KioskId, Name
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import BlackoutRow, HolidayRow, RamadanRow

_THE_CALENDAR: Final = 0x7461_7761_7375_6C02
"""The key of PostgreSQL's advisory lock: "tawasul" and a number."""


class Calendars(Repository):
    """What takes time from everybody.

    Whoever gives somebody a time looks first whether it is open, and whoever closes a time looks first who is booked in
    it: neither sees what the other has not committed. So the one keeps the calendar as it is (``keep``), many at once,
    and the other holds it alone (``hold``), each until its transaction ends. On PostgreSQL it is an advisory lock
    (postgresql.org/docs/current/explicit-locking.html): it writes no row for each booking, and who waits for it alone
    is not passed by those who come after, as on a row that is locked in share. Nothing waits on SQLite: it has one
    writer.

    Each is the first lock of its transaction. Who holds rows and then waits for the calendar may hold those for which
    the holder of the calendar waits.
    """

    async def keep(self) -> None:
        """Until this transaction ends nobody closes anything. Read what is open after this, not before."""
        if not self._has_one_writer():
            await self._session.execute(select(func.pg_advisory_xact_lock_shared(_THE_CALENDAR)))

    async def hold(self) -> None:
        """Until this transaction ends nobody else closes anything, and nobody is given a time."""
        if not self._has_one_writer():
            await self._session.execute(select(func.pg_advisory_xact_lock(_THE_CALENDAR)))

    async def holidays_between(self, first: date, last: date) -> list[Holiday]:
        """Those with a day from ``first`` to ``last``, both included, in order."""
        rows = await self._rows(
            select(HolidayRow)
            .where(HolidayRow.first_day <= last, HolidayRow.last_day >= first)
            .order_by(HolidayRow.first_day, HolidayRow.id)
        )
        return [_holiday(row) for row in rows]

    async def add_holiday(self, holiday: Holiday) -> None:
        """A new one."""
        await self._insert(
            HolidayRow(
                id=holiday.id,
                name_arabic=holiday.name.arabic,
                name_english=holiday.name.english,
                first_day=holiday.first_day,
                last_day=holiday.last_day,
                governorate_id=holiday.governorate_id,
            )
        )

    async def remove_holiday(self, id: HolidayId) -> None:
        """Raises: NotFound."""
        if not await self._change(delete(HolidayRow).where(HolidayRow.id == id)):
            raise NotFound("holiday")

    async def ramadans(self) -> list[Ramadan]:
        """All that were declared otherwise than the table has them, in order."""
        rows = await self._rows(select(RamadanRow).order_by(RamadanRow.hijri_year))
        return [Ramadan(row.hijri_year, row.first_day, row.last_day) for row in rows]

    async def put_ramadan(self, ramadan: Ramadan) -> None:
        """Adds it, or changes the days of that year."""
        await self._put(
            RamadanRow(hijri_year=ramadan.hijri_year, first_day=ramadan.first_day, last_day=ramadan.last_day)
        )

    async def remove_ramadan(self, hijri_year: int) -> None:
        """The table holds again. Raises: NotFound."""
        if not await self._change(delete(RamadanRow).where(RamadanRow.hijri_year == hijri_year)):
            raise NotFound("ramadan")

    async def blackouts_between(self, start: datetime, end: datetime) -> list[Blackout]:
        """Those with a part of their time in ``[start, end)``, in order."""
        rows = await self._rows(
            select(BlackoutRow)
            .where(BlackoutRow.starts_at < end, BlackoutRow.ends_at > start)
            .order_by(BlackoutRow.starts_at, BlackoutRow.id)
        )
        return [_blackout(row) for row in rows]

    async def get_blackout(self, id: BlackoutId) -> Blackout:
        """Raises: NotFound."""
        row = await self._row(BlackoutRow, BlackoutRow.id == id)
        if row is None:
            raise NotFound("blackout")
        return _blackout(row)

    async def add_blackout(self, blackout: Blackout) -> None:
        """A new one."""
        centre_id, kiosk_id = _columns_of_reach(blackout.reach)
        await self._insert(
            BlackoutRow(
                id=blackout.id,
                centre_id=centre_id,
                kiosk_id=kiosk_id,
                starts_at=blackout.starts_at,
                ends_at=blackout.ends_at,
                reason=blackout.reason.value,
            )
        )

    async def remove_blackout(self, id: BlackoutId) -> None:
        """Raises: NotFound."""
        if not await self._change(delete(BlackoutRow).where(BlackoutRow.id == id)):
            raise NotFound("blackout")

    def _has_one_writer(self) -> bool:
        return self._session.get_bind().dialect.name == "sqlite"


def _holiday(row: HolidayRow) -> Holiday:
    return Holiday(
        id=HolidayId(row.id),
        name=Name(row.name_arabic, row.name_english),
        first_day=row.first_day,
        last_day=row.last_day,
        governorate_id=None if row.governorate_id is None else GovernorateId(row.governorate_id),
    )


def _blackout(row: BlackoutRow) -> Blackout:
    return Blackout(
        id=BlackoutId(row.id),
        reach=_reach(row),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=BlackoutReason(row.reason),
    )


def _columns_of_reach(reach: Reach) -> tuple[CentreId | None, KioskId | None]:
    match reach:
        case OfficeTime():
            return None, None
        case AtCentre(centre_id=centre_id):
            return centre_id, None
        case OneKiosk(kiosk_id=kiosk_id):
            return None, kiosk_id


def _reach(row: BlackoutRow) -> Reach:
    if row.centre_id is not None:
        return AtCentre(CentreId(row.centre_id))
    return OfficeTime() if row.kiosk_id is None else OneKiosk(KioskId(row.kiosk_id))
