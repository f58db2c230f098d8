"""The kiosk's core under any walk of events: no crash, no stale step, nothing said without a line, one call a time."""

from hypothesis import given, settings
from hypothesis import strategies as st
from support.kiosk_talk import ended, negotiate, waiting, welcome

from kiosk_client.core.kiosk import Kiosk
from kiosk_client.core.kiosk_events import (
    Attempt,
    Begin,
    CheckInAsked,
    Decoding,
    Described,
    Given,
    HangUpAsked,
    Heard,
    KioskState,
    LineClosed,
    LineOpened,
    MediaLost,
    OtherHungUp,
    Passed,
    Refused,
    Say,
    Sealed,
    Secured,
    Stop,
    TakeSeal,
)
from kiosk_client.core.line_patience import LONGEST, Patience
from tawasul.protocol.from_endpoint import Alarm, Answer, CheckIn, Seal
from tawasul.protocol.from_server import Challenge, ProblemMessage

calls = st.sampled_from(["call-1", "call-2"])
attempts = st.builds(Attempt, calls, st.integers(1, 4))
heard = st.one_of(
    st.just(Challenge(nonce="n" * 43)),
    st.just(welcome()),
    st.sampled_from([waiting(), waiting("AAAA-1111"), waiting("AAAA-1111", "BBBB-2222")]),
    st.builds(negotiate, calls, st.integers(1, 4)),
    st.builds(ended, calls),
    st.builds(lambda call, number: Answer(call_id=call, attempt=number, sdp="x"), calls, st.integers(1, 4)),
    st.builds(lambda call, number: Seal(call_id=call, attempt=number, payload="eHk"), calls, st.integers(1, 4)),
    st.builds(
        lambda code, about: ProblemMessage(code=code, arabic="", english="", about=about, retry_after=None),
        st.sampled_from(["not-found", "unavailable", "no-such-call"]),
        st.sampled_from(["check-in", "hang-up", "hello", None]),
    ),
).map(Heard)
steps = st.one_of(
    heard,
    st.just(LineOpened()),
    st.sampled_from([None, 1012, 4403]).map(LineClosed),
    st.builds(Described, attempts, st.just("sdp")),
    st.builds(Sealed, attempts, st.just(b"{}")),
    st.builds(Secured, attempts, st.just("123456"), st.just(())),
    st.builds(Refused, attempts, st.just("chain-wrong"), st.booleans()),
    st.builds(Decoding, attempts, st.just("host")),
    st.builds(MediaLost, attempts, st.just("no-heartbeat")),
    st.builds(OtherHungUp, attempts),
    st.sampled_from(["AAAA-1111", "BBBB-2222", "CCCC-3333"]).map(CheckInAsked),
    st.just(HangUpAsked()),
    st.just(Passed()),
)

IN_A_CALL = {KioskState.CALLED_IN, KioskState.IN_CALL, KioskState.RECONNECTING}


@given(st.lists(st.tuples(steps, st.floats(0, 30)), max_size=80))
@settings(max_examples=300)
def test_any_walk(walk: list[tuple[Given, float]]) -> None:
    kiosk, now = Kiosk(("AAAA-1111",)), 0.0
    begun: Attempt | None = None
    seen: set[Attempt] = set()
    asked = 0
    refused = set()
    for step, pause in walk:
        now += pause
        line = kiosk.view.line
        for effect in kiosk.handle(step, now):
            match effect:
                case Begin(attempt):
                    # A new connection only once the old one is stopped, and never twice the same attempt of one call
                    # as long as the call goes on.
                    assert begun is None
                    begun = attempt
                    seen.add(attempt)
                case Stop(attempt):
                    assert attempt in seen
                    begun = None
                case TakeSeal(attempt, payload):
                    assert (attempt, payload) == (begun, b"xy")
                case Say(message):
                    assert line or kiosk.view.line
                    if isinstance(message, Alarm):
                        refused.add((message.call_id, message.attempt))
                    # Once an attempt is refused, nothing of it is passed on.
                    assert not isinstance(message, Seal) or (message.call_id, message.attempt) not in refused
                    asked += isinstance(message, CheckIn)
        assert (kiosk.attempt is not None) == (kiosk.view.state in IN_A_CALL)
        assert (kiosk.view.privacy == "verified") == (kiosk.view.state is KioskState.IN_CALL)
        assert kiosk.view.phrase is None or kiosk.attempt is not None
        assert kiosk.view.state is not KioskState.IN_CALL or kiosk.view.path is not None
        assert kiosk.view.line or kiosk.view.state not in {KioskState.IDLE, KioskState.WAITING}
        for _ in range(5):  # what is overdue is done in a few turns: a shell that arms a timer for it never spins
            if kiosk.deadline is None or kiosk.deadline > now:
                break
            begun = None if any(isinstance(effect, Stop) for effect in kiosk.handle(Passed(), now)) else begun
        assert kiosk.deadline is None or kiosk.deadline > now
    assert asked <= len(walk) + 1


@given(st.lists(st.tuples(st.sampled_from([None, 1006, 1012, 1013, 4408]), st.floats(0, 60), st.floats(0, 0.999))))
def test_the_pause_before_a_line_is_bounded_and_a_lived_line_begins_anew(
    lines: list[tuple[int | None, float, float]],
) -> None:
    patience = Patience()
    for code, lived, chance in lines:
        pause = patience.pause(code, lived, chance)
        assert pause is not None
        assert 0 <= pause <= LONGEST
        assert lived < 20 or pause <= 1.5


def test_refused_lines_wait_longer_and_a_replaced_one_ends() -> None:
    patience = Patience()
    refused = patience.pause(4403, 0.1, 0.5)
    assert refused is not None
    assert refused >= 15
    assert patience.pause(4409, 100, 0.5) is None
