"""The office's page of what is before it over the running application, in Chromium: with all who have a part."""

from __future__ import annotations

import re
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
class ServedOffice:
    """``people`` work over the API; the office's browser comes to ``address``."""

    people: People
    address: str

    @asynccontextmanager
    async def page(self, browser: Browser, fragment: str = "", language: str = "ar") -> AsyncIterator[Page]:
        """Signed in as the office, abroad; its clock shows what the service's does."""
        async with a_page(browser) as page:
            await page.context.add_cookies([{"name": "tawasul_language", "value": language, "url": self.address}])
            await page.clock.install(time=self.people.service.clock.now)
            await page.goto(f"{self.address}/agenda{fragment}")
            await page.fill("#user_name", "office")
            await page.fill("#password", PASSWORD)
            await page.click("#sign-in-button")
            await page.wait_for_url(f"{self.address}/agenda{fragment}")
            await expect(page.locator("#find-case")).to_be_enabled()
            yield page

    async def contested(self, reason: str = "ما زال ينقطع") -> dict[str, Any]:
        """A case that was answered, which its citizen does not accept."""
        case = await self.people.answered()
        token = self.people.token(case)
        await self.people.does(self.people.citizen, "/api/case/contest", token=token, reason=reason)
        return case

    async def corrected(self) -> dict[str, Any]:
        """A case on which something was directed otherwise, by what its citizen says."""
        case = await self.people.directed()
        directive = (await self.people.sees(self.people.desk, "desk", case))["directive"]
        path = f"/api/desk/cases/{case['id']}/correct"
        await self.people.does(self.people.desk, path, directive_id=directive["id"], words="بل بئر القرية")
        return case

    async def now(self, case: dict[str, Any]) -> dict[str, Any]:
        """As it stands."""
        return await self.people.sees(self.people.office, "office", case)


@asynccontextmanager
async def a_served_office(folder: Path) -> AsyncIterator[ServedOffice]:
    """Nothing is told or escalated but by the test."""
    async with still_app(folder) as service:
        people = await People.of(service)
        async with serving(service.app, log_config=None, timeout_graceful_shutdown=1) as address:
            yield ServedOffice(people, address)


def plain(text: str) -> str:
    """Without the marks that isolate numbers and names in a sentence."""
    return re.sub("[\u2066-\u2069]", "", text)


def row(page: Page, list_id: str, case: dict[str, Any]) -> Locator:
    """Of a case, in a list."""
    return page.locator(f"#{list_id} .case-row[data-id='{case['id']}']")


async def opened(page: Page, case: dict[str, Any]) -> None:
    """The case is before one."""
    await page.goto(f"{page.url.partition('#')[0]}#{case['id']}")
    await expect(page.locator("#case-over")).to_contain_text(case["number"])


async def begin(page: Page, step: str) -> None:
    """Opens the dialog of a step; what it offers has come."""
    await page.click(f"#case-acts [data-step={step}]")
    await expect(page.locator("#step-dialog")).to_be_visible()
    await expect(page.locator("#step-words")).to_be_focused()


async def choose_agency(page: Page, typed: str, name: str) -> None:
    """By what is typed of its name."""
    await page.fill("#step-agency", typed)
    await page.get_by_role("option", name=name, exact=True).click()
    await expect(page.locator("#step-agency")).to_have_value(name)


async def toasted(page: Page, words: str) -> None:
    """Told at the foot of the page."""
    await expect(page.locator(".toast").last).to_contain_text(words)
