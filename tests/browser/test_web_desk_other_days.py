"""A citizen of several days before the desk, and numbers that are mistyped: what is offered first, and what is said."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from support.desk import AT_BADR
from support.desk_page import find
from support.served_office import ServedOffice, a_served_office
from support.store_app import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncIterator[ServedOffice]:
    async with a_served_office(tmp_path) as served:
        yield served


async def test_the_next_audience_stands_first_and_only_one_of_today_is_checked_in_at_a_press(
    browser: Browser, served: ServedOffice
) -> None:
    office = served.office
    citizen = await office.badr.registers(7)
    for days in (0, 1):
        starts_at = office.tomorrow + timedelta(days=days)
        sitting = await office.sits(starts_at, slots=2)
        hold = await office.holds(office.badr, sitting, starts_at, AT_BADR)
        assert (await office.badr.books(citizen, hold)).status_code == 201
    async with served.browser_of(browser) as page:
        await served.desk(page, "/desk")
        await find(page, "٠٥٠٠٠٠٠٠٠٧")
        lines = lines_of(page)
        await expect(lines).to_have_count(2)
        await expect(lines.first).to_contain_text(re.compile(r"الموافق\W*8\W*فبراير"))
        await expect(lines.last).to_contain_text(re.compile(r"الموافق\W*9\W*فبراير"))
        await expect(lines.get_by_role("button", name="تسجيل الحضور")).to_have_count(0)
        await lines.first.locator("summary").click()
        await lines.first.get_by_role("button", name="تسجيل الحضور").click()
        await expect(page.locator("#arrive-when")).to_contain_text(re.compile(r"8\W*فبراير"))
    await office.passes(timedelta(hours=21))
    async with served.browser_of(browser) as page:
        await served.desk(page, "/desk")
        await find(page, "٠٥٠٠٠٠٠٠٠٧")
        await expect(lines_of(page).first.get_by_role("button", name="تسجيل الحضور")).to_be_focused()
        await expect(lines_of(page).last.get_by_role("button", name="تسجيل الحضور")).to_have_count(0)
        await page.keyboard.press("Enter")
        await expect(page.locator("#arrive-when")).to_have_text(re.compile(r"^\W*10:00\W*صباحًا\W*$"))


async def test_of_an_evening_that_goes_on_past_midnight_all_are_checked_in_at_a_press(
    browser: Browser, served: ServedOffice
) -> None:
    office = served.office
    citizen = await office.badr.registers(8)
    late = office.tomorrow.replace(hour=19, minute=50)  # ten to eleven in the evening
    for starts_at in (late, late + timedelta(minutes=100)):
        sitting = await office.sits(starts_at, slots=2)
        hold = await office.holds(office.badr, sitting, starts_at, AT_BADR)
        assert (await office.badr.books(citizen, hold)).status_code == 201
    await office.passes(late + timedelta(minutes=10) - office.now)
    for _ in ("at eleven", "and five past midnight"):
        async with served.browser_of(browser) as page:
            await served.desk(page, "/desk")
            await find(page, "٠٥٠٠٠٠٠٠٠٨")
            await expect(lines_of(page)).to_have_count(2)
            await expect(lines_of(page).locator("> .day-buttons > .button-primary")).to_have_count(2)
        await office.passes(timedelta(minutes=65))


def lines_of(page: Page) -> Locator:
    """What is open of the citizen before the desk."""
    return page.locator("#citizen-open .citizen-audience")


async def test_the_sittings_to_choose_from_are_written_as_the_language_is(
    browser: Browser, served: ServedOffice
) -> None:
    for days in (0, 1):
        await served.office.sits(served.office.tomorrow + timedelta(days=days), slots=1)
    async with served.browser_of(browser, "en") as page:
        await served.desk(page, "/desk")
        option = page.locator("#day-sitting-field option").first
        await expect(option).to_have_text(re.compile(r"Sunday \W*8\W* \W*February\W*, \W*10:00"))


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "ليس هذا رقم هوية أو جوال أو موعد"), ("en", "This is no ID, mobile or appointment number")],
)
async def test_a_number_that_is_mistyped_is_said_to_be_one(
    browser: Browser, served: ServedOffice, language: str, words: str
) -> None:
    async with served.browser_of(browser, language) as page:
        await served.desk(page, "/desk")
        for typed in ("١٠٥٥٥٥٥٥٥٥", "105", "0500"):
            await find(page, typed)
            await expect(page.locator("#find_query-error")).to_contain_text(words)
            await expect(page.locator("#find_query")).to_be_focused()
            await page.fill("#find_query", "")
            await page.press("#find_query", "Enter")
            await expect(page.locator("#find_query-error")).not_to_contain_text(words)


async def test_how_long_somebody_waits_is_said_in_both_calendars_and_one_day_once(
    browser: Browser, served: ServedOffice
) -> None:
    office = served.office
    day = office.tomorrow.date().isoformat()
    await office.waits(office.badr, 3, from_day=day, to_day=day)
    await office.waits(office.badr, 4)
    async with served.browser_of(browser) as page:
        await served.desk(page, "/desk/waitlist")
        one, month = (page.locator(".entry", has_text=f"عينة: {n}").locator("[data-part=wish]") for n in (3, 4))
        await expect(one).to_contain_text(re.compile(r"شعبان.*1447.*8\W*فبراير"))
        await expect(one).not_to_contain_text("إلى")
        await expect(month).to_contain_text(re.compile(r"شعبان.*1447.* إلى .*رمضان.*1447.*مارس"))


async def test_when_the_sign_in_is_over_the_page_shows_the_way_back_to_itself(
    browser: Browser, served: ServedOffice
) -> None:
    async with served.browser_of(browser) as page:
        await served.desk(page, "/desk")
        await expect(page.locator("#find-button")).to_be_enabled()
        await page.context.clear_cookies(name=re.compile("session"))
        await find(page, "0500000007")
        await find(page, "0500000007")
        await expect(page.locator(".toast")).to_have_count(1)
        await page.locator(".toast").get_by_role("link", name="تسجيل الدخول").click()
        await page.fill("#user_name", "badr")
        await page.fill("#password", PASSWORD)
        await page.click("#sign-in-button")
        await page.wait_for_url(f"{served.address}/desk")
