"""The real application over a real SQLite file, without a socket: for tests of the API and of who may use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from support.factories import MADINAH, a_member_of_staff
from support.store import Clock, open_database, sqlite_url, with_a_sitting

from tawasul.access.passwords import Cost, Passwords
from tawasul.app import Parts, assemble, create_app
from tawasul.domain.agency import Agency
from tawasul.domain.people import Role
from tawasul.domain.places import Governorate
from tawasul.domain.sitting import Sitting
from tawasul.settings import Settings

ADDRESS = "http://tawasul.example:8000"
PASSWORD = "كلمة مرور للاختبار"
CHEAP = Passwords(Cost(time=1, memory=8, parallelism=1))


@dataclass
class Service:
    """The application with its parts, a clock to turn, and a sitting that is open."""

    app: FastAPI
    parts: Parts
    clock: Clock
    sitting: Sitting

    def browser(self) -> Browser:
        """A new browser, of nobody."""
        return Browser(self.app)

    async def hire(self, user_name: str, role: Role, governorate: Governorate | None = None) -> None:
        """A member of staff, whose password is ``PASSWORD``."""
        hashed = await CHEAP.hash(PASSWORD)
        async with self.parts.database.unit_of_work() as uow:
            await uow.staff.add(a_member_of_staff(user_name, role, governorate, hashed))
            await uow.commit()

    async def signed_in_agency(self, user_name: str, agency: Agency) -> Browser:
        """A browser in which an account of the agency is signed in; the agency is put into the region."""
        hashed = await CHEAP.hash(PASSWORD)
        someone = replace(a_member_of_staff(user_name, Role.AGENCY, None, hashed), agency_id=agency.id)
        async with self.parts.database.unit_of_work() as uow:
            await uow.agencies.put(agency)
            await uow.staff.add(someone)
            await uow.commit()
        browser = self.browser()
        answer = await browser.sign_in(user_name)
        assert answer.status_code == 200, answer.text
        return browser

    async def signed_in(self, user_name: str, role: Role, governorate: Governorate | None = None) -> Browser:
        """A browser in which somebody newly hired is signed in."""
        await self.hire(user_name, role, governorate)
        browser = self.browser()
        answer = await browser.sign_in(user_name)
        assert answer.status_code == 200, answer.text
        return browser


class Browser:
    """Cookies, the page's token, and the headers that browsers send."""

    def __init__(self, app: FastAPI) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=ADDRESS, headers={"Origin": ADDRESS, "Accept": "*/*"}
        )

    async def sign_in(self, user_name: str, password: str = PASSWORD) -> httpx.Response:
        """With its answer; from then on the page has the token of this sign-in."""
        answer = await self.post("/api/session", user_name=user_name, password=password)
        self._take_token(answer)
        return answer

    async def begin(self, link: str) -> httpx.Response:
        """Opens a link ``/join#…`` and presses "begin"."""
        answer = await self.post("/api/join/begin", token=link.partition("#")[2])
        self._take_token(answer)
        return answer

    async def get(self, path: str, **query: str) -> httpx.Response:
        """GET."""
        return await self.http.get(path, params=query)

    async def post(self, path: str, **body: object) -> httpx.Response:
        """POST of JSON."""
        return await self.http.post(path, json=body)

    def _take_token(self, answer: httpx.Response) -> None:
        if answer.is_success:
            self.http.headers["X-Tawasul-CSRF"] = answer.json()["csrf"]


@asynccontextmanager
async def running_app(folder: Path) -> AsyncIterator[Service]:
    """The application, composed as the command line does it, with its tasks running."""
    async with still_app(folder) as service, service.app.router.lifespan_context(service.app):
        yield service


@asynccontextmanager
async def still_app(folder: Path) -> AsyncIterator[Service]:
    """The same without its tasks: nothing is published, chained or sent but by the test itself."""
    clock = Clock()
    settings = Settings(directory=folder, database_url=SecretStr(sqlite_url(folder)))
    async with open_database(settings.database, clock) as database:
        sitting = await with_a_sitting(database)
        parts = assemble(settings, database, relay_secret=SecretStr("the relay's"), relay_port=3478, clock=clock)
        yield Service(create_app(parts, MADINAH.name), parts, clock, sitting)


def opening_of(path: str, headers: dict[str, str]) -> dict[str, Any]:
    """The ASGI scope of a WebSocket that somebody opens."""
    host = ADDRESS.removeprefix("http://")
    return {
        "type": "websocket",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("192.0.2.1", 50000),
        "server": tuple(host.split(":")),
        "subprotocols": [],
        "state": {},
        "asgi": {"version": "3.0"},
        "headers": [(name.lower().encode(), value.encode()) for name, value in {"host": host, **headers}.items()],
    }


async def knock(app: FastAPI, path: str, headers: dict[str, str]) -> int | None:
    """Opens a WebSocket: the code it was closed with, or ``None`` once the service listens to it."""
    listening = asyncio.Event()
    messages: list[dict[str, Any]] = []
    opening = iter([{"type": "websocket.connect"}])

    async def receive() -> dict[str, Any]:
        message = next(opening, None)
        if message is None:
            listening.set()
            return {"type": "websocket.disconnect", "code": 1001}
        return message

    async def send(message: Any) -> None:
        messages.append(dict(message))

    await asyncio.wait_for(app(opening_of(path, headers), receive, send), timeout=20)
    closed = [message.get("code") for message in messages if message["type"] == "websocket.close"]
    if listening.is_set():
        return None
    assert messages[0]["type"] == "websocket.accept", "a code is seen only on a line that was opened"
    return closed[0]
