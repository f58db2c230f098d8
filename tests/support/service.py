"""A whole service for a test: ``tawasul serve`` and its relay as processes of their own, over a folder of its own.

Nothing is simulated: it is the command that people run, told by the environment that people set.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from pydantic import SecretStr
from stdnum import luhn
from support.issuer import RunningIssuer, an_issuer
from support.ports import free_port
from support.sample_folder import SampleFolders
from support.store import put_upgraded

from media_relay.directory import RelayDirectory, RelayState
from scheduler.core import reference
from tawasul.access.keys import AccessKeys
from tawasul.access.links import LinkDesk, LinkSigner
from tawasul.demo import key_file, prepare
from tawasul.domain.audience import Audience, AudienceId, State
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.places import GovernorateId, KioskId
from tawasul.domain.venue import OwnLocation
from tawasul.local_authority import LocalCertificate
from tawasul.own_database import open_database, utc_now
from tawasul.settings import ServerConfig, Settings
from tawasul.store.demo import Demo as Samples
from tawasul.store.demo import SampleAudience
from tawasul.store.key_file import load_or_create
from tawasul.store.unit_of_work import UnitOfWorkFactory

STARTS_WITHIN = 60.0

KIOSKS = tuple(KioskId(name) for name in ("badr-1", "yanbu-1", "alula-1"))
"""Kiosks whose keys are registered; each has a sample citizen."""


@dataclass
class Service:
    """One service and the sample people in it."""

    directory: Path
    port: int
    samples: Samples
    environment: dict[str, str] = field(default_factory=dict)
    own_issuer: RunningIssuer | None = None
    process: subprocess.Popen[bytes] | None = None
    database_url: str | None = None
    """``None``: a SQLite file of its own in ``directory``."""
    host: str = "127.0.0.1"
    authority: Path | None = None
    """Whom to trust for its HTTPS; ``None``: it is served by HTTP."""
    _invited: int = 0

    @property
    def issuer(self) -> RunningIssuer:
        """The issuer behind it, where it has one."""
        assert self.own_issuer is not None
        return self.own_issuer

    @property
    def address(self) -> str:
        """Of its pages."""
        if self.authority is None:
            return f"http://{self.host}:{self.port}"
        return f"https://{self.host}" + ("" if self.port == 443 else f":{self.port}")

    @property
    def trusting(self) -> ssl.SSLContext | bool:
        """Whom its clients believe."""
        return ssl.create_default_context(cafile=self.authority) if self.authority else True

    def lines(self, door: str) -> str:
        """The address of one of its three doors."""
        return f"ws://127.0.0.1:{self.port}/signaling/{door}"

    @property
    def settings(self) -> Settings:
        """As the service itself reads them."""
        return _settings(self.directory, self.port, self.database_url)

    def password(self, user_name: str) -> str:
        """Of a sample member of staff."""
        return next(person.password for person in self.samples.staff if person.user_name == user_name)

    def kiosk_key(self, kiosk_id: str) -> Path:
        """The file of a kiosk's device key."""
        return key_file(self.directory, KioskId(kiosk_id))

    def audience_at(self, kiosk_id: str) -> SampleAudience:
        """Who is booked at a kiosk."""
        return next(audience for audience in self.samples.audiences if audience.kiosk_id == kiosk_id)

    def audience_with_link(self, number: int = 0) -> SampleAudience:
        """Who joins by link."""
        return [audience for audience in self.samples.audiences if audience.link_token][number]

    async def start(self) -> None:
        """Returns when lines are taken."""
        self.process = self._spawn()
        async with asyncio.timeout(STARTS_WITHIN), httpx.AsyncClient(verify=self.trusting) as client:
            while not await self._ready(client):
                if self.process.poll() is not None:
                    raise AssertionError(f"the server ended:\n{self.log()}")
                # Nothing can be awaited of a process that has not opened its port yet.
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """As by ``kill -9``: no goodbye, no clean-up."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    @contextlib.asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Killed, and started again after the block, however it ends: other tests want it too."""
        self.kill()
        try:
            yield
        finally:
            await self.start()

    async def end(self) -> None:
        """As by Ctrl-C, relay and all."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            await asyncio.to_thread(self.process.wait, 30)
        for pid in self.relay_pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @property
    def relay_pid(self) -> int:
        """The process of the relay, the first one where there are several."""
        return int(json.loads((self.directory / "relay" / "relay.json").read_text())["pid"])

    @property
    def relay_pids(self) -> list[int]:
        """All processes of the relay that have not ended in order."""
        states = [RelayState.read(worker.state) for worker in RelayDirectory(self.directory / "relay").of_all()]
        return [state.pid for state in states if state is not None]

    def log(self) -> str:
        """What the server said."""
        return (self.directory / "server.log").read_text()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with (self.directory / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tawasul.cli", "serve"],
                env=_environment(self.settings) | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @contextlib.contextmanager
    def relay_frozen(self) -> Iterator[None]:
        """The relay lets nothing pass, as when the network between fails."""
        relay = psutil.Process(self.relay_pid)
        relay.suspend()
        try:
            yield
        finally:
            relay.resume()

    async def invite(self) -> SampleAudience:
        """One more citizen at their own location, booked in the next free slot of the sitting."""
        self._invited += 1
        sitting, number = self.samples.sitting, f"1{self._invited + 1000:08}"
        keys = AccessKeys.from_secret(load_or_create(self.directory / "access.key"))
        async with self.units() as units, units() as work:
            links = LinkDesk(units, LinkSigner(keys.links), utc_now)
            taken = {each.slot_starts_at for each in await work.audiences.of_sitting(sitting.id)}
            citizen = Citizen.register(
                CitizenId(f"invited-{self._invited}"),
                name=f"عينة: مدعو {self._invited}",
                national_id=number + str(luhn.calc_check_digit(number)),
                mobile=f"0510000{self._invited:03}",
                now=utc_now(),
            )
            audience = Audience.book(
                AudienceId(f"invited-{self._invited}"),
                reference=reference.draw(secrets.token_bytes(reference.RANDOM_BYTES)),
                citizen_id=citizen.id,
                sitting_id=sitting.id,
                slot_starts_at=next(start for start in sitting.slots() if start not in taken),
                venue=OwnLocation(),
                governorate_id=GovernorateId("badr"),
                subject="عينة: موضوع المقابلة",
            )
            await work.citizens.add(citizen)
            await work.audiences.add(audience)
            token = await links.issue(work, audience.id, sitting.closes_at)
            await work.commit()
        return SampleAudience(
            audience.id, audience.reference, citizen.name.reveal(), audience.slot_starts_at, None, link_token=token
        )

    async def audience(self, audience_id: str) -> Audience:
        """What the database holds of it."""
        async with self.units() as units, units(reading=True) as work:
            return await work.audiences.get(AudienceId(audience_id))

    async def clear(self) -> None:
        """Nobody waits any more: those who did are marked missed, so that the next test begins with an empty room."""
        async with self.units() as units, units() as work:
            for audience in await work.audiences.of_sitting(self.samples.sitting.id):
                if audience.state is State.ARRIVED:
                    audience.miss()
                    await work.audiences.save(audience)
            await work.commit()

    @contextlib.asynccontextmanager
    async def beside(self, directory: Path) -> AsyncIterator[Service]:
        """One more server over the same database, which must be PostgreSQL, with the keys that all of them share."""
        assert self.database_url is not None, "an embedded database is one server's alone"
        _with_keys_of(self.directory, directory)
        other = dataclasses.replace(self, directory=directory, port=free_port(), process=None)
        try:
            await other.start()
            yield other
        finally:
            await other.end()

    @contextlib.asynccontextmanager
    async def units(self) -> AsyncIterator[UnitOfWorkFactory]:
        """The service's own database, beside the service."""
        database = open_database(self.settings)
        try:
            yield database.unit_of_work
        finally:
            await database.close()

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        try:
            answer = await client.get(f"{self.address}/api/health")
        except httpx.TransportError:
            return False
        return bool(answer.json()["ready"])


@contextlib.asynccontextmanager
async def a_service(
    directory: Path,
    *,
    database_url: str | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    certificate: LocalCertificate | None = None,
    **environment: str,
) -> AsyncIterator[Service]:
    """A running service with sample people, and an issuer whose stewards approve every device; ended afterwards.

    ``database_url``: of an empty PostgreSQL database; without one it has a SQLite file of its own. ``certificate``: it
    is served by HTTPS.
    """
    port = port or free_port()
    samples = await put_samples(directory, port, database_url)
    async with an_issuer() as issuer, issuer.auto_approving():
        told = {"TAWASUL_TRUST__ISSUER": issuer.address, "TAWASUL_SERVER__HOST": host} | environment
        if certificate is not None:
            told["TAWASUL_SERVER__CERTIFICATE"] = str(certificate.certificate)
            told["TAWASUL_SERVER__CERTIFICATE_KEY"] = str(certificate.key)
        service = Service(directory, port, samples, told, own_issuer=issuer, database_url=database_url, host=host)
        service.authority = certificate.authority if certificate else None
        try:
            await service.start()
            yield service
        finally:
            await service.end()


_folders = SampleFolders(KIOSKS)


async def put_samples(directory: Path, port: int, database_url: str | None = None) -> Samples:
    """Sample people in ``directory``; a SQLite file comes as a copy of one that was made before."""
    if database_url is not None:
        await put_upgraded(database_url)
        return await prepare(_settings(directory, port, database_url), directory, KIOSKS)
    return await _folders.put(directory)


def _with_keys_of(first: Path, directory: Path) -> None:
    directory.mkdir(mode=0o700)
    for key in ("access.key", "personal-data.key", "receipt.key"):
        shutil.copy(first / key, directory)


def _settings(directory: Path, port: int, database_url: str | None) -> Settings:
    url = None if database_url is None else SecretStr(database_url)
    return Settings(directory=directory, database_url=url, server=ServerConfig(port=port))


def _environment(settings: Settings) -> dict[str, str]:
    ours = {
        "TAWASUL_DIRECTORY": str(settings.directory),
        "TAWASUL_SERVER__PORT": str(settings.server.port),
        "TAWASUL_RELAY__PORT": "0",
    }
    if settings.database_url is not None:
        ours["TAWASUL_DATABASE_URL"] = settings.database_url.get_secret_value()
    return {name: value for name, value in os.environ.items() if not name.startswith("TAWASUL_")} | ours
