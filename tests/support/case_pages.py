"""The citizen's pages of a case over the running service: its people, a telephone, an audience that is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page
from support.case_people import People
from support.desk import AT_HOME, Clerk
from support.desk_page import a_page
from support.factories import arrived
from support.store_app import Service, still_app
from support.web_server import serving

from signaling.core.peer import Endpoint
from signaling.line import Line
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audience import Audience, AudienceId, CallId
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId
from tawasul.protocol.from_endpoint import Conclude, Hello

PHONE = {"width": 390, "height": 844}
OFFICE = StaffPrincipal(StaffId("office"), Role.OFFICE, None, SignInId("one sign-in"))


@dataclass
class ServedCases:
    """``people`` work over the API; browsers come to ``address``."""

    people: People
    address: str

    @property
    def service(self) -> Service:
        """The application and its parts."""
        return self.people.service

    @asynccontextmanager
    async def telephone(self, browser: Browser, language: str = "ar") -> AsyncIterator[Page]:
        """A citizen's, abroad, whose clock shows what the service's does."""
        async with a_page(browser, "Pacific/Auckland") as page:
            await page.set_viewport_size(PHONE)
            await page.context.add_cookies([{"name": "tawasul_language", "value": language, "url": self.address}])
            await page.clock.install(time=self.service.clock())
            yield page

    def link(self, case: dict[str, Any]) -> str:
        """As the citizen's message has it."""
        return f"{self.address}/case#{self.people.token(case)}"

    async def booked(self, number: int = 7) -> tuple[AudienceId, str]:
        """An audience at the citizen's own location, and the link by which they join."""
        clerk = Clerk(self.people.desk, self.service)
        hold = await clerk.held(0, AT_HOME)
        booked = (await clerk.books(await clerk.registers(number), hold)).json()
        return AudienceId(booked["audience"]["id"]), f"{self.address}/join#{booked['link'].partition('#')[2]}"

    async def heard(self, id: AudienceId) -> None:
        """They were called in, and the call is over; nothing is written yet."""

        def through(audience: Audience) -> None:
            now = self.service.clock()
            arrived(audience, now)
            audience.call_in(CallId(f"call-{id}"), now)
            audience.join(now)
            audience.hear(now)

        async with self.service.parts.database.unit_of_work() as uow:
            audience = await uow.audiences.get(id)
            through(audience)
            await uow.audiences.save(audience)
            await uow.commit()
        self.service.parts.switchboard.changed()

    async def concludes(self, id: AudienceId, **outcome: Any) -> None:
        """The office writes the outcome on its console."""
        line = Line(Endpoint.OFFICE, "office:1", OFFICE, "127.0.0.1")
        parts = self.service.parts
        await parts.switchboard.ready.wait()
        await parts.switchboard.greet(line, Hello(protocol=1))
        await parts.requests.deliver(line, Conclude(audience_id=id, **outcome))


@asynccontextmanager
async def served_cases(folder: Path) -> AsyncIterator[ServedCases]:
    """With its tasks running."""
    async with (
        still_app(folder) as service,
        serving(service.app, lifespan="on", log_config=None, log_level="info", timeout_graceful_shutdown=1) as address,
    ):
        yield ServedCases(await People.of(service), address)
