"""Places with hours, pauses and stops; the calendar: what was put is there, and the same."""

from dataclasses import replace
from datetime import date, time, timedelta
from types import MappingProxyType

import pytest
from support.factories import (
    BADR,
    BADR_1,
    BADR_CENTRE,
    EMIRATE,
    MADINAH,
    NOW,
    YANBU,
    a_citizen,
    a_hold,
    a_sitting,
    an_audience,
)
from support.store import put_places

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
from tawasul.domain.errors import Conflict, NotFound
from tawasul.domain.hold import FORM_LASTS
from tawasul.domain.hours import USUAL_HOURS, USUAL_PAUSES, OpeningHours, Prayer, PrayerPause, Span
from tawasul.domain.places import CentreId, CentreKind, Coordinates, Emirate, Name, RegionId, Stop, Town
from tawasul.domain.sitting import Receiver, Sitting, SittingId
from tawasul.store.unit_of_work import Database

FIRST = date(2026, 2, 3)
A_DAY = timedelta(days=1)

ODD_HOURS = OpeningHours(
    week=((Span(time(7, 30), time(11)), Span(time(16), time.max)),) + ((),) * 6,
    ramadan=((),) * 6 + ((Span(time(0), time(2, 15, 30)),),),
)
ODD_PAUSES = MappingProxyType(
    {
        Prayer.JUMUAH: PrayerPause(timedelta(minutes=5), timedelta(minutes=50), timedelta(minutes=40)),
        Prayer.ISHA: PrayerPause(timedelta(0), timedelta(seconds=90)),
    }
)
STOPS = (
    Stop(FIRST, Name("قرية", "A village"), Coordinates(23.5, 38.5), Span(time(9), time(13))),
    Stop(FIRST, Name("قرية", "A village"), Coordinates(23.5, 38.5), Span(time(16), time.max)),
    Stop(FIRST + A_DAY, Name("بيت", "A home"), Coordinates(23.6, 38.6), Span(time(10), time(11)), home=True),
)


async def test_a_centre_is_kept_with_its_hours_pauses_and_stops(database: Database) -> None:
    centres = [
        replace(BADR_CENTRE, hours=ODD_HOURS, pauses=ODD_PAUSES),
        replace(BADR_CENTRE, id=CentreId("usual"), hours=USUAL_HOURS, pauses=USUAL_PAUSES),
        replace(BADR_CENTRE, id=CentreId("market"), kind=CentreKind.TEMPORARY, opens_on=FIRST, closes_on=FIRST + A_DAY),
        replace(BADR_CENTRE, id=CentreId("portable"), kind=CentreKind.PORTABLE, stops=STOPS),
    ]
    async with database.unit_of_work() as uow:
        await put_places(uow)
        for centre in centres:
            await uow.centres.put(centre)
        await uow.commit()
    async with database.unit_of_work() as uow:
        for centre in centres:
            assert await uow.centres.get(centre.id) == centre
        assert await uow.centres.of_governorate(BADR.id) == sorted(centres, key=lambda centre: centre.id)
        # Put again with another route: the old one is gone.
        elsewhere = replace(centres[-1], stops=STOPS[2:])
        await uow.centres.put(elsewhere)
        await uow.centres.put(elsewhere)
        assert await uow.centres.get(CentreId("portable")) == elsewhere
        with pytest.raises(NotFound):
            await uow.centres.get(CentreId("none"))


async def test_the_emirate_is_kept_and_outlives_another_name_of_the_region(database: Database) -> None:
    emirate = Emirate(MADINAH.id, Name("الإمارة", "Emirate"), Coordinates(24.5, 39.6), ODD_HOURS, ODD_PAUSES)
    async with database.unit_of_work() as uow:
        await uow.regions.put(MADINAH)
        with pytest.raises(NotFound):
            await uow.regions.emirate(MADINAH.id)
        await uow.regions.put_emirate(emirate)
        await uow.regions.put(replace(MADINAH, name=Name("المدينة", "Madinah")))
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.regions.emirate(MADINAH.id) == emirate
        with pytest.raises(NotFound):
            await uow.regions.put_emirate(replace(EMIRATE, region_id=RegionId("none")))


async def test_towns_are_kept_under_their_arabic_names(database: Database) -> None:
    badr, rawdah = (
        Town(Name(arabic, english), BADR.id, Coordinates(23.78, 38.79), ("بدر حنين",))
        for arabic, english in (("بدر", "Badr"), ("الروضة", "Rawdah"))
    )
    async with database.unit_of_work() as uow:
        await put_places(uow)
        for town in (badr, rawdah, replace(badr, also=())):
            await uow.towns.put(town)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert sorted(await uow.towns.all(), key=lambda town: town.name.english) == [replace(badr, also=()), rawdah]


async def test_holidays_are_found_by_any_of_their_days(database: Database) -> None:
    eid = Holiday(HolidayId("eid"), Name("عيد", "Eid"), FIRST, FIRST + 3 * A_DAY)
    local = Holiday(HolidayId("local"), Name("محلية", "Local"), FIRST + 3 * A_DAY, FIRST + 3 * A_DAY, YANBU.id)
    async with database.unit_of_work() as uow:
        await put_places(uow)
        for holiday in (local, eid):
            await uow.calendar.add_holiday(holiday)
        assert await uow.calendar.holidays_between(FIRST + 3 * A_DAY, FIRST + 9 * A_DAY) == [eid, local]
        assert await uow.calendar.holidays_between(FIRST - A_DAY, FIRST) == [eid]
        assert await uow.calendar.holidays_between(FIRST + 4 * A_DAY, FIRST + 9 * A_DAY) == []
        assert await uow.calendar.holidays_between(FIRST - 9 * A_DAY, FIRST - A_DAY) == []
        await uow.calendar.remove_holiday(eid.id)
        assert await uow.calendar.holidays_between(FIRST, FIRST + 9 * A_DAY) == [local]
        with pytest.raises(NotFound):
            await uow.calendar.remove_holiday(eid.id)


async def test_a_ramadan_is_declared_declared_anew_and_taken_back(database: Database) -> None:
    first, second = (Ramadan(1447 + n, FIRST + n * 354 * A_DAY, FIRST + (n * 354 + 28) * A_DAY) for n in range(2))
    moved = replace(first, last_day=first.last_day + A_DAY)
    async with database.unit_of_work() as uow:
        for ramadan in (second, first, moved):
            await uow.calendar.put_ramadan(ramadan)
        assert await uow.calendar.ramadans() == [moved, second]
        await uow.calendar.remove_ramadan(1447)
        assert await uow.calendar.ramadans() == [second]
        with pytest.raises(NotFound):
            await uow.calendar.remove_ramadan(1447)


async def test_blackouts_are_found_by_any_part_of_their_time(database: Database) -> None:
    reaches: list[Reach] = [OfficeTime(), AtCentre(BADR_CENTRE.id), OneKiosk(BADR_1.id)]
    blackouts = [
        Blackout(BlackoutId(f"b-{n}"), reach, NOW + n * A_DAY, NOW + (n + 1) * A_DAY, BlackoutReason.PROTOCOL)
        for n, reach in enumerate(reaches)
    ]
    async with database.unit_of_work() as uow:
        await put_places(uow)
        for blackout in blackouts:
            await uow.calendar.add_blackout(blackout)
            assert await uow.calendar.get_blackout(blackout.id) == blackout
        assert await uow.calendar.blackouts_between(NOW, NOW + 9 * A_DAY) == blackouts
        assert await uow.calendar.blackouts_between(NOW + A_DAY, NOW + 2 * A_DAY) == [blackouts[1]]
        await uow.calendar.remove_blackout(blackouts[1].id)
        for missing in (uow.calendar.get_blackout, uow.calendar.remove_blackout):
            with pytest.raises(NotFound):
                await missing(blackouts[1].id)


async def test_a_sitting_is_kept_changed_and_removed_while_nobody_has_a_slot(database: Database) -> None:
    sitting = replace(a_sitting(), receiver=Receiver.DEPUTY, buffer=timedelta(minutes=5), quota=4)
    citizen = a_citizen()
    async with database.unit_of_work() as uow:
        await put_places(uow)
        await uow.citizens.add(citizen)
        await uow.sittings.add(sitting)
        assert await uow.sittings.get(sitting.id) == sitting
        assert await uow.sittings.many([sitting.id, SittingId("none")]) == {sitting.id: sitting}
        changed: Sitting = replace(sitting, quota=None, closes_at=sitting.closes_at + A_DAY)
        await uow.sittings.update(changed)
        assert await uow.sittings.get(sitting.id) == changed
        await uow.holds.take(a_hold(sitting, now=NOW - FORM_LASTS), NOW - FORM_LASTS)
        hold = a_hold(sitting, number=1)
        await uow.holds.take(hold, NOW)
        with pytest.raises(Conflict):
            await uow.sittings.remove(sitting.id)
        await uow.holds.release(hold.id)
        await uow.commit()
    async with database.unit_of_work() as uow:
        await uow.sittings.remove(sitting.id)
        for missing in (uow.sittings.remove(sitting.id), uow.sittings.update(sitting)):
            with pytest.raises(NotFound):
                await missing
    async with database.unit_of_work() as uow:
        await uow.audiences.add(an_audience(citizen, sitting))
        with pytest.raises(Conflict):
            await uow.sittings.remove(sitting.id)
