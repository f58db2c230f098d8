"""The line's core: order, sizes, rates, and a clear refusal for everything that is wrong."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from signaling.core.peer import (
    BURST,
    HELLO_WITHIN,
    MAY_SAY,
    MISTAKES_FORGIVEN,
    PER_SECOND,
    Close,
    Deliver,
    Endpoint,
    Greet,
    Passed,
    Peer,
    Received,
    Refuse,
    State,
)
from tawasul.protocol.base import LARGEST_MESSAGE
from tawasul.protocol.problems import PROBLEMS

HELLO = '{"type":"hello","protocol":1}'
PROVEN = json.dumps({"type": "hello", "protocol": 1, "proof": {"kiosk_id": "badr-1", "signature": "A" * 86}})


def settled(endpoint: Endpoint = Endpoint.OFFICE) -> Peer:
    peer = Peer(endpoint, 0.0)
    greeting = peer.handle(Received(PROVEN if endpoint is Endpoint.KIOSK else HELLO), 0.0)
    assert isinstance(greeting[0], Greet)
    return peer


def test_hello_comes_first_and_only_once() -> None:
    peer = Peer(Endpoint.OFFICE, 0.0)
    assert peer.handle(Received('{"type":"call-in","audience_id":"a"}'), 0.0) == [Refuse("out-of-order", "call-in")]
    assert isinstance(peer.handle(Received(HELLO), 0.1)[0], Greet)
    assert peer.handle(Received(HELLO), 0.2) == [Refuse("out-of-order", "hello")]


def test_a_line_that_stays_silent_is_closed() -> None:
    peer = Peer(Endpoint.CITIZEN, 0.0)
    assert peer.deadline == HELLO_WITHIN
    assert peer.handle(Passed(), HELLO_WITHIN) == [Close("hello-expected")]
    assert peer.handle(Received(HELLO), HELLO_WITHIN + 1) == []


def test_another_version_is_told_to_reload() -> None:
    assert Peer(Endpoint.OFFICE, 0.0).handle(Received('{"type":"hello","protocol":2}'), 0.0) == [
        Close("protocol-version")
    ]


def test_a_kiosk_proves_itself_and_a_page_does_not_pretend_to_be_one() -> None:
    assert Peer(Endpoint.KIOSK, 0.0).handle(Received(HELLO), 0.0) == [Close("kiosk-not-recognised")]
    assert Peer(Endpoint.OFFICE, 0.0).handle(Received(PROVEN), 0.0) == [Close("malformed")]


def test_each_kind_of_wrong_frame_has_its_own_code() -> None:
    peer = settled()
    for frame, code, about in [
        ("", "malformed", None),
        ("{", "malformed", None),
        ("[]", "malformed", None),
        ('"text"', "malformed", None),
        (b"\x00\x01", "malformed", None),
        ("[" * 5000, "malformed", None),
        ('{"type":"no-such-thing"}', "unknown-message", None),
        ('{"type":"call-in"}', "malformed", "call-in"),
        ('{"type":"call-in","audience_id":7}', "malformed", "call-in"),
        ('{"type":"call-in","audience_id":"a","more":1}', "malformed", "call-in"),
        ('{"type":"call-in","audience_id":"../../etc"}', "malformed", "call-in"),
        ('{"type":"check-in"}', "not-for-this-endpoint", "check-in"),
    ]:
        assert peer.handle(Received(frame), 0.0) == [Refuse(code, about)], frame


def test_a_frame_over_the_bound_closes_the_line() -> None:
    assert settled().handle(Received(" " * (LARGEST_MESSAGE + 1)), 0.0) == [Close("message-too-large")]
    letters = "ت" * (LARGEST_MESSAGE // 2 + 1)
    assert settled().handle(Received(letters), 0.0) == [Close("message-too-large")], "bytes are counted, not letters"


def test_too_many_at_once_closes_the_line_and_the_lawful_rate_never_does() -> None:
    message = Received('{"type":"call-in","audience_id":"a"}')
    flood = settled()
    answers = [flood.handle(message, 0.0) for _ in range(BURST)]
    assert isinstance(answers[-2][0], Deliver)
    assert answers[-1] == [Close("too-many-messages")]
    steady = settled()
    assert all(isinstance(steady.handle(message, n / PER_SECOND)[0], Deliver) for n in range(2000))


def test_an_endpoint_that_only_errs_is_cut_off() -> None:
    peer = settled()
    for n in range(MISTAKES_FORGIVEN):
        assert peer.handle(Received("nonsense"), float(n)) == [Refuse("malformed", None)]
    assert peer.handle(Received("nonsense"), 99.0) == [Close("too-many-problems")]


@given(
    st.sampled_from(Endpoint), st.lists(st.text() | st.binary() | st.from_regex(r'\{"type":"[a-z-]+"\}'), max_size=40)
)
def test_no_frame_ever_raises_and_every_code_is_published(endpoint: Endpoint, frames: list[str | bytes]) -> None:
    peer = settled(endpoint)
    for frame in frames:
        for effect in peer.handle(Received(frame), 1.0):
            assert isinstance(effect, Refuse | Close | Deliver)
            if not isinstance(effect, Deliver):
                assert effect.code in PROBLEMS
    assert peer.state in State


def test_what_each_kind_may_say_exists_in_the_protocol() -> None:
    from typing import get_args

    from tawasul.protocol.from_endpoint import FromEndpoint

    exist = {m.model_fields["type"].default for m in get_args(get_args(FromEndpoint)[0])}
    assert set().union(*MAY_SAY.values()) == exist
