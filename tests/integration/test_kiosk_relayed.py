"""Relayed paths only: two native peers through an independent TURN server, neither seeing the other's address."""

import re
from pathlib import Path

import pytest
from support.coming import comes
from support.media_pair import KEYS, End, connect, hears, sees
from support.media_turn import coturn

from kiosk_client.media.sources import CodedSource
from tawasul.e2ee.pinning import fingerprint_of

pytestmark = pytest.mark.realtime

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)


async def test_a_call_over_a_relay_alone(tmp_path: Path) -> None:
    async with coturn(tmp_path) as ice:
        citizen = await End().open(CITIZEN, offers=True, ice=ice)
        office = await End().open(OFFICE, offers=False, ice=ice)
        try:
            offer = await citizen.peer.offer()
            kinds = set(re.findall(r"a=candidate:.* typ (\w+)", offer))
            assert kinds == {"relay"}
            assert set(re.findall(r"raddr (\S+)", offer)) == {"0.0.0.0"}  # RFC 8839, section 5.1: hidden
            answer = await office.peer.answer(offer, fingerprint_of(offer))
            await citizen.peer.take_answer(answer, fingerprint_of(answer))
            for end in (citizen, office):
                end.peer.guard.unlock(KEYS)
            await comes(office.witness, lambda _: sees(office, CITIZEN.identity) and hears(office, CITIZEN.hertz), 20)
            await comes(citizen.witness, lambda _: sees(citizen, OFFICE.identity) and hears(citizen, OFFICE.hertz), 20)
            assert citizen.peer.path() == office.peer.path() == "relay"
        finally:
            await citizen.close()
            await office.close()


async def test_where_both_are_allowed_the_straight_path_is_taken(tmp_path: Path) -> None:
    async with coturn(tmp_path) as relay_only:
        ice = relay_only.model_copy(update={"policy": "all"})
        citizen = await End().open(CITIZEN, offers=True, ice=ice)
        office = await End().open(OFFICE, offers=False, ice=ice)
        try:
            await connect(citizen, office)
            await comes(office.witness, lambda _: sees(office, CITIZEN.identity), 20)
            assert citizen.peer.path() == "host"
        finally:
            await citizen.close()
            await office.close()
