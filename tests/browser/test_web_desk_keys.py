"""The desk by the keyboard alone: how many keys one booking takes, scanners, single keys and turning them off."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.desk_page import ARABIC_INDIC, a_page, find, keep, new_id, register, shows_times, sign_in
from support.service import Service, a_service
from support.tries import of_this_try

from scheduler.papers.ticket import TicketCodes
from tawasul.access.keys import AccessKeys
from tawasul.store.key_file import load_or_create

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST_KEYS = 12
"""Besides what has to be typed: the ID, and the subject."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("desk-keys")) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def service(request: pytest.FixtureRequest, shared: Service, tmp_path: Path) -> AsyncIterator[Service]:
    async with of_this_try(request, shared, tmp_path) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, service: Service) -> AsyncIterator[Page]:
    async with a_page(browser) as page:
        await sign_in(page, service)
        yield page


async def test_one_booking_takes_few_keys_and_no_mouse(page: Page) -> None:
    number = await register(page, "عينة: سعد بن حمد")
    await page.reload()
    await expect(page.locator("#find-button")).to_be_enabled()
    keys = 0

    async def press(key: str) -> None:
        nonlocal keys
        keys += 1
        await page.keyboard.press(key)

    began = time.perf_counter()
    await expect(page.locator("#find_query")).to_be_focused()
    await page.keyboard.type(number.translate(ARABIC_INDIC))
    await press("Enter")
    # The first free time has the keyboard; the one after it is taken.
    await expect(page.locator("#slots .slot").first).to_be_focused()
    await shows_times(page, 2)
    await expect(page.locator("#slots .slot").first).to_be_focused()
    await press("ArrowLeft")
    await expect(page.locator("#slots .slot").nth(1)).to_be_focused()
    wanted = await page.locator("#slots .slot").nth(1).inner_text()
    await press("Enter")
    await expect(page.locator("#book_subject")).to_be_focused()
    await page.keyboard.type("طلب إنارة طريق القرية")
    # And somebody who goes first, by the way: who comes is passed by one Tab.
    await press("Tab")
    await press("Tab")
    await press("Space")
    await expect(page.locator("input[value=elderly]")).to_be_checked()
    await press("Enter")
    await expect(page.locator("#book-another")).to_be_focused()
    took = time.perf_counter() - began
    await expect(page.locator("#booked-when")).to_contain_text(wanted)
    row = page.locator("#day-rows tr", has_text="عينة: سعد بن حمد")
    await expect(row).to_contain_text("كبير سن")

    await expect(page.locator("#book-another[data-ready]")).to_be_visible()
    await press("Enter")
    await expect(page.locator("#find_query")).to_be_focused()
    await expect(page.locator("#find_query")).to_have_value("")
    print(f"\none booking: {keys} keys besides the ID and the subject, {took:.1f} s in the browser")
    assert keys <= MOST_KEYS


async def test_a_ticket_that_is_scanned_opens_the_check_in_at_once(page: Page, service: Service) -> None:
    sample = service.audience_at("badr-1")
    keys = AccessKeys.from_secret(load_or_create(service.directory / "access.key"))
    code = TicketCodes(keys.tickets).code(await service.audience(sample.audience_id))
    # Wherever the keyboard is: a scanner types the digits, then Enter.
    await expect(page.locator("#day-rows tr").first).to_be_visible()
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")
    await expect(page.locator("#arrive-dialog")).to_be_visible()
    await expect(page.locator("#arrive-name")).to_have_text(sample.name)
    await expect(page.locator("#arrive-confirm")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#arrive-dialog")).to_be_hidden()

    await page.fill("#find_query", code[:-1] + str((int(code[-1]) + 1) % 10))
    await page.press("#find_query", "Enter")
    await expect(page.locator("#find_query-error")).to_contain_text("ليس رمز تذكرة")


async def test_days_and_times_are_gone_through_by_arrows(page: Page) -> None:
    await register(page, "عينة: هند بنت سعيد")
    first = page.locator("#slots .slot").first
    await expect(first).to_be_focused()
    day = await page.inner_text("#day-said")
    await page.keyboard.press("PageDown")
    await expect(page.locator("#day-said")).not_to_have_text(day)
    await expect(page.locator("#slots .slot").first).to_be_focused()
    await page.keyboard.press("PageUp")
    await expect(page.locator("#day-said")).to_have_text(day)
    await page.keyboard.press("End")
    await expect(page.locator("#slots .slot").last).to_be_focused()
    # Moving keeps nothing: only pressing does.
    await expect(page.locator("#held")).to_be_hidden()
    # The days are one stop before: the arrows choose the day.
    await page.keyboard.press("Shift+Tab")
    await expect(page.locator("#days [aria-checked=true]")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator("#day-said")).not_to_have_text(day)


async def test_escape_goes_back_step_by_step(page: Page) -> None:
    await register(page, "عينة: نايف بن علي")
    await keep(page)
    await page.fill("#book_subject", "يبقى ما كُتب")
    await page.keyboard.press("Escape")
    await expect(page.locator("#held")).to_be_hidden()
    await expect(page.locator("#slots .slot").first).to_be_focused()
    await expect(page.locator("#book_subject")).to_have_value("يبقى ما كُتب")
    await page.keyboard.press("Escape")
    await expect(page.locator("#book")).to_be_hidden()
    await expect(page.locator("#find_query")).to_be_focused()


async def test_several_who_share_a_number_are_chosen_by_arrows(page: Page) -> None:
    shared = "0512340001"
    for name in ("عينة: أب", "عينة: ابن"):
        await register(page, name, shared, new_id())
        await page.keyboard.press("Escape")
    await find(page, shared)
    await expect(page.locator("#choose-list button").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    second = page.locator("#choose-list button").nth(1)
    await expect(second).to_be_focused()
    name = await second.locator(".choose-name").inner_text()
    await page.keyboard.press("Enter")
    await expect(page.locator("#citizen-name")).to_have_text(name)


async def test_single_keys_work_under_any_layout_and_can_be_turned_off(page: Page) -> None:
    await page.evaluate("document.activeElement.blur()")
    # Under the Arabic layout the key of "/" types another letter: its place counts.
    await page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {code: 'Slash', key: 'ظ', bubbles: true}))"
    )
    await expect(page.locator("#find_query")).to_be_focused()
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("?")
    await expect(page.locator("#keys-dialog")).to_be_visible()
    await page.uncheck("#keys-on")
    await page.keyboard.press("Escape")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("/")
    await expect(page.locator("#find_query")).not_to_be_focused()
    await page.get_by_role("button", name="لوحة المفاتيح").click()
    await page.check("#keys-on")
