"""The device check in real Chromium: what works, what is refused, and a path that does not let a call pass."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, async_playwright, expect
from support.call_pages import CHROMIUM, FLAGS, chromium
from support.call_walk import Person, citizen_at_devices
from support.service import Service, a_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKS = [flag for flag in FLAGS if flag != "--use-fake-ui-for-media-stream"]
"""Without the fake consent a headless browser refuses, as a person does who presses «block»."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def refusing_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ASKS)
        yield browser
        await browser.close()


async def test_everything_works(browser: Browser, service: Service) -> None:
    citizen = await citizen_at_devices(browser, service)
    for check in ("camera", "microphone", "path"):
        await expect(citizen.page.locator(f"#check-{check}")).to_have_attribute("data-result", "ok", timeout=15_000)
    await citizen.page.click("#speaker-test")
    await expect(citizen.page.locator("#check-speaker")).to_have_attribute("data-result", "ok")
    assert await citizen.page.evaluate("document.getElementById('preview-video').muted")
    assert await moves(citizen.page)
    assert await citizen.page.evaluate("document.getElementById('microphone-choice').options.length") > 1
    await citizen.page.click("#devices-done")
    await citizen.step("waiting")
    assert await citizen.page.evaluate("document.getElementById('preview-video').srcObject") is None
    assert citizen.faults == []


async def test_another_microphone_is_used_and_remembered(browser: Browser, service: Service) -> None:
    citizen = await citizen_at_devices(browser, service)
    choice = citizen.page.locator("#microphone-choice")
    await expect(choice).to_be_enabled()
    other: str = await choice.evaluate("(select) => [...select.options].find((each) => !each.selected).value")
    await choice.select_option(other)
    await citizen.page.wait_for_function(
        """(other) => {
            const [track] = document.getElementById("preview-video").srcObject.getAudioTracks();
            return track?.getSettings().deviceId === other;
        }""",
        arg=other,
    )
    await citizen.page.reload()
    await citizen.step("devices")
    await expect(choice).to_have_value(other)


async def test_a_refusal_is_told_in_words(refusing_browser: Browser, service: Service) -> None:
    citizen = await citizen_at_devices(refusing_browser, service)
    await citizen.page.click("#ask-devices")
    for check in ("camera", "microphone"):
        await expect(citizen.page.locator(f"#check-{check}")).to_have_attribute("data-result", "failed")
    await expect(citizen.page.locator("#check-camera [data-part=text]")).to_contain_text("لم يأذن المتصفح")
    await expect(citizen.page.locator("#devices-problem-text")).to_contain_text("لا بد من أحدهما")
    await expect(citizen.page.locator("#devices-done")).to_be_disabled()
    assert citizen.faults == []


async def test_a_blocked_path_is_told_and_does_not_lock_out(browser: Browser, service: Service) -> None:
    async def unreachable(route: Route) -> None:
        answer = await route.fetch()
        ice = await answer.json()
        ice["servers"][0]["urls"] = ["turn:127.0.0.1:9?transport=udp"]
        await route.fulfill(response=answer, json=ice)

    citizen = await Person.arrive(browser, service)
    await citizen.page.route("**/api/join/ice", unreachable)
    citizen = await citizen_at_devices(browser, service, citizen)
    await expect(citizen.page.locator("#check-path")).to_have_attribute("data-result", "failed", timeout=20_000)
    await expect(citizen.page.locator("#check-path [data-part=text]")).to_contain_text("يمكنك المتابعة")
    await citizen.page.click("#devices-done")
    await citizen.step("waiting")


async def test_without_a_link_the_page_says_what_to_do(browser: Browser, service: Service) -> None:
    stranger = await Person.arrive(browser, service)
    await stranger.page.goto(f"{service.address}/join")
    await stranger.step("problem")
    await expect(stranger.page.locator("#problem-text")).to_contain_text("افتح الرابط")
    await stranger.page.goto(f"{service.address}/join#not-a-token")
    await stranger.step("welcome")
    await stranger.page.click("#begin")
    await expect(stranger.page.locator("#consent-error")).to_be_visible()
    await stranger.page.click("#consent")
    await stranger.page.click("#begin")
    await expect(stranger.page.locator(".toast")).to_contain_text("هذا الرابط غير صالح")


async def moves(page: Page) -> bool:
    """The own picture is there, and is not a still one."""
    at = "document.getElementById('preview-video').currentTime"
    before: float = await page.evaluate(at)
    await page.wait_for_function(f"(before) => {at} > before", arg=before)
    return True
