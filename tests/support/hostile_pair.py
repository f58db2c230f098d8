"""Two native ends at a hostile server: the kiosk of Badr and the office's robot, and what became of their call."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from support.hostile_middle import OURS
from support.hostile_service import HostileService, Row
from support.trust import MadeTrust

from kiosk_client.config import line_address
from kiosk_client.core.kiosk_events import KioskState, View
from kiosk_client.identity import Identity
from kiosk_client.link import Link
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.station import Station
from kiosk_client.vault import DeviceKey
from tawasul.e2ee.errors import RefusedByOther
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.names import DeviceRole
from tawasul.e2ee.revocation import Trust
from tawasul.office_client.robot import OfficeRobot, RobotRefused, RobotWaited, office_robot
from tawasul.protocol.from_endpoint import HangUp

KIOSK = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)
TOLD = "told"
"""What an end says that found nothing wrong itself: the other end refused. Its own word for it, or the server's, which
may be quicker."""
HONEST = {KIOSK.identity, OFFICE.identity}
FALSE = {source.identity for source in OURS.values()}


@dataclass
class Pair:
    """One kiosk, one office. `views` is everything that the kiosk's screen showed in the present call."""

    service: HostileService
    kiosk: Station
    robot: OfficeRobot
    views: list[View] = field(default_factory=list)
    _seen: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, view: View) -> None:
        """The kiosk's screen changes."""
        self.views.append(view)
        self._seen.set()

    async def call(self) -> None:
        """The citizen of Badr is called in. After this, office and board are in this call, and in none before."""
        guest = self.service.audience_at("badr-1")
        # Its own line: that of a kiosk that was here before may look like it for a moment.
        await self.shows(lambda view: view.line)
        row = await self.robot.until_ready(guest.reference)
        self.views.clear()
        self.robot.witness = None
        before = self.robot.call_id
        self.robot.call_in(row.audience_id)
        # The board comes after the call, and may still show the citizen waiting while both ends are long connected.
        async with asyncio.timeout(20):
            while not self._begun(guest.reference, before):
                # What was on its way to a call that is over is a problem of its own, and none of this call.
                with contextlib.suppress(RobotRefused):
                    await self.robot.until(lambda _: self._begun(guest.reference, before), 20, "begun")

    async def verified(self, seconds: float = 15.0) -> None:
        """Each decodes the other, and nobody else: they name each other, and show the same phrase."""
        async with asyncio.timeout(seconds):
            # Neither end tells of what the other decodes.
            while not (self._office_decodes() and self._kiosk_decodes()):  # noqa: ASYNC110 - there is no event to wait for
                await asyncio.sleep(0.05)
        assert self.robot.identity is not None
        assert str(self.robot.identity.name) == "urn:tawasul:madinah:kiosk:badr-1"
        assert self.kiosk.view.privacy == "verified"
        assert self.robot.refused is None
        assert self.kiosk.view.phrase == self.robot.phrase is not None

    async def ended(self, seconds: float = 10.0) -> tuple[str | None, str | None]:
        """Why the office and why the kiosk will not go on, once neither does: the code that each says, or `TOLD`."""
        async with asyncio.timeout(seconds):
            while not (self.robot.refused or self.robot.ended):
                # What was on its way to a call that is over is a problem of its own, and none of this call.
                with contextlib.suppress(RobotRefused):
                    await self.robot.until(lambda them: them.refused or them.ended, seconds, "office-ended")
        async with asyncio.timeout(seconds):
            while not (self.views and self.kiosk.view.state is KioskState.ENDED):
                self._seen.clear()
                await self._seen.wait()
        assert self.kiosk.view.because == "not-private"
        assert self.robot.refused or (self.robot.ended and self.robot.ended.because == "not-private")
        codes = self.robot.refused, self.kiosk.view.privacy
        first, second = (TOLD if code in {None, RefusedByOther.code} else code for code in codes)
        return first, second

    async def shows(self, holds: Callable[[View], bool], seconds: float = 10.0) -> None:
        """Wait until the kiosk's screen has come to show something, in the present call."""
        async with asyncio.timeout(seconds):
            while not (self.views and holds(self.views[-1])):
                self._seen.clear()
                await self._seen.wait()

    def nothing_was_played(self) -> bool:
        """Neither victim decoded a single picture or a moment of sound, of whomever."""
        return all(
            witness is None or (witness.picture.frames == 0 and witness.sound.seconds == 0)
            for witness in (self.kiosk.witness, self.robot.witness)
        )

    async def clear(self) -> None:
        """Whatever goes on is over, and the citizen waits again. The hostile server hears the last hanging up."""
        await self.robot.closed()
        guest = self.service.audience_at("badr-1")
        row = self.robot.row(guest.reference)
        while row is not None and row.state != "arrived":
            assert self.robot.call_id is not None
            self.robot._link.say(HangUp(call_id=self.robot.call_id))
            with contextlib.suppress(TimeoutError, RobotRefused):
                async with asyncio.timeout(1):
                    await self.robot.until(lambda _: self._waits(guest.reference), 5, "cleared")
            row = self.robot.row(guest.reference)
        await self._over()

    async def loot(self) -> list[Row]:
        """What the server decoded of both ends, once the attack is over."""
        await self.clear()
        await self.service.looted("media", lambda row: row["from"] == "office")
        return self.service.loot("media")

    async def _over(self) -> None:
        """The office is told that its last call is over; the board says before it that the citizen waits again.

        An end that was told while the office had no line is told no more: then there is no such call.
        """
        async with asyncio.timeout(15):
            while self.robot.call_id is not None and self.robot.ended is None:
                try:
                    await self.robot.until(lambda them: them.ended, 3, "ended")
                except RobotWaited:
                    self.robot._link.say(HangUp(call_id=self.robot.call_id))
                except RobotRefused as refused:
                    if refused.code == "no-such-call":
                        return

    def _begun(self, reference: str, before: str | None) -> bool:
        return self.robot.call_id != before and (self.robot.ended is not None or not self._waits(reference))

    def _waits(self, reference: str) -> bool:
        row = self.robot.row(reference)
        return row is not None and row.state == "arrived"

    def _office_decodes(self) -> bool:
        return decodes(self.robot.witness, KIOSK)

    def _kiosk_decodes(self) -> bool:
        return decodes(self.kiosk.witness, OFFICE) and self.kiosk.view.privacy == "verified"


@contextlib.asynccontextmanager
async def a_pair(
    service: HostileService,
    cookie: str,
    trust: MadeTrust,
    *,
    kiosk: Identity | None = None,
    office: Credentials | None = None,
    office_trust: Trust | None = None,
    kiosk_source: CodedSource = KIOSK,
    rekey_every: float = 300.0,
) -> AsyncIterator[Pair]:
    """Both, with honest certificates of `trust` unless others are given; the kiosk's citizen is checked in."""
    pair: Pair | None = None
    station = Station(
        kiosk_id="badr-1",
        key=DeviceKey.load_or_create(service.kiosk_key("badr-1")),
        identity=kiosk or trust.identity(DeviceRole.KIOSK, "badr-1"),
        source=kiosk_source,
        link=lambda tell: Link(line_address(service.address, "kiosk"), tell),
        references=(service.audience_at("badr-1").reference,),
        show=lambda view: pair.see(view) if pair is not None else None,
        rekey_every=rekey_every,
    )
    running = asyncio.create_task(station.run())
    try:
        async with office_robot(
            service.address,
            cookie=cookie,
            credentials=office or trust.credentials(DeviceRole.OFFICE, "emirate"),
            trust=office_trust or trust.trust(),
            source=OFFICE,
            rekey_every=rekey_every,
        ) as robot:
            pair = Pair(service, station, robot, [station.view])
            yield pair
            await pair.clear()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def decodes(witness: Witness | None, source: CodedSource, pictures: int = 3) -> bool:
    """Whether this source is seen and heard."""
    if witness is None or witness.picture.pattern is None or witness.sound.last is None:
        return False
    heard = witness.sound.last
    return (
        witness.picture.patterns >= pictures
        and witness.picture.pattern.identity == source.identity
        and abs(heard.frequency - source.hertz) < 6
    )


def understood(rows: list[Row]) -> list[Row]:
    """Those of the loot in which anything was decoded."""
    return [row for row in rows if row["pictures"] or row["tone"] or row["sound"]]
