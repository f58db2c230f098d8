"""A relay that is dead: where a path without one is allowed, a kiosk's call to a native office comes about by that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.coming import comes
from support.native_pair import a_native_pair
from support.relay_silence import silence

pytestmark = pytest.mark.realtime

GIVEN_UP = 60.0
"""Seconds after which the server gives a call up that has not come about."""


async def test_the_call_comes_about_straight(tmp_path: Path) -> None:
    """Both ends look for a relay for eight seconds, and have to meet in the seven that are left of the attempt."""
    with silence() as (mute, _):
        dead = {"host": mute.host, "port": mute.port, "transports": ["udp", "tcp"]}
        async with a_native_pair(tmp_path, TAWASUL_ICE__RELAYS=json.dumps([dead])) as pair:
            await pair.call_in()
            await pair.robot.until_in_call(GIVEN_UP)
            assert pair.robot.path == "host"
            assert pair.kiosk.witness is not None
            await comes(pair.kiosk.witness, lambda seen: seen.picture.frames > 0 and seen.sound.seconds > 0, 15)
