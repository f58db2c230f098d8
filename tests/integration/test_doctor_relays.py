"""What the doctor says of a fleet: of real relays, and of silence."""

from __future__ import annotations

import asyncio
from pathlib import Path

from support.relay_process import address_of, running_relay
from support.relay_silence import HOST, silence

from signaling.ice import RelayPlace
from tawasul.doctor.finding import Finding, State
from tawasul.doctor.relays import relays


async def test_each_relay_is_told_of_by_what_it_answers(tmp_path: Path) -> None:
    async with running_relay(tmp_path, addresses=(HOST,)) as relay:
        port = address_of(relay, HOST)[1]
        with silence() as (mute, deaf):
            well = RelayPlace(host=HOST, port=port)
            half = RelayPlace(host="localhost", port=port, tls_port=deaf.port, transports=("tcp", "tls"))
            gone = RelayPlace(host=HOST, port=mute.port, transports=("udp",))
            findings = await asyncio.to_thread(lambda: list(relays((well, half, gone), secret_given=True)))

    assert [finding.state for finding in findings] == [State.OK, State.WARNING, State.WRONG]
    assert "does not answer by TLS" in findings[1].sentence.english
    assert "not answer at all" in findings[2].sentence.english


def test_a_fleet_without_a_shared_secret_is_wrong() -> None:
    found: list[Finding] = list(relays((), secret_given=False))
    assert found == [], "the embedded relay needs none"
    with silence() as (mute, _):
        place = RelayPlace(host=HOST, port=mute.port, transports=("udp",))
        first = next(relays((place,), secret_given=False))
    assert first.state is State.WRONG
    assert "secret" in first.sentence.english
