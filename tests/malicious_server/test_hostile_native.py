"""The malicious server against a native kiosk and a native office: nothing is understood in the middle, nothing of it
is played, and both ends say what is wrong.

Every attack is on a live call: real lines, real DTLS, real media. That the program would understand what is not
protected is shown by `test_hostile_control.py`.
"""

from __future__ import annotations

import json
import time

import pytest
from support.hostile_impostor import told_of
from support.hostile_native import cookie, pair, service, shared, trust
from support.hostile_pair import Pair, understood
from support.trust import REGION, MadeTrust, make_trust

from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.names import DeviceName, DeviceRole

__all__ = ["cookie", "pair", "service", "shared", "trust"]
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.realtime]

KIOSK, OFFICE = DeviceRole.KIOSK, DeviceRole.OFFICE


@pytest.mark.parametrize(
    ("place", "level"),
    [
        ("instead", "media"),
        ("before", "media"),
        ("after", "media"),
        ("instead", "session"),
        ("before", "session"),
        ("after", "session"),
        ("after", "hidden"),
    ],
)
async def test_a_fingerprint_of_the_server_is_never_used(pair: Pair, place: str, level: str) -> None:
    pair.service.plan("fingerprints", place=place, level=level)
    await pair.call()
    await pair.verified()


async def test_dtls_that_ends_in_the_middle_is_noticed_by_each_end_for_itself(pair: Pair) -> None:
    pair.service.plan("middle", silent=True)
    await pair.call()
    assert await pair.ended() == ("certificate-in-use-wrong", "certificate-in-use-wrong")
    assert understood(await pair.loot()) == []
    assert pair.nothing_was_played()


@pytest.mark.parametrize(
    ("forgery", "codes"),
    [
        ("own-ca", ("chain-wrong", "chain-wrong")),
        ("other-enrolled", ("certificate-place-wrong", "certificate-role-wrong")),
        ("other-office", ("certificate-role-wrong", "certificate-place-wrong")),
        ("chains-off-the-wire", ("key-mismatch", "key-mismatch")),
        ("expired", ("certificate-expired", "certificate-expired")),
    ],
)
async def test_seals_made_anew_in_the_middle_are_refused_at_both_ends(
    pair: Pair, trust: MadeTrust, forgery: str, codes: tuple[str, str]
) -> None:
    """The whole of it: DTLS, handshake and frames, with every key that an attacker may have."""
    towards_kiosk, towards_office = _forged(forgery, trust)
    pair.service.plan(
        "impostor",
        anchor=json.loads(trust.anchor.to_json()),
        kiosk="badr-1",
        office=told_of(towards_kiosk),
        citizen=told_of(towards_office),
        silent=True,
    )
    await pair.call()
    assert await pair.ended() == codes
    assert understood(await pair.loot()) == []
    assert pair.nothing_was_played()


def _forged(forgery: str, trust: MadeTrust) -> tuple[Credentials, Credentials]:
    """What is shown to the kiosk, and what to the office: keys and chains, under the names that are wanted."""
    match forgery:
        case "own-ca":
            own = make_trust()
            shown = own.credentials(OFFICE, "emirate"), own.credentials(KIOSK, "badr-1")
        case "other-enrolled":
            yanbu = trust.credentials(KIOSK, "yanbu-1")
            shown = yanbu, yanbu
        case "other-office":
            other = trust.credentials(OFFICE, "elsewhere")
            shown = other, other
        case "chains-off-the-wire":
            ours = make_trust().credentials(OFFICE, "emirate").key
            shown = (
                Credentials(ours, trust.credentials(OFFICE, "emirate").chain),
                Credentials(ours, trust.credentials(KIOSK, "badr-1").chain),
            )
        case "expired":
            issued = time.time() - 4 * 86_400
            shown = (
                trust.credentials(OFFICE, "emirate", issued=issued),
                trust.credentials(KIOSK, "badr-1", issued=issued),
            )
    names = DeviceName(REGION, OFFICE, "emirate"), DeviceName(REGION, KIOSK, "badr-1")
    first, second = (Credentials(each.key, each.chain, name) for each, name in zip(shown, names, strict=True))
    return first, second
