"""The whole way over the real service and relay: a kiosk checks its citizen in, the office's robot receives them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from support.coming import comes
from support.service import Service, a_service
from support.trust import make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.core.kiosk_events import KioskState
from kiosk_client.identity import Identity
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from tawasul.domain.audience import Audience, AudienceId, State
from tawasul.domain.outcome import Directive
from tawasul.e2ee.names import DeviceRole
from tawasul.office_client.robot import OfficeRobot, RobotRefused, RobotWaited, office_robot
from tawasul.own_database import open_database

pytestmark = pytest.mark.realtime

KIOSK = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)


async def cookie_of(service: Service) -> str:
    """The Cookie header of the office, signed in."""
    async with httpx.AsyncClient(base_url=service.address, headers={"origin": service.address}) as client:
        answer = await client.post("/api/session", json={"user_name": "office", "password": service.password("office")})
        answer.raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@dataclass
class Place:
    """A service, a kiosk that runs, an office, and the citizen who waits."""

    service: Service
    robot: OfficeRobot
    config: KioskConfig
    audience_id: str
    reference: str
    identity: Identity
    station: Station = field(init=False)
    _running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Switch the kiosk on."""
        self.station = station(self.config, source=KIOSK, identity=self.identity)
        self._running = asyncio.create_task(self.station.run())

    async def stop(self) -> None:
        """Switch it off."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def restart(self) -> None:
        """Off and on: it forgets everything but its key and what it was told to check in."""
        await self.stop()
        self.start()


@asynccontextmanager
async def place(folder: Path, **environment: str) -> AsyncIterator[Place]:
    async with a_service(folder, **environment) as service:
        guest = service.audience_at("badr-1")
        config = KioskConfig(
            server=service.address,
            kiosk_id="badr-1",
            key_file=service.kiosk_key("badr-1"),
            check_in=(guest.reference,),
        )
        trust = make_trust()
        async with office_robot(
            service.address,
            cookie=await cookie_of(service),
            credentials=trust.credentials(DeviceRole.OFFICE, "emirate"),
            trust=trust.trust(),
        ) as robot:
            kiosk = trust.identity(DeviceRole.KIOSK, "badr-1")
            here = Place(service, robot, config, guest.audience_id, guest.reference, kiosk)
            here.start()
            try:
                yield here
            finally:
                await here.stop()


async def kept(service: Service, audience_id: str) -> Audience:
    """What the database holds of an audience."""
    database = open_database(service.settings)
    try:
        async with database.unit_of_work(reading=True) as work:
            return await work.audiences.get(AudienceId(audience_id))
    finally:
        await database.close()


def decodes(witness: Witness | None, source: CodedSource, pictures: int = 10) -> bool:
    """Whether the witness sees and hears this source now."""
    if witness is None or witness.picture.pattern is None or witness.sound.last is None:
        return False
    seen, heard = witness.picture, witness.sound.last
    return (
        seen.patterns >= pictures
        and seen.pattern is not None
        and seen.pattern.identity == source.identity
        and abs(heard.frequency - source.hertz) < 6
        and heard.purity > 0.9
    )


async def both_decode(kiosk: Station, robot: OfficeRobot) -> None:
    assert robot.witness is not None
    assert kiosk.witness is not None
    await comes(robot.witness, lambda witness: decodes(witness, KIOSK), 15)
    await comes(kiosk.witness, lambda witness: decodes(witness, OFFICE), 15)


@pytest.mark.parametrize("path", ["host", "relay"])
async def test_from_checking_in_to_the_directive(tmp_path: Path, path: str) -> None:
    async with place(tmp_path, TAWASUL_ICE__KIOSK_POLICY="all" if path == "host" else path) as here:
        robot = here.robot
        row = await robot.until_ready(here.reference)
        assert (row.audience_id, row.venue, row.position) == (here.audience_id, "kiosk", 1)
        robot.call_in(row.audience_id)
        await robot.until_in_call()
        await both_decode(here.station, robot)
        assert here.station.view.state is KioskState.IN_CALL
        assert robot.path == here.station.view.path == path
        assert robot.called_in_at is not None
        for witness in (robot.witness, here.station.witness):
            assert witness is not None
            assert witness.picture.first_at is not None
            assert witness.picture.first_at > robot.called_in_at

        told = await robot.conclude(row.audience_id, "يُتابَع الطلب مع الجهة المختصة.")
        assert told.directed
        audience = await kept(here.service, row.audience_id)
        assert audience.state is State.CONCLUDED
        assert isinstance(audience.outcome, Directive)
        await robot.until(lambda _: here.station.view.state is KioskState.ENDED, 5, "kiosk-told")
        assert here.station.view.because == "concluded"


async def test_a_server_killed_in_mid_call_is_not_noticed_by_the_media(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        robot = here.robot
        row = await robot.until_ready(here.reference)
        robot.call_in(row.audience_id)
        await robot.until_in_call()
        await both_decode(here.station, robot)
        assert robot.witness is not None
        witness = robot.witness
        here.service.kill()
        await robot.until(lambda _: not robot.line and not here.station.view.line, 10, "lines-lost")
        before = witness.picture.patterns
        await here.service.start()
        await robot.until(lambda _: robot.line and here.station.view.line, 20, "lines-back")
        assert robot.witness is witness  # no new attempt was made
        await comes(witness, lambda seen: decodes(seen, KIOSK, before + 24), 10)
        await robot.until(lambda _: robot.phase == "in-call", 10, "in-call")
        assert (here.station.view.state, robot.attempts) == (KioskState.IN_CALL, 1)
        assert (await robot.hang_up()).because == "office-hung-up"
        await robot.until(lambda _: here.station.view.state is KioskState.ENDED, 5, "kiosk-told")


async def test_media_that_break_and_a_kiosk_that_restarts_come_back_without_a_click(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        robot = here.robot
        row = await robot.until_ready(here.reference)
        robot.call_in(row.audience_id)
        await robot.until_in_call()
        await both_decode(here.station, robot)

        first = robot.witness
        robot._stop(goodbye=False)  # the office's connection breaks; its line to the service stands
        await robot.until(lambda _: robot.witness is not first, 10, "negotiated")
        await robot.until_in_call()
        await both_decode(here.station, robot)
        assert (robot.attempts, here.station.view.state) == (2, KioskState.IN_CALL)

        second = robot.witness
        await here.restart()
        await robot.until(lambda _: robot.witness is not second, 15, "negotiated")
        await robot.until_in_call()
        await both_decode(here.station, robot)
        told = await robot.conclude(row.audience_id, None)
        assert not told.directed


async def test_what_the_service_refuses_is_told_to_the_robot(tmp_path: Path) -> None:
    async with (
        a_service(tmp_path) as service,
        office_robot(
            service.address, cookie=await cookie_of(service), credentials=None, trust=make_trust().trust()
        ) as robot,
    ):
        robot.call_in(service.audience_at("badr-1").audience_id)
        with pytest.raises(RobotRefused) as refused:
            await robot.until_in_call(5)
        assert refused.value.code == "venue-not-connected"
        with pytest.raises(RobotWaited) as waited:
            await robot.until_ready("no-such", 0.2)
        assert waited.value.code == "citizen-ready"
