"""The desk, in Chromium, over the running service: sign in, find or register, book, check in, undo, links, sign out."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect
from support.desk_page import ARABIC_INDIC, a_page, book, find, menu, new_id, next_citizen, register, sign_in
from support.service import Service, a_service
from support.tries import of_this_try

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFERENCE = re.compile(r"^[2-9A-Z]{3}-[2-9A-Z]{3}$")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("desk")) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def service(request: pytest.FixtureRequest, shared: Service, tmp_path: Path) -> AsyncIterator[Service]:
    async with of_this_try(request, shared, tmp_path) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with a_page(browser) as page:
        yield page


async def test_signing_in_says_no_and_yes_and_comes_back(page: Page, service: Service) -> None:
    await page.goto(f"{service.address}/desk")
    await page.wait_for_url("**/sign-in?next=/desk")
    await page.click("#sign-in-button")
    await expect(page.locator("#user_name")).to_have_attribute("aria-invalid", "true")
    await page.fill("#user_name", "badr")
    await page.fill("#password", "not the password")
    await page.click("#sign-in-button")
    await expect(page.locator("#sign-in-problem")).to_contain_text("كلمة المرور غير صحيحة")
    await expect(page.locator("#password")).to_have_value("")
    await page.fill("#password", service.password("badr"))
    await page.click("#sign-in-button")
    await page.wait_for_url("**/desk")
    await expect(page.locator(".header-who")).to_contain_text("عينة: استقبال بدر")


async def test_where_to_go_on_to_is_never_another_host(page: Page, service: Service) -> None:
    await page.goto(f"{service.address}/sign-in?next=//elsewhere.test/desk")
    await page.fill("#user_name", "badr")
    await page.fill("#password", service.password("badr"))
    await page.click("#sign-in-button")
    await page.wait_for_url(f"{service.address}/desk")


async def test_a_citizen_is_registered_booked_received_and_taken_back(page: Page, service: Service) -> None:
    await sign_in(page, service)
    await expect(page.locator("#day-rows tr").first).to_be_visible()
    await expect(page.locator("#day-date")).to_contain_text("الموافق")
    # The desk sees its own governorate, and no other.
    names = await page.locator("#day-rows [data-part=name]").all_inner_texts()
    assert "عينة: سالم بن محمد" in names
    assert "عينة: نورة بنت عبدالله" not in names

    await find(page, "123")
    await expect(page.locator("#find_query-error")).to_be_visible()
    await expect(page.locator("#find_query")).to_have_value("123")

    number = new_id()
    await page.fill("#find_query", "")
    await page.locator("#find_query").press_sequentially(number.translate(ARABIC_INDIC))
    await page.press("#find_query", "Enter")
    await expect(page.locator("#register_national_id")).to_have_value(number)
    await page.fill("#register_name", "عينة: ليلى بنت عمر")
    await page.fill("#register_mobile", "0412345678")
    await page.press("#register_mobile", "Enter")
    await expect(page.locator("#register_mobile-error")).to_contain_text("05XXXXXXXX")
    await page.fill("#register_mobile", "٠٥١٢٣٤٥٦٧٨")
    await page.press("#register_mobile", "Enter")
    await expect(page.locator("#citizen-name")).to_have_text("عينة: ليلى بنت عمر")
    await expect(page.locator("#citizen-id")).to_have_text(number[-4:])

    reference = await book(page, "طلب إنارة طريق")
    assert REFERENCE.match(reference)
    row = page.locator("#day-rows tr", has_text="عينة: ليلى بنت عمر")
    await expect(row).to_contain_text(reference)
    await expect(row).to_contain_text("محجوز")

    # Found again by the reference, in small letters: what there is comes first, and the keyboard is on it.
    await next_citizen(page)
    await find(page, reference.lower())
    await expect(page.locator("#citizen-open")).to_contain_text("محجوز")
    await expect(page.locator("#book")).to_be_hidden()
    await expect(page.locator("#citizen-open").get_by_role("button", name="تسجيل الحضور")).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(page.locator("#arrive-id")).to_have_text(number[-4:])
    await page.keyboard.press("Enter")
    await expect(row).to_contain_text("في الانتظار")
    await expect(row).to_contain_text("شوهدت هويته")
    await expect(page.locator("#citizen-open")).to_contain_text("في الانتظار")

    # A slip is taken back from the word that told of it.
    await page.locator(".toast").get_by_role("button", name="تراجع").click()
    await expect(row).to_contain_text("محجوز")

    await menu(page, "عينة: ليلى بنت عمر", "إلغاء الموعد")
    await expect(page.locator("#sure-text")).to_contain_text("ليلى")
    await page.click("#sure-confirm")
    await expect(row).to_have_count(0)
    await page.locator("#day-filter label", has_text="الكل").click()
    await expect(row).to_contain_text("أُلغي")
    await page.locator(".toast").get_by_role("button", name="تراجع").last.click()
    await expect(row).to_contain_text("محجوز")


async def test_a_link_for_ones_own_location_is_shown_and_can_be_made_anew(page: Page, service: Service) -> None:
    await sign_in(page, service, "yanbu")
    await register(page, "عينة: رحمة الله خان", "0512345679", new_id("2"))
    # A press that falls on a time while the times are drawn anew is lost.
    await page.locator("#slots .slot").evaluate_all("(slots) => slots.forEach((slot) => slot.dataset.before = '')")
    await page.locator("#place label", has_text="من موقع المستفيد").click()
    await expect(page.locator("#centre-field")).to_be_hidden()
    await expect(page.locator("#slots .slot[data-before]")).to_have_count(0)
    await expect(page.locator("#slots .slot").first).to_be_visible()
    await book(page, "استفسار")
    first = await page.input_value("#booked-link")
    assert first.startswith(f"{service.address}/join#")
    await menu(page, "عينة: رحمة الله خان", "رابط دخول جديد")
    await expect(page.locator("#link-dialog")).to_be_visible()
    second = await page.input_value("#link-address")
    assert second.startswith(f"{service.address}/join#")
    assert second != first


async def test_signing_out_closes_the_desk(page: Page, service: Service) -> None:
    await sign_in(page, service)
    await page.get_by_role("button", name="تسجيل الخروج").click()
    await page.wait_for_url(f"{service.address}/")
    await page.goto(f"{service.address}/desk")
    await page.wait_for_url("**/sign-in?next=/desk")


@pytest.mark.parametrize("path", ["//elsewhere.invalid/x", "/.//elsewhere.invalid/x", "/..//elsewhere.invalid/x"])
async def test_signing_in_leads_to_no_other_host(page: Page, service: Service, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{service.address}/sign-in?next={path}")
    await page.fill("#user_name", "badr")
    await page.fill("#password", service.password("badr"))
    async with page.expect_event("framenavigated"):
        await page.click("#sign-in-button")
    assert [url for url in asked if not url.startswith(f"{service.address}/")] == []


async def test_an_answer_that_comes_late_is_about_a_place_no_longer_chosen(page: Page, service: Service) -> None:
    """A clerk is quicker than the line."""
    await sign_in(page, service, "yanbu")
    await register(page, "عينة: المستعجل", "0512345670")
    there = await page.locator("#slots .slot").count()
    go_on = asyncio.Event()

    async def late_and_empty(route: Route) -> None:
        await go_on.wait()
        await route.fulfill(content_type="application/json", body=json.dumps({"days": [], "first_free": None}))

    await page.route("**/api/desk/availability?venue=own-location**", late_and_empty)
    await page.locator("#place label", has_text="من موقع المستفيد").click()
    async with page.expect_response("**/api/desk/availability?venue=kiosk**"):
        await page.locator("#place label", has_text="في مركز الاستقبال").click()
    async with page.expect_response("**/api/desk/availability?venue=own-location**"):
        go_on.set()
    await expect(page.locator("#slots .slot")).to_have_count(there)


async def test_the_desk_tells_when_the_service_is_away_and_goes_on_by_itself(page: Page, service: Service) -> None:
    await sign_in(page, service)
    await expect(page.locator("#day-rows tr").first).to_be_visible()
    async with service.away():
        await page.click("#day-refresh")
        await expect(page.locator("#day-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await expect(page.locator("#day-problem")).to_be_hidden(timeout=20_000)
