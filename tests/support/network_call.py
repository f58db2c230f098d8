"""One call over the bed: the service and its relay in the internet, a citizen and an office each at a site.

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
from support.issuer import RunningIssuer
from support.namespaces import enter
from support.network_chromium import BrowserCitizen
from support.network_ends import CitizenAway, kiosk
from support.network_offices import BrowserOffice, NativeOffice
from support.network_reports import CallReport, EndKind, Engine, Scene
from support.network_service import service_and_relay
from support.proven_call import CITIZEN_SOURCE, OFFICE_SOURCE
from support.service import Service
from support.trust import MadeTrust, make_trust

from kiosk_client.config import KioskConfig
from tawasul.e2ee.enrolment import make_request
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.store.demo import SampleAudience


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


async def call(citizen: Place, office: Place, folder: Path, patience: float, scene: Scene) -> CallReport:
    """The whole call."""
    # Two native ends have their certificates already, and nothing to wait for; others ask the service's issuer.
    made = make_trust() if scene.citizen is scene.office is EndKind.NATIVE else None
    async with service_and_relay(folder, scene.engine, ipv6=citizen.ipv6 or office.ipv6) as service:
        if scene.citizen is EndKind.NATIVE:
            guest, away = _at_kiosk(service, citizen, made)
        else:
            guest, away = await _at_home(service, citizen, patience)
        away.start()
        if scene.office is EndKind.NATIVE:
            calls = (await _native_office(service, office, patience, guest.reference, made)).call
        else:
            calls = _browser_office(service, office, patience).call
        told = await _at(office.pid, partial(calls, away.course.proven))
        found = await asyncio.to_thread(away.ended, patience)
    if isinstance(found, str):
        return CallReport(told.because or f"citizen: {found}", attempts=told.attempts)
    return CallReport(told.because, found, told.office, told.until_decoded, told.attempts)


def _at_kiosk(service: Service, place: Place, made: MadeTrust | None) -> tuple[SampleAudience, CitizenAway]:
    """Who is to be called in, and their end."""
    guest = service.audience_at("badr-1")
    config = KioskConfig(
        server=place.server,
        kiosk_id="badr-1",
        key_file=service.kiosk_key("badr-1"),
        authority=service.authority,
        anchor=None if made else service.issuer.anchor_file,
        check_in=(guest.reference,),
    )
    identity = made.identity(DeviceRole.KIOSK, "badr-1") if made else None
    return guest, CitizenAway(place.pid, partial(kiosk, config, identity))


async def _at_home(service: Service, place: Place, patience: float) -> tuple[SampleAudience, CitizenAway]:
    guest = await service.invite()
    assert guest.link_token is not None
    citizen = BrowserCitizen(
        place.server, guest.link_token, _certificate(service), CITIZEN_SOURCE, OFFICE_SOURCE, patience
    )
    return guest, CitizenAway(place.pid, citizen.live)


async def _native_office(
    service: Service, place: Place, patience: float, reference: str, made: MadeTrust | None
) -> NativeOffice:
    cookie = await session_cookie(service, "office")
    if made:
        credentials, trust = made.credentials(DeviceRole.OFFICE, "emirate"), made.trust()
    else:
        credentials = await _enrolled(service.issuer, patience)
        trust = await service.issuer.trust_of_an_endpoint()
    return NativeOffice(place.server, service.authority, cookie, credentials, trust, reference, patience)


def _browser_office(service: Service, place: Place, patience: float) -> BrowserOffice:
    assert service.authority is not None
    anchor, password = service.issuer.anchor_file, service.password("office")
    return BrowserOffice(place.server, anchor, service.authority, _certificate(service), password, patience)


def _certificate(service: Service) -> Path:
    """Of service and relay."""
    assert service.authority is not None
    return service.authority.with_name("server.pem")


async def _enrolled(issuer: RunningIssuer, patience: float) -> Credentials:
    """The office's proofs; it asks for them as every device does."""
    key, name = SigningKey.generate(), DeviceName("madinah", DeviceRole.OFFICE, "emirate")
    await issuer.client.request(make_request(key, name, now=int(time.time())))
    async with asyncio.timeout(patience):
        while (standing := await issuer.client.standing(key.thumbprint))["state"] != "enrolled":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return Credentials(key, tuple(standing["chain"]), name)


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


def main() -> None:
    """One call, reported."""
    parser = argparse.ArgumentParser(description="One call over the bed of networks.")
    parser.add_argument("citizen", type=Place.parsed)
    parser.add_argument("office", type=Place.parsed)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", type=Engine, default=Engine.OURS)
    parser.add_argument("--citizen-end", type=EndKind, default=EndKind.NATIVE)
    parser.add_argument("--office-end", type=EndKind, default=EndKind.NATIVE)
    parser.add_argument("--patience", type=float, default=30.0)
    given = parser.parse_args()
    scene = Scene(given.engine, given.citizen_end, given.office_end)
    report = asyncio.run(call(given.citizen, given.office, given.folder, given.patience, scene))
    print(json.dumps(asdict(report)))


if __name__ == "__main__":
    main()
