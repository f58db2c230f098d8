"""A time that is kept: two desks for one, its end, a lost line, a stale page. What was typed is never lost."""

import asyncio
import json
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
    async with a_service(tmp_path_factory.mktemp("desk-hold")) as service:
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


@pytest_asyncio.fixture(loop_scope="module")
async def other(browser: Browser, service: Service) -> AsyncIterator[Page]:
    """The desk beside it."""
    async with a_page(browser) as page:
        await sign_in(page, service)
        yield page


async def test_of_two_desks_one_gets_the_time_and_the_other_is_offered_others(page: Page, other: Page) -> None:
    await register(page, "عينة: الأول")
    await register(other, "عينة: الثاني")
    for each in (page, other):
        await each.fill("#book_subject", "ما كُتب قبل اختيار الوقت")
    wanted = [await each.locator("#slots .slot").first.get_attribute("value") for each in (page, other)]
    assert wanted[0] == wanted[1]
    await asyncio.gather(*(each.locator("#slots .slot").first.click() for each in (page, other)))
    await expect(page.locator("#held, #alternatives").locator("visible=true")).to_have_count(1)
    await expect(other.locator("#held, #alternatives").locator("visible=true")).to_have_count(1)
    first, second = (page, other) if await page.locator("#held").is_visible() else (other, page)
    await expect(second.locator("#held")).to_be_hidden()
    await expect(second.locator("#alternatives-text")).to_contain_text("حُجز هذا الموعد قبل لحظات")
    await expect(second.locator("#alternatives-list button").first).to_be_focused()
    await expect(second.locator(f'#slots .slot[value="{wanted[0]}"]')).to_have_count(0)
    await expect(second.locator("#book_subject")).to_have_value("ما كُتب قبل اختيار الوقت")

    await second.keyboard.press("Enter")
    await expect(second.locator("#held")).to_be_visible()
    references = []
    for each in (first, second):
        await each.click("#book-submit")
        await expect(each.locator("#booked")).to_be_visible()
        references.append(await each.inner_text("#booked-reference"))
    assert references[0] != references[1]


async def test_a_time_that_is_over_leaves_what_was_typed_and_is_chosen_again(page: Page) -> None:
    async def short(route: Route) -> None:
        answer = await route.fetch()
        held = await answer.json()
        await route.fulfill(response=answer, body=json.dumps(held | {"seconds_left": 2}))

    await register(page, "عينة: المتأني")
    await page.route("**/api/desk/holds", short)
    await keep(page)
    await expect(page.locator("#held")).to_have_attribute("data-soon", "")
    await page.fill("#book_subject", "كتابة طويلة")
    await expect(page.locator("#book-problem")).to_contain_text("انتهت مدة حفظ الوقت")
    await expect(page.locator("#book_subject")).to_have_value("كتابة طويلة")
    await expect(page.locator("#book_subject")).to_be_focused()
    await page.unroute("**/api/desk/holds")
    # Enter without a time leads to the times.
    await page.keyboard.press("Enter")
    await expect(page.locator("#slots-error")).to_be_visible()
    await keep(page)
    await page.click("#book-submit")
    await expect(page.locator("#booked")).to_be_visible()


async def test_a_time_is_kept_longer_and_given_back(page: Page, other: Page) -> None:
    await register(page, "عينة: المطيل")
    starts_at = await keep(page)
    async with page.expect_response("**/prolong") as answered:
        await page.click("#held-longer")
    assert (await answered.value).ok
    await register(other, "عينة: المنتظر")
    await expect(other.locator(f'#slots .slot[value="{starts_at}"]')).to_have_count(0)
    async with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await page.click("#held-other")
    await other.locator("#place label", has_text="من موقع المستفيد").click()
    await expect(other.locator(f'#slots .slot[value="{starts_at}"]')).to_have_count(1)


async def test_a_page_that_goes_away_keeps_no_time_from_others(page: Page, other: Page) -> None:
    await register(page, "عينة: الذاهب")
    starts_at = await keep(page)
    await page.reload()
    await expect(page.locator("#find-button")).to_be_enabled()
    await register(other, "عينة: القادم")
    await expect(other.locator(f'#slots .slot[value="{starts_at}"]')).to_have_count(1)


async def test_without_a_line_nothing_is_lost_and_the_booking_is_made_once(page: Page) -> None:
    await register(page, "عينة: البعيد")
    await keep(page)
    await page.fill("#book_subject", "انقطع الخط")
    await page.context.set_offline(True)
    await page.click("#book-submit")
    await expect(page.locator("#book-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await expect(page.locator("#held")).to_be_visible()
    await page.context.set_offline(False)

    # Now the answer is lost on its way: the booking stands, and the clerk presses again.
    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/api/desk/audiences", lost, times=1)
    async with page.expect_event("requestfailed"):
        await page.click("#book-submit")
    await expect(page.locator("#book-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await expect(page.locator("#book-problem")).to_be_visible()
    await page.click("#book-submit")
    await expect(page.locator("#booked")).to_be_visible()
    await page.click("#day-refresh")
    await expect(page.locator("#day-rows tr", has_text="عينة: البعيد")).to_have_count(1)


async def test_a_page_that_is_stale_says_so_and_shows_how_things_stand(page: Page, other: Page) -> None:
    await register(page, "عينة: المتنازع")
    reference = await book(page, "موضوع")
    await next_citizen(page)
    await other.click("#day-refresh")
    # The other desk works on with what it saw, and hears of nothing.
    await other.route("**/api/desk/day**", lambda route: route.abort())
    await other.route("**/api/desk/live", lambda route: route.abort())
    await menu(other, "عينة: المتنازع", "نقل الموعد")
    await expect(other.locator("#book-of")).to_contain_text(reference)
    await keep(other, 1)

    await menu(page, "عينة: المتنازع", "إلغاء الموعد")
    await page.click("#sure-confirm")
    await expect(page.locator("#day-rows tr", has_text="عينة: المتنازع")).to_have_count(0)

    await other.click("#book-submit")
    await expect(other.locator("#book-problem")).to_be_visible()
    await other.unroute("**/api/desk/day**")
    await find(other, reference)
    await expect(other.locator("#citizen-past-block")).to_be_visible()
