"""The two kinds of ends of a measured call: a page in a Chromium of its own, and the native kiosk in its process."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from playwright.async_api import Page
from support.bench_media_judge import Sound, moment
from support.bench_media_material import FRAMES_PER_SECOND, HEIGHT, WIDTH, Material
from support.bench_media_processes import Processor, browser_among
from support.call_pages import SUPPORT, chromium
from support.house import ROOT

from kiosk_client.media.sound import RATE
from tawasul.e2ee.pinning import fingerprint_of

PATIENCE = 30.0
"""Seconds within which a call stands, on the worst line; without one it is not measured."""


class NotMeasured(Exception):
    """Why a call could not be measured, in a sentence without its full stop."""


@dataclass(frozen=True)
class Kept:
    """What one end said and decoded. `began`: the moment at which its speech did. `pictures`: moments and heights."""

    began: float
    sound: Sound
    pictures: NDArray[np.float64]
    sound_packet: float | None = None
    can_send: float | None = None


@dataclass
class PageEnd:
    """A page in a browser of its own."""

    page: Page
    processor: Processor

    async def offer(self) -> str:
        """Its offer."""
        return str(await self.page.evaluate("end.offer()"))

    async def answer(self, offer: str, candidate: str) -> str:
        """Its answer."""
        return str(await self._take("offer", offer, candidate))

    async def take(self, answer: str, candidate: str) -> None:
        """The other's answer."""
        await self._take("answer", answer, candidate)

    async def stands(self) -> None:
        """Done when its connection stands, and it speaks."""
        await self.page.evaluate("end.stands()")

    async def _take(self, kind: str, sdp: str, candidate: str) -> object:
        given = [kind, sdp, fingerprint_of(sdp), candidate]
        return await self.page.evaluate("(given) => end.take(...given)", given)

    async def kept(self) -> Kept:
        """What it said and decoded. Raises NotMeasured."""
        kept: dict[str, Any] = await self.page.evaluate("end.kept()")
        if kept["failed"] or not kept["began"] or (kept["at"] and kept["rate"] != RATE):
            raise NotMeasured(f"a page's end failed: {kept['failed'] or 'it had no connection, or another clock'}")
        at = np.array(kept["at"]).reshape(-1, 2)
        samples = np.frombuffer(base64.b64decode(kept["sound"]), dtype=np.int16)
        return Kept(
            began=float(np.quantile(kept["began"], 0.1)),
            sound=Sound(samples, moment(at) if len(at) else 0.0),
            pictures=np.array(kept["pictures"], dtype=float).reshape(-1, 2),
            sound_packet=kept["soundPacket"],
            can_send=kept["available"],
        )

    def cpu(self) -> float:
        """Seconds of CPU that its processes have used."""
        return self.processor.seconds()


@asynccontextmanager
async def a_page(material: Material, pages: str, role: str, red: str) -> AsyncIterator[PageEnd]:
    """One that begins as the `role`. `red`: whether it wants to hear RED: "first", "last", or "as-pages" have it."""
    # A flag that Chromium does not know tells its process from the other's.
    mark = f"--end-of-call={role}"
    async with chromium(f"--use-file-for-fake-video-capture={material.clip}", mark) as browser:
        context = await browser.new_context(permissions=["camera", "microphone"])
        page = await context.new_page()
        await page.goto(f"{pages}/bare")
        size = {"width": WIDTH, "height": HEIGHT, "frameRate": FRAMES_PER_SECOND}
        speech = base64.b64encode(material.speech().tobytes()).decode()
        given = {"role": role, "red": red, "size": size, "speech": speech}
        await page.evaluate((SUPPORT / "bench_media_page.js").read_text(), [f"{pages}/static/tests/js", given])
        yield PageEnd(page, Processor(browser_among(psutil.Process().children(recursive=True), mark)))


@dataclass
class KioskEnd:
    """The native kiosk, in a process of its own (`support.bench_media_kiosk`)."""

    process: asyncio.subprocess.Process
    processor: Processor
    kept_in: Path

    async def offer(self) -> str:
        """Its offer."""
        return str((await self._said())["sdp"])

    async def take(self, answer: str, candidate: str) -> None:
        """The other's answer."""
        await self._tell({"sdp": answer, "candidate": candidate})

    async def stands(self) -> None:
        """Done when its connection stands, and it speaks."""
        await self._said()

    async def kept(self) -> Kept:
        """What it said and decoded. Raises NotMeasured."""
        await self._tell({"stop": "now"})
        await self._said()
        kept = np.load(self.kept_in)
        if not len(kept["began"]):
            raise NotMeasured("the kiosk had no connection")
        return Kept(
            began=float(np.quantile(kept["began"], 0.1)),
            sound=Sound(kept["sound"], self._moment(kept["at"])),
            pictures=kept["pictures"].reshape(-1, 2),
        )

    @staticmethod
    def _moment(at: NDArray[np.float64]) -> float:
        """When its first sample was there. A frame is there when the whole of it is."""
        return float(np.median(at[:, 0] - at[:, 1] / RATE)) - 0.020 if len(at) else 0.0

    def cpu(self) -> float:
        """Seconds of CPU that its process has used."""
        return self.processor.seconds()

    async def _tell(self, message: dict[str, str]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        await self.process.stdin.drain()

    async def _said(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await self.process.stdout.readline()
        if not line:
            raise NotMeasured("the kiosk's process ended")
        said: dict[str, Any] = json.loads(line)
        return said


@asynccontextmanager
async def a_kiosk(material: Material) -> AsyncIterator[KioskEnd]:
    """One, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        kept_in = Path(folder) / "kept.npz"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "support.bench_media_kiosk",
            str(material.folder), str(material.seconds), str(kept_in),
            stdin=-1, stdout=-1, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")}, limit=2**20,
        )  # fmt: skip
        try:
            yield KioskEnd(process, Processor(psutil.Process(process.pid)), kept_in)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
