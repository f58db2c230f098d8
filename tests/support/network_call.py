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
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import asdict
from pathlib import Path

from pydantic import SecretStr
from support.coturn_engine import running_coturn
from support.endpoints import session_cookie
from support.namespaces import enter
from support.network_bed import INTERNET, INTERNET_IPV6, INTERNET_TOO, PUBLIC
from support.network_chromium import BrowserOffice
from support.network_reports import STAYS, CallReport, EndReport, Engine, OfficeEnd, Scene
from support.proven_call import CITIZEN_SOURCE, OFFICE_SOURCE, decodes
from support.service import Service, a_service
from support.trust import KIOSK, OFFICE, MadeTrust, make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.identity import Identity
from kiosk_client.media.evidence import Witness
from kiosk_client.run import station
from media_relay.config import RelayConfig
from tawasul.local_authority import issue
from tawasul.office_client.robot import RobotWaited, office_robot
from tawasul.protocol.base import Reference

RELAY = INTERNET_TOO
"""Where the relay is."""


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
        self._report = _seen(witness, path) if witness and proven else f"not decoded: {_words(witness)}"


def _seen(witness: Witness, path: str | None) -> EndReport:
    return EndReport(path, witness.picture.patterns, round(witness.sound.seconds, 1))


def _words(witness: Witness | None) -> str:
    """What little a witness saw."""
    if witness is None:
        return "no call came"
    return f"{witness.picture.patterns} pictures, {witness.sound.seconds:.1f} s of sound"


@contextlib.asynccontextmanager
async def _service(folder: Path, engine: Engine) -> AsyncIterator[Service]:
    """The service, by HTTPS, and the relay, by UDP, TCP and TLS, each with an address of the internet of its own.

    So both can have TCP port 443. Documentation's addresses are the public ones here. Where coturn is in our relay's
    place, it is the one relay of the fleet, and ours is where nobody can reach it.
    """
    certificate = issue(folder / "authority")
    secret = SecretStr(secrets.token_hex(16))
    relay = RelayConfig(
        addresses=(RELAY,),
        secrets=(secret,),
        tls_port=443,
        certificate=certificate.certificate,
        certificate_key=certificate.key,
        allow_peers=(PUBLIC,),
    )
    told = {
        "TAWASUL_RELAY__ADDRESSES": json.dumps(["127.0.0.1"]),
        "TAWASUL_RELAY__SECRETS": json.dumps([secret.get_secret_value()]),
        "TAWASUL_ICE__RELAYS": json.dumps([{"host": RELAY, "transports": ["udp", "tcp", "tls"]}]),
        "TAWASUL_SERVER__AUTHORITY": str(certificate.authority),
    }
    if engine is Engine.OURS:
        named = ("addresses", "port", "tls_port", "certificate", "certificate_key", "allow_peers")
        ours = json.loads(relay.model_dump_json(include=set(named)))
        told = {"TAWASUL_RELAY__SECRETS": told["TAWASUL_RELAY__SECRETS"], "TAWASUL_ICE__HOST": RELAY} | {
            f"TAWASUL_RELAY__{name.upper()}": value if isinstance(value, str) else json.dumps(value)
            for name, value in ours.items()
        }
    async with contextlib.AsyncExitStack() as running:
        if engine is Engine.COTURN:
            machine = (INTERNET, INTERNET_TOO, INTERNET_IPV6, "127.0.0.1", "::1")
            await running.enter_async_context(running_coturn(folder, relay, machine=machine))
        service = a_service(folder, host=INTERNET, port=443, certificate=certificate, **told)
        yield await running.enter_async_context(service)


async def _robot(service: Service, trust: MadeTrust, reference: str, cookie: str, patience: float) -> CallReport:
    """The native office's part: it calls in, and looks for as long as the call must hold."""
    credentials = trust.credentials(OFFICE, "emirate")
    async with office_robot(
        service.address,
        cookie=cookie,
        credentials=credentials,
        trust=trust.trust(),
        source=OFFICE_SOURCE,
        authority=service.authority,
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


async def call(kiosk: int, office: int, folder: Path, patience: float, scene: Scene) -> CallReport:
    """The whole call: sites by the processes that hold them."""
    trust = make_trust()
    async with _service(folder, scene.engine) as service:
        guest = service.audience_at("badr-1")
        references: tuple[Reference, ...] = (guest.reference,)
        native = scene.office is OfficeEnd.NATIVE
        config = KioskConfig(
            server=service.address,
            kiosk_id="badr-1",
            key_file=service.kiosk_key("badr-1"),
            authority=service.authority,
            anchor=None if native else service.issuer.anchor_file,
            check_in=references,
        )
        away = KioskAway(kiosk, config, trust.identity(KIOSK, "badr-1") if native else None, patience)
        away.start()
        if native:
            cookie = await session_cookie(service, "office")
            told = await _at(office, lambda: _robot(service, trust, guest.reference, cookie, patience))
        else:
            browser = BrowserOffice(
                service.address,
                service.issuer.anchor_file,
                service.authority,
                service.password("office"),
                sends=OFFICE_SOURCE,
                expects=CITIZEN_SOURCE,
                patience=patience,
            )
            told = await _at(office, browser.call)
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
    parser.add_argument("--engine", type=Engine, default=Engine.OURS)
    parser.add_argument("--office-end", type=OfficeEnd, default=OfficeEnd.NATIVE)
    parser.add_argument("--patience", type=float, default=30.0)
    given = parser.parse_args()
    scene = Scene(given.engine, given.office_end)
    report = asyncio.run(call(given.kiosk, given.office, given.folder, given.patience, scene))
    print(json.dumps(asdict(report)))


if __name__ == "__main__":
    main()
