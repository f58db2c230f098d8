"""One call over the bed: the service and its relay in the internet, a native kiosk and a native office each at a site.

``python -m support.network_call`` runs in the internet; each end lives in a thread, with an event loop of its own,
whose network is its site's. What is proven is said as one line of JSON: both ends decode what the other sends, or why
there is no call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from support.endpoints import session_cookie
from support.namespaces import enter
from support.network_chromium import BrowserOffice
from support.network_reports import STAYS, CallReport, EndReport, Engine, OfficeEnd, Scene
from support.network_service import service_and_relay
from support.proven_call import CITIZEN_SOURCE, OFFICE_SOURCE, decodes
from support.trust import KIOSK, OFFICE, MadeTrust, make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.identity import Identity
from kiosk_client.media.evidence import Witness
from kiosk_client.run import station
from tawasul.office_client.robot import RobotWaited, office_robot
from tawasul.protocol.base import Reference


@dataclass(frozen=True)
class Place:
    """Where an end is: in the namespace held by ``pid``, from which the internet is at ``internet``."""

    pid: int
    internet: str

    @property
    def ipv6(self) -> bool:
        """Whether it has nothing else."""
        return ":" in self.internet

    @property
    def server(self) -> str:
        """The service, as it is reached from there."""
        return f"https://[{self.internet}]" if self.ipv6 else f"https://{self.internet}"

    @classmethod
    def parsed(cls, text: str) -> Place:
        """From ``pid@address``."""
        pid, _, internet = text.partition("@")
        return cls(int(pid), internet)


class KioskAway:
    """A kiosk in the namespace held by ``pid``, in a thread of its own, until told to stop."""

    def __init__(self, pid: int, config: KioskConfig, identity: Identity | None, patience: float) -> None:
        """Without ``identity`` it enrols as ``config`` says."""
        self._pid, self._config, self._identity, self._patience = pid, config, identity, patience
        self._report: EndReport | str = "the kiosk was not asked"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, name="kiosk", daemon=True)

    def start(self) -> None:
        """Switches it on."""
        self._thread.start()

    def ended(self) -> EndReport | str:
        """Switches it off; what it saw, or what went wrong."""
        self._stop.set()
        self._thread.join(self._patience)
        return self._report

    def _live(self) -> None:
        try:
            enter(self._pid)
            asyncio.run(self._run())
        except Exception as error:
            logging.getLogger(__name__).exception("the kiosk")
            self._report = f"kiosk: {type(error).__name__}: {error}"

    async def _run(self) -> None:
        here = station(self._config, source=CITIZEN_SOURCE, identity=self._identity)
        running = asyncio.create_task(here.run())
        # The witness stays in hand: when the call ends, the station lets go of it.
        witness: Witness | None = None
        path: str | None = None
        proven = False
        while not self._stop.is_set():
            witness, path = here.witness or witness, here.view.path or path
            proven = proven or (witness is not None and decodes(witness, OFFICE_SOURCE))
            await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        self._report = _seen(witness, self._by(path)) if witness and proven else f"not decoded: {_words(witness)}"

    def _by(self, path: str | None) -> str | None:
        """The path, and how it speaks with the relay, as it remembers it for the next call."""
        remembered = self._config.key_file.with_name(f"{self._config.key_file.stem}.relay.json")
        if path != "relay" or not remembered.exists():
            return path
        return f"relay by {json.loads(remembered.read_text())['transport'].upper()}"


def _seen(witness: Witness, path: str | None) -> EndReport:
    return EndReport(path, witness.picture.patterns, round(witness.sound.seconds, 1))


def _words(witness: Witness | None) -> str:
    """What little a witness saw."""
    if witness is None:
        return "no call came"
    return f"{witness.picture.patterns} pictures, {witness.sound.seconds:.1f} s of sound"


async def _robot(
    server: str, authority: Path | None, trust: MadeTrust, reference: str, cookie: str, patience: float
) -> CallReport:
    """The native office's part: it calls in, and looks for as long as the call must hold."""
    credentials = trust.credentials(OFFICE, "emirate")
    async with office_robot(
        server,
        cookie=cookie,
        credentials=credentials,
        trust=trust.trust(),
        source=OFFICE_SOURCE,
        authority=authority,
    ) as robot:
        try:
            row = await robot.until_ready(reference, patience)
            began = time.monotonic()
            robot.call_in(row.audience_id)
            await robot.until_in_call(patience)
        except RobotWaited as waited:
            return CallReport(str(waited), attempts=robot.attempts)
        witness = robot.witness
        assert witness is not None
        if not await witness.until(lambda them: decodes(them, CITIZEN_SOURCE), patience):
            return CallReport(f"office: not decoded: {_words(witness)}", attempts=robot.attempts)
        took = round(time.monotonic() - began, 1)
        pictures, heard = witness.picture.patterns, witness.sound.seconds
        await asyncio.sleep(STAYS)

        def goes_on(them: Witness) -> bool:
            more = them.sound.seconds > heard and decodes(them, CITIZEN_SOURCE, pictures + 10)
            return more and _seen(them, None).enough

        if not await witness.until(goes_on, patience):
            return CallReport(f"office: it stopped: {_words(witness)}", attempts=robot.attempts)
        return CallReport(None, None, _seen(witness, robot.path), took, robot.attempts)


async def _at(pid: int, called: Callable[[], Coroutine[None, None, CallReport]]) -> CallReport:
    """What ``called`` reports, in a thread whose network is that of the namespace held by ``pid``."""
    report: list[CallReport] = []

    def live() -> None:
        try:
            enter(pid)
            report.append(asyncio.run(called()))
        except Exception as error:
            logging.getLogger(__name__).exception("the office")
            report.append(CallReport(f"office: {type(error).__name__}: {error}"))

    thread = threading.Thread(target=live, name="office", daemon=True)
    thread.start()
    await asyncio.to_thread(thread.join)
    return report[0]


async def call(kiosk: Place, office: Place, folder: Path, patience: float, scene: Scene) -> CallReport:
    """The whole call."""
    trust = make_trust()
    async with service_and_relay(folder, scene.engine, ipv6=kiosk.ipv6 or office.ipv6) as service:
        guest = service.audience_at("badr-1")
        references: tuple[Reference, ...] = (guest.reference,)
        native = scene.office is OfficeEnd.NATIVE
        config = KioskConfig(
            server=kiosk.server,
            kiosk_id="badr-1",
            key_file=service.kiosk_key("badr-1"),
            authority=service.authority,
            anchor=None if native else service.issuer.anchor_file,
            check_in=references,
        )
        away = KioskAway(kiosk.pid, config, trust.identity(KIOSK, "badr-1") if native else None, patience)
        away.start()
        if native:
            robot = partial(_robot, office.server, service.authority, trust, guest.reference)
            cookie = await session_cookie(service, "office")
            told = await _at(office.pid, lambda: robot(cookie, patience))
        else:
            assert service.authority is not None
            browser = BrowserOffice(
                office.server,
                service.issuer.anchor_file,
                service.authority,
                service.authority.with_name("server.pem"),
                service.password("office"),
                sends=OFFICE_SOURCE,
                expects=CITIZEN_SOURCE,
                patience=patience,
            )
            told = await _at(office.pid, browser.call)
        seen = await asyncio.to_thread(away.ended)
    if told.because is None and isinstance(seen, str):
        return CallReport(f"kiosk: {seen}", attempts=told.attempts)
    return CallReport(
        told.because, seen if isinstance(seen, EndReport) else None, told.office, told.until_decoded, told.attempts
    )


def main() -> None:
    """One call, reported."""
    parser = argparse.ArgumentParser(description="One call over the bed of networks.")
    parser.add_argument("kiosk", type=Place.parsed)
    parser.add_argument("office", type=Place.parsed)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", type=Engine, default=Engine.OURS)
    parser.add_argument("--office-end", type=OfficeEnd, default=OfficeEnd.NATIVE)
    parser.add_argument("--patience", type=float, default=30.0)
    given = parser.parse_args()
    scene = Scene(given.engine, given.office_end)
    report = asyncio.run(call(given.kiosk, given.office, given.folder, given.patience, scene))
    print(json.dumps(asdict(report)))


if __name__ == "__main__":
    main()
