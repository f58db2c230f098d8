"""What a review of the office's console found: approved while its page was closed, and data that are cleared."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Request, expect
from support.call_pages import chromium
from support.issuer import RunningIssuer, an_issuer
from support.office_console import a_console
from support.service import Service, a_service

from tawasul.e2ee.keys import SigningKey
from tawasul.issuer.steward import TrustClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

AHEAD = "const real = Date.now; Date.now = () => real() + Number(localStorage.getItem('ahead') ?? 0) * 1000;"

FORGET = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("tawasul-identity");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const transaction = opening.result.transaction("identities", "readwrite");
        transaction.objectStore("identities").delete("office");
        transaction.oncomplete = resolve;
    };
})"""


class Clock:
    """The issuer's, which is put forward together with the browser's."""

    ahead = 0.0

    def __call__(self) -> float:
        """Seconds since 1970 UTC."""
        return time.time() + self.ahead


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def issuer(clock: Clock) -> AsyncIterator[RunningIssuer]:
    async with an_issuer(clock=clock) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory, issuer: RunningIssuer) -> AsyncIterator[Service]:
    folder: Path = tmp_path_factory.mktemp("service")
    async with a_service(folder, TAWASUL_TRUST__ISSUER=issuer.address) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(service: Service, issuer: RunningIssuer) -> AsyncIterator[str]:
    async with a_console(service.address, issuer.anchor_file) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser, clock: Clock) -> AsyncIterator[BrowserContext]:
    clock.ahead = 0.0
    context = await browser.new_context()
    yield context
    await context.close()


async def office(context: BrowserContext, address: str, service: Service) -> Page:
    page = await context.new_page()
    await page.goto(f"{address}/sign-in")
    await page.fill("#user_name", "office")
    await page.fill("#password", service.password("office"))
    await page.click("#sign-in-button")
    await page.wait_for_url("**/office")
    return page


async def stands(page: Page, standing: str) -> None:
    await expect(page.locator("#enrolment")).to_have_attribute("data-standing", standing, timeout=30_000)


async def test_one_that_was_approved_while_its_page_was_closed_for_days_comes_by_itself(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer, clock: Clock
) -> None:
    """Its first certificate has ended before it ever saw it."""
    await context.add_init_script(AHEAD)
    page = await office(context, console, service)
    await stands(page, "waiting")
    await page.goto(f"{console}/sign-in")
    assert await issuer.approve_all() == 1
    clock.ahead = 4 * 86_400
    async with TrustClient(service.address) as by_the_server:
        # Any change has the list signed anew, by the clock as it now is.
        await by_the_server.revoke(issuer.stewards[0], SigningKey.generate().thumbprint, "lost", clock())
    await page.evaluate(f"localStorage.setItem('ahead', '{clock.ahead}')")
    await page.goto(f"{console}/office")
    await stands(page, "enrolled")


async def test_where_the_browser_s_data_were_cleared_the_open_page_goes_on(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer
) -> None:
    """What it holds it holds until it is closed; it must not stop fetching the list."""
    page = await office(context, console, service)
    await stands(page, "waiting")
    await issuer.approve_all()
    await stands(page, "enrolled")
    await page.evaluate(FORGET)

    def is_list(request: Request) -> bool:
        return request.url.endswith("/api/trust/revocations")

    for _ in range(2):
        async with page.expect_request_finished(is_list, timeout=10_000):
            await page.evaluate("dispatchEvent(new Event('online'))")
    await stands(page, "enrolled")
