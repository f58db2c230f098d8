"""Real Chromium for the call's scripts: its flags, a server of the pages' base, and what two pages of one call need.

The modules are those that are served; between the pages the test carries what the service would carry.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tawasul.domain.places import Name
from tawasul.web.base import install
from tawasul.web.pages import Pages
from tawasul.web.security import nonce_of

SUPPORT = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
REGION = Name("إمارة منطقة المدينة المنورة", "Emirate of Madinah Region")

FRAMES = """
    const video = document.getElementById(id);
    const canvas = new OffscreenCanvas(32, 18).getContext("2d", { willReadFrequently: true });
    const colours = () => {
        canvas.drawImage(video, 0, 0, 32, 18);
        return [...canvas.getImageData(0, 0, 32, 18).data].filter((_, at) => at % 4 !== 3);
    };
    const frame = () => new Promise((resolve) => video.requestVideoFrameCallback(resolve));
"""
"""Reads a video's colours, 32 × 18 pixels, and awaits its frames."""

BARE = """<!doctype html><meta charset="utf-8"><title>call</title>
<script type="importmap" nonce="{nonce}">{imports}</script><video id="remote" autoplay playsinline></video>"""


@asynccontextmanager
async def chromium(*more: str) -> AsyncIterator[Browser]:
    """A browser with a fake camera (a moving clock) and a fake microphone (a beep each second)."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *more])
        try:
            yield browser
        finally:
            await browser.close()


def bare_app() -> FastAPI:
    """The base of the pages, its policies and its modules, with one empty page."""
    app = FastAPI()
    install(app, REGION)

    async def bare(request: Request) -> Response:
        pages: Pages = request.app.state.pages
        return HTMLResponse(BARE.format(nonce=nonce_of(request), imports=pages.import_map))

    app.add_api_route("/bare", bare)
    return app


async def sees_movement(page: Page, video: str) -> None:
    """The picture of this element is decoded, is not black, and moves."""
    async with asyncio.timeout(10):
        brightest = await page.evaluate(
            """async (id) => {"""
            + FRAMES
            + """
                await frame();
                const first = colours();
                for (;;) {
                    await frame();
                    const now = colours();
                    if (now.some((value, at) => Math.abs(value - first[at]) > 24)) return Math.max(...now);
                }
            }""",
            video,
        )
    assert brightest > 60, "the fake camera's picture is green and not black"


async def sees_black(page: Page, video: str) -> None:
    """The picture of this element becomes black."""
    async with asyncio.timeout(10):
        await page.evaluate(
            "async (id) => {" + FRAMES + "while (Math.max(...colours()) > 12) await frame(); }", video
        )  # fmt: skip


@dataclass
class End:
    """One page with a `Peer` in it, and everything that it reported."""

    page: Page
    scripts: str
    events: list[dict[str, Any]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    forward: Callable[[dict[str, Any]], None] | None = None

    @classmethod
    async def open(cls, browser: Browser, address: str) -> "End":
        """A page of its own context, with nothing in it yet."""
        context = await browser.new_context(permissions=["camera", "microphone"])
        page = await context.new_page()
        await page.goto(f"{address}/bare")
        end = cls(page, f"{address}/static/tests/js")

        def reported(event: dict[str, Any]) -> None:
            end.events.append(event)
            end._news.set()
            if end.forward:
                end.forward(event)

        await page.expose_function("reported", reported)
        return end

    async def start(
        self,
        negotiate: dict[str, Any],
        region: dict[str, Any],
        muted: dict[str, bool] | None = None,
        camera: bool = True,
        renews_after: float | None = None,
    ) -> None:
        """Makes the peer of one attempt, with camera and microphone. `region` is of `a_region`."""
        await self.page.evaluate(
            (SUPPORT / "call_end.js").read_text(),
            [self.scripts, negotiate, region, muted or {"sound": False, "picture": False}, camera, renews_after],
        )

    async def take(self, message: dict[str, Any]) -> None:
        """Gives the peer what the other end's peer reported."""
        await self.page.evaluate("(message) => peer.take(message)", message)

    async def traffic(self, so_that: str = "true", within: float = 15.0) -> dict[str, int]:
        """The peer's traffic, once this is true of it (`epoch`, `sealed`, `opened`, `refused`)."""
        async with asyncio.timeout(within):
            found: dict[str, int] = await self.page.evaluate(
                "async () => { for (;;) {"
                " const { epoch, sealed, opened, refused } = (await peer.traffic()) ?? {};"
                f" if ({so_that}) return {{ epoch, sealed, opened, refused }};"
                " await new Promise((resolve) => setTimeout(resolve, 50)); } }"
            )
        return found

    async def seen(self, kind: str, count: int = 1, within: float = 20.0) -> dict[str, Any]:
        """The `count`-th report of this kind, once it is there."""
        async with asyncio.timeout(within):
            while True:
                found = [event for event in self.events if event["type"] == kind]
                if len(found) >= count:
                    return found[count - 1]
                self._news.clear()
                await self._news.wait()


async def a_region(end: End) -> dict[str, Any]:
    """Root, issuer, office and kiosk of a region, made in a page by the served modules: their keys and certificates."""
    region: dict[str, Any] = await end.page.evaluate((SUPPORT / "call_region.js").read_text(), end.scripts)
    return region


def as_message(event: dict[str, Any], call_id: str, attempt: int) -> dict[str, Any] | None:
    """What the service would carry to the other end for a report of this one."""
    ours = {"call_id": call_id, "attempt": attempt}
    if event["type"] == "description":
        return {"type": event["kind"], **ours, "sdp": event["sdp"]}
    if event["type"] == "candidate":
        return {"type": "candidate", **ours, "candidate": event["candidate"]}
    if event["type"] == "seal":
        return {"type": "seal", **ours, "payload": event["payload"]}
    return None
