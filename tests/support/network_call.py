"""One call over the bed: the service and its relay in the internet, a native kiosk and a native office each at a site.

``python -m support.network_call`` runs in the internet; each end lives in a thread, with an event loop of its own,
whose network is its site's. What is proven is said as one line of JSON: both ends decode what the other sends, or why
there is no call.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from support.endpoints import session_cookie
from support.namespaces import enter
from support.network_bed import INTERNET, PUBLIC
from support.proven_call import CITIZEN_SOURCE, OFFICE_SOURCE, decodes
from support.service import Service, a_service
from support.trust import KIOSK, OFFICE, MadeTrust, make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.media.evidence import Witness
from kiosk_client.run import station
from tawasul.office_client.robot import RobotWaited, office_robot
from tawasul.protocol.base import Reference

STAYS = 5.0
"""Seconds for which sound and picture must go on coming after both ends have decoded each other."""


@dataclass(frozen=True)
class EndReport:
    """What one end saw. ``path``: how its media went. ``pictures``, ``seconds``: decoded, of picture and of sound."""

    path: str | None
    pictures: int
    seconds: float


@dataclass(frozen=True)
class CallReport:
    """What became of a call. ``because``: why there is none, and ``None`` where there is one.

    ``until_decoded``: seconds from calling in until the office decoded sound and picture. ``attempts``: how often the
    call was negotiated.
    """

    because: str | None
    kiosk: EndReport | None = None
    office: EndReport | None = None
    until_decoded: float | None = None
    attempts: int = 0

    @classmethod
    def parsed(cls, text: str) -> CallReport:
        """From the line that the program said."""
        raw = json.loads(text)
        ends = {side: EndReport(**raw[side]) if raw[side] else None for side in ("kiosk", "office")}
        return cls(raw["because"], **ends, until_decoded=raw["until_decoded"], attempts=raw["attempts"])


class KioskAway:
    """A kiosk in the namespace held by ``pid``, in a thread of its own, until told to stop."""

    def __init__(self, pid: int, config: KioskConfig, trust: MadeTrust, patience: float) -> None:
        self._pid, self._config, self._trust, self._patience = pid, config, trust, patience
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
        identity = self._trust.identity(KIOSK, "badr-1")
        here = station(self._config, source=CITIZEN_SOURCE, identity=identity)
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
        self._report = _seen(witness, path) if witness and proven else f"not decoded: {_words(witness)}"


def _seen(witness: Witness, path: str | None) -> EndReport:
    return EndReport(path, witness.picture.patterns, round(witness.sound.seconds, 1))


def _words(witness: Witness | None) -> str:
    """What little a witness saw."""
    if witness is None:
        return "no call came"
    return f"{witness.picture.patterns} pictures, {witness.sound.seconds:.1f} s of sound"


@contextlib.asynccontextmanager
async def _service(folder: Path, policy: str) -> AsyncIterator[Service]:
    """Reached by everybody at the internet's address; documentation's addresses are the public ones here."""
    told = {
        "TAWASUL_SERVER__HOST": "0.0.0.0",
        "TAWASUL_RELAY__ADDRESSES": json.dumps([INTERNET]),
        "TAWASUL_RELAY__ALLOW_PEERS": json.dumps([PUBLIC]),
        "TAWASUL_ICE__KIOSK_POLICY": policy,
    }
    async with a_service(folder, **told) as service:
        yield service


async def _office(pid: int, service: Service, trust: MadeTrust, reference: str, patience: float) -> CallReport:
    """The office's part, in its own namespace: it calls in, and looks for as long as the call must hold."""
    cookie = await session_cookie(service, "office")
    report: list[CallReport] = []

    async def called() -> CallReport:
        address = f"http://{INTERNET}:{service.port}"
        credentials = trust.credentials(OFFICE, "emirate")
        async with office_robot(
            address, cookie=cookie, credentials=credentials, trust=trust.trust(), source=OFFICE_SOURCE
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
            if not await witness.until(lambda them: decodes(them, CITIZEN_SOURCE, pictures + 10), patience):
                return CallReport(f"office: it stopped: {_words(witness)}", attempts=robot.attempts)
            assert witness.sound.seconds > heard
            return CallReport(None, None, _seen(witness, robot.path), took, robot.attempts)

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


async def call(kiosk: int, office: int, folder: Path, policy: str, patience: float) -> CallReport:
    """The whole scene: sites by the processes that hold them, ``policy`` as in the ICE settings."""
    trust = make_trust()
    async with _service(folder, policy) as service:
        guest = service.audience_at("badr-1")
        references: tuple[Reference, ...] = (guest.reference,)
        config = KioskConfig(
            server=f"http://{INTERNET}:{service.port}",
            kiosk_id="badr-1",
            key_file=service.kiosk_key("badr-1"),
            check_in=references,
        )
        away = KioskAway(kiosk, config, trust, patience)
        away.start()
        told = await _office(office, service, trust, guest.reference, patience)
        seen = await asyncio.to_thread(away.ended)
    if told.because is None and isinstance(seen, str):
        return CallReport(f"kiosk: {seen}", attempts=told.attempts)
    return CallReport(
        told.because, seen if isinstance(seen, EndReport) else None, told.office, told.until_decoded, told.attempts
    )


def main() -> None:
    """One call, reported."""
    parser = argparse.ArgumentParser(description="One call over the bed of networks.")
    parser.add_argument("kiosk", type=int)
    parser.add_argument("office", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--policy", choices=("all", "relay"), default="all")
    parser.add_argument("--patience", type=float, default=30.0)
    given = parser.parse_args()
    report = asyncio.run(call(given.kiosk, given.office, given.folder, given.policy, given.patience))
    print(json.dumps(asdict(report)))


if __name__ == "__main__":
    main()
