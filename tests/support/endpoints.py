"""Endpoints without media, for tests of signaling: they sign in, hold a line and speak the protocol, as it is."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from support.service import Service
from websockets.asyncio.client import ClientConnection, connect

from kiosk_client.vault import DeviceKey

Said = dict[str, Any]
PATIENCE = 20.0
"""Seconds for something that takes milliseconds on an idle machine."""


class Line:
    """One open line. ``heard`` is all that came, in order; ``hear`` gives each message once, in any order."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[Said] = []
        self._unread: list[Said] = []

    async def say(self, type: str, **fields: Any) -> None:
        """Sends a message."""
        await self.connection.send(json.dumps({"type": type, **fields}))

    async def hear(self, type: str, so_that: Callable[[Said], bool] = lambda _: True, *, keep: bool = False) -> Said:
        """The first message of this type, not given before, of which it holds; ``keep`` it to be given again."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for said in self._unread:
                    if said["type"] == type and so_that(said):
                        if not keep:
                            self._unread.remove(said)
                        return said
                said = json.loads(await self.connection.recv())
                self.heard.append(said)
                self._unread.append(said)

    async def problem(self) -> str:
        """The code of the next problem."""
        return str((await self.hear("problem"))["code"])

    async def closed(self) -> int:
        """The code with which the line was closed."""
        async with asyncio.timeout(PATIENCE):
            await self.connection.wait_closed()
        assert self.connection.close_code is not None
        return self.connection.close_code


async def signed_in(service: Service, user_name: str) -> tuple[httpx.AsyncClient, str]:
    """A client with the session's cookie, and the session's CSRF token."""
    origin = {"origin": service.address}
    client = httpx.AsyncClient(base_url=service.address, headers=origin, verify=service.trusting)
    answer = await client.post("/api/session", json={"user_name": user_name, "password": service.password(user_name)})
    assert answer.status_code == 200, answer.text
    return client, answer.json()["csrf"]


async def session_cookie(service: Service, user_name: str) -> str:
    """The cookie of somebody who signs in."""
    client, _ = await signed_in(service, user_name)
    await client.aclose()
    return cookies(client)


@contextlib.asynccontextmanager
async def office_line(service: Service, **hello: Any) -> AsyncIterator[Line]:
    """A console of the office, greeted."""
    async with _line(service, "office", await session_cookie(service, "office")) as line:
        await line.say("hello", protocol=1, **hello)
        await line.hear("board", keep=True)
        yield line


@contextlib.asynccontextmanager
async def kiosk_line(service: Service, kiosk_id: str, **hello: Any) -> AsyncIterator[Line]:
    """A kiosk, greeted."""
    key = DeviceKey.load_or_create(service.kiosk_key(kiosk_id))
    async with connect(service.lines("kiosk"), proxy=None, max_queue=None) as connection:
        line = Line(connection)
        nonce = (await line.hear("challenge"))["nonce"]
        proof = key.prove(nonce, kiosk_id).model_dump(mode="json")
        await line.say("hello", protocol=1, proof=proof, **hello)
        await line.hear("waiting", keep=True)
        yield line


@contextlib.asynccontextmanager
async def citizen_line(service: Service, token: str | None, cookie: str = "", **hello: Any) -> AsyncIterator[Line]:
    """A citizen's page, its link begun (or with the cookie of an earlier beginning), greeted."""
    if token is not None:
        cookie = await begun(service, token)
    async with _line(service, "citizen", cookie) as line:
        await line.say("hello", protocol=1, **hello)
        await line.hear("waiting", keep=True)
        yield line


async def begun(service: Service, token: str) -> str:
    """Uses the link: the device's cookie."""
    async with httpx.AsyncClient(base_url=service.address, headers={"origin": service.address}) as client:
        answer = await client.post("/api/join/begin", json={"token": token})
        assert answer.status_code == 200, answer.text
        return cookies(client)


@contextlib.asynccontextmanager
async def _line(service: Service, door: str, cookie: str) -> AsyncIterator[Line]:
    headers = {"cookie": cookie} if cookie else {}
    async with connect(
        service.lines(door),
        origin=service.address,
        additional_headers=headers,
        proxy=None,
        max_queue=None,  # type: ignore[arg-type]
    ) as connection:
        yield Line(connection)


def cookies(client: httpx.AsyncClient) -> str:
    """A client's cookies as a header."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
