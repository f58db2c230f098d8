"""The whole way over the real service and relay: a kiosk checks its citizen in, the office's robot receives them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from support.call_service import PASSWORD, Service, running_service, settings_of

from kiosk_client.config import KioskConfig
from kiosk_client.core.kiosk_events import KioskState
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from kiosk_client.vault import DeviceKey
from tawasul.administration import register_kiosk
from tawasul.domain.audience import State
from tawasul.domain.outcome import Directive
from tawasul.office_client.robot import OfficeRobot, RobotRefused, office_robot

pytestmark = pytest.mark.realtime

KIOSK = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)


async def cookie_of(service: Service) -> str:
    """The Cookie header of the office, signed in."""
    async with httpx.AsyncClient(base_url=service.address, headers={"origin": service.address}) as client:
        answer = await client.post("/api/session", json={"user_name": "office", "password": PASSWORD})
        answer.raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@dataclass
class Place:
    """A service, a kiosk that runs, an office, and the citizen who waits."""

    service: Service
    station: Station
    robot: OfficeRobot
    audience_id: str
    reference: str


@asynccontextmanager
async def place(folder: Path) -> AsyncIterator[Place]:
    async with running_service(folder / "service") as service:
        guest = next(each for each in service.demo.audiences if each.kiosk_id == "badr-1")
        key = DeviceKey.load_or_create(folder / "kiosk.key")
        await register_kiosk(settings_of(service.directory), "badr-1", key.public_text)
        config = KioskConfig(
            server=service.address, kiosk_id="badr-1", key_file=folder / "kiosk.key", check_in=(guest.reference,)
        )
        kiosk = station(config, source=KIOSK)
        running = asyncio.create_task(kiosk.run())
        try:
            async with office_robot(service.address, cookie=await cookie_of(service)) as robot:
                yield Place(service, kiosk, robot, guest.audience_id, guest.reference)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


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
    assert await robot.witness.until(lambda witness: decodes(witness, KIOSK), 15)
    assert await kiosk.witness.until(lambda witness: decodes(witness, OFFICE), 15)


async def test_from_checking_in_to_the_directive(tmp_path: Path) -> None:
    async with (
        place(tmp_path) as here,
        office_robot(here.service.address, cookie=await cookie_of(here.service)) as robot,
    ):
        row = await robot.until_ready(here.reference)
        assert (row.audience_id, row.venue, row.position) == (here.audience_id, "kiosk", 1)
        robot.call_in(row.audience_id)
        await robot.until_in_call()
        await both_decode(here.station, robot)
        assert here.station.view.state is KioskState.IN_CALL
        assert robot.path == here.station.view.path
        assert robot.called_in_at is not None
        for witness in (robot.witness, here.station.witness):
            assert witness is not None
            assert witness.picture.first_at is not None
            assert 0 < witness.picture.first_at - robot.called_in_at < 5

        told = await robot.conclude(row.audience_id, "يُتابَع الطلب مع الجهة المختصة.")
        assert told.directed
        audience = await here.service.audience(row.audience_id)
        assert audience.state is State.CONCLUDED
        assert isinstance(audience.outcome, Directive)
        await robot.until(lambda _: here.station.view.state is KioskState.ENDED, 5, "kiosk-told")
        assert here.station.view.because == "concluded"


async def test_a_server_killed_in_mid_call_is_not_noticed_by_the_media(tmp_path: Path) -> None:
    async with (
        place(tmp_path) as here,
        office_robot(here.service.address, cookie=await cookie_of(here.service)) as robot,
    ):
        row = await robot.until_ready(here.reference)
        robot.call_in(row.audience_id)
        await robot.until_in_call()
        await both_decode(here.station, robot)
        assert robot.witness is not None
        witness = robot.witness
        await here.service.kill()
        await robot.until(lambda _: not robot.line and not here.station.view.line, 10, "lines-lost")
        before = witness.picture.patterns
        await here.service.start()
        await robot.until(lambda _: robot.line and here.station.view.line, 20, "lines-back")
        assert robot.witness is witness  # no new attempt was made
        assert await witness.until(lambda seen: decodes(seen, KIOSK, before + 24), 10)
        await robot.until(lambda _: robot.phase == "in-call", 10, "in-call")
        assert (here.station.view.state, robot.attempts) == (KioskState.IN_CALL, 1)
        assert (await robot.hang_up()).because == "office-hung-up"
        await robot.until(lambda _: here.station.view.state is KioskState.ENDED, 5, "kiosk-told")


async def test_what_the_service_refuses_is_told_to_the_robot(tmp_path: Path) -> None:
    async with (
        running_service(tmp_path / "service") as service,
        office_robot(service.address, cookie=await cookie_of(service)) as robot,
    ):
        absent = next(each for each in service.demo.audiences if each.kiosk_id == "badr-1")
        robot.call_in(absent.audience_id)
        with pytest.raises(RobotRefused) as refused:
            await robot.until_in_call(5)
        assert refused.value.code in {"venue-not-connected", "unlawful-transition"}
