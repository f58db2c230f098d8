"""Verifying a receipt in Chromium: by address, scanner and camera; with the service gone; and the receipt on paper."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pypdfium2
import pytest
import pytest_asyncio
from fastapi import FastAPI, Request
from playwright.async_api import Browser, Error, Page, async_playwright, expect
from starlette.responses import Response
from support.gallery import CHROMIUM, CHROMIUM_FLAGS
from support.gallery_receipt import (
    CHANGED,
    GENUINE,
    GENUINE_LONG,
    NOT_OURS,
    SERVICE,
    a_printed_receipt,
    add_receipt,
)
from support.papers import by_pdfium
from support.receipts import AGENCY, LONG_WORDING, NUMBER, REGION, SIGNER, WORDING, a_receipt
from support.web_server import serving

from tawasul.casework.receipts.offline import KEY, PAGES
from tawasul.casework.receipts.web import worker_script
from tawasul.web.base import install
from tawasul.web.pages import Pages

pytestmark = pytest.mark.asyncio(loop_scope="module")

POINTS_A_MILLIMETRE = 72 / 25.4
FLAGS = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


class Heard:
    """The application, and what was asked of it."""

    def __init__(self) -> None:
        self.app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        self.requests: list[tuple[str, dict[str, str]]] = []
        install(self.app, REGION)
        add_receipt(self.app)

        @self.app.middleware("http")
        async def listen(request: Request, answer: Any) -> Response:
            self.requests.append((str(request.url), dict(request.headers)))
            response: Response = await answer(request)
            return response

    @property
    def pages(self) -> Pages:
        """As the application's routes find them."""
        pages: Pages = self.app.state.pages
        return pages


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def heard() -> AsyncIterator[Heard]:
    yield Heard()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(heard: Heard) -> AsyncIterator[str]:
    async with serving(heard.app) as address:
        yield address


@asynccontextmanager
async def a_page(browser: Browser, **options: Any) -> AsyncIterator[tuple[Page, list[str]]]:
    """In a browser of its own, and what it complained of."""
    context = await browser.new_context(**options)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page, complaints
    await context.close()


def plain(text: str) -> str:
    """Without the characters that isolate values."""
    return text.translate(dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069")))


async def is_kept(page: Page) -> None:
    """Until the page says that it needs no network any more."""
    await expect(page.locator("#receipt-offline")).to_be_visible(timeout=20_000)


async def says(page: Page, step: str, title: str) -> None:
    """The page has come to its answer."""
    await expect(page.locator(f'section[data-step="{step}"] h1')).to_have_text(title, timeout=20_000)
    await expect(page.locator(f'section[data-step="{step}"]')).to_be_visible()


async def test_a_receipt_in_the_address_is_verified_and_told_to_nobody(
    browser: Browser, heard: Heard, address: str
) -> None:
    heard.requests.clear()
    async with a_page(browser) as (page, complaints):
        await page.goto(f"{address}/receipt#{GENUINE}")
        await says(page, "genuine", "إيصال صحيح")
        assert await page.inner_text("#genuine-agency") == AGENCY.arabic
        assert await page.inner_text("#genuine-wording") == WORDING
        assert "20 ديسمبر 2026م" in plain(await page.inner_text("#genuine-due"))
        assert await page.inner_text("#genuine-number") == NUMBER.text
        assert await page.evaluate("document.activeElement.id") == "genuine-title"
        await is_kept(page)
        assert complaints == []
    assert heard.requests
    assert not any(GENUINE in json.dumps(request) for request in heard.requests)


@pytest.mark.parametrize(
    ("given", "title"), [(CHANGED, "Not a genuine receipt"), (NOT_OURS, "Not one of our receipts"), ("12", None)]
)
async def test_what_is_not_genuine_is_said_so(browser: Browser, address: str, given: str, title: str | None) -> None:
    async with a_page(browser) as (page, complaints):
        await page.context.add_cookies([{"name": "tawasul_language", "value": "en", "url": address}])
        await page.goto(f"{address}/receipt#{given}")
        await says(page, "refused", title or "We could not read the receipt")
        assert await page.locator("#genuine-agency").is_hidden()
        await page.click("section[data-step=refused] [data-again]")
        await expect(page.locator("#receipt-given")).to_be_focused()
        assert page.url == f"{address}/receipt"
        assert complaints == []


async def test_a_scanner_types_it_with_an_end_of_line(browser: Browser, address: str) -> None:
    async with a_page(browser) as (page, complaints):
        await page.goto(f"{address}/receipt")
        await expect(page.locator("#receipt-given")).to_be_focused()
        # The layout of the keyboard is Arabic: of the address nothing is left but digits and signs.
        await page.keyboard.insert_text(f"اففحس:ظظ}}شتمهس.ثء:8443ظقثؤثهحف#{GENUINE_LONG}")
        await page.keyboard.press("Enter")
        await says(page, "genuine", "إيصال صحيح")
        assert LONG_WORDING.startswith((await page.inner_text("#genuine-wording")).removesuffix("…"))
        assert str(len(LONG_WORDING))[1:] in await page.inner_text("#genuine-part")
        assert complaints == []


async def test_every_flipped_bit_is_refused_in_the_browser(browser: Browser, heard: Heard, address: str) -> None:
    async with a_page(browser) as (page, _):
        await page.goto(f"{address}/receipt")
        taken = await page.evaluate(
            """async ([module, token]) => {
                const { keysOf, readReceipt } = await import(module);
                const keys = await keysOf(await (await fetch("/api/receipt/key")).json());
                await readReceipt(token, keys);
                const taken = [];
                for (let at = 0; at < token.length; at += 3) {
                    const bit = at % 8;
                    const other = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit));
                    const flipped = token.slice(0, at) + other + token.slice(at + 1);
                    await readReceipt(flipped, keys).then(() => taken.push([at, bit]), (reason) => {
                        if (reason.name !== "ReceiptRefused") throw reason;
                    });
                }
                return taken;
            }""",
            [heard.pages.asset("js/receipt-read.js"), SIGNER.sign(a_receipt())],
        )
        assert taken == []


async def test_the_camera_reads_it_where_the_browser_can(browser: Browser, address: str) -> None:
    # Chromium on Linux has no BarcodeDetector: the platform's part is put in, the camera's picture is Chromium's own.
    async with a_page(browser, permissions=["camera"]) as (page, complaints):
        await page.goto(f"{address}/receipt")
        await expect(page.locator("#receipt-camera")).to_be_hidden()
        await page.add_init_script(
            """globalThis.BarcodeDetector = class {
                static async getSupportedFormats() { return ["qr_code"]; }
                async detect(video) {
                    globalThis.looked = (globalThis.looked ?? 0) + 1;
                    return video.videoWidth && globalThis.looked > 3 ? [{ rawValue: globalThis.inView }] : [];
                }
            };"""
        )
        await page.reload()
        await page.evaluate("(text) => { globalThis.inView = text; }", f"https://majlis.example/receipt#{GENUINE}")
        await page.click("#receipt-camera")
        await says(page, "genuine", "إيصال صحيح")
        assert await page.evaluate("document.getElementById('receipt-video').srcObject") is None
        assert complaints == []


async def test_it_verifies_with_the_service_gone_in_both_languages(browser: Browser) -> None:
    heard = Heard()
    async with a_page(browser) as (page, complaints):
        async with serving(heard.app) as address:
            await page.goto(f"{address}/receipt")
            await is_kept(page)
        other = await page.context.new_page()
        with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
            await other.goto(f"{address}/desk")
        asked = len(heard.requests)
        for given, step, title in (
            (GENUINE, "genuine", "إيصال صحيح"),
            (CHANGED, "refused", "إيصال غير صحيح"),
            (NOT_OURS, "refused", "ليس من إيصالاتنا"),
        ):
            await page.goto(f"{address}/receipt#{given}")
            await page.reload()
            await says(page, step, title)
        async with page.expect_event("load"):
            await page.click("[data-controller=language]")
        await says(page, "refused", "Not one of our receipts")
        await page.click("section[data-step=refused] [data-again]")
        await page.fill("#receipt-given", GENUINE)
        await page.keyboard.press("Enter")
        await says(page, "genuine", "A genuine receipt")
        await page.evaluate("document.fonts.ready")
        fonts = await page.evaluate("[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)")
        assert any("Plex" in family for family in fonts)
        # What the browser itself says of the address that does not answer; never of a file that is missing.
        assert [each for each in complaints if "ERR_CONNECTION_REFUSED" not in each] == []
        failed = await page.evaluate(
            "performance.getEntriesByType('resource').filter((e) => e.responseStatus >= 400).map((e) => e.name)"
        )
        assert failed == []
        assert len(heard.requests) == asked


async def test_what_is_kept_is_that_page_alone_and_names_nobody(browser: Browser) -> None:
    heard = Heard()
    async with a_page(browser) as (page, _), serving(heard.app) as address:
        await page.context.add_cookies([{"name": "session", "value": "of-a-clerk", "url": address}])
        await page.goto(f"{address}/receipt")
        await is_kept(page)
        kept = await stored(page)
        assert kept.keys() == {f"receipt-{heard.pages.files.version}"}
        (paths,) = kept.values()
        assert {*PAGES, KEY} <= set(paths)
        assert {path.split("/")[1] for path in paths if path not in {*PAGES, KEY}} == {"static"}
        of_the_worker = [headers for url, headers in heard.requests if url.endswith(PAGES)]
        assert of_the_worker
        assert all("cookie" not in headers for headers in of_the_worker)
        await page.goto(f"{address}/desk/cases/sample/receipt")
        assert await page.evaluate("navigator.serviceWorker.controller") is None


async def test_a_new_version_takes_the_place_of_the_old(browser: Browser) -> None:
    heard = Heard()
    async with a_page(browser) as (page, _), serving(heard.app) as address:
        await page.goto(f"{address}/receipt")
        await is_kept(page)
        old = heard.pages.files.version
        assert old in worker_script(heard.pages)
        heard.pages.files.__dict__["version"] = "fedcba987654"
        await page.evaluate(
            """async () => {
                const held = await navigator.serviceWorker.ready;
                const found = new Promise((done) => held.addEventListener("updatefound", () => done(held.installing)));
                await held.update();
                const next = await found;
                await new Promise((done) => next.addEventListener("statechange", () => {
                    if (next.state === "activated") done();
                }));
            }"""
        )
        assert (await stored(page)).keys() == {"receipt-fedcba987654"}
        await page.goto(f"{address}/receipt")
        assert "fedcba987654" in (await page.get_attribute("link[rel=stylesheet]", "href") or "")


async def stored(page: Page) -> dict[str, list[str]]:
    """The paths in each store of the worker's, by its name."""
    found: dict[str, list[str]] = await page.evaluate(
        """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
            [name, (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)])))"""
    )
    return found


@pytest.mark.parametrize(("paper", "width"), [("80mm", 80), ("a4", 210)])
@pytest.mark.parametrize(("case", "wording"), [("sample", WORDING), ("long", LONG_WORDING)])
async def test_one_piece_of_the_paper_comes_out_with_the_receipt_alone(
    browser: Browser, address: str, paper: str, width: float, case: str, wording: str
) -> None:
    async with a_page(browser) as (page, complaints):
        await page.goto(f"{address}/desk/cases/{case}/receipt?paper={paper}")
        await page.evaluate("document.fonts.ready")
        content = await page.pdf(prefer_css_page_size=True)
        document = pypdfium2.PdfDocument(content)
        assert len(document) == 1
        assert abs(document[0].get_width() / POINTS_A_MILLIMETRE - width) < 1
        text = by_pdfium(content)
        assert NUMBER.text in " ".join(text.split())
        assert f"{SERVICE}/receipt" in text
        assert f"{SERVICE}/track" in text
        for only_on_screen in ("سارة", "A4"):
            assert only_on_screen not in text
        assert " ".join(wording.split()) in " ".join((await page.inner_text(".receipt-lines")).split())
        assert complaints == []


async def test_the_button_prints(browser: Browser, address: str) -> None:
    async with a_page(browser) as (page, _):
        await page.goto(f"{address}/desk/cases/sample/receipt")
        await page.evaluate("window.print = () => document.body.setAttribute('data-printed', '')")
        await page.get_by_role("button", name="طباعة").press("Enter")
        assert await page.locator("body[data-printed]").count() == 1


async def test_the_code_is_no_larger_than_version_25() -> None:
    for long in (False, True):
        code = a_printed_receipt(long).qr()
        assert int(code.version) <= 25
        assert code.error == "M"
