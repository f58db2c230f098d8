"""The desk, in Chromium, over the running service: sign in, find or register, book, check in, undo, links, sign out."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, async_playwright, expect
from stdnum import luhn
from support.gallery import CHROMIUM, CHROMIUM_FLAGS
from support.service import Service, a_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
REFERENCE = re.compile(r"^[2-9A-Z]{3}-[2-9A-Z]{3}$")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("desk")) as service:
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="America/Los_Angeles")
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []
    await context.close()


numbers = itertools.count(7_654_321)


def new_id(first: str = "1") -> str:
    """A valid number that nobody has."""
    body = f"{first}{next(numbers):08}"
    return str(body + luhn.calc_check_digit(body))


async def sign_in(page: Page, service: Service, user_name: str) -> None:
    await page.goto(f"{service.address}/desk")
    await page.fill("#user_name", user_name)
    await page.fill("#password", service.password(user_name))
    await page.click("#sign-in-button")
    await page.wait_for_url("**/desk")
    await expect(page.locator("#find-button")).to_be_enabled()


async def register(page: Page, number: str, name: str, mobile: str) -> None:
    """From an empty search to the form that books."""
    await expect(page.locator("#find-button")).to_be_enabled()
    await page.fill("#find_query", number)
    await page.press("#find_query", "Enter")
    await page.fill("#register_name", name)
    await page.fill("#register_mobile", mobile)
    await page.press("#register_mobile", "Enter")
    await expect(page.locator("#book")).to_be_visible()


async def book(page: Page, subject: str) -> str:
    """Takes the first free slot; the reference."""
    await page.locator("#slots label").first.click()
    await page.fill("#book_subject", subject)
    await page.click("#book button.button-primary")
    await expect(page.locator("#booked")).to_be_visible()
    return await page.inner_text("#booked-reference")


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
    await sign_in(page, service, "badr")
    await expect(page.locator("#day-rows tr").first).to_be_visible()
    await expect(page.locator("#day-date")).to_contain_text("الموافق")
    # The desk sees its own governorate, and no other.
    names = await page.locator("#day-rows [data-part=name]").all_inner_texts()
    assert "عينة: سالم بن محمد" in names
    assert "عينة: نورة بنت عبدالله" not in names

    await page.fill("#find_query", "123")
    await page.press("#find_query", "Enter")
    await expect(page.locator("#find_query-error")).to_be_visible()

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

    # Found again by the reference, in small letters: there is a booking already, so none is offered.
    await page.click("#book-another")
    await page.fill("#find_query", reference.lower())
    await page.press("#find_query", "Enter")
    await expect(page.locator("#citizen-open")).to_contain_text("محجوز")
    await expect(page.locator("#book")).to_be_hidden()

    await page.locator("#citizen-actions").get_by_role("button", name="تسجيل الحضور").click()
    await expect(page.locator("#arrive-id")).to_have_text(number[-4:])
    await page.click("#arrive-confirm")
    await expect(row).to_contain_text("في الانتظار")
    await expect(row).to_contain_text("شوهدت هويته")
    await expect(page.locator("#citizen-open")).to_contain_text("في الانتظار")

    await row.locator("summary").click()
    await row.get_by_role("button", name="التراجع عن تسجيل الحضور").click()
    await expect(row).to_contain_text("محجوز")

    await row.locator("summary").click()
    await row.get_by_role("button", name="إلغاء الموعد").click()
    await expect(page.locator("#sure-text")).to_contain_text("ليلى")
    await page.click("#sure-confirm")
    await expect(row).to_have_count(0)
    await page.locator("#day-filter label", has_text="الكل").click()
    await expect(row).to_contain_text("أُلغي")


async def test_a_link_for_ones_own_location_is_shown_and_can_be_made_anew(page: Page, service: Service) -> None:
    await sign_in(page, service, "yanbu")
    await register(page, new_id("2"), "عينة: رحمة الله خان", "0512345679")
    await page.locator("#book label.choice", has_text="من موقع المستفيد").click()
    await expect(page.locator("#book-kiosk-field")).to_be_hidden()
    await book(page, "استفسار")
    first = await page.input_value("#booked-link")
    assert first.startswith(f"{service.address}/join#")
    row = page.locator("#day-rows tr", has_text="عينة: رحمة الله خان")
    await row.locator("summary").click()
    await row.get_by_role("button", name="رابط دخول جديد").click()
    await expect(page.locator("#link-dialog")).to_be_visible()
    second = await page.input_value("#link-address")
    assert second.startswith(f"{service.address}/join#")
    assert second != first


async def test_the_slower_of_two_desks_is_told_and_offered_what_is_free(page: Page, service: Service) -> None:
    await sign_in(page, service, "badr")
    await register(page, new_id(), "عينة: الأول", "0512345678")
    other = await page.context.new_page()
    await other.goto(f"{service.address}/desk")
    await register(other, new_id(), "عينة: الثاني", "0512345677")
    taken = await page.locator("#slots input").first.get_attribute("value")
    await book(page, "الأول")
    await other.locator("#slots label").first.click()
    await other.fill("#book_subject", "الثاني")
    await other.click("#book button.button-primary")
    await expect(other.locator("#book-problem")).to_contain_text("حُجز هذا الموعد قبل لحظات")
    await expect(other.locator(f'#slots input[value="{taken}"]')).to_have_count(0)
    await expect(other.locator("#book_subject")).to_have_value("الثاني")


async def test_signing_out_closes_the_desk(page: Page, service: Service) -> None:
    await sign_in(page, service, "badr")
    await page.get_by_role("button", name="تسجيل الخروج").click()
    await page.wait_for_url(f"{service.address}/")
    await page.goto(f"{service.address}/desk")
    await page.wait_for_url("**/sign-in?next=/desk")


async def test_the_desk_tells_when_the_service_is_away_and_goes_on_by_itself(page: Page, service: Service) -> None:
    await sign_in(page, service, "badr")
    await expect(page.locator("#day-rows tr").first).to_be_visible()
    service.kill()
    await page.click("#day-refresh")
    await expect(page.locator("#day-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await service.start()
    await expect(page.locator("#day-problem")).to_be_hidden(timeout=20_000)


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


async def test_a_chosen_time_stays_chosen_while_the_place_changes(page: Page, service: Service) -> None:
    """A clerk is quicker than the line: the answer that comes late takes nothing away."""
    await sign_in(page, service, "yanbu")
    await register(page, new_id(), "عينة: المستعجل", "0512345670")
    await expect(page.locator("#slots input").first).to_be_attached()
    answered = asyncio.Event()

    async def late(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/api/desk/slots**", late)
    await page.locator("#book label.choice", has_text="من موقع المستفيد").click()
    await page.locator("#slots label").nth(1).click()
    wanted = await page.locator("#slots input").nth(1).get_attribute("value")
    async with page.expect_response("**/api/desk/slots**"):
        answered.set()
    await expect(page.locator(f'#slots input[value="{wanted}"]')).to_be_checked()
    await page.unroute("**/api/desk/slots**")
