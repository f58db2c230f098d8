"""A case by its number, in Chromium over the running service: found by its citizen, told to nobody else, gone after."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from support.case_pages import ServedCases
from support.case_people import ID
from support.desk_page import ARABIC_INDIC

from tawasul.domain.case_number import CaseNumber

pytestmark = pytest.mark.asyncio(loop_scope="module")

ISOLATES = str.maketrans("", "", "\u2068\u2069")
NOBODY = "لا توجد معاملة بهذا الرقم مع هذا الجوال أو الهوية"


@pytest_asyncio.fixture(loop_scope="module")
async def case(served: ServedCases) -> dict[str, Any]:
    return await served.people.answered()


async def looks(page: Page, served: ServedCases, number: str, proof: str) -> None:
    if not page.url.endswith("/track"):
        await page.goto(f"{served.address}/track")
    await page.fill("#track_number", number)
    await page.fill("#track_proof", proof)
    await page.click("#track-look:enabled")


async def test_it_is_found_from_the_first_page_in_the_digits_of_any_keyboard(
    page: Page, served: ServedCases, case: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    await page.goto(served.address)
    await page.click('a[href="/track"]')
    number = case["number"].replace("-", " ").translate(ARABIC_INDIC)
    await looks(page, served, f" {number} ", ID.translate(ARABIC_INDIC))
    await expect(page.locator("#case-title")).to_be_focused()
    await expect(page.locator("#case-title")).to_have_text("صدر الرد")
    await expect(page.locator("#case-number")).to_have_text(case["number"])
    await expect(page.locator("#case-answer-words")).to_have_text("أُصلحت الشبكة")
    await expect(page.locator("#case-directive-wording")).to_have_text("تُصلح الشبكة")
    happened = [text.translate(ISOLATES) for text in await page.locator(".track-entry strong").all_inner_texts()]
    assert happened == [
        "استُلمت معاملتك", "صدر توجيه", "أقررت التوجيه، فأُحيلت إلى شركة المياه", "بدأ العمل عليها: شركة المياه",
        "صدر الرد", "أبلغناك بالرد",
    ]  # fmt: skip
    await expect(page.locator("#track-answer-where")).to_be_visible()
    assert page.url == f"{served.address}/track"
    assert "عينة" not in await page.inner_text("body")
    digits = case["number"].replace("-", "")
    for heard in [*asked, caplog.text]:
        assert ID not in heard, "what shows that it is theirs is in no address and in no log"
        assert digits not in heard.replace("-", "")


async def test_nothing_of_it_stays_on_a_screen_that_others_use(
    page: Page, served: ServedCases, case: dict[str, Any]
) -> None:
    await looks(page, served, case["number"], ID)
    await expect(page.locator("#case-title")).to_be_visible()
    for field in ("#track_number", "#track_proof"):
        assert await page.locator(field).get_attribute("autocomplete") == "off"
        assert await page.locator(field).input_value() == ""
    await page.click("#track-done")
    await expect(page.locator("#track-title")).to_be_focused()
    for said in (case["number"], "أُصلحت الشبكة", "الصفراء"):
        assert said not in await page.inner_html("#track")
    await looks(page, served, case["number"], ID)
    await expect(page.locator("#case-title")).to_be_visible()
    await page.click(".wordmark")
    await page.wait_for_url(f"{served.address}/")
    await page.go_back()
    await expect(page.locator("#track-title")).to_be_visible()
    assert await page.locator("#track_number").input_value() == ""
    assert case["number"] not in await page.content()
    assert await page.evaluate("JSON.stringify([localStorage, sessionStorage, history.state])") == "[{},{},null]"


async def test_who_walks_away_from_it_leaves_nothing_and_who_reads_on_is_left_to_it(
    page: Page, served: ServedCases, case: dict[str, Any]
) -> None:
    await looks(page, served, case["number"], ID)
    await expect(page.locator("#case-title")).to_be_visible()
    await page.clock.fast_forward("02:01")
    await expect(page.locator("#track-idle")).to_be_visible()
    await page.mouse.wheel(0, 200)
    await expect(page.locator("#track-idle")).to_be_hidden()
    await page.clock.fast_forward("01:59")
    await expect(page.locator("#case-title")).to_be_visible()
    await page.clock.fast_forward("00:02")
    await expect(page.locator("#track-idle")).to_be_visible()
    await page.clock.fast_forward("00:31")
    await expect(page.locator("#track-title")).to_be_visible()
    assert case["number"] not in await page.content()


async def test_a_guesser_reads_one_sentence_whatever_is_wrong_and_soon_another(
    page: Page, served: ServedCases, case: dict[str, Any]
) -> None:
    somebody = CaseNumber.parse(case["number"])
    nobody = CaseNumber(somebody.hijri_year, somebody.serial + 7).text
    sentences = set()
    for number, proof in ((case["number"], "0500000099"), (nobody, ID), (case["number"], "x")):
        await looks(page, served, number, proof)
        await expect(page.locator("#track-problem")).to_contain_text(NOBODY)
        sentences.add(await page.inner_text("#track-problem-text"))
        await page.fill("#track_proof", "")
        await page.click("#track-look")
        await expect(page.locator("#track-problem")).to_be_hidden()
    assert len(sentences) == 1
    for _ in range(8):
        await served.people.citizen.post("/api/case/look", number=case["number"], proof="1")
    await looks(page, served, case["number"], ID)
    await expect(page.locator("#track-problem")).to_contain_text("محاولات كثيرة. انتظر قليلًا")
    await expect(page.locator("#track-title")).to_be_visible()


@pytest.mark.parametrize("slip", ["1447-00001", "1447-00001-0", "لا أعرفه", "0512345678"])
async def test_a_slip_is_told_as_one_before_anything_is_asked(page: Page, served: ServedCases, slip: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await looks(page, served, slip, ID)
    await expect(page.locator("#track_number-error")).to_contain_text("في الرقم نقص أو خطأ")
    await expect(page.locator("#track_number")).to_be_focused()
    assert not [url for url in asked if "/api/" in url]


async def test_without_a_line_it_says_so_and_what_was_typed_stays(
    page: Page, served: ServedCases, case: dict[str, Any]
) -> None:
    await page.goto(f"{served.address}/track")
    await expect(page.locator("#track-look")).to_be_enabled()
    await page.context.set_offline(True)
    await looks(page, served, case["number"], ID)
    await expect(page.locator("#track-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await page.context.set_offline(False)
    await page.click("#track-look")
    await expect(page.locator("#case-title")).to_be_visible()
