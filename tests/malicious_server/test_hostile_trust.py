"""What a thief of the issuer's key can do, what a lying server can say of who is there, and what happens when it tells
nobody that a call is over."""

from __future__ import annotations

import json

import pytest
from support.coming import comes
from support.hostile_impostor import own_device, told_of
from support.hostile_native import cookie, pair, service, shared, trust
from support.hostile_pair import FALSE, KIOSK, OFFICE, TOLD, Pair, understood
from support.trust import MadeTrust, make_trust

from kiosk_client.core.kiosk_events import KioskState
from tawasul.e2ee.names import DeviceRole
from tawasul.office_client.robot import RobotWaited

__all__ = ["cookie", "pair", "service", "shared", "trust"]
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.realtime]

KIOSK_ROLE, OFFICE_ROLE = DeviceRole.KIOSK, DeviceRole.OFFICE


def impersonate(pair: Pair, trust: MadeTrust, **more: object) -> None:
    """From now on the middle shows both ends certificates that the issuer's own key signed."""
    told = {
        "anchor": json.loads(trust.anchor.to_json()),
        "kiosk": "badr-1",
        "office": told_of(trust.credentials(OFFICE_ROLE, "emirate")),
        "citizen": told_of(trust.credentials(KIOSK_ROLE, "badr-1")),
    }
    pair.service.plan("impostor", **(told | more))


async def both_see_the_middle(pair: Pair) -> None:
    """Each victim believes that it is with the other, and sees and hears the middle."""
    await pair.robot.until(lambda them: them.phrase is not None, 10, "phrase")
    await pair.shows(lambda view: view.phrase is not None)
    for witness in (pair.robot.witness, pair.kiosk.witness):
        assert witness is not None
        await comes(
            witness, lambda seen: seen.picture.pattern is not None and seen.picture.pattern.identity in FALSE, 10
        )


@pytest.mark.parametrize("who", ["office", "kiosk"])
async def test_with_the_issuers_key_stolen_the_phrase_differs_and_whoever_says_so_ends_it(
    pair: Pair, trust: MadeTrust, who: str
) -> None:
    """The one attack that certificates do not stop. It is heard and seen until somebody compares; the threat model
    says so, and this test, exactly."""
    impersonate(pair, trust)
    await pair.call()
    await both_see_the_middle(pair)
    assert pair.robot.phrase != pair.kiosk.view.phrase
    shown = {row["towards"]: row["phrase"] for row in pair.service.loot("handshake")}
    assert shown == {"office": pair.robot.phrase, "citizen": pair.kiosk.view.phrase}
    if who == "office":
        pair.robot.compare(same=False)
    else:
        pair.kiosk.compare(same=False)
    codes = await pair.ended()
    assert codes[who == "kiosk"] == "phrase-differs"
    assert pair.service.alarms()["office" if who == "office" else "citizen"] == "phrase-differs"
    taken = {row["from"]: row for row in await pair.loot()}
    assert taken["citizen"]["identity"] == KIOSK.identity
    assert taken["office"]["identity"] == OFFICE.identity


async def test_a_thief_of_the_issuers_key_cannot_bring_both_phrases_to_the_same(pair: Pair, trust: MadeTrust) -> None:
    """Each end's part is committed to before the other's is seen: every attempt is one throw of a die of a million."""
    impersonate(pair, trust)
    for _ in range(4):
        await pair.call()
        await pair.robot.until(lambda them: them.phrase is not None, 10, "phrase")
        await pair.shows(lambda view: view.phrase is not None)
        assert pair.robot.phrase != pair.kiosk.view.phrase
        await pair.clear()


async def test_a_kiosk_of_which_the_server_lies_is_not_taken_for_another(pair: Pair) -> None:
    pair.service.plan("other-device", device="yanbu-1")
    await pair.call()
    assert await pair.ended() == ("certificate-place-wrong", TOLD)
    assert pair.nothing_was_played()


async def test_a_kiosk_that_the_server_calls_somebodys_own_device_shows_its_certificate_all_the_same(
    pair: Pair,
) -> None:
    pair.service.plan("other-device", device=None)
    await pair.call()
    await pair.verified()


async def test_without_a_certificate_nobody_is_a_kiosk(pair: Pair, trust: MadeTrust) -> None:
    impersonate(pair, trust, office=None, citizen=told_of(own_device()))
    await pair.call()
    assert (await pair.ended(20))[0] == "certificate-missing"
    assert understood(await pair.loot()) == []
    assert pair.nothing_was_played()


async def test_whoever_the_server_lets_in_as_a_citizens_own_device_is_never_verified_by_that(
    pair: Pair, trust: MadeTrust
) -> None:
    """The server may call anybody a citizen at their own location. The office then sees no name, and has to compare
    the phrase with somebody; the real kiosk refuses, and is not in that call."""
    own_office = make_trust().credentials(OFFICE_ROLE, "emirate")
    impersonate(pair, trust, office=told_of(own_office), citizen=told_of(own_device()), own_location=True, silent=True)
    await pair.call()
    await pair.shows(lambda view: view.state is KioskState.ENDED)
    assert pair.kiosk.view.privacy == "chain-wrong"
    await pair.robot.until(lambda them: them.phrase is not None, 10, "phrase")
    assert pair.robot.identity is None
    assert pair.robot._conversation is not None
    assert pair.robot._conversation.session is not None
    assert not pair.robot._conversation.session.both_certified
    assert pair.kiosk.witness is not None
    assert pair.kiosk.witness.picture.frames == 0
    pair.robot.compare(same=False)
    await pair.robot.until(lambda them: them.refused == "phrase-differs", 5, "refused")
    taken = {row["from"]: row for row in await pair.loot()}
    assert understood([taken["citizen"]]) == []


@pytest.mark.parametrize("who", ["office", "kiosk"])
async def test_a_call_ends_on_both_ends_though_the_server_hears_of_no_end(pair: Pair, who: str) -> None:
    pair.service.plan("none", silent=True, deaf=True)
    await pair.call()
    await pair.verified()
    seen = pair.robot.witness, pair.kiosk.witness
    if who == "kiosk":
        pair.kiosk.hang_up()
        await pair.robot.until(lambda them: them._conversation is None, 5, "told")
    else:
        with pytest.raises(RobotWaited):
            await pair.robot.hang_up(1)
    await pair.shows(lambda view: view.state is KioskState.ENDED)
    await pair.robot.closed()
    assert all(witness is not None and not witness._tasks for witness in seen), "both have stopped listening"


async def test_a_phrase_that_differs_ends_it_though_the_server_swallows_the_alarm(pair: Pair) -> None:
    pair.service.plan("none", silent=True)
    await pair.call()
    await pair.verified()
    pair.robot.compare(same=False)
    await pair.robot.until(lambda them: them.refused == "phrase-differs", 5, "refused")
    await pair.shows(lambda view: view.privacy != "verified")
    await pair.robot.closed()
    assert pair.service.alarms() == {"office": "phrase-differs"}
