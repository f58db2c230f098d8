"""A browser abroad, in the night its clocks are put forward: Riyadh's times are shown, and the right one is booked."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from support.desk_page import a_page, keep, register, sign_in
from support.service import Service, a_service
from support.tries import of_this_try
from support.zones import clocks_go_forward

from tawasul.domain.sitting import Sitting, SittingId
from tawasul.web.dates import Dates
from tawasul.web.words import words_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANGE = clocks_go_forward("America/New_York", after_days=30)
"""7:00 UTC, when New York goes from 2:00 to 3:00 and it is ten in Riyadh; beyond the days of the demonstration."""
NIGHT = CHANGE - dt.timedelta(minutes=30)


def plain(text: str) -> str:
    """Without the marks that isolate numbers and names in a sentence."""
    return re.sub("[\u2066-\u2069]", "", text).strip()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("desk-zone")) as service:
        await sits_in_that_night(service)
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def service(request: pytest.FixtureRequest, shared: Service, tmp_path: Path) -> AsyncIterator[Service]:
    async with of_this_try(request, shared, tmp_path) as service:
        if service is not shared:
            await sits_in_that_night(service)
        yield service


async def sits_in_that_night(service: Service) -> None:
    async with service.units() as units, units() as work:
        sitting = Sitting(SittingId("spring"), NIGHT, NIGHT + dt.timedelta(hours=1), dt.timedelta(minutes=10))
        await work.sittings.add(sitting)
        await work.commit()


async def test_times_are_riyadhs_in_the_hour_that_new_york_does_not_have(browser: Browser, service: Service) -> None:
    async with a_page(browser, "America/New_York") as page:
        await page.clock.set_fixed_time(NIGHT - dt.timedelta(days=2))
        await sign_in(page, service)
        await register(page, "عينة: من وراء البحر")
        await page.locator(f"#days [data-day='{NIGHT:%Y-%m-%d}']").click()
        shown = [plain(text) for text in await page.locator("#slots .slot").all_inner_texts()]
        assert shown == [f"{time} صباحًا" for time in ("9:30", "9:40", "9:50", "10:00", "10:10", "10:20")]
        assert plain(await page.inner_text("#day-said")).startswith(plain(Dates(words_in("ar")).day(NIGHT)))
        await keep(page, 3)
        await page.fill("#book_subject", "ساعة لا وجود لها")
        await page.click("#book-submit")
        await expect(page.locator("#booked-when")).to_contain_text("10:00")
        reference = await page.inner_text("#booked-reference")
    async with service.units() as units, units(reading=True) as work:
        booked = await work.audiences.by_reference(reference)
    assert booked is not None
    assert booked.slot_starts_at == NIGHT + dt.timedelta(minutes=30)


async def test_midnight_in_riyadh_is_what_makes_a_day(browser: Browser, service: Service) -> None:
    """At half past nine in the evening of New York's Friday it is Saturday in Riyadh."""
    friday = NIGHT.astimezone(ZoneInfo("America/New_York")) - dt.timedelta(days=2)
    async with a_page(browser, "America/New_York") as page:
        await page.clock.set_fixed_time(friday.replace(hour=21, minute=30))
        await sign_in(page, service)
        await register(page, "عينة: قبيل منتصف الليل")
        await expect(page.locator("#days .day-choice").first).to_have_attribute(
            "data-day", f"{friday + dt.timedelta(days=1):%Y-%m-%d}"
        )
