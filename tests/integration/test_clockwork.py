"""The clockwork runs by itself: woken by what happens, and by one timer armed to what is due next."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.planning import Office
from support.store_app import running_app

from scheduler.clockwork import LOOKS_AGAIN_AFTER
from tawasul.domain.events import AudienceCancelled
from tawasul.domain.hold import FORM_LASTS


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with running_app(tmp_path) as service:
        service.clock.now += timedelta(days=4)  # to a Saturday, when the sitting of the factories is over
        yield await Office.opened(service, tmp_path)


async def test_a_time_that_is_given_up_is_offered_without_anybody_asking(office: Office) -> None:
    sitting = await office.sits(office.tomorrow, slots=1)
    booked = await office.books(office.badr, 1, sitting, office.tomorrow)
    entry = await office.waits(office.badr, 2)
    # Joining woke it too: that turn is over before the time is given up.
    for _ in range(3):
        await office.turn()
    told = asyncio.Event()

    async def tell(event: AudienceCancelled) -> None:
        told.set()

    office.service.parts.events.subscribe(AudienceCancelled, tell)
    await office.badr.does("cancel", booked)
    async with asyncio.timeout(30):
        await told.wait()
        while entry["id"] not in await office.offers(office.badr):
            pass  # looking is a request of its own: the clockwork has its turn meanwhile


async def test_the_timer_is_armed_to_what_is_due_next(office: Office) -> None:
    clockwork = office.service.parts.planning.clockwork
    sitting = await office.sits(office.tomorrow, slots=1)
    assert await clockwork.next_due() == office.now + LOOKS_AGAIN_AFTER
    made_at = office.now
    await office.holds(office.badr, sitting, office.tomorrow)
    await office.passes(FORM_LASTS - timedelta(seconds=20))
    assert await clockwork.next_due() == made_at + FORM_LASTS
    await office.passes(timedelta(seconds=20))
    await clockwork.turn()
    assert await clockwork.next_due() == office.now + LOOKS_AGAIN_AFTER
