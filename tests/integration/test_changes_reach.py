"""Whom a change of the calendar reaches: all who lose their time, however far ahead, and who came on the wrong day."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from support.factories import NOW, a_citizen, a_sitting, an_audience
from support.store_app import Service, running_app

from scheduler.changes import AddHoliday, Change
from tawasul.domain.audience import Audience, State
from tawasul.domain.audit import THE_SERVICE
from tawasul.domain.calendar import Holiday, HolidayId
from tawasul.domain.people import IdentityAssurance
from tawasul.domain.places import Name
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import OwnLocation


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


async def booked(service: Service, in_days: int, *, arrived: bool = False) -> tuple[Audience, Sitting]:
    """Somebody with a time in so many days, and a sitting on the day after."""
    sittings = [a_sitting(f"in-{day}-days", opens_at=NOW + timedelta(days=day)) for day in (in_days, in_days + 1)]
    citizen = a_citizen()
    audience = an_audience(citizen, sittings[0], number=0, venue=OwnLocation())
    if arrived:
        audience.arrive(IdentityAssurance.DECLARED, NOW)
    async with service.parts.database.unit_of_work() as uow:
        for sitting in sittings:
            await uow.sittings.add(sitting)
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return audience, sittings[1]


def a_holiday(in_days: int) -> Change:
    day: date = (NOW + timedelta(days=in_days)).date()
    return AddHoliday(Holiday(HolidayId("eid"), Name("العيد", "Eid"), day, day))


async def as_kept(service: Service, audience: Audience) -> Audience:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        return await uow.audiences.get(audience.id)


@pytest.mark.parametrize("in_days", [30, 179, 200, 300])
async def test_a_holiday_moves_who_is_booked_on_it_however_far_ahead(service: Service, in_days: int) -> None:
    audience, after = await booked(service, in_days)
    await service.parts.planning.visits.confirm(THE_SERVICE, a_holiday(in_days), 1)
    assert (await as_kept(service, audience)).sitting_id == after.id


async def test_who_came_days_too_early_is_moved_like_everybody(service: Service) -> None:
    audience, after = await booked(service, 3, arrived=True)
    await service.parts.planning.visits.confirm(THE_SERVICE, a_holiday(3), 1)
    kept = await as_kept(service, audience)
    assert (kept.sitting_id, kept.state) == (after.id, State.BOOKED)


async def test_who_is_there_on_the_day_itself_stays(service: Service) -> None:
    audience, _ = await booked(service, 0, arrived=True)
    done = await service.parts.planning.visits.confirm(THE_SERVICE, a_holiday(0), 0)
    assert done.arrived == 1
    assert (await as_kept(service, audience)).state is State.ARRIVED


async def test_who_came_in_the_evening_for_a_time_past_midnight_stays(service: Service) -> None:
    """20 minutes to midnight in Riyadh, for ten past; the day that begins is made a holiday."""
    midnight = NOW.replace(hour=21, minute=0)
    service.clock.now = midnight - timedelta(minutes=20)
    sitting, citizen = a_sitting("evening", opens_at=midnight - timedelta(hours=2)), a_citizen()
    audience = an_audience(citizen, sitting, number=0, venue=OwnLocation())
    audience = replace(
        audience, slot_starts_at=midnight + timedelta(minutes=10), slot_ends_at=midnight + timedelta(minutes=20)
    )
    audience.arrive(IdentityAssurance.DECLARED, service.clock.now)
    async with service.parts.database.unit_of_work() as uow:
        await uow.sittings.add(sitting)
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    done = await service.parts.planning.visits.confirm(THE_SERVICE, a_holiday(1), 0)
    assert done.arrived == 1
    assert (await as_kept(service, audience)).state is State.ARRIVED
