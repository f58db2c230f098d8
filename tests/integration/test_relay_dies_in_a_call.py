"""The relay is killed in the middle of a call: the server starts another, and the call is made anew without a click."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from support.endpoints import session_cookie
from support.service import a_service
from support.trust import make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from tawasul.e2ee.names import DeviceRole
from tawasul.office_client.robot import office_robot

pytestmark = pytest.mark.realtime

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)


def sees(source: CodedSource, witness: Witness) -> bool:
    pattern = witness.picture.pattern
    return witness.picture.patterns > 5 and pattern is not None and pattern.identity == source.identity


async def test_the_call_comes_back_over_the_new_relay(tmp_path: Path) -> None:
    async with a_service(tmp_path, TAWASUL_ICE__KIOSK_POLICY="relay") as service:
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
                await robot.until_in_call()
                first, call_id = service.relay_pid, robot.call_id
                os.kill(first, signal.SIGKILL)
                await robot.until(lambda them: them.phase == "reconnecting", 15, "noticed")
                await robot.until_in_call(40)
                assert robot.call_id == call_id, "the same call"
                assert robot.attempts >= 2
                assert service.relay_pid != first
                assert robot.path == "relay"
                for witness, source in ((robot.witness, CITIZEN), (kiosk.witness, OFFICE)):
                    assert witness is not None
                    assert await witness.until(lambda of, source=source: sees(source, of), 15)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
