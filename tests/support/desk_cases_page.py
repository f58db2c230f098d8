"""The desk's page of cases over the running service, with those who take part in a case beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect
from support.case_people import People
from support.desk_page import a_page
from support.factories import a_citizen, an_audience
from support.store_app import PASSWORD, still_app
from support.web_server import serving

from scheduler.papers.ticket import TicketCodes
from tawasul.access.keys import AccessKeys
from tawasul.domain.case import CaseId
from tawasul.domain.people import CitizenId
from tawasul.store.key_file import load_or_create

REFERENCE = "K7M-4TP"


@dataclass
class DeskAtWork:
    """``people`` act over the API; the desk's browser comes to ``address``."""

    people: People
    address: str
    folder: Path

    @asynccontextmanager
    async def page(self, browser: Browser, path: str = "/desk/cases", language: str = "ar") -> AsyncIterator[Page]:
        """The desk of Badr, signed in; its clock shows what the service's does."""
        async with a_page(browser) as page:
            await page.context.add_cookies([{"name": "tawasul_language", "value": language, "url": self.address}])
            await page.clock.install(time=self.people.service.clock.now)
            await self.open(page, path)
            yield page

    async def open(self, page: Page, path: str) -> None:
        """Any page of the desk, signed in there."""
        await page.goto(f"{self.address}/sign-in?next={path}")
        await page.fill("#user_name", "badr")
        await page.fill("#password", PASSWORD)
        await page.click("#sign-in-button")
        await page.wait_for_url(f"{self.address}{path}")
        await expect(page.locator("#sign-in-button")).to_have_count(0)

    async def ticket(self, case: dict[str, Any]) -> str:
        """The code on the ticket of an audience that belongs to the case from now on."""
        service = self.people.service
        async with service.parts.database.unit_of_work() as uow:
            citizen = await uow.citizens.get(CitizenId(self.people.citizen_id))
            audience = an_audience(citizen, service.sitting, reference=REFERENCE)
            await uow.audiences.add(audience)
            await uow.cases.link_audience(CaseId(case["id"]), audience.id)
            await uow.commit()
        keys = AccessKeys.from_secret(load_or_create(self.folder / "access.key"))
        return TicketCodes(keys.tickets).code(audience)

    async def another_citizen(self, number: int, name: str) -> str:
        """Their id."""
        citizen = a_citizen(number, name=name)
        async with self.people.service.parts.database.unit_of_work() as uow:
            await uow.citizens.add(citizen)
            await uow.commit()
        return citizen.id


@asynccontextmanager
async def a_desk_at_work(folder: Path) -> AsyncIterator[DeskAtWork]:
    """With its tasks running."""
    async with still_app(folder) as service:
        people = await People.of(service)
        async with serving(
            service.app, lifespan="on", log_config=None, log_level="info", timeout_graceful_shutdown=1
        ) as address:
            yield DeskAtWork(people, address, folder)


def row(page: Page, case: dict[str, Any]) -> Locator:
    """Of that case, in the list."""
    return page.locator(f'#cases-list [data-id="{case["id"]}"] .case-open')


async def opened(page: Page, case: dict[str, Any]) -> None:
    """By its row; its heading has the keyboard then."""
    await row(page, case).click()
    await expect(page.locator("#case-title")).to_be_focused()


async def begin(page: Page, step: str) -> None:
    """Opens the dialog of a step."""
    await page.locator(f'#case-now [data-step="{step}"]').click()
    await expect(page.locator("#step-dialog")).to_be_visible()


async def toasted(page: Page, words: str) -> None:
    """Told at the foot of the page."""
    await expect(page.locator(".toast").last).to_contain_text(words)
