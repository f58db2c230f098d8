"""The page of an agency's account over the running application, for the tests in Chromium: with all who have a part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect
from support.case_people import People
from support.desk_page import a_page
from support.store_app import PASSWORD, still_app
from support.web_server import serving


@dataclass
class ServedAgencies:
    """``people`` work over the API; browsers come to ``address``."""

    people: People
    address: str

    @asynccontextmanager
    async def browser_of(self, browser: Browser, language: str = "ar") -> AsyncIterator[Page]:
        """A browser abroad, whose clock shows what the service's does."""
        async with a_page(browser) as page:
            await page.context.add_cookies([{"name": "tawasul_language", "value": language, "url": self.address}])
            await page.clock.install(time=self.people.service.clock.now)
            yield page

    async def sign_in(self, page: Page, fragment: str = "", user_name: str = "water") -> None:
        """To the agency's page, by its address."""
        await page.goto(f"{self.address}/agency{fragment}")
        await page.fill("#user_name", user_name)
        await page.fill("#password", PASSWORD)
        await page.click("#sign-in-button")
        await page.wait_for_url(f"{self.address}/agency{fragment}")

    async def opens(self, page: Page, case: dict[str, Any]) -> None:
        """The case is before one."""
        await self.sign_in(page, f"#{case['id']}")
        await expect(page.locator("#case-body")).to_be_visible()

    async def state(self, case: dict[str, Any]) -> str:
        """As the database has it."""
        return str((await self.people.sees(self.people.office, "office", case))["state"])


@asynccontextmanager
async def served_agencies(folder: Path) -> AsyncIterator[ServedAgencies]:
    """Nothing is told or escalated but by the test."""
    async with still_app(folder) as service:
        people = await People.of(service)
        async with serving(service.app, log_config=None, timeout_graceful_shutdown=1) as address:
            yield ServedAgencies(people, address)


def row(page: Page, case: dict[str, Any]) -> Locator:
    """Of the case, in the list that is shown."""
    return page.locator(f".case-row[data-id='{case['id']}']")


def count(page: Page, box: str) -> Locator:
    """How many are in a box."""
    return page.locator(f"[data-box={box}] [data-part=count]")


async def choose(page: Page, way: str) -> None:
    """One of the ways to deal with a case."""
    await page.locator(f".choice:has(input[value={way}])").click()
    await expect(page.locator(f"#{way}-form")).to_be_visible()


async def attach(page: Page, name: str, content: bytes, media_type: str = "application/pdf") -> None:
    """A file, as from the machine of whoever answers."""
    await page.set_input_files("#papers-input", {"name": name, "mimeType": media_type, "buffer": content})


def line(page: Page, number: int, part: str) -> Locator:
    """Of what remains, the first is 1: its ``words``, its ``day``, or what takes it away."""
    return page.locator(f"#remains-list li:nth-child({number}) [data-part={part}]")
