"""The whole service for tests of the call: `tawasul serve` as a process of its own, with the relay, over a database of sample people.

It can be killed and started again on the same port, as a machine that fails does it.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.async_api import BrowserContext
from support.ports import free_tcp_port, free_udp_port

from scheduler.core import reference
from tawasul.access.keys import AccessKeys
from tawasul.access.links import LinkDesk, LinkSigner
from tawasul.access.passwords import Passwords
from tawasul.administration import upgrade
from tawasul.app import open_database
from tawasul.domain.audience import Audience, AudienceId
from tawasul.settings import Settings
from tawasul.store.demo import Demo, SampleAudience, Tools, make_demo
from tawasul.store.key_file import load_or_create

PASSWORD = "a password of the samples"


@dataclass
class Service:
    """One running service. Everything is below `directory`."""

    directory: Path
    port: int
    environment: dict[str, str]
    demo: Demo
    process: asyncio.subprocess.Process | None = None
    own: list[SampleAudience] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Until it takes lines."""
        log = (self.directory / "serve.log").open("ab")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tawasul.cli", "serve", env=self.environment, stdout=log, stderr=log
        )  # fmt: skip
        log.close()
        async with asyncio.timeout(30), httpx.AsyncClient() as client:
            while not await self._ready(client):
                assert self.process.returncode is None, (self.directory / "serve.log").read_text()
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """As a power failure does it; the relay lives on."""
        assert self.process
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Ends the server, and the relay with it."""
        if self.process is None:
            return
        if self.process.returncode is not None:
            await self.start()
        self.process.send_signal(2)
        await self.process.wait()

    async def sign_in(self, context: BrowserContext) -> None:
        """The context's browser is the office's from now on."""
        answer = await context.request.post(
            f"{self.address}/api/session",
            data={"user_name": "office", "password": PASSWORD},
            headers={"origin": self.address},
        )
        assert answer.ok, await answer.text()

    async def audience(self, audience_id: str) -> Audience:
        """What the database holds of it."""
        database = open_database(settings_of(self.directory))
        try:
            async with database.unit_of_work(reading=True) as work:
                return await work.audiences.get(AudienceId(audience_id))
        finally:
            await database.close()

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        try:
            answer = await client.get(f"{self.address}/api/health")
        except httpx.TransportError:
            return False
        return bool(answer.status_code == 200 and answer.json()["ready"])


def settings_of(directory: Path) -> Settings:
    return Settings(directory=directory)


@asynccontextmanager
async def running_service(directory: Path) -> AsyncIterator[Service]:
    """A service with sample people, and a sitting of which three citizens are at their own location."""
    settings = settings_of(directory)
    await upgrade(settings)
    demo = await _people(settings)
    relay = {"port": free_udp_port(), "allow_loopback": True, "relay_ports": [0, 0], "orphan_after": 60}
    port = free_tcp_port()
    environment = os.environ | {
        "TAWASUL_DIRECTORY": str(directory),
        "TAWASUL_SERVER__PORT": str(port),
        "TAWASUL_RELAY": json.dumps(relay),
    }
    service = Service(directory, port, environment, demo, own=[each for each in demo.audiences if each.link_token])
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


async def _people(settings: Settings) -> Demo:
    keys = AccessKeys.from_secret(load_or_create(settings.directory / "access.key"))
    database = open_database(settings)
    try:
        links = LinkDesk(database.unit_of_work, LinkSigner(keys.links), lambda: datetime.now(UTC))
        tools = Tools(
            hash_password=Passwords().hash,
            draw_reference=lambda: reference.draw(secrets.token_bytes(reference.RANDOM_BYTES)),
            issue_link=links.issue,
        )
        async with database.unit_of_work() as work:
            demo = await make_demo(work, datetime.now(UTC), tools, lambda user_name: PASSWORD)
            await work.commit()
        return demo
    finally:
        await database.close()
