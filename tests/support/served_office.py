"""The application on a socket, with a clock that a test turns: for pages whose words depend on the hour.

People are asked whether they want a time only by day; the clock of the machine that tests may show any hour.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, expect
from support.desk_page import a_page
from support.planning import Office
from support.store_app import PASSWORD, still_app
from support.web_server import serving

from tawasul.domain.audience import Audience
from tawasul.domain.waitlist import Offer, OfferId, WaitlistEntry


@dataclass
class ServedOffice:
    """``office`` plans and keeps desks over the API; browsers come to ``address``."""

    office: Office
    address: str
    known: set[int] = field(default_factory=set)
    """Whom a test has put on the waitlist already."""

    @asynccontextmanager
    async def browser_of(
        self, browser: Browser, language: str = "ar", zone: str = "America/Los_Angeles"
    ) -> AsyncIterator[Page]:
        """A telephone's or desk's browser abroad, whose clock shows what the service's does."""
        async with a_page(browser, zone) as page:
            await page.context.add_cookies([{"name": "tawasul_language", "value": language, "url": self.address}])
            await page.clock.install(time=self.office.now)
            yield page

    async def desk(self, page: Page, path: str, user_name: str = "badr") -> None:
        """A page of the desk, signed in."""
        await page.goto(f"{self.address}/sign-in?next={path}")
        await page.fill("#user_name", user_name)
        await page.fill("#password", PASSWORD)
        await page.click("#sign-in-button")
        await page.wait_for_url(f"{self.address}{path}")
        await expect(page.locator("#sign-in-button")).to_have_count(0)

    async def kept(self) -> tuple[list[WaitlistEntry], list[Offer]]:
        """All that waits and all that is offered, as the database has it."""
        async with self.office.service.parts.database.unit_of_work(reading=True) as uow:
            return await uow.waitlist.waiting(), await uow.offers.open()

    async def audience(self, reference: str) -> Audience:
        """As the database has it."""
        async with self.office.service.parts.database.unit_of_work(reading=True) as uow:
            found = await uow.audiences.by_reference(reference)
        assert found is not None
        return found

    async def offer(self, id: str) -> Offer:
        """As the database has it."""
        async with self.office.service.parts.database.unit_of_work(reading=True) as uow:
            return await uow.offers.get(OfferId(id))


@asynccontextmanager
async def a_served_office(folder: Path) -> AsyncIterator[ServedOffice]:
    """With its tasks running, on a Saturday at noon, and no sitting."""
    async with still_app(folder) as service:
        service.clock.now += timedelta(days=4)
        async with serving(
            service.app, lifespan="on", log_config=None, log_level="info", timeout_graceful_shutdown=1
        ) as address:
            yield ServedOffice(await Office.opened(service, folder), address)
