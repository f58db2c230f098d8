"""Every page of the gallery in Chromium: accessible, nothing cut off or too small to press, Arabic from the right."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, ConsoleMessage, Page, expect
from support.gallery import FILL, NOW, PICTURES, SIZES, Picture, gallery_app
from support.web_server import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # Every rule is looked at; only of what is wrong is it written out which elements it is.
    "resultTypes": ["violations"],
}

VIOLATIONS = """async (rules) => (await axe.run(document, rules)).violations
  .map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 160))])"""

STAFF = ("/desk", "/office", "/planning", "/agency", "/agenda", "/follow-through", "/sign-in")
"""Whose pages begin so."""

LEAST_TARGET = 44
"""CSS pixels: WCAG 2.5.5. Our buttons are 48; text that is tied to a box may be a little less."""

PRESSED = (
    "button, summary, select, textarea, .choice, .pill, .slot, .day-choice, input:not([type=radio], [type=checkbox])"
)

TOO_SMALL = """[...document.querySelectorAll(pressed)]
  .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }))
  .filter((element) => element.getBoundingClientRect().height < least)
  .map((element) => element.outerHTML.slice(0, 120))"""

CUT_OFF = """[...document.querySelectorAll("button, .status, h1, h2, label")]
  .filter((element) => element.checkVisibility() && getComputedStyle(element).display !== "inline")
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 160))"""

FITS = f"""([pressed, least]) => [
  document.documentElement.scrollWidth - document.documentElement.clientWidth, {TOO_SMALL}, {CUT_OFF}]"""
"""How far the page scrolls sideways, what is too small to be pressed, what is cut off."""

FORGET = "if (location.protocol === 'http:') { localStorage.clear(); sessionStorage.clear(); }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    async with serving(gallery_app()) as address:
        yield address


def is_complaint(message: ConsoleMessage) -> bool:
    """An error, other than that the room refused something: the page tells that itself."""
    return message.type == "error" and "/api/" not in message.location.get("url", "")


async def scripted(page: Page) -> None:
    """What every page does by its scripts is there: `js/page.js`, whose words come after the page has loaded."""
    await page.evaluate("import(document.querySelector('script[type=module]').src).then(() => true)")


class Stage:
    """One page of a browser on which all pictures are shown, one after the other.

    A browser that opened each picture anew would start a process and fetch and compile every script and font for it,
    which was most of what these tests cost. Nothing else stays from one picture to the next: storage, cookies and
    service workers go, and so does the page itself once something on it failed.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.complaints: list[str] = []
        """What the browser complained of since the page was opened."""
        self._browser = browser
        self._page: Page | None = None
        self._protocol: CDPSession | None = None

    async def _begin(self) -> Page:
        context = await self._browser.new_context(reduced_motion="reduce")
        # Before any script of a page: what one writes as it is left is gone as well.
        await context.add_init_script(FORGET)
        page = await context.new_page()
        await page.clock.set_fixed_time(NOW)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if is_complaint(message) else None)
        self._protocol = await context.new_cdp_session(page)
        return page

    async def end(self) -> None:
        """The page is closed; the next picture has a new one."""
        if self._page is not None:
            await self._page.context.close()
        self._page = None

    @asynccontextmanager
    async def shown(self, picture: Picture, size: str) -> AsyncIterator[Page]:
        """The page in its state."""
        if self._page is None:
            self._page = await self._begin()
        try:
            await self._empty(self._page)
            await self._show(self._page, picture, size)
            yield self._page
        except BaseException:
            await self.end()
            raise

    async def _empty(self, page: Page) -> None:
        # Away first: two pictures of one page may differ in no more than the fragment, and that would load nothing.
        await page.goto("about:blank")
        await page.context.clear_cookies()
        assert self._protocol is not None
        kept = {"origin": self.address, "storageTypes": "indexeddb,service_workers,cache_storage"}
        await self._protocol.send("Storage.clearDataForOrigin", kept)
        self.complaints.clear()

    async def _show(self, page: Page, picture: Picture, size: str) -> None:
        width, height = SIZES[size]
        await page.set_viewport_size({"width": width, "height": height})
        await page.context.add_cookies([{"name": "tawasul_language", "value": picture.locale, "url": self.address}])
        answer = await page.goto(self.address + picture.path, wait_until="load")
        assert answer is not None
        if answer.status >= 400:  # the page of a problem: the browser tells its status as a complaint
            self.complaints.clear()
        await page.evaluate("document.fonts.ready.then(() => true)")
        if picture.fill:
            await page.evaluate(FILL)
            await page.evaluate("([name, locale]) => window.gallery[name](locale)", [picture.fill, picture.locale])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(browser: Browser, address: str) -> AsyncIterator[Stage]:
    stage = Stage(browser, address)
    yield stage
    await stage.end()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_pages_are_accessible_and_fit(stage: Stage, picture: Picture) -> None:
    async with stage.shown(picture, "phone") as page:
        # Before axe comes in: it tries inline styles, and the policy refuses them, as it should.
        assert stage.complaints == []
        for size, (width, height) in SIZES.items():
            await page.set_viewport_size({"width": width, "height": height})
            sideways, too_small, cut_off = await page.evaluate(FITS, [PRESSED, LEAST_TARGET])
            assert sideways <= 0, f"{size}: the page scrolls sideways"
            assert too_small == [], size
            assert cut_off == [], size
            if size == size_of_its_people(picture):
                assert await violations(page) == [], size


@pytest.mark.thorough
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_pages_are_accessible_in_the_other_size_too(stage: Stage, picture: Picture) -> None:
    """An audit is most of what a picture costs here, and finds alike in both, but for what one size hides."""
    other = "phone" if size_of_its_people(picture) == "desktop" else "desktop"
    async with stage.shown(picture, other) as page:
        assert await violations(page) == []


def size_of_its_people(picture: Picture) -> str:
    """Where a page is mostly looked at: those of staff at a desk, those of citizens on a phone."""
    return "desktop" if picture.path.startswith(STAFF) else "phone"


async def violations(page: Page) -> list[Any]:
    """What axe finds wrong, briefly."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found: list[Any] = await page.evaluate(VIOLATIONS, RULES)
    return found


async def test_text_is_in_our_own_font(stage: Stage) -> None:
    async with stage.shown(Picture("home", "/"), "desktop") as page:
        loaded = await page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
        assert any("IBM Plex Sans Arabic" in family for family in loaded)


async def test_arabic_begins_at_the_other_side_than_english(stage: Stage) -> None:
    begins = {}
    for locale in ("ar", "en"):
        async with stage.shown(Picture("office", "/office", "officeWaiting", locale), "desktop") as page:
            board = await page.locator(".board").bounding_box()
            scene = await page.locator("#stage").bounding_box()
            assert board is not None
            assert scene is not None
            begins[locale] = board["x"] > scene["x"]
    assert begins == {"ar": True, "en": False}


async def test_with_reduced_motion_what_changes_is_there_at_once(stage: Stage) -> None:
    async with stage.shown(Picture("office", "/office"), "phone") as page:
        changed = await page.evaluate("""() => {
            const clock = document.getElementById("call-clock");
            clock.hidden = false;
            const colour = () => getComputedStyle(clock).color;
            const before = colour();
            document.getElementById("stage").dataset.state = "in-call";
            const atOnce = colour();
            const moving = document.getAnimations().length;
            return [before !== atOnce, moving];
        }""")
        assert changed == [True, 0], "text would keep the colour of the state before, on the ground of this one"


async def test_the_language_is_changed_in_place_and_a_link_stays_whole(browser: Browser, address: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{address}/join#secret-token")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url + json.dumps(request.headers)))
    await scripted(page)
    async with page.expect_event("load"):
        await page.click("[data-controller=language]")
    assert await page.get_attribute("html", "dir") == "ltr"
    assert page.url == f"{address}/join#secret-token"
    assert not any("secret-token" in request.replace(page.url, "") for request in requests)
    await context.close()


async def test_scripts_from_elsewhere_and_written_markup_are_refused(browser: Browser, address: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address)
    refused = await page.evaluate("""() => {
        try { document.body.innerHTML = "<b>x</b>"; return ""; } catch (error) { return error.name; }
    }""")
    assert refused == "TypeError"
    ran = await page.evaluate("""() => new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once:
        true }); const script = document.createElement("script"); script.append("window.ran = true");
        document.head.append(script);
    })""")
    assert ran in ("script-src-elem", "require-trusted-types-for")
    assert await page.evaluate("window.ran") is None
    await context.close()


async def test_arabic_digits_become_latin_as_they_are_typed(stage: Stage) -> None:
    async with stage.shown(Picture("desk", "/desk"), "desktop") as page:
        await scripted(page)
        await page.locator("#find_query").press_sequentially("١٠٠۰۰00008")
        await expect(page.locator("#find_query")).to_have_value("1000000008")


async def test_dialogs_open_keep_the_focus_and_close(stage: Stage) -> None:
    async with stage.shown(Picture("office", "/office"), "desktop") as page:
        await scripted(page)
        await page.click("#show-help")
        await expect(page.locator("#help-dialog")).to_be_visible()
        assert await page.evaluate("document.activeElement.closest('dialog')?.id") == "help-dialog"
        await page.keyboard.press("Escape")
        await expect(page.locator("#help-dialog")).to_be_hidden()
        await expect(page.locator("#show-help")).to_be_focused()
