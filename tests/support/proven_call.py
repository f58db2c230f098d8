"""A kiosk and an office's robot at one real service, each with proofs of one's own choosing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from support.coming import comes
from support.endpoints import session_cookie
from support.service import Service
from support.trust import KIOSK, OFFICE, MadeTrust

from kiosk_client.config import KioskConfig
from kiosk_client.core.kiosk_events import KioskState, View
from kiosk_client.identity import GivenIdentity, Identity
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.revocation import Trust
from tawasul.office_client.robot import OfficeRobot, office_robot

CITIZEN_SOURCE = CodedSource(hertz=440, identity=0xC171)
OFFICE_SOURCE = CodedSource(hertz=700, identity=0x0FF1)


class Seen:
    """What a kiosk shows."""

    def __init__(self) -> None:
        self._view = View()
        self._news = asyncio.Event()

    def show(self, view: View) -> None:
        """The kiosk's next view."""
        self._view = view
        self._news.set()

    async def until(self, holds: Callable[[View], bool], seconds: float = 15) -> View:
        """The first view, from now on, of which it holds."""
        async with asyncio.timeout(seconds):
            while not holds(self._view):
                self._news.clear()
                await self._news.wait()
        return self._view


@dataclass
class ProvenCall:
    """Both ends, running; the citizen has been checked in or will be."""

    service: Service
    station: Station
    robot: OfficeRobot
    reference: str
    seen: Seen

    async def call_in(self) -> None:
        """As soon as the citizen is there."""
        await self.seen.until(lambda view: view.line and bool(view.entries))
        row = await self.robot.until_ready(self.reference)
        self.robot.call_in(row.audience_id)

    async def in_call(self) -> None:
        """Called in, until both ends decode what the other sends."""
        await self.call_in()
        await self.robot.until_in_call()
        await comes(self.of(self.robot.witness), lambda them: decodes(them, CITIZEN_SOURCE), 15)
        await comes(self.of(self.station.witness), lambda them: decodes(them, OFFICE_SOURCE), 15)

    async def until_shown(self, state: KioskState, seconds: float = 10) -> View:
        """Until the kiosk shows this."""
        return await self.seen.until(lambda view: view.state is state, seconds)

    @staticmethod
    def of(witness: Witness | None) -> Witness:
        """The witness, which is there once a call has begun."""
        assert witness is not None
        return witness


@asynccontextmanager
async def proven_call(
    service: Service,
    trust: MadeTrust,
    folder: Path,
    *,
    kiosk: Identity | None = None,
    office: Credentials | None = None,
    office_trust: Trust | None = None,
    no_office: bool = False,
    rekey_every: float = 300.0,
) -> AsyncIterator[ProvenCall]:
    """Both ends of the region `trust`, but for what is given."""
    guest = service.audience_at("badr-1")
    config = KioskConfig(
        server=service.address, kiosk_id="badr-1", key_file=folder / "badr-1.key", check_in=(guest.reference,)
    )
    config.key_file.parent.mkdir(parents=True, exist_ok=True)
    if not config.key_file.exists():
        config.key_file.write_bytes(service.kiosk_key("badr-1").read_bytes())
        config.key_file.chmod(0o600)
    own = kiosk or trust.identity(KIOSK, "badr-1")
    async with office_robot(
        service.address,
        cookie=await session_cookie(service, "office"),
        credentials=None if no_office else office or trust.credentials(OFFICE, "emirate"),
        trust=office_trust or trust.trust(),
        source=OFFICE_SOURCE,
        rekey_every=rekey_every,
    ) as robot:
        seen = Seen()
        citizen = station(config, source=CITIZEN_SOURCE, identity=own, rekey_every=rekey_every, show=seen.show)
        running = asyncio.create_task(citizen.run())
        try:
            yield ProvenCall(service, citizen, robot, guest.reference, seen)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def decodes(witness: Witness, source: CodedSource, pictures: int = 10) -> bool:
    """Whether the witness sees and hears this source now."""
    seen, heard = witness.picture, witness.sound.last
    return (
        seen.patterns >= pictures
        and seen.pattern is not None
        and seen.pattern.identity == source.identity
        and heard is not None
        and abs(heard.frequency - source.hertz) < 6
        and heard.purity > 0.9
    )


def given(credentials: Credentials | None, trust: Trust) -> GivenIdentity:
    """Proofs as they are."""
    return GivenIdentity(credentials, trust)
