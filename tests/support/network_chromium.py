"""Chromium as an end of a call over the bed: what both of its ends have, and the citizen's, at home.

It lives in its site's namespace, because the thread from which it is begun does.
"""

from __future__ import annotations

import asyncio
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from playwright.async_api import Page, expect
from support.call_pages import chromium
from support.media_browser import MEASURE_TONE, READ_PATTERN, capture_flags
from support.network_ends import Course
from support.network_reports import EndReport

from kiosk_client.media.sources import CodedSource

KNOWN = """
const Real = RTCPeerConnection;
globalThis.RTCPeerConnection = class extends Real {
  constructor(...given) {
    super(...given);
    globalThis.connection = this;
  }
};
"""
"""Keeps a page's newest connection, for its statistics."""

PATH = """async () => {
  const stats = await connection.getStats();
  const transport = [...stats.values()].find(({ type }) => type === "transport");
  const { candidateType, relayProtocol } = stats.get(stats.get(transport.selectedCandidatePairId).localCandidateId);
  return candidateType === "relay" ? `relay by ${relayProtocol.toUpperCase()}` : candidateType;
}"""
"""How the media leave the page, by the candidate of its own that was chosen."""


def trusting(certificate: Path) -> tuple[str, ...]:
    """Flags for Chromium, which then believes this certificate (PEM) of service and relay as if its machine's keeper
    had said so.
    """
    key = load_pem_x509_certificate(certificate.read_bytes()).public_key()
    written = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return (f"--ignore-certificate-errors-spki-list={b64encode(sha256(written).digest()).decode()}",)


@asynccontextmanager
async def a_page(certificate: Path, sends: CodedSource, patience: float) -> AsyncIterator[Page]:
    """A page whose camera and microphone give ``sends``, and which waits ``patience`` seconds for anything."""
    with tempfile.TemporaryDirectory() as folder:
        async with chromium(*capture_flags(Path(folder), sends), *trusting(certificate)) as browser:
            page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
            page.set_default_timeout(patience * 1000)
            expect.set_options(timeout=patience * 1000)
            yield page


@dataclass
class Onlooker:
    """Sees and hears what ``page`` shows of the other end, which must be ``expects``. ``pictures``: how many."""

    page: Page
    expects: CodedSource
    patience: float
    pictures: int = 0

    async def sees(self, pictures: int) -> None:
        """Waits until so many different pictures of the other's have been shown."""
        video = self.page.locator("#remote-video")
        numbers: set[int] = set()
        async with asyncio.timeout(self.patience):
            while len(numbers) < pictures:
                shown = await video.evaluate(READ_PATTERN)
                if shown is not None:
                    assert shown["identity"] == self.expects.identity
                    numbers.add(shown["number"])
        self.pictures += len(numbers)

    async def hears(self) -> None:
        """Waits until the other's tone is heard."""
        async with asyncio.timeout(self.patience):
            while True:
                heard = await self.page.evaluate(f"({MEASURE_TONE})(document.getElementById('remote-video').srcObject)")
                if abs(heard["hertz"] - self.expects.hertz) < 6 and heard["decibels"] > -60:
                    return


@dataclass(frozen=True)
class BrowserCitizen:
    """A citizen at home, who opens the link of the invitation at ``server``. ``certificate``: what their browser
    believes. ``patience``: seconds that they wait for anything.
    """

    server: str
    link_token: str
    certificate: Path
    sends: CodedSource
    expects: CodedSource
    patience: float

    async def live(self, course: Course) -> EndReport | str:
        """From the link until the call is over."""
        async with a_page(self.certificate, self.sends, self.patience) as page:
            await page.add_init_script(KNOWN)
            onlooker = Onlooker(page, self.expects, self.patience)
            paths: list[str] = []
            calling = asyncio.create_task(self._in_call(page, onlooker, paths, course))
            over = asyncio.create_task(asyncio.to_thread(course.over.wait))
            await asyncio.wait((calling, over), return_when=asyncio.FIRST_COMPLETED)
            if calling.done():
                await calling  # which raises what went wrong, for by itself it has no end
            calling.cancel()
            await asyncio.gather(calling, return_exceptions=True)
        return EndReport(paths[-1], onlooker.pictures, None) if paths else f"not decoded: {onlooker.pictures} pictures"

    async def _in_call(self, page: Page, onlooker: Onlooker, paths: list[str], course: Course) -> None:
        await self._gets_ready(page)
        await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call")
        await onlooker.sees(5)
        await onlooker.hears()
        while True:
            paths.append(await page.evaluate(PATH))
            if EndReport(paths[-1], onlooker.pictures, None).enough:
                course.proven.set()
            await onlooker.sees(10)
            await onlooker.hears()

    async def _gets_ready(self, page: Page) -> None:
        """As everybody does it: consents, has camera, microphone and network checked, and is ready."""
        step = page.locator("#join")
        await page.goto(f"{self.server}/join#{self.link_token}")
        await expect(step).to_have_attribute("data-step", "welcome")
        await page.click("#consent")
        await page.click("#begin")
        await expect(step).to_have_attribute("data-step", "devices")
        await expect(page.locator("#check-path")).to_have_attribute("data-result", "ok")
        await page.click("#devices-done")  # and may be called in before we look
