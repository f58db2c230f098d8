"""Nothing of the product calls an outside host: server, relay, kiosk and pages are watched through a whole call.

Path-finding is left as it comes, so that a public STUN server, if any part knew of one, would be asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Page, expect
from support.call_pages import chromium
from support.service import Service, a_service

TESTS = Path(__file__).parents[1]
PAGES = ("/", "/sign-in", "/office", "/desk", "/join", "/no-such-page")


def watched(log: Path) -> dict[str, str]:
    """The environment of a watched process."""
    return {"PYTHONPATH": f"{TESTS / 'support/watched'}{os.pathsep}{TESTS}", "EGRESS_LOG": str(log)}


@contextlib.asynccontextmanager
async def a_kiosk_process(service: Service, environment: dict[str, str]) -> AsyncIterator[None]:
    """``tawasul kiosk`` as people start it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "kiosk", "--kiosk", "badr-1", "--server", service.address),
        *("--key", str(service.kiosk_key("badr-1")), "--anchor", str(service.issuer.anchor_file)),
        *("--check-in", service.audience_at("badr-1").reference),
        env=os.environ | environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def sign_in(page: Page, service: Service, user_name: str) -> None:
    await page.goto(f"{service.address}/sign-in")
    await page.fill("#user_name", user_name)
    await page.fill("#password", service.password(user_name))
    await page.click("#sign-in-button")
    await page.wait_for_url(f"**/{'office' if user_name == 'office' else 'desk'}")


async def test_a_whole_call_asks_nobody_outside(tmp_path: Path) -> None:
    log = tmp_path / "egress.log"
    asked: set[str] = set()
    async with (
        a_service(tmp_path / "service", **watched(log)) as service,
        a_kiosk_process(service, watched(log)),
        chromium() as browser,
    ):
        context = await browser.new_context()
        context.on("request", lambda request: asked.add(request.url))
        page = await context.new_page()
        await sign_in(page, service, "badr")
        await sign_in(page, service, "office")
        for path in PAGES:
            await page.goto(service.address + path)
        await page.goto(f"{service.address}/office")
        await expect(page.locator("#call-next")).to_be_enabled(timeout=20_000)
        await page.click("#call-next")
        await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call", timeout=20_000)
    assert not log.exists(), log.read_text()
    outside = {url for url in asked if urlsplit(url).scheme not in ("data", "blob")}
    assert outside
    assert {urlsplit(url).netloc for url in outside} == {urlsplit(service.address).netloc}


def test_the_watch_sees_what_a_child_would_send(tmp_path: Path) -> None:
    log = tmp_path / "egress.log"
    # The event alone, as Python tells it before it connects: nothing is sent. 192.0.2.0/24 is nobody's (RFC 5737).
    script = "import sys; sys.audit('socket.connect', None, ('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", script], env=os.environ | watched(log), check=True)
    assert log.read_text() == "socket.connect 192.0.2.1\n"
