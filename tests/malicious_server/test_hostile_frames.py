"""A relay that repeats and changes packets, and ends that went through an honest handshake and then send what they
like: nothing of it is played, and nothing is played twice."""

from __future__ import annotations

import asyncio

import pytest
from support.coming import comes
from support.hostile_native import cookie, pair, service, shared, trust
from support.hostile_pair import Pair
from support.hostile_peers import NoKey, OtherKey, PlainLater, PlainSender, Reflector, Repeater

from kiosk_client import conversation, peer
from kiosk_client.core.kiosk_events import KioskState
from kiosk_client.frame_guard import FrameGuard
from tawasul.e2ee.session import Side

__all__ = ["cookie", "pair", "service", "shared", "trust"]
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.realtime]


ANY = "any"
"""What is not sealed may look like anything: each frame is refused for something else."""


@pytest.mark.parametrize(
    ("how", "proof"), [("replayed", "replayed"), ("flipped", "flipped"), ("flipped_only", "flipped")]
)
async def test_packets_that_a_relay_repeats_or_changes_are_not_played(pair: Pair, how: str, proof: str) -> None:
    pair.service.plan("wire", how=how)
    await pair.call()
    await pair.verified()
    ends = pair.robot._conversation, pair.kiosk._conversation
    office, kiosk = (end._peer.guard for end in ends if end is not None and end._peer is not None)
    began = asyncio.get_running_loop().time()
    assert pair.robot.witness is not None
    assert pair.kiosk.witness is not None
    heard = {id(each): each.sound.seconds for each in (pair.robot.witness, pair.kiosk.witness)}
    await comes(pair.robot.witness, lambda seen: seen.picture.patterns > 24, 10)
    await pair.clear()
    took = asyncio.get_running_loop().time() - began
    done = await pair.service.looted("carried")
    assert done["carried"] > 50
    assert done[proof] > 5
    for sender, receiver, witness in (
        (kiosk.counts, office.counts, pair.robot.witness),
        (office.counts, kiosk.counts, pair.kiosk.witness),
    ):
        assert witness is not None
        assert 0 < receiver.opened <= sender.sealed
        # DTLS's own protection stands before SFrame's: what was changed or repeated on the way did not even reach it.
        assert not receiver.refused
        assert witness.sound.seconds - heard[id(witness)] <= took + 2
        # Each picture has a number, and is shown once: those that advanced are all there were, but for the first ones
        # and those after a gap.
        assert witness.picture.frames <= witness.picture.patterns + 3


@pytest.mark.parametrize("evil", [Side.CITIZEN, Side.OFFICE])
@pytest.mark.parametrize(
    ("guard", "code"),
    [
        (PlainSender, ANY),
        (OtherKey, "frame-forged"),
        (NoKey, None),
        (Reflector, "frame-wrong-sender"),
        (Repeater, None),
    ],
)
async def test_of_an_end_that_does_not_seal_as_was_agreed_nothing_is_played(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, evil: Side, guard: type[FrameGuard], code: str | None
) -> None:
    monkeypatch.setattr(peer, "FrameGuard", lambda side: guard(side) if side is evil else FrameGuard(side))
    monkeypatch.setattr(conversation, "DECODE_WITHIN", 6.0)
    pair.service.plan("none")
    await pair.call()
    await pair.shows(lambda view: view.phrase is not None)
    await pair.robot.until(lambda them: them.phrase is not None, 10, "phrase")
    end = pair.robot._conversation if evil is Side.CITIZEN else pair.kiosk._conversation
    assert end is not None
    assert end._peer is not None
    victim, witness = end._peer.guard, end.witness
    if guard is Repeater:
        # Of each kind the first frame is an honest one. No call comes of a single picture and a fiftieth of a second.
        assert not await witness.until(lambda seen: seen.picture.frames > 1 or seen.sound.seconds > 0, 2.5)
        assert 0 < victim.counts.opened <= 2
    else:
        assert not await witness.until(lambda seen: seen.picture.frames > 0 or seen.sound.seconds > 0, 2.5)
        assert victim.counts.opened == 0
    if code is not None:
        refused = victim.counts.refused
        assert (refused.total() if code is ANY else refused[code]) > 10
    assert pair.robot.phase != "in-call"
    assert KioskState.IN_CALL not in {view.state for view in pair.views} or evil is Side.CITIZEN


@pytest.mark.parametrize("evil", [Side.CITIZEN, Side.OFFICE])
async def test_an_end_that_leaves_off_sealing_in_the_middle_of_a_call_is_seen_no_more(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, evil: Side
) -> None:
    made: list[PlainLater] = []

    def guard(side: Side) -> FrameGuard:
        if side is not evil:
            return FrameGuard(side)
        made.append(PlainLater(side))
        return made[-1]

    monkeypatch.setattr(peer, "FrameGuard", guard)
    pair.service.plan("none")
    await pair.call()
    await pair.verified()
    end = pair.robot._conversation if evil is Side.CITIZEN else pair.kiosk._conversation
    assert end is not None
    assert end._peer is not None
    made[-1].plain = True
    seen, opened = end.witness.picture.frames, end._peer.guard.counts.opened
    await asyncio.sleep(1.5)
    # A second and a half are 36 pictures, and 75 packets of sound.
    assert end.witness.picture.frames <= seen + 12, "no more than what was under way"
    assert end._peer.guard.counts.opened <= opened + 30
    guarding = end._peer.guard
    await comes(end.witness, lambda _: guarding.counts.refused.total() > 20, 10)
    made[-1].plain = False
    shown = end.witness.picture.patterns
    await comes(end.witness, lambda them: them.picture.patterns > shown + 3, 10)  # what is sealed is seen again
