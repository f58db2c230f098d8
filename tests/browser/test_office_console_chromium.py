"""The packaged console in Chromium: a malicious server writes text, nothing else; one that was away is found again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Response, WebSocket, WebSocketDisconnect
from playwright.async_api import Browser, Page, expect
from support.call_pages import chromium
from support.issuer import an_issuer
from support.office_console import a_console
from support.service import a_service
from support.web_server import serving

from tawasul.e2ee.anchor import Anchor, Title
from tawasul.e2ee.keys import SigningKey
from tawasul.protocol.base import PROTOCOL_VERSION

MARKUP = "<img src=x onerror='globalThis.evil = 1'><script>globalThis.evil = 1</script>"
NAMES = {"arabic": MARKUP, "english": MARKUP}
NOW = "2026-11-22T06:00:00Z"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def malicious() -> FastAPI:
    """A server that signs everybody in and writes markup wherever the protocol has room for words."""
    app = FastAPI()

    async def health() -> dict[str, Any]:
        return {"ready": True, "version": MARKUP, "protocol": PROTOCOL_VERSION}

    async def session(response: Response) -> dict[str, Any]:
        response.set_cookie("tawasul-session-office", "server-secret")
        response.headers["link"] = "</static/evil.js>; rel=modulepreload"
        return {"role": "office", "display_name": MARKUP, "csrf": "ab", "first_page": "javascript:globalThis.evil=1"}

    async def trust(rest: str) -> dict[str, Any]:
        return {"code": MARKUP, "list": MARKUP, "chain": [MARKUP], "state": MARKUP, "v": 1, "name": MARKUP}

    async def line(socket: WebSocket) -> None:
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.receive_text()
            await socket.send_json(
                {
                    "type": "welcome",
                    "protocol": PROTOCOL_VERSION,
                    "endpoint": "office",
                    "name": NAMES,
                    "server_time": NOW,
                }
            )
            await socket.send_json({"type": "problem", "code": "stale", **NAMES})
            await socket.send_text(f'{{"type": "evil", "html": "{MARKUP}"}}')
            await socket.send_json(board())
            while True:
                await socket.receive_text()

    app.add_api_route("/api/health", health)
    app.add_api_route("/api/session", session, methods=["POST"])
    app.add_api_route("/api/trust/{rest:path}", trust, methods=["GET", "POST"])
    app.add_api_websocket_route("/signaling/office", line)
    return app


def board() -> dict[str, Any]:
    """A board whose every word is markup."""
    row = {
        "audience_id": "a1",
        "reference": MARKUP,
        "citizen_name": MARKUP,
        "citizen_kind": "citizen",
        "id_last_four": MARKUP,
        "assurance": "declared",
        "subject": MARKUP,
        "venue": "kiosk",
        "place": NAMES,
        "slot_starts_at": NOW,
        "state": "arrived",
        "arrived_at": NOW,
        "position": 1,
        "online": True,
    }
    return {
        "type": "board",
        "sitting_id": "s1",
        "opens_at": NOW,
        "closes_at": NOW,
        "rows": [row],
        "concluded": 0,
        "server_time": NOW,
    }


async def signed_in(page: Page, console: str, password: str) -> None:
    """At the console, as a person does it."""
    await page.goto(f"{console}/sign-in")
    await page.fill("#user_name", "office")
    await page.fill("#password", password)
    await page.click("#sign-in-button")
    await page.wait_for_url("**/office")


async def test_what_a_malicious_server_writes_is_text(browser: Browser, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.json"
    title = Title("منطقة المدينة المنورة", "Madinah region")
    anchor.write_bytes(Anchor("madinah", title, SigningKey.generate().public).to_json())
    async with serving(malicious()) as server, a_console(server, anchor) as console:
        page = await browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await signed_in(page, console, "secret")
        await expect(page.locator("[data-part=name]").first).to_have_text(MARKUP)
        await expect(page.locator("#enrolment")).to_have_attribute("data-standing", "unreachable")
        # It asks again: what it was answered before was no issuer's word.
        async with page.expect_request("**/api/trust/requests"):
            pass
        await expect(page.locator("#enrolment")).to_have_attribute("data-standing", "unreachable")
        # The server's pages would lead on to the server's own console, which looks like this one.
        assert await page.locator("#to-planning").count() == 0
        assert await page.evaluate("globalThis.evil") is None
        assert await page.locator("img").count() == 0
        assert await page.context.cookies() != []
        assert all("server-secret" not in str(cookie) for cookie in await page.context.cookies())
        assert await page.evaluate("Object.keys(localStorage).length") == 0
    assert {address.split("/")[2] for address in asked} == {console.removeprefix("http://")}, "nobody else was asked"
    assert not [address for address in asked if "evil" in address]


async def test_the_page_finds_the_server_again_by_itself(browser: Browser, tmp_path: Path) -> None:
    async with (
        an_issuer() as issuer,
        a_service(tmp_path / "service", TAWASUL_TRUST__ISSUER=issuer.address) as service,
        a_console(service.address, issuer.anchor_file) as console,
    ):
        page = await browser.new_page()
        await signed_in(page, console, service.password("office"))
        await expect(page.locator("#office")).to_have_attribute("data-line", "up")
        service.kill()
        await expect(page.locator("#office")).to_have_attribute("data-line", "down", timeout=15_000)
        await expect(page.locator("#line-notice")).to_be_visible()
        await page.reload()
        await expect(page.locator("#line-notice")).to_be_visible()
        await asyncio.gather(
            service.start(),
            expect(page.locator("#office")).to_have_attribute("data-line", "up", timeout=60_000),
        )
        await expect(page.locator("#line-notice")).to_be_hidden()
