"""The office's console before the real service: signing in, the line, signing out; and who else knocks at its door."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from support.hostile_server import a_hostile_server
from support.issuer import RunningIssuer, an_issuer
from support.office_console import a_console
from support.service import Service, a_service
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tawasul.local_authority import issue
from tawasul.protocol.base import PROTOCOL_VERSION
from tawasul.web.pages import LANGUAGE_COOKIE

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def issuer() -> AsyncIterator[RunningIssuer]:
    async with an_issuer() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory, issuer: RunningIssuer) -> AsyncIterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    async with a_service(folder, TAWASUL_TRUST__ISSUER=issuer.address) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(service: Service, issuer: RunningIssuer) -> AsyncIterator[str]:
    async with a_console(service.address, issuer.anchor_file) as address:
        yield address


@contextlib.asynccontextmanager
async def browser(console: str) -> AsyncIterator[httpx.AsyncClient]:
    """What a browser on this machine sends."""
    async with httpx.AsyncClient(base_url=console, headers={"origin": console}, timeout=30) as client:
        yield client


async def sign_in(client: httpx.AsyncClient, service: Service, who: str = "office") -> httpx.Response:
    """The answer; afterwards the client says the page's token."""
    came = await client.post("/api/session", json={"user_name": who, "password": service.password(who)})
    if came.status_code == 200:
        client.headers["x-tawasul-csrf"] = came.json()["csrf"]
    return came


def line(console: str, client: httpx.AsyncClient, origin: str | None = None) -> connect:
    """The page's line."""
    cookie = "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)
    return connect(
        f"ws{console.removeprefix('http')}/signaling/office",
        origin=Origin(origin or console),
        additional_headers={"cookie": cookie},
        proxy=None,
    )


async def hear(came: ClientConnection, kind: str) -> dict[str, object]:
    """The next message of this kind."""
    async with asyncio.timeout(20):
        while True:
            message: dict[str, object] = json.loads(await came.recv())
            if message["type"] == kind:
                return message


async def test_the_office_signs_in_sees_the_board_and_signs_out(console: str, service: Service) -> None:
    async with browser(console) as client:
        shut = await client.get("/office", headers={"accept": "text/html"})
        assert (shut.status_code, shut.headers["location"]) == (303, "/sign-in?next=/office")
        assert (await sign_in(client, service)).status_code == 200
        page = await client.get("/office")
        assert "data-anchor" in page.text
        assert client.headers["x-tawasul-csrf"] in page.text
        async with line(console, client) as came:
            await came.send(json.dumps({"type": "hello", "protocol": PROTOCOL_VERSION}))
            board = await hear(came, "board")
            assert board["rows"]
            assert (await client.delete("/api/session")).status_code == 204
            # The service looks at open lines again by itself; here nothing more is let in.
        assert not client.cookies.jar
        assert (await client.get("/api/session")).status_code == 401
        async with line(console, client) as came:
            with contextlib.suppress(ConnectionClosed):
                await came.recv()
        assert came.close_code == 4401


async def test_the_way_to_the_issuer_is_open(console: str, service: Service, issuer: RunningIssuer) -> None:
    async with browser(console) as client:
        assert (await client.get("/api/trust/anchor")).status_code == 401
        await sign_in(client, service)
        assert (await client.get("/api/trust/anchor")).json() == json.loads(issuer.anchor.to_json())
        refused = await client.post("/api/trust/requests", json={"request": "x"})
        assert refused.status_code == 422
        assert refused.json()["code"] == "enrolment-malformed"


async def test_a_desk_has_no_business_here(console: str, service: Service) -> None:
    desk = next(person.user_name for person in service.samples.staff if person.role.value == "desk")
    async with browser(console) as client:
        came = await sign_in(client, service, desk)
        assert (came.status_code, came.json()["code"]) == (403, "refused")
        assert not client.cookies.jar


async def test_a_wrong_password_is_told(console: str) -> None:
    async with browser(console) as client:
        came = await client.post("/api/session", json={"user_name": "office", "password": "wrong"})
    assert (came.status_code, came.json()["code"]) == (401, "wrong-password")


@pytest.mark.parametrize("host", ["evil.example:{port}", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", ""])
async def test_only_its_own_address_is_answered(console: str, service: Service, host: str) -> None:
    port = console.rsplit(":", 1)[1]
    async with browser(console) as client:
        await sign_in(client, service)
        for path in ("/office", "/api/session", "/static/x/js/office.js"):
            came = await client.get(path, headers={"host": host.format(port=port)})
            assert (came.status_code, came.text) == (421, f"{console}/\n"), path


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", None])
async def test_only_its_own_pages_may_change_anything(console: str, service: Service, origin: str | None) -> None:
    async with browser(console) as client:
        await sign_in(client, service)
        del client.headers["origin"]
        headers = {} if origin is None else {"origin": origin}
        for method, path in (("DELETE", "/api/session"), ("POST", "/api/session"), ("POST", "/api/trust/requests")):
            came = await client.request(method, path, json={}, headers=headers)
            assert (came.status_code, came.json()["code"]) == (403, "cross-site")
        with pytest.raises(InvalidStatus, match="403"):
            await line(console, client, origin or "http://evil.example")
        assert (await client.get("/api/session", headers={"sec-fetch-site": "same-site"})).status_code == 403
        assert (await client.get("/api/session", headers={"sec-fetch-site": "same-origin"})).status_code == 200


async def test_a_page_of_another_session_may_change_nothing(console: str, service: Service) -> None:
    async with browser(console) as client:
        await sign_in(client, service)
        for token in ("", "0" * 64):
            came = await client.post("/api/trust/requests", json={}, headers={"x-tawasul-csrf": token})
            assert (came.status_code, came.json()["code"]) == (403, "csrf")


async def test_too_large_a_request_is_not_carried(console: str, service: Service) -> None:
    async with browser(console) as client:
        await sign_in(client, service)
        came = await client.post("/api/trust/requests", json={"request": "x" * 300_000})
        assert (came.status_code, came.json()["code"]) == (413, "too-large")
        no_json = await client.post("/api/trust/requests", content=b"<request/>")
        assert no_json.status_code == 404


async def test_pages_open_and_say_so_while_the_server_is_away(tmp_path: Path, issuer: RunningIssuer) -> None:
    async with (
        a_service(tmp_path / "service") as service,
        a_console(service.address, issuer.anchor_file) as console,
        browser(console) as client,
    ):
        await sign_in(client, service)
        service.kill()
        client.cookies.set(LANGUAGE_COOKIE, "en")
        assert "Tawasul" in (await client.get("/office")).text
        assert (await client.get("/sign-in")).status_code == 200
        away = await client.post("/api/session", json={"user_name": "office", "password": "x"})
        assert (away.status_code, away.json()["code"]) == (502, "server-away")
        async with line(console, client) as came:
            assert (await hear(came, "problem"))["code"] == "server-away"
            with contextlib.suppress(ConnectionClosed):
                await came.recv()
        assert came.close_code == 1013, "a page makes such a line anew by itself"
        await service.start()
        async with line(console, client) as came:
            await came.send(json.dumps({"type": "hello", "protocol": PROTOCOL_VERSION}))
            assert (await hear(came, "board"))["rows"]


async def test_a_server_by_another_authority_is_no_server(tmp_path: Path, issuer: RunningIssuer) -> None:
    ours, other = issue(tmp_path / "ours"), issue(tmp_path / "other")
    security = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    security.load_cert_chain(ours.certificate, ours.key)
    async with a_hostile_server(security) as server:
        address = server.address.replace("http:", "https:")
        for authority, code in ((ours.authority, None), (other.authority, "server-away"), (None, "server-away")):
            async with (
                a_console(address, issuer.anchor_file, authority=authority) as console,
                browser(console) as client,
            ):
                came = await client.post("/api/session", json={"user_name": "office", "password": "secret"})
            assert came.json().get("code") == code
    assert len(server.heads("/api/session")) == 1, "no password went to another"
