"""Ten thousand mutations of the handshake's four messages: whatever is changed on the way, nobody confirms.

One message of a handshake is changed: bits, bytes, members, claims, parts of another session's, a signature by another
enrolled device, this end's own words sent back. The rest of the handshake then goes on honestly. Nobody must confirm
any more, unless the message still says the very same (a space more between two members does); and nobody must pin a
fingerprint that the end across did not sign.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.e2ee_world import MADINAH, NOW, citizen_end, fingerprint, office_end, shake_hands

from tawasul.e2ee import jws
from tawasul.e2ee.encoding import b64, json_bytes, unb64
from tawasul.e2ee.errors import BY_CODE, PrivacyError
from tawasul.e2ee.handshake import (
    Answering,
    Begin,
    Confirmed,
    Effect,
    Given,
    HandshakeEnd,
    PinPeer,
    Received,
    Refuse,
    Send,
)
from tawasul.e2ee.handshake_messages import read_message

MUTATIONS = 10_000
STEPS = ("init", "resp", "reveal", "conf")

ATTACKER = MADINAH.credentials("kiosk", "yanbu-1")
"""An enrolled device that is not the one that was called."""
OTHERS = [
    shake_hands(citizen_end(label="other"), office_end(label="other"), label="other"),
    shake_hands(citizen_end(sid="another/1"), office_end(sid="another/1")),
    shake_hands(citizen_end(ATTACKER, label="attacker"), office_end(kiosk="yanbu-1", label="attacker")),
]
"""Handshakes that were heard before: the same parties again, in another call, and the attacker's own."""

Mutation = Callable[[bytes], bytes]


def flip(bits: list[int]) -> Mutation:
    """Turn bits over."""

    def mutate(payload: bytes) -> bytes:
        octets = bytearray(payload)
        for bit in bits:
            octets[bit // 8 % len(octets)] ^= 1 << bit % 8
        return bytes(octets)

    return mutate


def splice(at: int, length: int, inserted: bytes) -> Mutation:
    """Cut something out and put something else in."""

    def mutate(payload: bytes) -> bytes:
        start = at % (len(payload) + 1)
        return payload[:start] + inserted + payload[start + length :]

    return mutate


def put(member: str, value: object) -> Mutation:
    """Set a member of the message, or take it away (None)."""

    def mutate(payload: bytes) -> bytes:
        message = json.loads(payload)
        message[member] = value
        return json_bytes({name: each for name, each in message.items() if each is not None})

    return mutate


def part(number: int, other: str) -> Mutation:
    """Take header, claims or signature of a signed text from another one."""

    def mutate(payload: bytes) -> bytes:
        message = json.loads(payload)
        if "jws" not in message:
            return json_bytes(message | {"mac": other[:43]})
        parts = message["jws"].split(".")
        parts[number] = other.split(".")[number]
        return json_bytes(message | {"jws": ".".join(parts)})

    return mutate


def claim(member: str, value: object, *, resigned: bool) -> Mutation:
    """Change a claim: under the old signature, or signed anew by the attacker with its own key in the header."""

    def mutate(payload: bytes) -> bytes:
        message = json.loads(payload)
        if "jws" not in message:
            return json_bytes(message | {"mac": b64(b"\0" * 32)})
        header, claims, signature = message["jws"].split(".")
        changed = json.loads(unb64(claims)) | {member: value}
        if resigned:
            text = jws.sign(ATTACKER.key, json.loads(unb64(header))["typ"], changed)
        else:
            text = f"{header}.{b64(json_bytes(changed))}.{signature}"
        return json_bytes(message | {"jws": text})

    return mutate


def instead(payload: bytes) -> Mutation:
    """Send another message."""
    return lambda _: payload


SIGNED_BY_THEM = {json.loads(getattr(talk, step))["jws"] for talk in OTHERS[:2] for step in ("init", "resp")}
HEARD = [getattr(talk, step) for talk in OTHERS for step in STEPS]
HEARD_TEXTS = [json.loads(payload)["jws"] for payload in HEARD if b'"jws"' in payload]
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 10**30),
    st.text(max_size=60),
    st.binary(min_size=32, max_size=32).map(b64),
    st.sampled_from([NOW, NOW + 1, "citizen", "office", fingerprint("attacker"), list(ATTACKER.chain), ["x"], {}]),
)
MEMBERS = st.sampled_from(["t", "jws", "n", "mac", "code", "x"])
CLAIMS = st.sampled_from(["v", "sid", "iat", "role", "to", "chain", "fp", "pk", "hc", "hi", "ct", "n", "x"])
HEARD_CLAIMS = [json.loads(unb64(text.split(".")[1])) for text in HEARD_TEXTS]
FROM_OTHERS = st.sampled_from(HEARD_CLAIMS).flatmap(lambda claims: st.sampled_from(sorted(claims.items())))
MUTATION: st.SearchStrategy[Mutation] = st.one_of(
    st.lists(st.integers(0, 200_000), min_size=1, max_size=8).map(flip),
    st.builds(splice, st.integers(0, 20_000), st.integers(0, 20_000), st.binary(max_size=64)),
    st.builds(splice, st.integers(0, 20_000), st.integers(0, 3), st.binary(max_size=3)),
    st.builds(
        put, st.sampled_from(["t", "jws", "n", "mac", "code", "x"]), VALUES | st.sampled_from([*STEPS, "refused"])
    ),
    st.builds(part, st.integers(0, 2), st.sampled_from(HEARD_TEXTS)),
    st.builds(claim, CLAIMS, VALUES, resigned=st.booleans()),
    FROM_OTHERS.flatmap(lambda item: st.builds(claim, st.just(item[0]), st.just(item[1]), resigned=st.booleans())),
    st.sampled_from(HEARD).map(instead),
)


class Conversation:
    """Two ends and what came of them so far."""

    def __init__(self) -> None:
        self.ends: dict[str, HandshakeEnd] = {"citizen": citizen_end(), "office": office_end()}
        self.done: dict[str, list[Effect]] = {"citizen": [], "office": []}

    def copy(self) -> Conversation:
        """The same conversation, to go on in another way: thousands begin alike, and signing takes time."""
        twin = copy.copy(self)
        twin.ends = {who: copy.copy(end) for who, end in self.ends.items()}
        for end in twin.ends.values():
            end._taken = list(end._taken)
        twin.done = {who: list(effects) for who, effects in self.done.items()}
        return twin

    def act(self, who: str, given: Given) -> None:
        """Give one end something."""
        self.done[who] += self.ends[who].handle(given, NOW)

    def newest(self, who: str) -> bytes | None:
        """What an end sent last; None when it sent nothing, or refused."""
        sent = [effect.payload for effect in self.done[who] if isinstance(effect, Send)]
        return sent[-1] if sent and not any(isinstance(effect, Refuse) for effect in self.done[who]) else None

    def deliver(self, step: str, payload: bytes) -> None:
        """Give a message to whom it is for; the office answers an init at once."""
        self.act("office" if step in ("init", "reveal") else "citizen", Received(payload))
        if step == "init":
            self.act("office", Answering(fingerprint("office")))

    def go_on(self, steps: Sequence[str]) -> None:
        """Let both talk undisturbed."""
        for step in steps:
            payload = self.newest("citizen" if step in ("init", "reveal") else "office")
            if payload is not None:
                self.deliver(step, payload)


@cache
def just_before(step: str) -> Conversation:
    """A conversation in which a step is sent and not delivered."""
    conversation = Conversation()
    conversation.act("citizen", Begin())
    conversation.go_on(STEPS[: STEPS.index(step)])
    return conversation


def talk_with(step: str, mutation: Mutation, *, reflect: bool = False) -> tuple[bool, Conversation]:
    """A handshake in which one message is changed; whether it says the same, and the conversation after it.

    With `reflect` the receiver gets its own last message instead. What was confirmed before is not counted.
    """
    conversation = just_before(step).copy()
    sender, receiver = ("citizen", "office") if step in ("init", "reveal") else ("office", "citizen")
    original = conversation.newest(sender)
    assert original is not None
    payload = (conversation.newest(receiver) or b"") if reflect else mutation(original)
    for effects in conversation.done.values():
        effects[:] = [effect for effect in effects if not isinstance(effect, Confirmed)]
    conversation.deliver(step, payload)
    if step in ("init", "resp") and any(isinstance(effect, PinPeer) for effect in conversation.done[receiver]):
        assert json.loads(payload)["jws"] in {json.loads(original)["jws"], *SIGNED_BY_THEM}
    conversation.go_on(STEPS[STEPS.index(step) + 1 :])
    return same(payload, original), conversation


def same(payload: bytes, original: bytes) -> bool:
    """Whether two payloads say the very same."""
    try:
        return read_message(payload) == read_message(original)
    except PrivacyError:
        return False


def confirmed(conversation: Conversation) -> int:
    """How many ends confirmed."""
    return sum(isinstance(effect, Confirmed) for effects in conversation.done.values() for effect in effects)


@pytest.mark.parametrize("step", STEPS)
def test_nobody_confirms_a_changed_handshake(step: str) -> None:
    seen: Counter[str] = Counter()
    examples = MUTATIONS // len(STEPS)

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(MUTATION)
    def mutate(mutation: Mutation) -> None:
        unchanged, conversation = talk_with(step, mutation)
        codes = [each.error.code for ends in conversation.done.values() for each in ends if isinstance(each, Refuse)]
        assert set(codes) <= BY_CODE.keys()
        seen.update(codes)
        if not unchanged:
            assert confirmed(conversation) == 0
            assert codes != []

    mutate()
    # The mutations are of many kinds, so they are found by many checks.
    assert len(seen) >= {"init": 8, "resp": 8, "reveal": 4, "conf": 3}[step], seen


def test_an_unchanged_handshake_is_confirmed_by_both() -> None:
    assert confirmed(talk_with("init", lambda payload: payload)[1]) == 2


@pytest.mark.parametrize("step", STEPS[1:])
def test_ones_own_words_sent_back_confirm_nothing(step: str) -> None:
    unchanged, conversation = talk_with(step, instead(b""), reflect=True)
    assert not unchanged
    assert confirmed(conversation) == 0


def test_another_signature_of_the_same_claims_confirms_nothing() -> None:
    # ECDSA has two valid signatures for one: (r, s) and (r, n - s). The transcript holds the text itself.
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def other(payload: bytes) -> bytes:
        head, _, signature = json.loads(payload)["jws"].rpartition(".")
        r, s = unb64(signature)[:32], int.from_bytes(unb64(signature)[32:], "big")
        return json_bytes(json.loads(payload) | {"jws": f"{head}.{b64(r + (order - s).to_bytes(32, 'big'))}"})

    for step in ("init", "resp"):
        payload = just_before(step).newest("citizen" if step == "init" else "office") or b""
        SIGNED_BY_THEM.add(json.loads(other(payload))["jws"])
        unchanged, conversation = talk_with(step, other)
        assert not unchanged
        assert confirmed(conversation) == 0
