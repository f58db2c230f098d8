"""The office's end in Chromium, for a call over the bed: the packaged console on its own host, and a browser on it.

Both live in the office's namespace, because the thread from which they are begun does.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as Waited
from support.call_pages import chromium
from support.media_browser import MEASURE_TONE, READ_PATTERN, capture_flags
from support.network_reports import LEAST_PICTURES, STAYS, CallReport, EndReport
from support.office_console import a_console

from kiosk_client.media.sources import CodedSource

PATHS = {
    "المسار: مباشر داخل الشبكة": "host",
    "المسار: مباشر عبر الشبكة": "reflexive",
    "المسار: عبر خادم الترحيل": "relay",
}


def trusting(certificate: Path) -> tuple[str, ...]:
    """Flags for Chromium, which then believes this certificate (PEM) of the relay's as if its machine's keeper had said
    so.
    """
    key = load_pem_x509_certificate(certificate.read_bytes()).public_key()
    written = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return (f"--ignore-certificate-errors-spki-list={b64encode(sha256(written).digest()).decode()}",)


@dataclass(frozen=True)
class BrowserOffice:
    """The office at ``server``, which signs in with ``password``, sends ``sends`` and must see and hear ``expects``.

    ``authority``: whom its console believes. ``certificate``: the relay's, which its browser believes.
    """

    server: str
    anchor: Path
    authority: Path
    certificate: Path
    password: str
    sends: CodedSource
    expects: CodedSource
    patience: float
    """Seconds that it waits for anything."""

    async def call(self) -> CallReport:
        """Calls in whoever waits, and looks for as long as the call must hold."""
        with tempfile.TemporaryDirectory() as folder:
            flags = (*capture_flags(Path(folder), self.sends), *trusting(self.certificate))
            async with (
                a_console(self.server, self.anchor, authority=self.authority) as console,
                chromium(*flags) as browser,
            ):
                page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
                page.set_default_timeout(self.patience * 1000)
                expect.set_options(timeout=self.patience * 1000)
                try:
                    return await self._called(page, console)
                except (AssertionError, TimeoutError, Waited) as error:
                    return CallReport(f"office: {type(error).__name__}: {str(error)[:400]}")

    async def _called(self, page: Page, console: str) -> CallReport:
        await page.goto(f"{console}/sign-in")
        await page.fill("#user_name", "office")
        await page.fill("#password", self.password)
        await page.click("#sign-in-button")
        await page.wait_for_url("**/office")
        await expect(page.locator("#enrolment")).to_be_hidden()
        await expect(page.locator("#call-next")).to_be_enabled()
        began = time.monotonic()
        await page.click("#call-next")
        await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call")
        video = page.locator("#remote-video")
        await self._sees(video, 5)
        await self._hears(page)
        took = round(time.monotonic() - began, 1)
        ends = time.monotonic() + STAYS
        pictures = 0
        while time.monotonic() < ends or pictures < LEAST_PICTURES:
            pictures += await self._sees(video, 10)
            await self._hears(page)
        await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call")
        path = PATHS.get(await page.locator("#call-path").inner_text())
        return CallReport(None, None, EndReport(path, pictures, None), took, 1)

    async def _sees(self, video: Locator, pictures: int) -> int:
        """Waits until so many different pictures of the other's have been shown."""
        numbers: set[int] = set()
        async with asyncio.timeout(self.patience):
            while len(numbers) < pictures:
                seen = await video.evaluate(READ_PATTERN)
                if seen is not None:
                    assert seen["identity"] == self.expects.identity
                    numbers.add(seen["number"])
        return len(numbers)

    async def _hears(self, page: Page) -> None:
        """Waits until the other's tone is heard."""
        async with asyncio.timeout(self.patience):
            while True:
                heard = await page.evaluate(f"({MEASURE_TONE})(document.getElementById('remote-video').srcObject)")
                if abs(heard["hertz"] - self.expects.hertz) < 6 and heard["decibels"] > -60:
                    return
