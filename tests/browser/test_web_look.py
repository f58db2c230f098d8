"""Every page of the gallery in Chromium: accessible, nothing cut off or too small to press, Arabic from the right."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Route, async_playwright
from support.gallery import CHROMIUM, CHROMIUM_FLAGS, FILL, NOW, PICTURES, SIZES, Picture, gallery_app
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

LEAST_TARGET = 44
"""CSS pixels: WCAG 2.5.5. Our buttons are 48; text that is tied to a box may be a little less."""

PRESSED = (
    "button, summary, select, textarea, .choice, .pill, .slot, .day-choice, input:not([type=radio], [type=checkbox])"
)

TOO_SMALL = """([pressed, least]) => [...document.querySelectorAll(pressed)]
  .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }))
  .filter((element) => element.getBoundingClientRect().height < least)
  .map((element) => element.outerHTML.slice(0, 120))"""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

CUT_OFF = """() => [...document.querySelectorAll("button, .status, h1, h2, label")]
  .filter((element) => element.checkVisibility() && getComputedStyle(element).display !== "inline")
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 160))"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    async with serving(gallery_app()) as address:
        yield address


async def empty(route: Route) -> None:
    await route.fulfill(content_type="text/javascript", body="")


def is_complaint(message: ConsoleMessage) -> bool:
    """An error, other than that the room refused something: the page tells that itself."""
    return message.type == "error" and "/api/" not in message.location.get("url", "")


async def shown(browser: Browser, address: str, picture: Picture, size: str) -> tuple[Page, list[str]]:
    """The page in its state, and what the browser complained of."""
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    await context.add_cookies([{"name": "tawasul_language", "value": picture.locale, "url": address}])
    page = await context.new_page()
    await page.clock.set_fixed_time(NOW)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    # Alone where it is asked for: a page on whose way something is held back fetches all the slower.
    if (name := picture.path.strip("/")) in ("office", "join"):
        await page.route(f"**/js/{name}.js", empty)
    answer = await page.goto(address + picture.path, wait_until="load")
    assert answer is not None
    if answer.status >= 400:  # the page of a problem: the browser tells its status as a complaint
        complaints.clear()
    await page.evaluate("document.fonts.ready")
    if picture.fill:
        await page.evaluate(FILL)
        await page.evaluate("([name, locale]) => window.gallery[name](locale)", [picture.fill, picture.locale])
    return page, complaints


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_pages_are_accessible_and_fit(browser: Browser, address: str, picture: Picture) -> None:
    page, complaints = await shown(browser, address, picture, "phone")
    # Before axe comes in: it tries inline styles, and the policy refuses them, as it should.
    assert complaints == []
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate(SIDEWAYS) <= 0, f"{size}: the page scrolls sideways"
        assert await page.evaluate(TOO_SMALL, [PRESSED, LEAST_TARGET]) == [], size
        assert await page.evaluate(CUT_OFF) == [], size
        if size != "upright":
            assert await violations(page) == [], size
    await page.context.close()


async def violations(page: Page) -> list[Any]:
    """What axe finds wrong, briefly."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found: list[Any] = await page.evaluate(VIOLATIONS, RULES)
    return found


async def test_text_is_in_our_own_font(browser: Browser, address: str) -> None:
    page, _ = await shown(browser, address, Picture("home", "/"), "desktop")
    loaded = await page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("IBM Plex Sans Arabic" in family for family in loaded)
    await page.context.close()


async def test_arabic_begins_at_the_other_side_than_english(browser: Browser, address: str) -> None:
    begins = {}
    for locale in ("ar", "en"):
        page, _ = await shown(browser, address, Picture("office", "/office", "officeWaiting", locale), "desktop")
        board = await page.locator(".board").bounding_box()
        stage = await page.locator("#stage").bounding_box()
        assert board is not None
        assert stage is not None
        begins[locale] = board["x"] > stage["x"]
        await page.context.close()
    assert begins == {"ar": True, "en": False}


async def test_with_reduced_motion_what_changes_is_there_at_once(browser: Browser, address: str) -> None:
    page, _ = await shown(browser, address, Picture("office", "/office"), "phone")
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
    await page.context.close()


async def test_the_language_is_changed_in_place_and_a_link_stays_whole(browser: Browser, address: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.route("**/js/join.js", empty)
    await page.goto(f"{address}/join#secret-token")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url + json.dumps(request.headers)))
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


async def test_arabic_digits_become_latin_as_they_are_typed(browser: Browser, address: str) -> None:
    page, _ = await shown(browser, address, Picture("desk", "/desk"), "desktop")
    await page.locator("#find_query").press_sequentially("١٠٠۰۰00008")
    assert await page.input_value("#find_query") == "1000000008"
    await page.context.close()


async def test_dialogs_open_keep_the_focus_and_close(browser: Browser, address: str) -> None:
    page, _ = await shown(browser, address, Picture("office", "/office"), "desktop")
    await page.click("#show-help")
    assert await page.locator("#help-dialog").is_visible()
    assert await page.evaluate("document.activeElement.closest('dialog')?.id") == "help-dialog"
    await page.keyboard.press("Escape")
    await asyncio.wait_for(page.locator("#help-dialog").wait_for(state="hidden"), 5)
    assert await page.evaluate("document.activeElement.id") == "show-help"
    await page.context.close()
