"""A whole call between two ends for which UDP to the relay is blocked: found, spoken by TCP and TLS, and remembered."""

from __future__ import annotations

import json
import time
from functools import partial
from pathlib import Path

import pytest
from support.relay_client import credentials
from support.relay_process import eventually, last_statistics, running_relay
from support.relay_silence import silence
from support.relay_stream import HOST, identity, port_of
from support.secured_pair import secured_pair

from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.relays import Relays
from tawasul.protocol.ice import IceConfiguration, IceServer
from tawasul.protocol.relay_url import RelayUrl, Transport

pytestmark = pytest.mark.realtime

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)


@pytest.mark.parametrize("transport", ["tcp", "tls"])
async def test_where_udp_is_blocked_media_flow_by_a_stream(tmp_path: Path, transport: Transport) -> None:
    ours = identity(tmp_path)
    memory = tmp_path / "badr-1.relay.json"
    async with running_relay(tmp_path / "relay", addresses=(HOST,), **ours.settings) as relay:
        with silence() as (mute, _):
            ice = _offered(mute, RelayUrl(HOST, port_of(relay, transport), transport))
            relays = Relays(memory, ours.certificate), Relays(authority=ours.certificate)
            async with secured_pair(CITIZEN, OFFICE, ice=(ice, ice), relays=relays) as (citizen, office):
                for end, source in ((office, CITIZEN), (citizen, OFFICE)):
                    seen = end.conversation.witness
                    assert await seen.until(partial(_sees_and_hears, source), 40), end.went_wrong
                await eventually(lambda: citizen.decoding is not None and office.decoding is not None)
                assert citizen.decoding is not None
                assert (citizen.decoding.path, citizen.decoding.via) == ("relay", transport)
        counted = await last_statistics(relay)

    assert json.loads(memory.read_text())["transport"] == transport
    assert counted["to_peers"]["packets"] > 100


def _sees_and_hears(source: CodedSource, witness: Witness) -> bool:
    picture, sound = witness.picture, witness.sound.last
    return (
        picture.patterns >= 10
        and picture.pattern is not None
        and picture.pattern.identity == source.identity
        and sound is not None
        and abs(sound.frequency - source.hertz) < 6
    )


def _offered(*urls: RelayUrl) -> IceConfiguration:
    account = credentials("call-1.citizen@badr", expires_at=time.time() + 600)
    server = IceServer(urls=tuple(map(str, urls)), username=account.username, credential=account.password)
    return IceConfiguration(servers=(server,), policy="relay")
