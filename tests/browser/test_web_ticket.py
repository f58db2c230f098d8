"""The page of a ticket in Chromium: what comes out of the printer, on each paper, and what is only on the screen."""

from collections.abc import AsyncIterator

import pypdfium2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright
from support.gallery import CHROMIUM, CHROMIUM_FLAGS
from support.gallery_ticket import SAMPLE, add_ticket
from support.papers import by_pdfium
from support.web_server import serving

from tawasul.domain.places import Name
from tawasul.web.base import install

pytestmark = pytest.mark.asyncio(loop_scope="module")

POINTS_A_MILLIMETRE = 72 / 25.4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    app = FastAPI()
    install(app, Name("منطقة المدينة المنورة", "Madinah region"))
    add_ticket(app)
    async with serving(app) as address:
        yield address


async def opened(browser: Browser, address: str, paper: str) -> tuple[Page, list[str]]:
    page = await (await browser.new_context()).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{address}/desk/tickets/sample?paper={paper}", wait_until="load")
    await page.evaluate("document.fonts.ready")
    return page, complaints


@pytest.mark.parametrize(("paper", "width"), [("80mm", 80), ("a4", 210)])
async def test_one_sheet_of_the_paper_comes_out_with_the_ticket_alone(
    browser: Browser, address: str, paper: str, width: float
) -> None:
    page, _ = await opened(browser, address, paper)
    printed = await page.pdf(prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(printed)
    assert len(document) == 1
    assert abs(document[0].get_width() / POINTS_A_MILLIMETRE - width) < 1
    text = by_pdfium(printed)
    assert SAMPLE.reference in " ".join(text.split())
    for only_on_screen in ("سارة", "PDF", "80"):
        assert only_on_screen not in text


async def test_the_button_prints_and_the_other_paper_is_a_link_away(browser: Browser, address: str) -> None:
    page, complaints = await opened(browser, address, "80mm")
    await page.evaluate("window.print = () => document.body.setAttribute('data-printed', '')")
    await page.get_by_role("button", name="طباعة").press("Enter")
    assert await page.locator("body[data-printed]").count() == 1
    await page.get_by_role("link", name="ورقة A4").click()
    await page.wait_for_url("**paper=a4")
    assert await page.locator(".ticket-sheet").count() == 1
    assert await page.get_by_role("link", name="ملف PDF").get_attribute("href") == (
        "/api/desk/audiences/sample/ticket.pdf?paper=a4"
    )
    assert [each for each in complaints if "404" not in each] == []
