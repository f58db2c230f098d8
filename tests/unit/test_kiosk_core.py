"""The kiosk's day: from switching on, through a call, a lost line and lost media, back to waiting."""

import pytest
from support.kiosk_talk import OFFICE, ended, negotiate, waiting, welcome

from kiosk_client.core.kiosk import ENDED_FOR, SILENT_FOR, TOLD_WITHIN, Kiosk
from kiosk_client.core.kiosk_events import (
    Attempt,
    Begin,
    CheckInAsked,
    Decoding,
    Described,
    DropLine,
    Effect,
    Enrolment,
    EnrolmentSeen,
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
    SayHello,
    Sealed,
    Secured,
    Show,
    Stop,
    TakeAnswer,
    TakeCandidate,
    TakeSeal,
)
from kiosk_client.wording import sentence
from tawasul.protocol.from_endpoint import Alarm, Answer, Candidate, CheckIn, HangUp, Media, Offer, OngoingCall, Seal
from tawasul.protocol.from_server import Challenge, FromServer, ProblemMessage
from tawasul.protocol.ice import IceCandidate

FIRST = Attempt("call-1", 1)
NONCE = "n" * 43


class Day:
    """A kiosk, a clock, and everything that it asked for."""

    def __init__(self, *references: str) -> None:
        self.kiosk = Kiosk(references)
        self.now = 1000.0

    def give(self, given: Given, after: float = 0.0) -> list[Effect]:
        """What it asks for, without what it shows."""
        self.now += after
        return [effect for effect in self.kiosk.handle(given, self.now) if not isinstance(effect, Show)]

    def hear(self, message: FromServer, after: float = 0.0) -> list[Effect]:
        return self.give(Heard(message), after)

    def line(self) -> "Day":
        """A line, welcomed, told that nobody waits."""
        self.give(LineOpened())
        self.hear(Challenge(nonce=NONCE))
        self.hear(welcome())
        self.hear(waiting())
        return self

    def call(self) -> "Day":
        """In a call that both ends decode."""
        self.line()
        assert self.hear(negotiate()) == [Begin(FIRST, negotiate())]
        self.give(Decoding(FIRST, "relay"))
        return self

    @property
    def state(self) -> KioskState:
        return self.kiosk.view.state


def problem(code: str, about: str, retry_after: int | None = None) -> ProblemMessage:
    return ProblemMessage(code=code, arabic="…", english="…", about=about, retry_after=retry_after)


def test_switching_on_checking_in_and_waiting() -> None:
    day = Day("AB12-CD34")
    assert day.state is KioskState.CONNECTING
    assert day.give(LineOpened()) == []
    assert day.hear(Challenge(nonce=NONCE)) == [SayHello(NONCE, None)]
    assert day.hear(welcome()) == []
    assert day.state is KioskState.IDLE
    assert day.hear(waiting()) == [Say(CheckIn(reference="AB12-CD34"))]
    assert day.hear(waiting("AB12-CD34")) == []
    assert day.state is KioskState.WAITING
    assert "number 1" in sentence(day.kiosk.view).english
    # The line comes back: the server counts them already, nothing is checked in twice.
    day.give(LineClosed(1012))
    day.line()
    assert day.hear(waiting("AB12-CD34")) == []


def test_references_are_checked_in_one_by_one_and_a_refusal_is_only_of_its_own() -> None:
    day = Day("AAAA-1111", "BBBB-2222")
    day.line()
    assert day.hear(waiting()) == []  # one is under way
    assert day.hear(problem("not-found", "check-in")) == [Say(CheckIn(reference="BBBB-2222"))]
    assert day.kiosk.view.problem == "not-found"
    assert day.hear(waiting("BBBB-2222")) == []
    assert day.give(CheckInAsked("CCCC-3333")) == [Say(CheckIn(reference="CCCC-3333"))]
    assert day.hear(problem("too-many-attempts", "check-in", retry_after=30)) == []
    assert day.hear(waiting("BBBB-2222"), after=20) == []
    assert day.give(Passed(), after=10) == [Say(CheckIn(reference="CCCC-3333"))]


def test_a_call_from_the_call_in_to_its_end() -> None:
    day = Day().line()
    day.hear(waiting("AB12-CD34"))
    assert day.hear(negotiate()) == [Begin(FIRST, negotiate())]
    assert day.state is KioskState.CALLED_IN
    assert day.kiosk.view.other == OFFICE
    assert day.give(Described(FIRST, "sdp")) == [Say(Offer(call_id="call-1", attempt=1, sdp="sdp"))]
    assert day.hear(Answer(call_id="call-1", attempt=1, sdp="back")) == [TakeAnswer(FIRST, "back")]
    trickled = IceCandidate(candidate="candidate:1 1 udp 1 127.0.0.1 9 typ host", sdp_mid="0")
    assert day.hear(Candidate(call_id="call-1", attempt=1, candidate=trickled)) == [TakeCandidate(FIRST, trickled)]
    assert day.give(Decoding(FIRST, "relay")) == [
        Say(Media(call_id="call-1", attempt=1, state="connected", path="relay"))
    ]
    assert (day.state, day.kiosk.view.path) == (KioskState.IN_CALL, "relay")
    assert day.hear(ended()) == [Stop(FIRST, goodbye=False, attest=True)]
    assert (day.state, day.kiosk.view.because) == (KioskState.ENDED, "concluded")
    day.hear(waiting())
    assert day.state is KioskState.ENDED  # long enough to be read
    day.give(Passed(), after=ENDED_FOR)
    assert (day.state, day.kiosk.view.because, day.kiosk.view.other) == (KioskState.IDLE, None, None)


def test_what_belongs_to_another_attempt_or_call_is_passed_over() -> None:
    day = Day().call()
    day.give(MediaLost(FIRST, "no-heartbeat"))
    second = Attempt("call-1", 2)
    assert day.hear(negotiate(attempt=2)) == [Stop(FIRST, goodbye=False), Begin(second, negotiate(attempt=2))]
    for stale in (
        Heard(Answer(call_id="call-1", attempt=1, sdp="old")),
        Heard(Answer(call_id="call-9", attempt=2, sdp="other")),
        Heard(Candidate(call_id="call-1", attempt=1, candidate=IceCandidate(candidate=""))),
        Heard(negotiate(attempt=1)),
        Heard(negotiate(attempt=2)),
        Heard(ended("call-9")),
        Described(FIRST, "sdp"),
        Decoding(FIRST, "host"),
        MediaLost(FIRST, "no-heartbeat"),
        OtherHungUp(FIRST),
    ):
        assert day.give(stale) == [], stale
    assert day.state is KioskState.RECONNECTING


def test_lost_media_are_told_and_made_anew() -> None:
    day = Day().call()
    assert day.give(MediaLost(FIRST, "no-heartbeat")) == [
        Stop(FIRST, goodbye=False),
        Say(Media(call_id="call-1", attempt=1, state="lost")),
    ]
    assert day.state is KioskState.RECONNECTING
    day.hear(negotiate(attempt=2))
    assert day.state is KioskState.RECONNECTING
    day.give(Decoding(Attempt("call-1", 2), "host"))
    assert day.state is KioskState.IN_CALL


def test_a_lost_line_leaves_the_call_alone_and_says_so_on_its_return() -> None:
    day = Day().call()
    assert day.give(LineClosed(None)) == []
    assert (day.state, day.kiosk.view.line) == (KioskState.IN_CALL, False)
    assert "goes on" in sentence(day.kiosk.view).english
    day.give(LineOpened(), after=3)
    assert day.hear(Challenge(nonce=NONCE)) == [
        SayHello(NONCE, OngoingCall(call_id="call-1", attempt=1, connected=True))
    ]
    assert day.hear(welcome()) == []
    assert day.state is KioskState.IN_CALL


def test_media_lost_while_the_line_is_away_are_told_by_the_next_hello() -> None:
    day = Day().call()
    day.give(LineClosed(None))
    assert day.give(MediaLost(FIRST, "no-heartbeat")) == [Stop(FIRST, goodbye=False)]
    day.give(LineOpened())
    assert day.hear(Challenge(nonce=NONCE)) == [
        SayHello(NONCE, OngoingCall(call_id="call-1", attempt=1, connected=False))
    ]


def test_a_call_that_the_server_no_longer_knows_is_over() -> None:
    day = Day().call()
    day.give(LineClosed(None))
    day.give(LineOpened())
    day.hear(welcome())
    assert day.hear(problem("no-such-call", "hello")) == [Stop(FIRST, goodbye=False)]
    assert day.state is KioskState.ENDED


def test_a_goodbye_ends_the_call_without_the_server_and_is_told_to_it_if_it_does_not_know() -> None:
    day = Day().call()
    assert day.give(OtherHungUp(FIRST)) == [Stop(FIRST, goodbye=False, attest=True)]
    assert (day.state, day.kiosk.view.because) == (KioskState.ENDED, "office-hung-up")
    assert day.give(Passed(), after=TOLD_WITHIN) == [Say(HangUp(call_id="call-1"))]
    assert day.hear(ended(because="concluded")) == []
    assert day.kiosk.view.because == "concluded"
    assert day.hear(negotiate(call_id="call-2")) == [Begin(Attempt("call-2", 1), negotiate(call_id="call-2"))]


def test_a_goodbye_that_the_server_knows_of_is_not_told_to_it() -> None:
    day = Day().call()
    day.give(OtherHungUp(FIRST))
    day.hear(ended(because="office-hung-up"))
    assert day.give(Passed(), after=TOLD_WITHIN) == []


def test_hanging_up_says_goodbye_and_is_never_undone_by_a_server_that_did_not_hear_it() -> None:
    day = Day().call()
    day.give(LineClosed(None))
    assert day.give(HangUpAsked()) == [Stop(FIRST, goodbye=True, attest=True)]
    day.give(LineOpened())
    assert day.hear(Challenge(nonce=NONCE)) == [SayHello(NONCE, None)]
    assert day.hear(welcome()) == [Say(HangUp(call_id="call-1"))]
    assert day.hear(negotiate(attempt=2)) == [Say(HangUp(call_id="call-1"))]
    assert day.hear(problem("no-such-call", "hang-up")) == []
    day.give(Passed(), after=ENDED_FOR)
    assert day.state is KioskState.IDLE


def test_a_silent_line_is_dropped_and_a_pulse_keeps_it() -> None:
    day = Day().line()
    assert day.kiosk.deadline == day.now + SILENT_FOR
    day.hear(waiting(), after=20)
    assert day.give(Passed(), after=SILENT_FOR - 0.1) == []
    assert day.give(Passed(), after=0.1) == [DropLine()]
    day.give(LineClosed(None))
    assert (day.state, day.kiosk.deadline) == (KioskState.CONNECTING, None)


@pytest.mark.parametrize(("code", "state"), [(4403, KioskState.UNENROLLED), (1012, KioskState.CONNECTING)])
def test_a_kiosk_that_is_not_registered_says_so(code: int, state: KioskState) -> None:
    day = Day()
    day.give(LineOpened())
    day.give(LineClosed(code))
    assert day.state is state


def test_every_state_and_ending_has_its_sentence_in_both_languages() -> None:
    day = Day()
    for state in KioskState:
        for because in (None, "office-hung-up", "lost", "something-new"):
            day.kiosk._see(state=state, because=because)
            said = sentence(day.kiosk.view)
            assert said.english.isascii()
            assert any("\u0600" <= letter <= "\u06ff" for letter in said.arabic)


def test_the_handshake_goes_through_the_server_and_shows_whom_one_speaks_with() -> None:
    day = Day().line()
    day.hear(negotiate())
    assert day.kiosk.view.privacy == "not-yet"
    said = day.give(Sealed(FIRST, b'{"t":"init"}'))
    assert said == [Say(Seal(call_id="call-1", attempt=1, payload="eyJ0IjoiaW5pdCJ9"))]
    heard = Seal(call_id="call-1", attempt=1, payload="eyJ0IjoiaW5pdCJ9")
    assert day.hear(heard) == [TakeSeal(FIRST, b'{"t":"init"}')]
    assert day.hear(heard.model_copy(update={"payload": "e"})) == [TakeSeal(FIRST, b"")]
    assert day.hear(heard.model_copy(update={"attempt": 2})) == []
    day.give(Secured(FIRST, "012345", (OFFICE,)))
    assert day.kiosk.view.privacy == "not-yet"  # nothing has been opened yet
    day.give(Decoding(FIRST, "relay"))
    view = day.kiosk.view
    assert (view.privacy, view.phrase, view.present) == ("verified", "012345", (OFFICE,))
    day.give(MediaLost(FIRST, "no-heartbeat"))
    assert (day.kiosk.view.privacy, day.kiosk.view.phrase) == ("not-yet", None)


def test_a_call_that_is_not_private_ends_at_once_with_an_alarm_and_its_reason_on_the_screen() -> None:
    day = Day().call()
    alarm = Alarm(call_id="call-1", attempt=1, code="certificate-revoked")
    assert day.give(Refused(FIRST, "certificate-revoked")) == [Stop(FIRST, goodbye=False), Say(alarm)]
    view = day.kiosk.view
    assert (view.state, view.because, view.privacy) == (KioskState.ENDED, "not-private", "certificate-revoked")
    assert "revoked" in sentence(view).english
    assert day.hear(ended(because="not-private")) == []
    assert day.give(Refused(FIRST, "chain-wrong")) == []  # once
    day.give(Passed(), after=ENDED_FOR)
    assert (day.kiosk.view.state, day.kiosk.view.privacy) == (KioskState.IDLE, None)


def test_a_server_that_makes_nothing_of_the_alarm_is_told_that_we_have_left() -> None:
    day = Day().call()
    day.give(Refused(FIRST, "chain-wrong"))
    assert day.give(Passed(), after=TOLD_WITHIN) == [Say(HangUp(call_id="call-1"))]
    assert day.hear(negotiate(attempt=2)) == [Say(HangUp(call_id="call-1"))]


def test_what_the_other_end_refused_ends_the_call_and_is_its_own_to_tell() -> None:
    day = Day().call()
    assert day.give(Refused(FIRST, "refused-by-other", tell=False)) == [Stop(FIRST, goodbye=False)]
    assert (day.kiosk.view.because, day.kiosk.view.privacy) == ("not-private", "refused-by-other")
    assert day.give(Passed(), after=TOLD_WITHIN) == [Say(HangUp(call_id="call-1"))]


def test_a_kiosk_without_certificate_says_so_and_keeps_its_line() -> None:
    day = Day().line()
    day.give(EnrolmentSeen(Enrolment("ABCD-EFGH-JKMN", "tawasul-enrol:1:x")))
    assert (day.kiosk.view.state, day.kiosk.view.line) == (KioskState.UNENROLLED, True)
    assert "ABCD-EFGH-JKMN" in sentence(day.kiosk.view).english
    day.hear(waiting("AAAA-1111"))
    assert day.kiosk.view.state is KioskState.UNENROLLED
    day.give(EnrolmentSeen(None))
    assert day.kiosk.view.state is KioskState.WAITING
