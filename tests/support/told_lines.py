"""Lines to a switchboard without sockets, what is written on them, and the audiences that they are about."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from support.factories import BADR, BADR_1, a_citizen, an_audience, arrived
from support.store_app import Service

from signaling.core.peer import Endpoint
from signaling.line import Line
from tawasul.access.policy import KioskPrincipal, Principal, StaffPrincipal
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.people import Role, StaffId
from tawasul.domain.places import Kiosk
from tawasul.domain.sign_in import SignInId
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import Venue
from tawasul.protocol.from_endpoint import FromEndpoint, Media
from tawasul.store.unit_of_work import Database

PATIENCE = 20.0
OFFICE = StaffPrincipal(StaffId("office"), Role.OFFICE, None, SignInId("one sign-in"))


class Told:
    """One line without a socket, and what is written on it."""

    def __init__(self, endpoint: Endpoint, key: str, who: Principal) -> None:
        self.line = Line(endpoint, key, who, "127.0.0.1")
        self.said: list[dict[str, Any]] = []
        self.ended: int | None = None
        self._news = asyncio.Event()
        self._writing = asyncio.create_task(self.line.write(self._send, self._close))

    async def hear(self, type: str, so_that: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The first message of this type of which it holds."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._news.clear()
                if found := next((said for said in self.said if said["type"] == type and so_that(said)), None):
                    return found
                await self._news.wait()

    async def _send(self, text: str) -> None:
        self.said.append(json.loads(text))
        self._news.set()

    async def _close(self, code: int) -> None:
        self.ended = code


def kiosk(which: Kiosk = BADR_1) -> Told:
    """The line of a kiosk."""
    return Told(Endpoint.KIOSK, f"kiosk:{which.id}", KioskPrincipal(which.id, which.centre_id, BADR.id))


def console(number: int = 1) -> Told:
    """The line of the office's page, signed in once for all of them."""
    return Told(Endpoint.OFFICE, f"office:{number}", OFFICE)


async def somebody(
    database: Database, sitting: Sitting, *, number: int = 0, venue: Venue | None = None, there: bool = True
) -> Audience:
    """Booked, and arrived unless told otherwise."""
    citizen = a_citizen()
    audience = an_audience(citizen, sitting, number=number, venue=venue)
    async with database.unit_of_work() as work:
        await work.citizens.add(citizen)
        await work.audiences.add(audience)
        if there:
            await work.audiences.save(arrived(audience))
        await work.commit()
    return audience


async def row_of(database: Database, audience_id: AudienceId) -> Audience:
    """The audience as the store holds it."""
    async with database.unit_of_work(reading=True) as work:
        return await work.audiences.get(audience_id)


async def until(so: Callable[[], bool]) -> None:
    """Something that the switchboard does by itself, and tells to nobody."""
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


async def say(service: Service, told: Told, message: FromEndpoint) -> None:
    """A lawful message comes in on this line."""
    await service.parts.requests.deliver(told.line, message)


def connected(call_id: str, state: str = "connected") -> Media:
    """The first attempt's media flow, or are lost."""
    return Media(call_id=call_id, attempt=1, state=state, path="relay" if state == "connected" else None)  # type: ignore[arg-type]
