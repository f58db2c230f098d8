"""The relay is killed in the middle of a call: the server starts another, and the call is made anew without a click."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from support.coming import comes
from support.native_pair import CITIZEN, OFFICE, a_native_pair

from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource

pytestmark = pytest.mark.realtime


def sees(source: CodedSource, witness: Witness) -> bool:
    pattern = witness.picture.pattern
    return witness.picture.patterns > 5 and pattern is not None and pattern.identity == source.identity


async def test_the_call_comes_back_over_the_new_relay(tmp_path: Path) -> None:
    async with a_native_pair(tmp_path, TAWASUL_ICE__KIOSK_POLICY="relay") as pair:
        service, kiosk, robot = pair.service, pair.kiosk, pair.robot
        await pair.call_in()
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
            await comes(witness, lambda of, source=source: sees(source, of), 15)
