"""``tawasul selftest``: robots place one real call through the server and the relay, and say what was heard and seen.

A native kiosk checks a robot citizen in; a native office calls them in, answers, and writes an outcome. Each sends a
tone and coded pictures, and proves by spectrum and by pixels that it decoded the other's. It all happens in a sitting
of its own, which no board shows and which is taken away again.

The call is encrypted end to end as any is. But the robots' certificates are of an anchor and an issuer that are made
for it, in memory, and that nobody else believes: a test must not wait for two stewards. So it proves the path, the
handshake and the frames' encryption, and says nothing of the region's own certificates.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from kiosk_client.config import KioskConfig
from kiosk_client.identity import GivenIdentity
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from kiosk_client.vault import DeviceKey
from scheduler.core import reference
from tawasul.access.cookies import Cookies
from tawasul.administration import upgrade
from tawasul.domain.errors import TawasulError
from tawasul.domain.people import Role
from tawasul.e2ee.certificate import Anchor, Title, issue
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole, root_name
from tawasul.e2ee.revocation import Trust, sign_revocations
from tawasul.office_client.robot import OfficeRobot, RobotError, office_robot
from tawasul.own_database import open_database, utc_now
from tawasul.serving import Running
from tawasul.settings import Settings
from tawasul.store.rehearsal import Rehearsal, make_rehearsal

KIOSK = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)

SERVER_WITHIN = 60.0
EVIDENCE_WITHIN = 15.0
PICTURES = 10
"""Coded pictures, each with a higher number than the one before, that prove a moving picture."""

WORDS = {
    "no-server": "No running service was found here. Start it (tawasul serve), or use --embedded.",
    "server-start": "The throw-away service did not start.",
    "no-places": "The database holds no reception centre: run `tawasul db upgrade`.",
    "line": "No line to the service could be opened.",
    "citizen-ready": "The robot kiosk could not check its citizen in.",
    "in-call": "The call did not come about: the relay may be unreachable.",
    "office-sound": "The office did not hear the kiosk's tone.",
    "office-picture": "The office did not see the kiosk's picture.",
    "kiosk-sound": "The kiosk did not hear the office's tone.",
    "kiosk-picture": "The kiosk did not see the office's picture.",
    "private": "The call was not proven private: the two ends do not hold the same keys.",
    "concluded": "The outcome could not be written.",
}


@dataclass(slots=True)
class Ends:
    """Milliseconds from the call-in to the first decoded picture; ``None`` where none came."""

    kiosk: int | None = None
    office: int | None = None


@dataclass(slots=True)
class Report:
    """What the robots found.

    ``path``: how the media travelled. ``encrypted``: both ends proved themselves, hold the same keys, and opened frames
    under them. ``problems``: codes, with their words in ``WORDS``, or those of docs/end-to-end.md.
    """

    ok: bool = False
    path: str | None = None
    audio: bool = False
    video: bool = False
    encrypted: bool = False
    call_in_to_first_picture_ms: Ends = field(default_factory=Ends)
    server: str | None = None
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """One object; the keys are stable."""
        said: dict[str, Any] = asdict(self)
        said["problems"] = [{"code": code, "text": WORDS.get(code, code)} for code in self.problems]
        return json.dumps(said, indent=2)


async def run_and_report(settings: Settings, *, embedded: bool, as_json: bool) -> int:
    """Exit status: 0 when sound and picture went both ways."""
    try:
        async with _service(settings, embedded) as (running, own_settings):
            report = await call(own_settings, running)
    except TestFailed as failure:
        report = Report(problems=[failure.code])
    if as_json:
        sys.stdout.write(report.as_json() + "\n")
    else:
        _print(report)
    return 0 if report.ok else 1


async def call(settings: Settings, running: Running) -> Report:
    """One call through the running service, whose folder and database ``settings`` name."""
    address = running.address
    report = Report(server=address)
    with tempfile.TemporaryDirectory(prefix="tawasul-selftest-") as folder:
        key = Path(folder) / "robot.key"
        async with _rehearsal(settings, running, DeviceKey.load_or_create(key)) as (rehearsal, cookie):
            config = KioskConfig(
                server=address,
                kiosk_id=rehearsal.kiosk_id,
                key_file=key,
                authority=_authority(settings, running),
                check_in=(rehearsal.reference,),
            )
            trust, kiosk_proofs, office_proofs = throw_away_trust(rehearsal.kiosk_id)
            kiosk = station(config, source=KIOSK, identity=GivenIdentity(kiosk_proofs, trust))
            waiting = asyncio.create_task(kiosk.run(), name="robot kiosk")
            try:
                async with office_robot(
                    address,
                    cookie=cookie,
                    credentials=office_proofs,
                    trust=trust,
                    source=OFFICE,
                    authority=config.authority,
                    sitting_id=rehearsal.sitting_id,
                ) as robot:
                    try:
                        await _converse(report, kiosk, robot, rehearsal)
                    finally:
                        report.problems += [robot.refused] if robot.refused else []
            except RobotError as failure:
                report.problems.append(failure.code)
            finally:
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
    report.ok = report.audio and report.video and report.encrypted and not report.problems
    return report


async def _converse(report: Report, kiosk: Station, robot: OfficeRobot, rehearsal: Rehearsal) -> None:
    row = await robot.until_ready(rehearsal.reference)
    robot.call_in(row.audience_id)
    await robot.until_in_call()
    seen = {
        "office": await _evidence(robot.witness, KIOSK),
        "kiosk": await _evidence(kiosk.witness, OFFICE),
    }
    report.problems += [f"{end}-{what}" for end, found in seen.items() for what, came in found.items() if not came]
    report.audio = all(found["sound"] for found in seen.values())
    report.video = all(found["picture"] for found in seen.values())
    report.path = robot.path
    view = kiosk.view
    report.encrypted = view.privacy == "verified" and robot.identity is not None and view.phrase == robot.phrase
    report.problems += [] if report.encrypted else ["private"]
    report.call_in_to_first_picture_ms = Ends(
        kiosk=_milliseconds(robot.called_in_at, kiosk.witness), office=_milliseconds(robot.called_in_at, robot.witness)
    )
    await robot.conclude(row.audience_id, None)


def throw_away_trust(kiosk_id: str) -> tuple[Trust, Credentials, Credentials]:
    """A region that lasts as long as a call: what both robots trust, the kiosk's proofs, the office's."""
    now = int(time.time())
    region, root, issuer = "selftest", SigningKey.generate(), SigningKey.generate()
    title, issuer_name = Title("اختبار ذاتي", "Self-test"), DeviceName("selftest", DeviceRole.ISSUER, "robot")

    def certified(signer: SigningKey, signer_name: DeviceName, name: DeviceName, key: SigningKey) -> str:
        serial = secrets.token_bytes(16)
        return issue(signer, signer_name, name=name, title=title, key=key.public, serial=serial, now=now)

    issuers = certified(root, root_name(region), issuer_name, issuer)

    def proofs(role: DeviceRole, place: str) -> Credentials:
        key, name = SigningKey.generate(), DeviceName(region, role, place)
        return Credentials(key, (certified(issuer, issuer_name, name, key), issuers), name)

    revocations = sign_revocations(issuer, issuer_name, now=now, seq=1, serials=(), keys=())
    trust = Trust(Anchor(region, title, root.public)).learn(revocations, (issuers,), now)
    return trust, proofs(DeviceRole.KIOSK, kiosk_id), proofs(DeviceRole.OFFICE, "emirate")


async def _evidence(witness: Witness | None, sent: CodedSource) -> dict[str, bool]:
    """Whether this end decodes what the other sends: its tone by spectrum, its coded pictures by pixels."""

    def hears(of: Witness) -> bool:
        last = of.sound.last
        return last is not None and abs(last.frequency - sent.hertz) < 6 and last.purity > 0.9

    def sees(of: Witness) -> bool:
        pattern = of.picture.pattern
        return of.picture.patterns >= PICTURES and pattern is not None and pattern.identity == sent.identity

    if witness is None:
        return {"sound": False, "picture": False}
    await witness.until(lambda of: hears(of) and sees(of), EVIDENCE_WITHIN)
    return {"sound": hears(witness), "picture": sees(witness)}


def _milliseconds(since: float | None, witness: Witness | None) -> int | None:
    first = witness.picture.first_at if witness else None
    return None if since is None or first is None else round((first - since) * 1000)


@contextlib.asynccontextmanager
async def _rehearsal(settings: Settings, running: Running, key: DeviceKey) -> AsyncIterator[tuple[Rehearsal, str]]:
    """A rehearsal in the store, and the cookie of its office; taken away afterwards."""
    token = secrets.token_urlsafe(32)
    database = open_database(settings)
    try:
        async with database.unit_of_work() as work:
            if not await work.centres.all():
                raise TestFailed("no-places")
            rehearsal = await make_rehearsal(
                work,
                secrets.token_hex(6),
                utc_now(),
                reference=reference.draw(secrets.token_bytes(reference.RANDOM_BYTES)),
                public_key=key.public_bytes,
                token_hash=hashlib.sha256(token.encode()).digest(),
                number=secrets.randbelow(90) + 10,
            )
            await work.commit()
        try:
            yield rehearsal, f"{Cookies(https=running.https).session_name(Role.OFFICE)}={token}"
        finally:
            async with database.unit_of_work() as work:
                await work.rehearsals.remove(rehearsal.sitting_id)
                await work.commit()
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def _service(settings: Settings, embedded: bool) -> AsyncIterator[tuple[Running, Settings]]:
    """The running service (this folder's, or else its demonstration's), or a throw-away one, with its settings."""
    if not embedded:
        for own in (settings, settings.model_copy(update={"directory": settings.directory / "demo"})):
            if running := Running.noted(own.directory):
                await _until_ready(running.address, _authority(own, running), 5.0, "no-server")
                yield running, own
                return
        raise TestFailed("no-server")
    with tempfile.TemporaryDirectory(prefix="tawasul-selftest-") as folder:
        own = Settings(directory=Path(folder))
        await upgrade(own)
        process = await _throw_away_server(Path(folder))
        try:
            running = await _noted_by(process, own.directory)
            await _until_ready(running.address, None, SERVER_WITHIN, "server-start")
            yield running, own
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            await process.wait()


async def _throw_away_server(folder: Path) -> asyncio.subprocess.Process:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAWASUL_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "serve"),
        env=kept
        | {
            "TAWASUL_DIRECTORY": str(folder),
            "TAWASUL_SERVER__PORT": "0",
            "TAWASUL_RELAY__PORT": "0",
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )


async def _noted_by(process: asyncio.subprocess.Process, directory: Path) -> Running:
    async with asyncio.timeout(SERVER_WITHIN):
        while (running := Running.noted(directory)) is None:
            if process.returncode is not None:
                raise TestFailed("server-start")
            await asyncio.sleep(0.05)
    return running


async def _until_ready(address: str, authority: Path | None, seconds: float, otherwise: str) -> None:
    verify = str(authority) if authority else True
    try:
        async with asyncio.timeout(seconds), httpx.AsyncClient(verify=verify, trust_env=False) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(f"{address}/api/health")).json()["ready"]:
                        return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise TestFailed(otherwise) from None


def _authority(settings: Settings, running: Running) -> Path | None:
    """The local authority, where the service speaks HTTPS with a certificate of its."""
    own = settings.server.authority or settings.directory / "authority" / "authority.pem"
    return own if running.address.startswith("https:") and own.exists() else None


def _print(report: Report) -> None:
    console = Console(highlight=False)
    times = report.call_in_to_first_picture_ms
    for good, text in (
        (report.audio, "sound both ways"),
        (report.video, "moving picture both ways"),
        (report.encrypted, f"encrypted end to end: {'verified' if report.encrypted else 'not verified'}"),
        (report.path is not None, f"path: {report.path or 'none'}"),
        (times.office is not None, f"call-in to first picture at the office: {times.office} ms"),
        (times.kiosk is not None, f"call-in to first picture at the kiosk: {times.kiosk} ms"),
    ):
        console.print(f"[green]✓[/green] {text}" if good else f"[red]✗[/red] {text}")
    for code in report.problems:
        console.print(f"[red]{WORDS.get(code, code)}[/red]")
    console.print("[green]All is well.[/green]" if report.ok else "[red]Something is wrong.[/red]")


class TestFailed(TawasulError):
    """The self-test could not even begin, or stopped half-way. ``code`` is one of ``WORDS``."""

    __test__ = False  # not a test case, whatever a collector thinks of its name

    def __init__(self, code: str) -> None:
        super().__init__(WORDS.get(code, code))
        self.code = code  # type: ignore[misc]  # here one class has many codes, all of them of this module
