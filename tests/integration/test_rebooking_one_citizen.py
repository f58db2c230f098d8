"""A citizen has one audience in a sitting: a visit of protocol gives nobody a time where they have one already."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.factories import NOW, a_citizen, a_sitting, an_audience
from support.store_app import Service, running_app

from scheduler.changes import AddBlackout
from tawasul.domain.audience import Audience
from tawasul.domain.audit import THE_SERVICE
from tawasul.domain.calendar import Blackout, BlackoutId, BlackoutReason, OfficeTime
from tawasul.domain.people import Citizen
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import OwnLocation


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


async def planned(service: Service, *days: int) -> list[Sitting]:
    sittings = [a_sitting(f"in-{day}-days", opens_at=NOW + timedelta(days=day)) for day in days]
    async with service.parts.database.unit_of_work() as uow:
        for sitting in sittings:
            await uow.sittings.add(sitting)
        await uow.commit()
    return sittings


async def booked(service: Service, citizen: Citizen, *at: tuple[Sitting, int]) -> list[Audience]:
    audiences = [an_audience(citizen, sitting, number=number, venue=OwnLocation()) for sitting, number in at]
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        for audience in audiences:
            await uow.audiences.add(audience)
        await uow.commit()
    return audiences


def a_visit(*, begins: Sitting, ends: Sitting) -> AddBlackout:
    blackout = Blackout(BlackoutId("v"), OfficeTime(), begins.opens_at, ends.closes_at, BlackoutReason.PROTOCOL)
    return AddBlackout(blackout)


async def test_who_has_a_time_in_the_next_sitting_is_moved_to_the_one_after(service: Service) -> None:
    lost, held, free = await planned(service, 1, 2, 3)
    await booked(service, a_citizen(), (lost, 0), (held, 5))
    done = await service.parts.planning.visits.confirm(THE_SERVICE, a_visit(begins=lost, ends=lost), 1)
    (one,) = done.affected
    assert one.to is not None
    assert one.to.sitting_id == free.id


async def test_who_loses_two_times_is_not_given_two_in_one_sitting(service: Service) -> None:
    first, second, free = await planned(service, 1, 2, 3)
    await booked(service, a_citizen(), (first, 0), (second, 0))
    done = await service.parts.planning.visits.confirm(THE_SERVICE, a_visit(begins=first, ends=second), 2)
    assert [None if one.to is None else one.to.sitting_id for one in done.affected] == [free.id, None]
