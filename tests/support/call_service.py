"""The whole service for tests of the call: `tawasul serve` as a process of its own, and citizens by invitation.

It can be killed and started again on the same port, as a machine that fails does it.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
from playwright.async_api import BrowserContext
from stdnum import luhn
from support.ports import free_tcp_port, free_udp_port

from scheduler.core import reference
from tawasul.access.keys import AccessKeys
from tawasul.access.links import LinkDesk, LinkSigner
from tawasul.access.passwords import Passwords
from tawasul.administration import upgrade
from tawasul.app import open_database
from tawasul.domain.audience import Audience, AudienceId, State
from tawasul.domain.people import Citizen, CitizenId, Role, Staff, StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.venue import OwnLocation
from tawasul.settings import Settings
from tawasul.store.key_file import load_or_create
from tawasul.store.unit_of_work import UnitOfWorkFactory

PASSWORD = "a password of the samples"


@dataclass
class Service:
    """One running service. Everything is below `directory`."""

    directory: Path
    port: int
    environment: dict[str, str]
    sitting: Sitting
    process: asyncio.subprocess.Process | None = None
    _invited: int = 0

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

    @contextmanager
    def relay_frozen(self) -> Iterator[None]:
        """The relay lets nothing pass, as when the network between fails."""
        state = json.loads((self.directory / "relay" / "relay.json").read_text())
        relay = psutil.Process(state["pid"])
        relay.suspend()
        try:
            yield
        finally:
            relay.resume()

    async def sign_in(self, context: BrowserContext) -> None:
        """The context's browser is the office's from now on."""
        answer = await context.request.post(
            f"{self.address}/api/session",
            data={"user_name": "office", "password": PASSWORD},
            headers={"origin": self.address},
        )
        assert answer.ok, await answer.text()

    async def invite(self) -> "Invited":
        """A new citizen at their own location, booked in the next free slot of the sitting."""
        self._invited += 1
        number = f"1{self._invited:08}"
        async with self._units() as units, units() as work:
            taken = {each.slot_starts_at for each in await work.audiences.of_sitting(self.sitting.id)}
            slot = next(start for start in self.sitting.slots() if start not in taken)
            citizen = Citizen.register(
                CitizenId(f"invited-{self._invited}"),
                name=f"عينة: مدعو {self._invited}",
                national_id=number + str(luhn.calc_check_digit(number)),
                mobile=f"0510000{self._invited:03}",
                now=datetime.now(UTC),
            )
            audience = Audience.book(
                AudienceId(f"invited-{self._invited}"),
                reference=reference.draw(secrets.token_bytes(reference.RANDOM_BYTES)),
                citizen_id=citizen.id,
                sitting_id=self.sitting.id,
                slot_starts_at=slot,
                venue=OwnLocation(),
                governorate_id=GovernorateId("badr"),
                subject="عينة: موضوع المقابلة",
            )
            await work.citizens.add(citizen)
            await work.audiences.add(audience)
            token = await _links(settings_of(self.directory), units).issue(work, audience.id, self.sitting.closes_at)
            await work.commit()
        return Invited(audience.id, audience.reference, token)

    async def audience(self, audience_id: str) -> Audience:
        """What the database holds of it."""
        async with self._units() as units, units(reading=True) as work:
            return await work.audiences.get(AudienceId(audience_id))

    async def clear(self) -> None:
        """Nobody waits any more: those who did are marked missed, so that the next test begins with an empty room."""
        async with self._units() as units, units() as work:
            for audience in await work.audiences.of_sitting(self.sitting.id):
                if audience.state is State.ARRIVED:
                    audience.miss()
                    await work.audiences.save(audience)
            await work.commit()

    @asynccontextmanager
    async def _units(self) -> AsyncIterator[UnitOfWorkFactory]:
        database = open_database(settings_of(self.directory))
        try:
            yield database.unit_of_work
        finally:
            await database.close()

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        try:
            answer = await client.get(f"{self.address}/api/health")
        except httpx.TransportError:
            return False
        return bool(answer.status_code == 200 and answer.json()["ready"])


@dataclass(frozen=True)
class Invited:
    """A citizen with a link: `/join#` and `token`."""

    audience_id: str
    reference: str
    token: str


def settings_of(directory: Path) -> Settings:
    return Settings(directory=directory)


@asynccontextmanager
async def running_service(directory: Path) -> AsyncIterator[Service]:
    """A service with a sitting, an office, and nobody invited yet."""
    settings = settings_of(directory)
    await upgrade(settings)
    relay = {"port": free_udp_port(), "allow_loopback": True, "relay_ports": [0, 0], "orphan_after": 60}
    port = free_tcp_port()
    environment = os.environ | {
        "TAWASUL_DIRECTORY": str(directory),
        "TAWASUL_SERVER__PORT": str(port),
        "TAWASUL_RELAY": json.dumps(relay),
    }
    service = Service(directory, port, environment, await _sitting(settings))
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


async def _sitting(settings: Settings) -> Sitting:
    """A sitting that began a moment ago, and the office's sign-in."""
    now = datetime.now(UTC)
    sitting = Sitting(SittingId("today"), now - timedelta(minutes=1), now + timedelta(hours=4), timedelta(minutes=5))
    database = open_database(settings)
    try:
        async with database.unit_of_work() as work:
            await work.sittings.add(sitting)
            await work.staff.add(
                Staff(StaffId("office"), "office", "عينة: المكتب", Role.OFFICE, None, await Passwords().hash(PASSWORD))
            )
            await work.commit()
        return sitting
    finally:
        await database.close()


def _links(settings: Settings, units: UnitOfWorkFactory) -> LinkDesk:
    keys = AccessKeys.from_secret(load_or_create(settings.directory / "access.key"))
    return LinkDesk(units, LinkSigner(keys.links), lambda: datetime.now(UTC))
