"""The list of the sitting and what is done in it: live, moved, missed, received without a time, papers, files."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect
from support.desk_page import a_page, book, find, keep, menu, next_citizen, register, sign_in
from support.service import Service, a_service
from support.tries import of_this_try

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("desk-day")) as service:
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


async def test_what_one_desk_does_the_other_sees_by_itself(browser: Browser, page: Page, service: Service) -> None:
    async with a_page(browser) as other:
        await sign_in(other, service)
        await expect(other.locator("#day-rows tr").first).to_be_visible()
        open_menu = other.locator("#day-rows tr").first.locator("details")
        await open_menu.locator("summary").click()
        await register(page, "عينة: المرئي من بعيد")
        await book(page, "موضوع")
        # Well before the page would ask by itself.
        await expect(other.locator("#day-rows tr", has_text="عينة: المرئي من بعيد")).to_be_visible(timeout=8_000)
        await expect(open_menu).to_have_attribute("open", "")


async def test_what_is_being_pressed_stays_until_it_is_let_go(browser: Browser, page: Page, service: Service) -> None:
    """Another desk books between the press and the release: the list is drawn anew after it, and the press counts."""
    async with a_page(browser) as other:
        await sign_in(other, service)
        menu = other.locator("#day-rows tr").first.locator("details")
        summary, new = menu.locator("summary"), other.locator("#day-rows tr", has_text="عينة: الآتي بين الضغط والرفع")
        await register(page, "عينة: الآتي بين الضغط والرفع")
        await keep(page)
        await page.fill("#book_subject", "موضوع")
        await expect(summary).to_be_visible()
        await other.evaluate("addEventListener('pointerup', () => { globalThis.releasedBefore = seenNew(); }, true)")
        await other.evaluate(
            "globalThis.seenNew = () => document.querySelector('#day-rows').textContent.includes('الآتي بين الضغط')"
        )
        async with other.expect_response("**/api/desk/day*") as answered:
            await summary.hover()
            await other.mouse.down()
            await page.click("#book-submit")
        await (await answered.value).finished()
        await other.mouse.up()
        await expect(menu).to_have_attribute("open", "")
        await expect(new).to_be_visible()
        await expect(menu).to_have_attribute("open", "")
        assert await other.evaluate("releasedBefore") is False


async def test_an_audience_is_moved_under_its_reference(page: Page) -> None:
    await register(page, "عينة: المنقول")
    reference = await book(page, "قبل النقل")
    await next_citizen(page)
    row = page.locator("#day-rows tr", has_text="عينة: المنقول")
    before = await row.locator("[data-part=time]").inner_text()
    await menu(page, "عينة: المنقول", "نقل الموعد")
    await expect(page.locator("#book-of")).to_contain_text(reference)
    await expect(page.locator("#book_subject")).to_be_hidden()
    await keep(page, 2)
    await expect(page.locator("#book-submit")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#booked-reference")).to_have_text(reference)
    await expect(row.locator("[data-part=time]")).not_to_have_text(before)


async def test_who_was_missed_by_the_office_is_booked_again_at_once(page: Page) -> None:
    await register(page, "عينة: المعاد حجزه")
    await book(page, "يُعاد كما كان")
    await next_citizen(page)
    await menu(page, "عينة: المعاد حجزه", "لم يحضر")
    await page.locator("#sure-because label", has_text="عطل تقني").click()
    await page.click("#sure-confirm")
    await expect(page.locator("#book")).to_be_visible()
    await expect(page.locator("#citizen-name")).to_have_text("عينة: المعاد حجزه")
    await expect(page.locator("#book_subject")).to_have_value("يُعاد كما كان")
    await keep(page)
    await page.click("#book-submit")
    await expect(page.locator("#booked")).to_be_visible()
    await expect(page.locator("#day-rows tr", has_text="أُعيد حجزه")).to_contain_text("عينة: المعاد حجزه")


async def test_the_keyboard_is_on_the_times_though_the_list_was_drawn_anew_before_they_came(page: Page) -> None:
    name = "عينة: المعاد حجزه متأخرًا"
    await register(page, name)
    await book(page, "يُعاد")
    await next_citizen(page)
    row, asked = page.locator("#day-rows tr", has_text=name), asyncio.Event()

    async def once_the_times_are_asked_for(route: Route) -> None:
        await asked.wait()
        await route.continue_()

    async def once_the_list_is_drawn(route: Route) -> None:
        asked.set()
        await expect(row).to_have_count(0)
        await route.continue_()

    await page.route("**/api/desk/availability?**", once_the_list_is_drawn)
    await page.route(re.compile(r"/api/desk/day(\?|$)"), once_the_times_are_asked_for)
    await menu(page, name, "لم يحضر")
    await page.locator("#sure-because label", has_text="عطل تقني").click()
    await page.press("#sure-confirm", "Enter")
    await expect(page.locator("#slots .slot").first).to_be_focused()


async def test_somebody_without_a_time_is_read_back_and_gets_a_turn(page: Page) -> None:
    number = await register(page, "عينة: القادم بلا موعد")
    await page.click("#to-walk-in")
    await expect(page.locator("#book_subject")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#book_subject-error")).to_be_visible()
    await page.keyboard.type("شكوى")
    await page.keyboard.press("Enter")
    await expect(page.locator("#arrive-id")).to_have_text(number[-4:])
    await page.keyboard.press("Enter")
    await expect(page.locator("#booked-when")).to_contain_text("دوره")
    row = page.locator("#day-rows tr", has_text="عينة: القادم بلا موعد")
    await expect(row).to_contain_text("بلا موعد")
    await expect(row).to_contain_text("في الانتظار")


async def test_where_there_is_no_time_the_citizen_waits_on_the_list(page: Page) -> None:
    number = await register(page, "عينة: المنتظر وقتًا")
    await page.click("#to-waitlist")
    await page.fill("#book_subject", "أي وقت")
    await page.keyboard.press("Enter")
    await expect(page.locator("#booked-title")).to_contain_text("قائمة الانتظار")
    await expect(page.locator("#booked-when")).to_contain_text(re.compile("ترتيبه في القائمة|عُرض عليه"))
    await next_citizen(page)
    await find(page, number)
    await expect(page.locator("#citizen-open")).to_contain_text("في قائمة الانتظار")
    # Once is enough, and what was typed is still there.
    await page.click("#to-waitlist")
    await page.fill("#book_subject", "مرة أخرى")
    await page.keyboard.press("Enter")
    await expect(page.locator("#book-problem")).to_contain_text("مسجل في قائمة الانتظار")
    await expect(page.locator("#book_subject")).to_have_value("مرة أخرى")


async def test_one_who_speaks_for_another_is_named_with_proof(page: Page) -> None:
    await register(page, "عينة: الموكِّل")
    await keep(page)
    await page.fill("#book_subject", "بوكالة")
    await page.locator("#details label", has_text="وكيل أو ولي").click()
    await page.fill("#representative_name", "عينة: الوكيل")
    await page.fill("#representative_id", "١٢٣")
    await page.fill("#proof_number", "٤٥٠١٢٣")
    await page.click("#book-submit")
    await expect(page.locator("#representative_id-error")).to_be_visible()
    await expect(page.locator("#representative_id")).to_be_focused()
    await page.fill("#representative_id", "1000000008")
    await page.check("#proof_seen")
    await page.click("#book-submit")
    await expect(page.locator("#booked")).to_be_visible()
    await expect(page.locator("#day-rows tr", has_text="عينة: الموكِّل")).to_contain_text("يحضر عنه ⁨عينة: الوكيل⁩")


async def test_papers_are_sent_after_the_booking_and_can_be_taken_away(page: Page) -> None:
    await register(page, "عينة: صاحب الأوراق")
    await keep(page)
    await page.fill("#book_subject", "مع مرفق")
    await page.locator("#book-more-block summary").click()
    picture = await page.screenshot(type="png")
    wrong = {"name": "برنامج.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
    right = {"name": "صورة الصك.png", "mimeType": "image/png", "buffer": picture}
    await page.locator("#book-files input").set_input_files([wrong])  # type: ignore[list-item]
    await expect(page.locator("#book-files .field-error")).to_contain_text("برنامج.exe")
    # One that lies about what it is: the service looks inside.
    lying = {"name": "كاذب.pdf", "mimeType": "application/pdf", "buffer": b"not a PDF at all"}
    await page.locator("#book-files input").set_input_files([right, lying])  # type: ignore[list-item]
    await expect(page.locator("#book-files li")).to_have_count(2)
    await page.click("#book-submit")
    kept = page.locator("#booked-files li", has_text="صورة الصك.png")
    await expect(kept.get_by_role("link", name="فتح")).to_be_visible()
    refused = page.locator("#booked-files li", has_text="كاذب.pdf")
    await expect(refused).to_contain_text("لا يُقبل هذا النوع")
    await refused.get_by_role("button", name="إزالة").click()
    await expect(refused).to_have_count(0)
    await next_citizen(page)
    await menu(page, "عينة: صاحب الأوراق", "المرفقات")
    await expect(page.locator("#files-list li")).to_have_count(1)
    await page.locator("#files-list").get_by_role("button", name="إزالة").click()
    await expect(page.locator("#files-list li")).to_have_count(0)


async def test_the_nearest_centre_is_found_by_the_towns_name(page: Page) -> None:
    await register(page, "عينة: ساكن القرية")
    await page.locator("#nearest summary").click()
    await page.fill("#nearest_town", "ينبع البحر")
    await page.press("#nearest_town", "Enter")
    first = page.locator("#nearest-list button").first
    await expect(first).to_be_focused()
    await expect(first).to_contain_text("ينبع")
    await page.keyboard.press("Enter")
    await expect(page.locator("#nearest-list")).to_be_hidden()
    chosen = await page.locator("#book_centre option:checked").inner_text()
    assert "ينبع" in chosen


async def test_another_sitting_is_shown_and_lists_are_carried_away(page: Page) -> None:
    await expect(page.locator("#day-rows tr").first).to_be_visible()
    sittings = page.locator("#day-sitting option")
    assert await sittings.count() > 1
    today = await page.inner_text("#day-date")
    await page.select_option("#day-sitting", index=1)
    await expect(page.locator("#day-date")).not_to_have_text(today)
    await page.locator("#day-exports summary").click()
    for kind in ("csv", "xlsx", "pdf"):
        async with page.expect_download() as coming:
            await page.click(f"#day-{kind}")
        assert (await coming.value).suggested_filename.endswith(f".{kind}")


async def test_a_mobile_that_has_changed_is_corrected(page: Page, service: Service) -> None:
    number = await register(page, "عينة: جوال جديد", "0512345671")
    await page.locator("#citizen-correct summary").click()
    await page.fill("#citizen_mobile_new", "٠٥٠")
    await page.press("#citizen_mobile_new", "Enter")
    await expect(page.locator("#citizen_mobile_new-error")).to_contain_text("05XXXXXXXX")
    await page.fill("#citizen_mobile_new", "0598765432")
    await page.press("#citizen_mobile_new", "Enter")
    await expect(page.locator("#citizen-mobile")).to_have_text("5432")
    await find(page, "0598765432")
    await expect(page.locator("#citizen-id")).to_have_text(number[-4:])
