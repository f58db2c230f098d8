"""Two calls on a wire that loses, delays, doubles, swaps and replays: ends that confirm agree on everything."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.e2ee_world import KIOSK, NOW, OFFICE, PHONE, citizen_end, fingerprint, octets, office_end

from tawasul.e2ee.encoding import b64
from tawasul.e2ee.errors import BY_CODE
from tawasul.e2ee.frames import Kind, kid_of
from tawasul.e2ee.handshake import (
    WITHIN,
    Answering,
    Begin,
    Confirmed,
    Effect,
    Given,
    HandshakeEnd,
    Passed,
    PinPeer,
    Received,
    Refuse,
    Send,
)
from tawasul.e2ee.handshake_messages import write_message
from tawasul.e2ee.session import Session, Side

CALLS = ("call-1/1", "call-1/2")


class Watched:
    """One end and all that came out of it."""

    def __init__(self, end: HandshakeEnd) -> None:
        self.end = end
        self.effects: list[Effect] = []

    def give(self, given: Given, now: float) -> list[Effect]:
        """Give it something; after a refusal nothing may come out."""
        effects = self.end.handle(given, now)
        assert not (self.refused and effects)
        self.effects += effects
        return effects

    @property
    def refused(self) -> bool:
        """Whether it gave up."""
        return any(isinstance(effect, Refuse) for effect in self.effects)

    @property
    def session(self) -> Session | None:
        """What it confirmed; at most one."""
        sessions = [effect.session for effect in self.effects if isinstance(effect, Confirmed)]
        assert len(sessions) <= 1
        return sessions[0] if sessions else None


class Wire(RuleBasedStateMachine):
    """Two attempts of one call between the same two ends. Anything ever sent may come anywhere, any number of times."""

    @initialize(phone=st.booleans())
    def begin(self, phone: bool) -> None:
        self.now = float(NOW)
        self.citizen_key = (PHONE if phone else KIOSK).key
        self.ends: dict[tuple[str, Side], Watched] = {}
        for sid in CALLS:
            citizen = citizen_end(PHONE if phone else KIOSK, sid=sid, label=sid)
            office = office_end(sid=sid, kiosk=None if phone else "badr-1", label=sid)
            self.ends[sid, Side.CITIZEN], self.ends[sid, Side.OFFICE] = Watched(citizen), Watched(office)
        self.heard: list[bytes] = []

    def give(self, sid: str, side: Side, given: Given) -> None:
        for effect in self.ends[sid, side].give(given, self.now):
            if isinstance(effect, Send):
                self.heard.append(effect.payload)
            if isinstance(effect, Refuse):
                assert effect.error.code in BY_CODE

    @rule(sid=st.sampled_from(CALLS))
    def offer(self, sid: str) -> None:
        self.give(sid, Side.CITIZEN, Begin())

    @rule(sid=st.sampled_from(CALLS))
    def answer(self, sid: str) -> None:
        self.give(sid, Side.OFFICE, Answering(fingerprint(f"office {sid}")))

    @precondition(lambda self: self.heard)
    @rule(data=st.data(), sid=st.sampled_from(CALLS), side=st.sampled_from(Side))
    def deliver_anything(self, data: st.DataObject, sid: str, side: Side) -> None:
        self.give(sid, side, Received(data.draw(st.sampled_from(self.heard))))

    @precondition(lambda self: self.heard)
    @rule(sid=st.sampled_from(CALLS), side=st.sampled_from(Side))
    def deliver_newest(self, sid: str, side: Side) -> None:
        self.give(sid, side, Received(self.heard[-1]))

    @rule(sid=st.sampled_from(CALLS), messages=st.integers(1, 4))
    def a_call_in_order(self, sid: str, messages: int) -> None:
        """What happens when nobody is in the middle; otherwise few runs would come to the end, or near it."""
        self.give(sid, Side.CITIZEN, Begin())
        for side in (Side.OFFICE, Side.CITIZEN, Side.OFFICE, Side.CITIZEN)[:messages]:
            if not self.heard:
                return
            self.give(sid, side, Received(self.heard[-1]))
            self.give(sid, Side.OFFICE, Answering(fingerprint(f"office {sid}")))

    @rule(sids=st.permutations(CALLS))
    def a_crossed_call(self, sids: list[str]) -> None:
        """The server brings one attempt's citizen's end together with the other's office's end."""
        self.give(sids[0], Side.CITIZEN, Begin())
        for side in (Side.OFFICE, Side.CITIZEN, Side.OFFICE, Side.CITIZEN):
            if self.heard:
                self.give(sids[side is Side.OFFICE], side, Received(self.heard[-1]))
            self.give(sids[1], Side.OFFICE, Answering(fingerprint(f"office {sids[1]}")))

    @rule(sid=st.sampled_from(CALLS), side=st.sampled_from(Side), mac=st.binary(min_size=32, max_size=32))
    def forge_a_confirmation(self, sid: str, side: Side, mac: bytes) -> None:
        nonce = {} if side is Side.CITIZEN else {"n": b64(octets(f"n_A {sid}"))}
        forged = write_message("conf" if side is Side.CITIZEN else "reveal", **nonce, mac=b64(mac))
        before = self.ends[sid, side].session
        self.give(sid, side, Received(forged))
        assert self.ends[sid, side].session is before

    @rule(sid=st.sampled_from(CALLS), side=st.sampled_from(Side))
    def refuse(self, sid: str, side: Side) -> None:
        self.give(sid, side, Received(write_message("refused", code="not-for-us")))

    @rule(seconds=st.sampled_from([0.1, 5.0, WITHIN]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        for (sid, side), watched in self.ends.items():
            if watched.end.deadline is not None and self.now >= watched.end.deadline:
                self.give(sid, side, Passed())
                assert watched.refused

    @invariant()
    def who_confirms_agrees(self) -> None:
        for sid in CALLS:
            citizen, office = self.ends[sid, Side.CITIZEN], self.ends[sid, Side.OFFICE]
            if citizen.session:
                assert office.session, "the citizen's end confirmed what the office's end did not"
            for watched, fp in ((citizen, f"office {sid}"), (office, f"citizen {sid}")):
                if watched.session:
                    pins = [effect for effect in watched.effects if isinstance(effect, PinPeer)]
                    assert [pin.fingerprint for pin in pins] == [fingerprint(fp)]
                    assert pins[0].peer == watched.session.peer
            if office.session:
                self.is_the_right_one(office.session, sid, self.citizen_key.thumbprint)
            if citizen.session and office.session:
                self.is_the_right_one(citizen.session, sid, OFFICE.key.thumbprint)
                self.have_the_same(citizen.session, office.session)

    def is_the_right_one(self, session: Session, sid: str, thumbprint: str) -> None:
        assert session.sid == sid
        assert session.peer.thumbprint == thumbprint

    def have_the_same(self, citizen: Session, office: Session) -> None:
        assert citizen.transcript == office.transcript
        assert citizen.phrase == office.phrase
        for kid in (kid_of(0, side, kind) for side in Side for kind in Kind):
            assert citizen.base_key(kid) == office.base_key(kid)

    @invariant()
    def attempts_share_no_keys(self) -> None:
        sessions = [watched.session for (_, side), watched in self.ends.items() if side is Side.OFFICE]
        transcripts = [session.transcript for session in sessions if session]
        assert len(set(transcripts)) == len(transcripts)


Wire.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
test_the_wire = Wire.TestCase
