"""The desk's cases are found and taken: spelling variants, likely repeats, the keyboard alone, Back, a telephone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.case_people import ID
from support.desk_cases_page import DeskAtWork, a_desk_at_work, opened, row, toasted
from support.desk_page import ARABIC_INDIC

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[DeskAtWork]:
    async with a_desk_at_work(tmp_path) as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, desk: DeskAtWork) -> AsyncIterator[Page]:
    async with desk.page(browser) as page:
        yield page


async def find(page: Page, query: str) -> None:
    # Before the page's scripts are there its button cannot be pressed, and Enter does nothing.
    await expect(page.locator("#cases-find-button")).to_be_enabled()
    await page.fill("#cases_query", query)
    await page.press("#cases_query", "Enter")


async def test_cases_are_found_by_number_name_and_words_in_any_spelling(page: Page, desk: DeskAtWork) -> None:
    road = await desk.people.taken("إنارة طريق القرية", kind="suggestion")
    well = await desk.people.taken("بئر القرية")
    await find(page, road["number"].translate(ARABIC_INDIC))
    # The one that is found is opened.
    await expect(page.locator("#case-title")).to_have_text("إنارة طريق القرية")
    await find(page, "اناره القريه")
    await expect(page.locator("#cases-found-text")).to_contain_text("اناره القريه")
    await expect(page.locator("#cases-found-text")).to_contain_text("وجدنا معاملة واحدة")
    await expect(row(page, road)).to_be_visible()
    await find(page, "سالم")
    await expect(page.locator("#cases-found-text")).to_contain_text("معاملتين")
    await expect(row(page, well)).to_be_visible()
    await find(page, "جسر")
    # Waited for, since nothing is looked for while a search is under way, and these words stand there unseen before.
    await expect(page.locator("#cases-found-text")).to_contain_text("جسر")
    await expect(page.locator("#cases-empty-title")).to_be_visible()
    await expect(page.locator("#cases-empty-title")).to_have_text("لم نجد معاملة")
    await find(page, "؟!")
    await expect(page.locator("#cases_query-error")).not_to_be_empty()
    await page.fill("#cases_query", "")
    await page.press("#cases_query", "Enter")
    await expect(page.locator("#cases_query-error")).to_have_text("هذا الحقل لازم.")
    await page.click("#cases-found-end")
    await expect(page.locator("#cases-list .case-row")).to_have_count(2)
    await expect(page.locator("#cases_query")).to_have_value("")


async def test_a_suggestion_is_taken_likely_ones_are_shown_and_it_is_merged(page: Page, desk: DeskAtWork) -> None:
    first = await desk.people.taken("انقطاع الماء عن قرية الصفراء")
    other = await desk.another_citizen(2, "عينة: نورة بنت فهد")
    body = {"kind": "petition", "citizen_id": other, "subject": "انقطاع الماء عن قريه الصفراء"}
    theirs = (await desk.people.does(desk.people.desk, "/api/desk/cases", 201, **body))["case"]
    await page.click("#cases-new")
    await page.fill("#find_query", ID)
    await page.press("#find_query", "Enter")
    await expect(page.locator("#take-name")).to_be_focused()
    await expect(page.locator("#take-earlier-list")).to_contain_text(first["number"])
    await page.locator("#take-form label", has_text="مقترح").click()
    await page.click("#take-submit")
    await expect(page.locator("#take_subject-error")).to_be_visible()
    await page.fill("#take_subject", "انقطاع الماء عن قرية الصفرا")
    await page.press("#take_subject", "Tab")
    await expect(page.locator("#take-likely-list")).to_contain_text(first["number"])
    await expect(page.locator("#take-likely-list")).to_contain_text("عينة: نورة بنت فهد")
    # Typed, and kept when the page is loaded again.
    await page.fill("#take_text", "سطر أول\nسطر ثان")
    await page.reload()
    await expect(page.locator("#take_text")).to_have_value("سطر أول\nسطر ثان")
    await page.click("#take-submit")
    await toasted(page, "فُتحت المعاملة")
    await expect(page.locator("#case-title")).to_be_focused()
    likely = page.locator("#case-likely-list .case-row")
    await expect(likely).to_have_count(2)
    await expect(page.locator(f'#case-likely-list [data-id="{theirs["id"]}"]').get_by_role("button")).to_have_count(0)
    await page.locator(f'#case-likely-list [data-id="{first["id"]}"]').get_by_role("button").click()
    await expect(page.locator("#step-text")).to_contain_text("لا يمكن التراجع")
    await expect(page.locator("#step-into-list label")).to_have_count(1)
    await page.click("#step-confirm")
    await toasted(page, "ضُمّت المعاملة")
    await expect(page.locator("#case-facts-box")).to_contain_text(first["number"])
    await page.click("#cases-new")
    await page.fill("#find_query", ID)
    await page.press("#find_query", "Enter")
    # What was taken is no draft any more.
    await expect(page.locator("#take_subject")).to_have_value("")


async def test_who_is_not_known_yet_is_registered_on_the_way(page: Page, desk: DeskAtWork) -> None:
    await page.click("#cases-new")
    await expect(page.locator("#find_query")).to_be_focused()
    await page.fill("#find_query", "1000000024")
    await page.press("#find_query", "Enter")
    await expect(page.locator("#register")).to_contain_text("سجّله أولًا")
    await page.fill("#register_name", "عينة: هند بنت سعيد")
    await page.fill("#register_mobile", "0512345678")
    await page.press("#register_mobile", "Enter")
    await expect(page.locator("#take_subject")).to_be_focused()
    await page.keyboard.type("رخصة بئر")
    await page.keyboard.press("Enter")
    await toasted(page, "فُتحت المعاملة")
    await expect(page.locator("#case-whose")).to_contain_text("عينة: هند بنت سعيد")
    await expect(page.locator("#case-likely")).to_be_hidden()


async def test_a_case_is_worked_by_the_keyboard_alone_and_back_leads_back(page: Page, desk: DeskAtWork) -> None:
    cases = [await desk.people.taken("أول"), await desk.people.taken("ثان")]
    await expect(row(page, cases[1])).to_be_visible()
    await page.keyboard.press("/")
    await expect(page.locator("#cases_query")).to_be_focused()
    rows = page.locator("#cases-list .case-open")
    await rows.first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(rows.nth(1)).to_be_focused()
    second = await rows.nth(1).locator(".case-subject").inner_text()
    await page.keyboard.press("Enter")
    await expect(page.locator("#case-title")).to_be_focused()
    await expect(page.locator("#case-title")).to_have_text(second)
    await page.keyboard.press("Escape")
    await expect(rows.nth(1)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#case-title")).to_be_focused()
    await page.go_back()
    await expect(page.locator("#case-none")).to_be_visible()
    await page.go_forward()
    await expect(page.locator("#case-title")).to_have_text(second)
    while not await page.locator('[data-step="settle"]').evaluate("node => node === document.activeElement"):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#step_words")).to_be_focused()
    await page.keyboard.type("تم")
    await page.keyboard.press("Tab")
    await expect(page.locator("#step-confirm")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#case-marks")).to_contain_text("أُجيب عنها")
    await page.keyboard.press("n")
    await expect(page.locator("#find_query")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#take")).to_be_hidden()
    await page.keyboard.press("?")
    await expect(page.locator("#keys-dialog")).to_be_visible()


async def test_on_a_narrow_window_it_is_the_list_or_the_case(page: Page, desk: DeskAtWork) -> None:
    case = await desk.people.taken()
    await page.set_viewport_size({"width": 390, "height": 844})
    await opened(page, case)
    await expect(page.locator("#cases-lists")).to_be_hidden()
    await page.locator("#case-shown .desk-cases-back").click()
    await expect(row(page, case)).to_be_focused()
    await expect(page.locator("#cases-work")).to_be_hidden()


async def test_more_cases_than_a_list_has_are_gone_on_to(page: Page, desk: DeskAtWork) -> None:
    for number in range(52):
        await desk.people.taken(f"معاملة {number}")
    await page.locator("#cases-boxes label", has_text="المفتوحة").click()
    await expect(page.locator("#cases-list .case-row")).to_have_count(50)
    await page.click("#cases-more")
    await expect(page.locator("#cases-list .case-row")).to_have_count(52)
    await expect(page.locator("#cases-more")).to_be_hidden()
