"""A kiosk and an office's robot, both native, before a running service: each shows what the other can recognise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from support.endpoints import session_cookie
from support.service import Service, a_service
from support.trust import make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from tawasul.e2ee.names import DeviceRole
from tawasul.office_client.robot import OfficeRobot, office_robot
from tawasul.store.demo import SampleAudience

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)


@dataclass(frozen=True)
class NativePair:
    """Both ends, and the citizen who is to be called in."""

    service: Service
    guest: SampleAudience
    kiosk: Station
    robot: OfficeRobot

    async def call_in(self) -> None:
        """As soon as the citizen is there."""
        await self.robot.until_ready(self.guest.reference)
        self.robot.call_in(self.guest.audience_id)


@asynccontextmanager
async def a_native_pair(folder: Path, **environment: str) -> AsyncIterator[NativePair]:
    """The kiosk is badr-1, and checks its citizen in by itself. ``environment``: of the service."""
    async with a_service(folder, **environment) as service:
        guest = service.audience_at("badr-1")
        config = KioskConfig(
            server=service.address,
            kiosk_id="badr-1",
            key_file=service.kiosk_key("badr-1"),
            check_in=(guest.reference,),
        )
        trust = make_trust()
        kiosk = station(config, source=CITIZEN, identity=trust.identity(DeviceRole.KIOSK, "badr-1"))
        running = asyncio.create_task(kiosk.run())
        try:
            async with office_robot(
                service.address,
                cookie=await session_cookie(service, "office"),
                credentials=trust.credentials(DeviceRole.OFFICE, "emirate"),
                trust=trust.trust(),
                source=OFFICE,
            ) as robot:
                yield NativePair(service, guest, kiosk, robot)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
