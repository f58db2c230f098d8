"""``tawasul demo``: everything on one machine, with sample people, watched over until Ctrl-C.

Four processes: the server (which keeps the relay as its child), the issuer of the devices' certificates, and one native
kiosk, which checks its citizen in and waits. What they say is shown as it happens; one that dies is started again. The
data are made anew at each start, so that the sitting is always today's; devices' keys, what they trust and the local
certificate authority stay.

A region keeps root, issuer and stewards in different hands. Here they are in one folder, and whatever device asks is
approved by this program: it says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from scheduler.core import reference
from tawasul.access.keys import AccessKeys
from tawasul.access.links import LinkDesk, LinkSigner
from tawasul.access.passwords import Passwords
from tawasul.administration import places_file
from tawasul.demo_screen import Screen, say
from tawasul.domain.places import KioskId
from tawasul.issuer import demonstration as trial_issuer
from tawasul.issuer.demonstration import DemonstrationTrust
from tawasul.issuer.steward import WaitingDevice
from tawasul.local_authority import LocalCertificate, issue, reachable_addresses
from tawasul.own_database import open_database, utc_now
from tawasul.serving import PortTaken, bind
from tawasul.settings import ServerConfig, Settings
from tawasul.store import migrate
from tawasul.store.demo import Demo as Samples
from tawasul.store.demo import SampleAudience, Tools, make_demo
from tawasul.store.key_file import load_or_create
from tawasul.store.seed import load_places

KIOSK = KioskId("badr-1")
"""The kiosk that runs beside the server."""

TRUST = "trust"
"""The folder of root, issuer and stewards."""

KEPT = ("authority", "relay", "relay.key", TRUST)
"""What stays beside the kiosk's own files: devices need not trust a new authority, and a relay that outlived its server
is adopted."""

START_AGAIN_AFTER = 1.0
"""Seconds. A process that cannot start is not to fill the screen."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the person asked for."""

    https: bool = False
    port: int = 8000
    camera: str | None = None
    microphone: str | None = None
    media: Path | None = None
    directory: Path = Path(".tawasul/demo")


@dataclass(slots=True)
class Demo:
    """One demonstration."""

    options: DemoOptions
    console: Console = field(default_factory=lambda: Console(highlight=False))
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _issuer_port: int = field(default_factory=lambda: _free_port())

    async def run(self) -> int:
        """Until Ctrl-C. The exit status.

        Raises:
            PortTaken: another program listens on the port of the pages.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        self._say("Preparing the region's places and sample people …")
        certificate = issue(self._directory() / "authority") if self.options.https else None
        settings = self._settings(certificate)
        try:
            bind(settings.server).close()
        except PortTaken:
            self._say(f'Choose another port: make run OPTIONS="--port {self.options.port + 10}"', "yellow")
            raise
        samples = await prepare(settings, self._directory())
        trust = await asyncio.to_thread(trial_issuer.prepare, self._directory() / TRUST, settings.region)
        guest = next(a for a in samples.audiences if a.kiosk_id == KIOSK)
        here, others = self._address("localhost", certificate), self._others(certificate)
        Screen(self.console, here, others).show(samples, guest, certificate, trust)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep("server", [sys.executable, "-m", "tawasul.cli", "serve"], certificate))
            tasks.create_task(self._keep("issuer", self._issuer_command(trust), certificate))
            tasks.create_task(self._keep("kiosk ", self._kiosk_command(guest, trust, certificate), certificate))
            approving = tasks.create_task(self._approve(trust))
            await self._stop.wait()
            approving.cancel()
        self._say("All ended. The sample data are in " + str(self._directory()) + " until the next start.")
        return 0

    def _others(self, certificate: LocalCertificate | None) -> list[str]:
        """By what addresses other machines reach the pages."""
        return [self._address(a, certificate) for a in reachable_addresses() if ":" not in a] if certificate else []

    def _directory(self) -> Path:
        return self.options.directory.absolute()

    def _settings(self, certificate: LocalCertificate | None) -> Settings:
        return Settings.model_validate(
            {
                "directory": self._directory(),
                "server": ServerConfig(
                    host="0.0.0.0" if certificate else "127.0.0.1",  # noqa: S104 - asked for by --https
                    port=self.options.port,
                    certificate=certificate.certificate if certificate else None,
                    certificate_key=certificate.key if certificate else None,
                ),
            }
        )

    def _environment(self, certificate: LocalCertificate | None) -> dict[str, str]:
        told = {
            "TAWASUL_DIRECTORY": str(self._directory()),
            "TAWASUL_SERVER__PORT": str(self.options.port),
            # Of the system's choosing: a taken port would keep the server from starting, again and again.
            "TAWASUL_RELAY__PORT": "0",
            # Both ends may be relayed on this one machine: the relay may reach its own addresses, nothing else here.
            "TAWASUL_RELAY__ALLOW_LOOPBACK": "true",
            "TAWASUL_TRUST__ISSUER": self._issuer_address(),
            "PYTHONUNBUFFERED": "1",
        }
        if certificate:
            addresses = ["127.0.0.1", *(a for a in reachable_addresses() if ":" not in a)]
            told |= {
                "TAWASUL_SERVER__HOST": "0.0.0.0",  # noqa: S104 - asked for by --https
                "TAWASUL_SERVER__CERTIFICATE": str(certificate.certificate),
                "TAWASUL_SERVER__CERTIFICATE_KEY": str(certificate.key),
                "TAWASUL_SERVER__AUTHORITY": str(certificate.authority),
                "TAWASUL_RELAY__ADDRESSES": "[" + ",".join(f'"{a}"' for a in addresses) + "]",
            }
        return {name: value for name, value in os.environ.items() if not name.startswith("TAWASUL_")} | told

    def _issuer_address(self) -> str:
        return f"http://127.0.0.1:{self._issuer_port}"

    def _issuer_command(self, trust: DemonstrationTrust) -> list[str]:
        command = [sys.executable, "-m", "tawasul.cli", "issuer", "serve", "--folder", str(trust.issuer_folder)]
        return [*command, "--port", str(self._issuer_port), "--password-file", str(trust.password_file)]

    async def _approve(self, trust: DemonstrationTrust) -> None:
        """In the place of two members of staff, each with a key of their own."""

        def tell(device: WaitingDevice) -> None:
            self._say(f"approved for this trial, which two people do in a region: {device.name}, {device.code}", "dim")

        await trial_issuer.approve_forever(trust, self._issuer_address(), tell=tell)

    def _kiosk_command(
        self, guest: SampleAudience, trust: DemonstrationTrust, certificate: LocalCertificate | None
    ) -> list[str]:
        command = [sys.executable, "-m", "tawasul.cli", "kiosk", "--kiosk", KIOSK, "--check-in", guest.reference]
        command += ["--anchor", str(trust.anchor_file)]
        command += [
            "--key",
            str(key_file(self._directory(), KIOSK)),
            "--server",
            self._address("localhost", certificate),
        ]
        if certificate:
            command += ["--trust", str(certificate.authority)]
        for option, value in (
            ("--camera", self.options.camera),
            ("--microphone", self.options.microphone),
            ("--media", self.options.media),
        ):
            if value:
                command += [option, str(value)]
        return command

    def _address(self, host: str, certificate: LocalCertificate | None) -> str:
        return f"{'https' if certificate else 'http'}://{host}:{self.options.port}"

    async def _keep(self, name: str, command: list[str], certificate: LocalCertificate | None) -> None:
        """Runs a process until the end, and starts it again when it dies."""
        while not self._stop.is_set():
            process = await asyncio.create_subprocess_exec(
                *command,
                env=self._environment(certificate),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                # Ctrl-C in a terminal goes to the whole group: each is to end when it is told, in its order.
                start_new_session=True,
            )
            spoke = asyncio.Event()
            ended = asyncio.create_task(self._show_lines(name, process, spoke))
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if self._stop.is_set():
                with contextlib.suppress(ProcessLookupError):
                    # One that has said nothing is still being loaded: it has nothing to end, and would answer SIGINT
                    # with a traceback.
                    process.send_signal(signal.SIGINT if spoke.is_set() else signal.SIGTERM)
                await ended
                return
            self._say(f"{name.strip()} ended (status {process.returncode}); it is started again.", "yellow")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(START_AGAIN_AFTER):
                    await self._stop.wait()

    async def _show_lines(self, name: str, process: asyncio.subprocess.Process, spoke: asyncio.Event) -> None:
        assert process.stdout is not None, "its output was asked for"
        async for line in process.stdout:
            spoke.set()
            self.console.print(f"[dim]{name}[/dim] ", end="")
            self._say(line.decode(errors="replace").rstrip())
        await process.wait()

    def _say(self, text: str, style: str = "") -> None:
        say(self.console, text, style)


def key_file(directory: Path, kiosk_id: KioskId) -> Path:
    """Where a kiosk of the demonstration keeps its device key."""
    return directory / f"{kiosk_id}.key"


async def prepare(settings: Settings, directory: Path, kiosks: Sequence[KioskId] = (KIOSK,)) -> Samples:
    """A fresh database in ``directory`` with the region's places, sample people, and the keys of ``kiosks``."""
    # Only here, because only a demonstration needs a kiosk's key on the server's machine.
    from kiosk_client.vault import DeviceKey

    _clear(directory)
    await migrate.upgrade(settings.database)
    database = open_database(settings)
    keys = AccessKeys.from_secret(load_or_create(directory / "access.key"))
    links = LinkDesk(database.unit_of_work, LinkSigner(keys.links), utc_now)

    tools = Tools(
        hash_password=Passwords().hash,
        draw_reference=lambda: reference.draw(secrets.token_bytes(reference.RANDOM_BYTES)),
        issue_link=links.issue,
    )
    try:
        async with database.unit_of_work() as work:
            await load_places(work, places_file(settings.region))
            samples = await make_demo(work, utc_now(), tools, lambda _: _memorable_password())
            for kiosk in kiosks:
                key = DeviceKey.load_or_create(key_file(directory, kiosk))
                await work.kiosks.register_key(kiosk, key.public_bytes)
            await work.commit()
    finally:
        await database.close()
    return samples


def _clear(directory: Path) -> None:
    # The folder around it too is for its owner alone: a service of one's own would keep its data there.
    directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.mkdir(exist_ok=True, mode=0o700)
    for entry in directory.iterdir():
        if entry.name not in KEPT and not entry.name.startswith(str(KIOSK)):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _free_port() -> int:
    """Of the system's choosing, for the issuer: its process and the server's are both told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _memorable_password() -> str:
    """Easy to read and to type on any keyboard; a demonstration's, made anew at each start."""
    return "-".join(f"{secrets.randbelow(900) + 100}" for _ in range(3))
