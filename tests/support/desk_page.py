"""The desk's page as a clerk uses it, for the tests in Chromium over the running service."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright, expect
from stdnum import luhn
from support.gallery import CHROMIUM, CHROMIUM_FLAGS
from support.service import Service

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

PATIENCE_MS = 15_000

_numbers = itertools.count(7_654_321)


def new_id(first: str = "1") -> str:
    """A valid number that nobody has."""
    body = f"{first}{next(_numbers):08}"
    return str(body + luhn.calc_check_digit(body))


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """Chromium; patient, because a machine that builds has other work too."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def a_page(browser: Browser, zone: str = "America/Los_Angeles") -> AsyncIterator[Page]:
    """A desk's browser in another part of the world; afterwards, that no script of the page failed."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id=zone)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    try:
        yield page
        assert faults == [], faults
    finally:
        await context.close()


async def sign_in(page: Page, service: Service, user_name: str = "badr") -> None:
    """To the desk, ready to be used."""
    await page.goto(f"{service.address}/desk")
    await page.fill("#user_name", user_name)
    await page.fill("#password", service.password(user_name))
    await page.click("#sign-in-button")
    await page.wait_for_url(f"{service.address}/desk")
    await expect(page.locator("#find-button")).to_be_enabled()


async def find(page: Page, query: str) -> None:
    """Types it into the search, and Enter, which does nothing before the page's scripts are there."""
    await expect(page.locator("#find-button")).to_be_enabled()
    await page.fill("#find_query", query)
    await page.press("#find_query", "Enter")


async def register(page: Page, name: str, mobile: str = "0512345678", number: str | None = None) -> str:
    """From an empty search to the form that books; the ID."""
    number = number or new_id()
    await find(page, number)
    await page.fill("#register_name", name)
    await page.fill("#register_mobile", mobile)
    await page.press("#register_mobile", "Enter")
    await expect(page.locator("#book")).to_be_visible()
    await expect(page.locator("#slots .slot").first).to_be_visible()
    return number


async def shows_times(page: Page, number: int) -> None:
    """The day that is shown has so many free times; late in the evening it may be the next one that has them."""
    slots, day = page.locator("#slots .slot"), page.locator("#day-said")
    some = page.locator("#days .day-choice[data-state='open']").first
    await expect(slots.first.or_(some).first).to_be_visible()
    if await slots.count() == 0:
        # The last one of a day has been taken or is over: that day stays before whoever looks at it.
        await some.click()
    await expect(slots.first).to_be_visible()
    while await slots.count() < number:
        shown = await day.inner_text()
        await slots.first.press("PageDown")
        await expect(day).not_to_have_text(shown)


async def keep(page: Page, nth: int = 0) -> str:
    """Presses a free time of a day that has so many; what it is, as the API writes it."""
    await shows_times(page, nth + 1)
    slot = page.locator("#slots .slot").nth(nth)
    starts_at = await slot.get_attribute("value")
    await slot.click()
    await expect(page.locator("#held")).to_be_visible()
    assert starts_at is not None
    return starts_at


async def book(page: Page, subject: str) -> str:
    """Keeps the first free time and books it; the reference."""
    await keep(page)
    await page.fill("#book_subject", subject)
    await page.click("#book-submit")
    await expect(page.locator("#booked")).to_be_visible()
    return await page.inner_text("#booked-reference")


async def next_citizen(page: Page) -> None:
    """From the reference to an empty search."""
    await page.locator("#book-another[data-ready]").click()
    await expect(page.locator("#booked")).to_be_hidden()


async def menu(page: Page, name: str, item: str) -> None:
    """Something from the menu of a row of the list."""
    row = page.locator("#day-rows tr", has_text=name)
    await row.locator("summary").click()
    await row.get_by_role("button", name=item, exact=True).click()
