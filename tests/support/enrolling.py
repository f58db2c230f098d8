"""The office's console on its way to a certificate, in Chromium and before a real service and issuer.

Fixtures among it are imported: each module has one issuer, one service and one console, and each test a new machine.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Route, expect
from support.call_pages import chromium
from support.issuer import RunningIssuer, an_issuer
from support.office_console import a_console
from support.service import Service, a_service


class Clock:
    """The issuer's clock, which can be put forward together with the browser's."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """Seconds since 1970 UTC."""
        return time.time() + self.ahead


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clock() -> Clock:
    """The issuer's."""
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def issuer(clock: Clock) -> AsyncIterator[RunningIssuer]:
    """By that clock."""
    async with an_issuer(clock=clock) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory, issuer: RunningIssuer) -> AsyncIterator[Service]:
    """Passes on to that issuer."""
    folder = tmp_path_factory.mktemp("service")
    async with a_service(folder, TAWASUL_TRUST__ISSUER=issuer.address) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(service: Service, issuer: RunningIssuer) -> AsyncIterator[str]:
    """The address of a packaged console."""
    async with a_console(service.address, issuer.anchor_file) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """With no profile yet."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser, clock: Clock) -> AsyncIterator[BrowserContext]:
    """A browser profile of its own: a new machine."""
    clock.ahead = 0.0
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield context
    await context.close()


async def office(context: BrowserContext, address: str, service: Service) -> Page:
    """The office's page at this address, signed in as a person does it."""
    page = await context.new_page()
    await page.goto(f"{address}/sign-in")
    await page.fill("#user_name", "office")
    await page.fill("#password", service.password("office"))
    await page.click("#sign-in-button")
    await page.wait_for_url("**/office")
    return page


async def stands(page: Page, standing: str) -> None:
    """Waits until the panel says so."""
    await expect(page.locator("#enrolment")).to_have_attribute("data-standing", standing, timeout=30_000)


def answering(**answers: Any) -> Any:
    """A malicious server's answers, `(status, JSON)` by the first word after `/api/trust/`; for `route` of a page."""

    async def route(route: Route) -> None:
        word = route.request.url.rsplit("/api/trust/", 1)[1].split("/")[0]
        status, content = answers[word]
        await route.fulfill(status=status, content_type="application/json", body=json.dumps(content))

    return route
