"""The call's core: scripted scenes of real days, and a state machine that throws everything at it in any order."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from signaling.core.call import (
    ANSWER_WITHIN,
    ATTEMPT_WITHIN,
    RESUME_WITHIN,
    SETTLE_WITHIN,
    Alarmed,
    Call,
    Effect,
    End,
    Finish,
    HungUp,
    Left,
    Negotiate,
    Pass,
    Passed,
    Record,
    Returned,
    Said,
    TellState,
    WasConcluded,
)
from tawasul.protocol.from_endpoint import Answer, Media, Offer, OngoingCall

OFFICE, CITIZEN = End.OFFICE, End.CITIZEN


def media(state: str, attempt: int, call_id: str = "call") -> Media:
    return Media(call_id=call_id, attempt=attempt, state=state, path="relay" if state == "connected" else None)  # type: ignore[arg-type]


def begun(now: float = 0.0) -> Call:
    call = Call("call", began_at=now)
    call.handle(Returned(CITIZEN), now)
    call.handle(Returned(OFFICE), now)
    return call


def joined(now: float = 0.0) -> Call:
    call = begun(now)
    call.handle(Said(CITIZEN, media("connected", 1)), now + 1)
    call.handle(Said(OFFICE, media("connected", 1)), now + 1)
    return call


def test_both_ends_at_hand_negotiate_at_once() -> None:
    call = Call("call", began_at=0.0)
    assert call.handle(Returned(CITIZEN), 0.0) == [TellState()]
    assert call.handle(Returned(OFFICE), 0.0) == [Negotiate(1), TellState()]


def test_the_audience_joins_only_when_both_decode_each_other() -> None:
    call = begun()
    assert call.handle(Said(CITIZEN, media("connected", 1)), 1.0) == [TellState()]
    assert call.phase == "connecting"
    assert call.handle(Said(OFFICE, media("connected", 1)), 1.2) == [Record("join"), TellState()]
    assert call.phase == "in-call"
    assert call.deadline is None


def test_offer_and_answer_pass_to_the_other_end_and_stale_ones_do_not() -> None:
    call = begun()
    offer = Offer(call_id="call", attempt=1, sdp="v=0")
    assert call.handle(Said(CITIZEN, offer), 0.1) == [Pass(OFFICE, offer)]
    assert call.handle(Said(OFFICE, Answer(call_id="call", attempt=2, sdp="v=0")), 0.2) == []
    assert call.handle(Said(OFFICE, Answer(call_id="other", attempt=1, sdp="v=0")), 0.2) == []


def test_nobody_answers_and_the_citizen_waits_again() -> None:
    call = Call("call", began_at=0.0)
    call.handle(Returned(OFFICE), 0.0)
    assert call.deadline == ANSWER_WITHIN
    assert call.handle(Passed(), ANSWER_WITHIN) == [
        Record("interrupt", "no-answer"),
        Finish("no-answer", waits_again=True),
    ]


def test_a_dead_attempt_is_made_anew() -> None:
    call = begun()
    assert call.deadline == ATTEMPT_WITHIN
    assert call.handle(Passed(), ATTEMPT_WITHIN) == [Negotiate(2), TellState()]


def test_a_line_that_drops_and_returns_leaves_the_call_alone() -> None:
    call = joined()
    assert call.handle(Left(OFFICE), 10.0) == [TellState()]
    assert call.phase == "in-call"
    back = OngoingCall(call_id="call", attempt=1, connected=True)
    assert call.handle(Returned(OFFICE, back), 13.0) == [TellState()]
    assert (call.phase, call.attempt, call.deadline) == ("in-call", 1, None)


def test_a_page_that_reloads_gets_a_new_attempt() -> None:
    call = joined()
    call.handle(Left(OFFICE), 10.0)
    assert call.handle(Returned(OFFICE), 12.0) == [Negotiate(2), TellState()]
    assert call.phase == "reconnecting"
    call.handle(Said(CITIZEN, media("connected", 2)), 13.0)
    assert call.handle(Said(OFFICE, media("connected", 2)), 13.0) == [TellState()]
    assert call.phase == "in-call"


def test_lost_media_are_made_anew_once_though_both_complain() -> None:
    call = joined()
    assert call.handle(Said(CITIZEN, media("lost", 1)), 20.0) == [Negotiate(2), TellState()]
    assert call.handle(Said(OFFICE, media("lost", 1)), 20.1) == []
    assert call.attempt == 2


def test_an_alarm_of_either_end_ends_the_call_and_keeps_the_place() -> None:
    for end in End:
        call = joined()
        assert call.handle(Alarmed(end, "phrase-differs"), 20.0) == [
            Record("interrupt", "alarm phrase-differs"),
            Finish("not-private", waits_again=True),
        ]
        assert (call.phase, call.deadline) == ("over", None)


def test_lost_for_good_gives_the_place_back() -> None:
    call = joined()
    call.handle(Left(CITIZEN), 20.0)
    call.handle(Said(OFFICE, media("lost", 1)), 24.0)
    assert call.deadline == 24.0 + RESUME_WITHIN
    assert call.handle(Passed(), 24.0 + RESUME_WITHIN) == [
        Record("interrupt", "lost"),
        Finish("lost", waits_again=True),
    ]


def test_both_lines_away_and_nobody_returns() -> None:
    call = joined()
    call.handle(Left(CITIZEN), 20.0)
    call.handle(Left(OFFICE), 21.0)
    assert call.deadline == 21.0 + RESUME_WITHIN
    assert Finish("lost", waits_again=True) in call.handle(Passed(), 21.0 + RESUME_WITHIN)


def test_after_a_restart_a_living_call_is_not_disturbed_and_the_count_goes_on() -> None:
    call = Call("call", began_at=100.0, joined=True, restored=True)
    alive = OngoingCall(call_id="call", attempt=3, connected=True)
    assert call.handle(Returned(CITIZEN, alive), 101.0) == [TellState()]
    assert (call.phase, call.attempt) == ("in-call", 3)
    assert call.handle(Returned(OFFICE, alive), 102.0) == [TellState()]
    assert (call.phase, call.attempt, call.deadline) == ("in-call", 3, None)


def test_after_a_restart_a_call_whose_office_came_back_empty_is_made_anew_above_the_old_count() -> None:
    call = Call("call", began_at=100.0, joined=True, restored=True)
    call.handle(Returned(OFFICE), 101.0)
    assert call.handle(Returned(CITIZEN, OngoingCall(call_id="call", attempt=3, connected=False)), 102.0) == [
        TellState()
    ]
    assert call.deadline == 100.0 + SETTLE_WITHIN
    assert call.handle(Passed(), 100.0 + SETTLE_WITHIN) == [Negotiate(4), TellState()]


def test_a_count_that_only_an_end_claims_is_not_taken_over() -> None:
    # Above what a message may hold, nothing more could be told of the call, to anybody.
    call = joined()
    assert call.handle(Returned(CITIZEN, OngoingCall(call_id="call", attempt=10_000, connected=True)), 9.0) == [
        Negotiate(2),
        TellState(),
    ]
    restored = Call("call", began_at=100.0, joined=True, restored=True)
    restored.handle(Returned(CITIZEN, OngoingCall(call_id="call", attempt=10_000, connected=True)), 101.0)
    restored.handle(Returned(OFFICE), 102.0)
    (told, _) = restored.handle(Passed(), 100.0 + SETTLE_WITHIN)
    assert told == Negotiate(1)


def test_hanging_up_before_the_join_takes_the_call_in_back() -> None:
    call = begun()
    assert call.handle(HungUp(OFFICE), 2.0) == [
        Record("interrupt", "taken-back"),
        Finish("taken-back", waits_again=True),
    ]


def test_hanging_up_after_the_join_is_heard() -> None:
    call = joined()
    assert call.handle(HungUp(CITIZEN), 60.0) == [Record("hear"), Finish("citizen-hung-up", waits_again=False)]
    assert call.handle(Said(OFFICE, media("lost", 1)), 61.0) == []


ends = st.sampled_from(End)


class AnyDay(RuleBasedStateMachine):
    """Anything, in any order; the clock only goes forward. Some days begin with a restart in the middle of a call."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.call = Call("call", began_at=0.0)
        self.joined_before = False
        self.effects: list[Effect] = []

    @initialize(restored=st.booleans(), joined=st.booleans())
    def begins(self, restored: bool, joined: bool) -> None:
        self.joined_before = restored and joined
        self.call = Call("call", began_at=0.0, joined=self.joined_before, restored=restored)

    def give(self, given: object) -> None:
        was_over = self.call.phase == "over"
        came = self.call.handle(given, self.now)  # type: ignore[arg-type]
        assert not (was_over and came), "nothing comes out after the end"
        self.effects += came

    @rule(end=ends, attempt=st.one_of(st.integers(1, 4), st.just(10_000)), connected=st.booleans(), fresh=st.booleans())
    def returns(self, end: End, attempt: int, connected: bool, fresh: bool) -> None:
        self.give(Returned(end, None if fresh else OngoingCall(call_id="call", attempt=attempt, connected=connected)))

    @rule(end=ends)
    def leaves(self, end: End) -> None:
        self.give(Left(end))

    @rule(end=ends, state=st.sampled_from(["connected", "lost"]), behind=st.integers(0, 2))
    def reports(self, end: End, state: str, behind: int) -> None:
        self.give(Said(end, media(state, max(1, self.call.attempt - behind))))

    @rule(end=ends)
    def offers(self, end: End) -> None:
        self.give(Said(end, Offer(call_id="call", attempt=max(1, self.call.attempt), sdp="v=0")))

    @rule(seconds=st.floats(0.1, 30))
    def time_passes(self, seconds: float) -> None:
        until = self.now + seconds
        while self.call.deadline is not None and self.call.deadline <= until:
            before = self.call.deadline
            self.now = max(self.now, before)
            self.give(Passed())
            assert self.call.deadline is None or self.call.deadline > before, (
                "a deadline that passed is not armed again"
            )
        self.now = until

    @precondition(lambda self: len(self.effects) > 12)
    @rule(end=ends)
    def hangs_up(self, end: End) -> None:
        self.give(HungUp(end))

    @precondition(lambda self: len(self.effects) > 12)
    @rule(end=ends)
    def raises_an_alarm(self, end: End) -> None:
        self.give(Alarmed(end, "frame-forged"))

    @precondition(lambda self: len(self.effects) > 12)
    @rule()
    def is_concluded(self) -> None:
        self.give(WasConcluded())

    @invariant()
    def ends_once_and_records_in_order(self) -> None:
        assert sum(isinstance(e, Finish) for e in self.effects) == (1 if self.call.phase == "over" else 0)
        steps = [e.step for e in self.effects if isinstance(e, Record)]
        if self.joined_before:
            assert steps in ([], ["interrupt"], ["hear"])
        else:
            assert steps in ([], ["join"], ["interrupt"], ["join", "interrupt"], ["join", "hear"])

    @invariant()
    def attempts_only_grow(self) -> None:
        attempts = [e.attempt for e in self.effects if isinstance(e, Negotiate)]
        assert attempts == sorted(set(attempts))
        assert self.call.attempt < 10_000, "a message that tells of it can still be made"

    @invariant()
    def in_call_means_that_both_decode_each_other(self) -> None:
        if self.call.phase == "in-call":
            assert self.call.joined
            assert all(status.connected for status in self.call.ends.values())

    @invariant()
    def a_call_that_is_not_whole_is_bounded_in_time(self) -> None:
        if self.call.phase in ("connecting", "reconnecting"):
            assert self.call.deadline is not None
            assert self.call.deadline <= self.now + max(ANSWER_WITHIN, RESUME_WITHIN)


TestAnyDay = AnyDay.TestCase
