"""Rekeying over the hours of a call, in any order of messages: keys never disagree, and no frame on its way is lost."""

from __future__ import annotations

from collections import deque
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.e2ee_world import octets

from tawasul.e2ee.errors import BY_CODE
from tawasul.e2ee.frames import FrameOpener, FrameSealer, Kind
from tawasul.e2ee.key_share import KeyShare
from tawasul.e2ee.rekey import (
    EVERY,
    KEPT_FOR,
    WITHIN,
    DropReceiving,
    Given,
    InstallReceiving,
    Passed,
    Received,
    Refuse,
    RekeyCitizen,
    RekeyOffice,
    Say,
    SwitchSending,
)
from tawasul.e2ee.session import EpochSecrets, Side

FIRST = EpochSecrets(0, octets("rekey"), octets("rekey's transcript"))
FRAME = b"\x01a frame of a picture"


class End:
    """One end of a running call: its rekey, what it seals and opens, and the messages that go to the other."""

    def __init__(self, side: Side) -> None:
        self.core = (
            RekeyCitizen(FIRST, 0.0, share=lambda: KeyShare.from_seed(octets("share")))
            if side is Side.CITIZEN
            else RekeyOffice(FIRST, draw=lambda: octets("drawn"))
        )
        self.sealer, self.opener = FrameSealer(side, Kind.PICTURE), FrameOpener(side, Kind.PICTURE)
        self.sealer.switch(FIRST)
        self.opener.install(FIRST)
        self.said: deque[dict[str, Any]] = deque()
        self.refused: str | None = None

    def give(self, given_: Given, now: float) -> None:
        """Perform what comes out, as a shell does."""
        for effect in self.core.handle(given_, now):
            assert self.refused is None, "something came out after a refusal"
            match effect:
                case Say(message):
                    self.said.append(message)
                case InstallReceiving(secrets):
                    self.opener.install(secrets)
                case SwitchSending(secrets):
                    self.sealer.switch(secrets)
                case DropReceiving(epoch):
                    self.opener.drop(epoch)
                case Refuse(error):
                    assert error.code in BY_CODE
                    self.refused = error.code


class Call(RuleBasedStateMachine):
    """A call over a data channel that is ordered and reliable but slow, and media that come up to five seconds late."""

    @initialize()
    def begin(self) -> None:
        self.now = 0.0
        self.ends = {side: End(side) for side in Side}
        self.frames: deque[tuple[float, Side, bytes]] = deque()

    @rule(seconds=st.sampled_from([0.5, 1.0, 2.0, EVERY]))
    def wait(self, seconds: float) -> None:
        # As the path lives, a message of the channel is no later than four seconds (PATH_LOST_AFTER).
        for end in self.ends.values():
            while end.said and seconds > 1.0:
                self.deliver()
        self.now += seconds
        while self.frames and self.now - self.frames[0][0] > 1.0:
            self.receive_frame()
        for end in self.ends.values():
            while end.core.deadline is not None and end.core.deadline <= self.now and end.refused is None:
                end.give(Passed(), self.now)

    @precondition(lambda self: any(end.said for end in self.ends.values()))
    @rule()
    def deliver(self) -> None:
        for side, end in self.ends.items():
            if end.said:
                self.ends[side.other].give(Received(end.said.popleft()), self.now)

    @rule(side=st.sampled_from(Side))
    def send_frame(self, side: Side) -> None:
        self.frames.append((self.now, side, self.ends[side].sealer.seal(FRAME)))

    @precondition(lambda self: self.frames)
    @rule()
    def receive_frame(self) -> None:
        _, side, sealed = self.frames.popleft()
        assert self.ends[side.other].opener.open(sealed) == FRAME

    @invariant()
    def nobody_refuses_and_keys_agree(self) -> None:
        citizen, office = self.ends[Side.CITIZEN].core, self.ends[Side.OFFICE].core
        assert {end.refused for end in self.ends.values()} == {None}
        assert 0 <= citizen.secrets.epoch - office.secrets.epoch <= 1
        if citizen.secrets.epoch == office.secrets.epoch:
            assert citizen.secrets.chain == office.secrets.chain
            assert citizen.secrets.transcript == office.secrets.transcript


Call.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
test_the_call = Call.TestCase


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**70) | st.text(max_size=50), lambda inner: st.lists(inner, max_size=3)
)
MEMBER = st.sampled_from(["type", "step", "epoch", "pk", "ct", "mac", "more"])


@settings(max_examples=400, deadline=None)
@given(step=st.integers(1, 3), changes=st.dictionaries(MEMBER, JSON | st.just("rekey"), min_size=1))
def test_a_changed_message_ends_the_attempt(step: int, changes: dict[str, Any]) -> None:
    citizen, office = End(Side.CITIZEN), End(Side.OFFICE)
    citizen.give(Passed(), EVERY)
    order = ((citizen, office), (office, citizen), (citizen, office))
    for number, (sender, receiver) in enumerate(order, 1):
        message = sender.said.popleft()
        changed = message | changes if number == step else message
        receiver.give(Received(changed), EVERY)
        if changed != message or any(type(changed[each]) is not type(message[each]) for each in message):
            assert receiver.refused == "rekey-wrong"
            assert receiver.core.deadline is None
            return
    assert citizen.core.secrets.chain == office.core.secrets.chain


@settings(max_examples=100, deadline=None)
@given(order=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(Side)), max_size=8))
def test_in_any_order_keys_never_disagree(order: list[tuple[int, Side]]) -> None:
    ends = {side: End(side) for side in Side}
    ends[Side.CITIZEN].give(Passed(), EVERY)
    heard: list[dict[str, Any]] = []
    for number, side in order:
        for end in ends.values():
            heard += end.said
            end.said.clear()
        if number < len(heard):
            ends[side].give(Received(heard[number]), EVERY)
    citizen, office = ends[Side.CITIZEN], ends[Side.OFFICE]
    if citizen.core.secrets.epoch == office.core.secrets.epoch:
        assert citizen.core.secrets.chain == office.core.secrets.chain
    assert WITHIN > KEPT_FOR
