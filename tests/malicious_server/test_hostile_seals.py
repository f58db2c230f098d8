"""The malicious server changes, repeats, withholds, reorders and invents what the ends say in their handshake.

Each row names what each end says is wrong; in none of them does either end send or play anything.
"""

from __future__ import annotations

import asyncio
import json

import pytest
from support.hostile_impostor import told_of
from support.hostile_native import cookie, pair, service, shared, trust
from support.hostile_pair import TOLD, Pair, understood
from support.trust import MadeTrust

from tawasul.e2ee import handshake_citizen, handshake_office
from tawasul.e2ee.names import DeviceRole

__all__ = ["cookie", "pair", "service", "shared", "trust"]
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.realtime]


@pytest.mark.parametrize(
    ("on", "how", "office", "kiosk"),
    [
        ("init", "truncated", "seal-malformed", TOLD),
        ("resp", "truncated", TOLD, "seal-malformed"),
        ("reveal", "truncated", "seal-malformed", TOLD),
        ("init", "flipped", "signature-wrong", TOLD),
        ("resp", "flipped", TOLD, "signature-wrong"),
        ("reveal", "flipped", "confirmation-wrong", TOLD),
        ("init", "twice", "seal-repeated", TOLD),
        ("resp", "twice", TOLD, "seal-repeated"),
        ("init", "oversized", "seal-too-large", TOLD),
        ("resp", "oversized", TOLD, "seal-too-large"),
        ("init", "junk", "seal-malformed", TOLD),
        ("resp", "junk", TOLD, "seal-malformed"),
        ("init", "extended", "seal-malformed", TOLD),
        ("reveal", "extended", "seal-malformed", TOLD),
        ("init", "early", "seal-out-of-order", TOLD),
        ("resp", "early", TOLD, "seal-out-of-order"),
        ("init", "reflected", TOLD, "seal-out-of-order"),
        ("resp", "reflected", "seal-out-of-order", TOLD),
        ("init", "relabelled", TOLD, "seal-malformed"),
        ("resp", "relabelled", "seal-out-of-order", TOLD),
        ("resp", "lied_about", TOLD, TOLD),
    ],
)
async def test_a_seal_that_was_treated_badly_ends_the_call(
    pair: Pair, on: str, how: str, office: str, kiosk: str
) -> None:
    pair.service.plan("tampered", on=on, how=how)
    await pair.call()
    assert await pair.ended() == (office, kiosk)
    assert pair.nothing_was_played()


@pytest.mark.parametrize(("how", "code"), [("flipped", "confirmation-wrong"), ("junk", "seal-malformed")])
async def test_a_confirmation_that_was_changed_leaves_the_office_alone_and_the_kiosk_unconvinced(
    pair: Pair, how: str, code: str
) -> None:
    """The office has had its proof by then; the kiosk has not, and sends and plays nothing."""
    pair.service.plan("tampered", on="conf", how=how)
    await pair.call()
    assert await pair.ended() == (TOLD, code)
    assert pair.nothing_was_played()


@pytest.mark.parametrize(("on", "office", "kiosk"), [("init", "session-wrong", TOLD), ("resp", TOLD, "session-wrong")])
async def test_what_was_said_in_another_call_is_refused(pair: Pair, on: str, office: str, kiosk: str) -> None:
    pair.service.plan("none")
    await pair.call()
    await pair.verified()
    await pair.clear()
    pair.service.plan("tampered", on=on, how="replayed")
    await pair.call()
    assert await pair.ended() == (office, kiosk)
    assert pair.robot.call_id not in pair.service.loot("replayed")[0]["session"]
    assert pair.nothing_was_played()


@pytest.mark.parametrize(("on", "office", "kiosk"), [("init", "session-wrong", TOLD), ("resp", TOLD, "session-wrong")])
async def test_what_was_said_in_an_earlier_attempt_of_the_call_is_refused(
    pair: Pair, on: str, office: str, kiosk: str
) -> None:
    pair.service.plan("tampered", on=on, how="replayed", from_attempt=2)
    await pair.call()
    await pair.verified()
    assert await pair.ended() == (office, kiosk)
    assert pair.service.loot("replayed")[0]["session"] == f"{pair.robot.call_id}/1"


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("who", ["yanbu-1", "stolen"])
async def test_a_third_end_cannot_join_in(pair: Pair, trust: MadeTrust, first: bool, who: str) -> None:
    """Two ends claim to be the citizen's, in one attempt: there is one of each, or there is no call."""
    third = trust.credentials(DeviceRole.KIOSK, "badr-1" if who == "stolen" else who)
    pair.service.plan("second-offer", anchor=json.loads(trust.anchor.to_json()), citizen=told_of(third), first=first)
    await pair.call()
    office, kiosk = await pair.ended()
    assert office == ("certificate-place-wrong" if first and who == "yanbu-1" else "seal-out-of-order")
    # The office may have answered whoever came first before it refused, and its answer reached the kiosk as well.
    assert kiosk in {TOLD, "not-for-us"}
    assert understood(await pair.loot()) == []
    assert pair.nothing_was_played()


@pytest.mark.parametrize(
    ("on", "how"),
    [("init", "withheld"), ("resp", "withheld"), ("reveal", "withheld"), ("conf", "withheld"), ("resp", "huge")],
)
async def test_a_seal_that_does_not_come_is_not_waited_for_for_ever(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, on: str, how: str
) -> None:
    """What is late is lost, and made anew, as on a slow line. `huge`: over the bound of what a line may carry, so that
    it is not even looked at."""
    monkeypatch.setattr(handshake_citizen, "WITHIN", 1.0)
    monkeypatch.setattr(handshake_office, "WITHIN", 1.0)
    pair.service.plan("tampered", on=on, how=how)
    await pair.call()
    await pair.robot.until(lambda them: them.attempts >= 3, 15, "made anew, again and again")
    assert pair.nothing_was_played()
    assert {view.privacy for view in pair.views} <= {"not-yet", None}


async def test_fifteen_seconds_are_enough_of_waiting_and_each_end_gives_up_by_itself(pair: Pair) -> None:
    pair.service.plan("tampered", on="reveal", how="withheld", silent=True)
    await pair.call()
    began = pair.robot.called_in_at
    assert began is not None
    await pair.robot.until(lambda them: them.attempts == 2, 20, "made anew")
    assert 14 < asyncio.get_running_loop().time() - began < 20
    assert pair.nothing_was_played()
    assert {view.privacy for view in pair.views} <= {"not-yet", None}
