"""A relay that is dead: where a path without one is allowed, a kiosk's call to a native office comes about by that."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from support.endpoints import session_cookie
from support.relay_silence import silence
from support.service import a_service
from support.trust import make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from tawasul.e2ee.names import DeviceRole
from tawasul.office_client.robot import office_robot

pytestmark = pytest.mark.realtime

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)
GIVEN_UP = 60.0
"""Seconds after which the server gives a call up that has not come about."""


async def test_the_call_comes_about_straight(tmp_path: Path) -> None:
    """Both ends look for a relay for eight seconds, and have to meet in the seven that are left of the attempt."""
    with silence() as (mute, _):
        dead = {"host": mute.host, "port": mute.port, "transports": ["udp", "tcp"]}
        async with a_service(tmp_path, TAWASUL_ICE__RELAYS=json.dumps([dead])) as service:
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
                    await robot.until_ready(guest.reference)
                    robot.call_in(guest.audience_id)
                    await robot.until_in_call(GIVEN_UP)
                    assert robot.path == "host"
                    assert kiosk.witness is not None
                    assert await kiosk.witness.until(
                        lambda seen: seen.picture.frames > 0 and seen.sound.seconds > 0, 15
                    )
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
