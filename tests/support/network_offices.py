"""The office's end of a call over the bed: the native robot, or Chromium at the packaged console on its own host.

It lives in the office's namespace, because the thread from which it is begun does.
"""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect
from playwright.async_api import TimeoutError as Waited
from support.network_chromium import Onlooker, a_page
from support.network_ends import in_words, seen
from support.network_reports import LEAST_PICTURES, STAYS, CallReport, EndReport
from support.office_console import a_console
from support.proven_call import CITIZEN_SOURCE, OFFICE_SOURCE, decodes

from kiosk_client.media.evidence import Witness
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.revocation import Trust
from tawasul.office_client.robot import RobotWaited, office_robot

PATHS = {
    "المسار: مباشر داخل الشبكة": "host",
    "المسار: مباشر عبر الشبكة": "reflexive",
    "المسار: عبر خادم الترحيل": "relay",
}


@dataclass(frozen=True)
class NativeOffice:
    """A robot at ``server``, signed in by ``cookie``, which calls in the citizen of ``reference``."""

    server: str
    authority: Path | None
    cookie: str
    credentials: Credentials
    trust: Trust
    reference: str
    patience: float
    """Seconds that it waits for anything."""

    async def call(self, proven: threading.Event) -> CallReport:
        """Calls in, and looks for as long as the call must hold, and until it is ``proven`` at the other end."""
        async with office_robot(
            self.server,
            cookie=self.cookie,
            credentials=self.credentials,
            trust=self.trust,
            source=OFFICE_SOURCE,
            authority=self.authority,
        ) as robot:
            try:
                row = await robot.until_ready(self.reference, self.patience)
                began = time.monotonic()
                robot.call_in(row.audience_id)
                await robot.until_in_call(self.patience)
            except RobotWaited as waited:
                return CallReport(str(waited), attempts=robot.attempts)
            witness = robot.witness
            assert witness is not None
            if not await witness.until(lambda them: decodes(them, CITIZEN_SOURCE), self.patience):
                return CallReport(f"office: not decoded: {in_words(witness)}", attempts=robot.attempts)
            took = round(time.monotonic() - began, 1)
            pictures, heard = witness.picture.patterns, witness.sound.seconds
            await asyncio.sleep(STAYS)

            def goes_on(them: Witness) -> bool:
                more = them.sound.seconds > heard and decodes(them, CITIZEN_SOURCE, pictures + 10)
                return more and seen(them, None).enough

            if not await witness.until(goes_on, self.patience):
                return CallReport(f"office: it stopped: {in_words(witness)}", attempts=robot.attempts)
            await asyncio.to_thread(proven.wait, self.patience)
            return CallReport(None, None, seen(witness, robot.path), took, robot.attempts)


@dataclass(frozen=True)
class BrowserOffice:
    """The office at ``server``, which signs in with ``password``.

    ``authority``: whom its console believes. ``certificate``: the relay's, which its browser believes.
    """

    server: str
    anchor: Path
    authority: Path
    certificate: Path
    password: str
    patience: float
    """Seconds that it waits for anything."""

    async def call(self, proven: threading.Event) -> CallReport:
        """Calls in whoever waits, and looks for as long as the call must hold, and until it is ``proven`` at the other
        end.
        """
        async with (
            a_console(self.server, self.anchor, authority=self.authority) as console,
            a_page(self.certificate, OFFICE_SOURCE, self.patience) as page,
        ):
            try:
                return await self._called(page, console, proven)
            except (AssertionError, TimeoutError, Waited) as error:
                return CallReport(f"office: {type(error).__name__}: {str(error)[:400]}")

    async def _called(self, page: Page, console: str, proven: threading.Event) -> CallReport:
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
        onlooker = Onlooker(page, CITIZEN_SOURCE, self.patience)
        await onlooker.sees(5)
        await onlooker.hears()
        took = round(time.monotonic() - began, 1)
        ends = time.monotonic() + STAYS
        while time.monotonic() < ends or onlooker.pictures < LEAST_PICTURES:
            await onlooker.sees(10)
            await onlooker.hears()
        await asyncio.to_thread(proven.wait, self.patience)
        await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call")
        path = PATHS.get(await page.locator("#call-path").inner_text())
        return CallReport(None, None, EndReport(path, onlooker.pictures, None), took, 1)
