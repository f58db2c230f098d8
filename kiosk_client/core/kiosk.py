"""The kiosk's state: from switching on to a call and back to waiting. Pure.

::

    connecting ─► idle ─► waiting ─► called-in ─► in-call ─► ended ─► idle or waiting
        │                               ▲            │
        └─► unenrolled                  └─ reconnecting

The line to the server and the media of a call are two things: either may be lost without the other. Contract: give
every input with the time, perform the effects in order, and call `handle(Passed(), now)` when `deadline` is reached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk_client.core.check_ins import CheckIns
from kiosk_client.core.kiosk_events import (
    Attempt,
    Begin,
    CheckInAsked,
    Decoding,
    Described,
    DropLine,
    Effect,
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
    QualityChanged,
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
    View,
)
from kiosk_client.core.seals import seal, unsealed
from tawasul.protocol.from_endpoint import (
    Alarm,
    Answer,
    Candidate,
    CheckIn,
    HangUp,
    Media,
    Offer,
    OngoingCall,
    Seal,
)
from tawasul.protocol.from_server import (
    CallState,
    Challenge,
    Ended,
    FromServer,
    Negotiate,
    ProblemMessage,
    Waiting,
    Welcome,
)

SILENT_FOR = 25.0
"""Seconds without a word from the server (it pulses every ten) after which the line is made anew."""

ENDED_FOR = 6.0
"""Seconds for which the end of a call is shown: long enough to read a sentence, short enough for the next person."""

TOLD_WITHIN = 3.0
"""Seconds for the server to say that the call is over, once the other end has said goodbye; then we tell it."""

NOT_RECOGNISED = 4403
"""The close code of `kiosk-not-recognised`."""


class Kiosk:
    """One kiosk. `references` are checked in by themselves as soon as there is a line (the demo, a test)."""

    def __init__(self, references: tuple[str, ...] = ()) -> None:
        self.view = View()
        self.attempt: Attempt | None = None
        self._decoding = False
        self._left: str | None = None
        self._alarm: Alarm | None = None
        self._check_ins = CheckIns(references)
        self._silent_at: float | None = None
        self._ended_until: float | None = None
        self._tell_at: float | None = None

    @property
    def deadline(self) -> float | None:
        """When `Passed` is due; None when nothing is awaited."""
        times = (self._silent_at, self._ended_until, self._tell_at, self._check_ins.deadline)
        return min((at for at in times if at is not None), default=None)

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What to do about `given`. `now` in seconds, never going back."""
        before = self.view
        effects = self._act(given, now)
        if self.view != before:
            effects.append(Show(self.view))
        return effects

    def _act(self, given: Given, now: float) -> list[Effect]:
        match given:
            case LineOpened():
                self._silent_at = now + SILENT_FOR
            case LineClosed(code):
                self._line_closed(code)
            case Heard(message):
                self._silent_at = now + SILENT_FOR
                return self._heard(message, now)
            case Described(attempt, sdp) if attempt == self.attempt:
                return self._say(Offer(call_id=attempt.call_id, attempt=attempt.number, sdp=sdp))
            case Sealed(attempt, payload) if attempt == self.attempt:
                return self._say(seal(attempt, payload))
            case Secured(attempt, phrase, present) if attempt == self.attempt:
                self._see(phrase=phrase, present=present)
            case Refused(attempt, code, tell) if attempt == self.attempt:
                return self._refuse(attempt, code, now, tell=tell)
            case EnrolmentSeen(enrolment):
                self._see(enrolment=enrolment)
                self._rest()
            case Decoding(attempt, path, via) if attempt == self.attempt:
                self._decoding = True
                # Decoded means opened: no frame passes that was not sealed under the keys of the handshake.
                self._see(state=KioskState.IN_CALL, path=path, privacy="verified")
                connected = Media(
                    call_id=attempt.call_id, attempt=attempt.number, state="connected", path=path, via=via
                )
                return self._say(connected)
            case QualityChanged(attempt, level, cause) if attempt == self.attempt and self._decoding:
                self._see(quality=level, cause=cause)
            case MediaLost(attempt) if attempt == self.attempt:
                return self._media_lost(attempt)
            case OtherHungUp(attempt) if attempt == self.attempt:
                self._tell_at = now + TOLD_WITHIN
                return self._end("office-hung-up", now, left=True, attest=True)
            case HangUpAsked() if self.attempt is not None:
                call_id = self.attempt.call_id
                stop = self._end("citizen-hung-up", now, left=True, goodbye=True, attest=True)
                return stop + self._say(HangUp(call_id=call_id))
            case CheckInAsked(reference):
                self._check_ins.add(reference)
                self._see(problem=None)
                return self._check_in(now)
            case Passed():
                return self._passed(now)
        return []

    def _line_closed(self, code: int | None) -> None:
        self._silent_at = None
        self._check_ins.line_lost()
        self._see(line=False, call=None)
        if self.attempt is None and self._ended_until is None:
            self._see(state=KioskState.UNENROLLED if code == NOT_RECOGNISED else KioskState.CONNECTING)

    def _heard(self, message: FromServer, now: float) -> list[Effect]:
        match message:
            case Challenge(nonce=nonce):
                return [SayHello(nonce, self._ongoing())]
            case Welcome(name=name):
                self._see(line=True, name=name, problem=None)
                self._rest()
                alarm, self._alarm = self._alarm, None
                return self._say(alarm or HangUp(call_id=self._left)) if self._left else []
            case Waiting():
                return self._waiting(message, now)
            case Negotiate():
                return self._negotiate(message)
            case Answer(sdp=sdp) if self._is_current(message):
                return self._with_attempt(lambda attempt: TakeAnswer(attempt, sdp))
            case Candidate(candidate=candidate) if self._is_current(message):
                return self._with_attempt(lambda attempt: TakeCandidate(attempt, candidate))
            case Seal(payload=payload) if self._is_current(message):
                return self._with_attempt(lambda attempt: TakeSeal(attempt, unsealed(payload)))
            case CallState() if self.attempt is not None and message.call_id == self.attempt.call_id:
                self._see(call=message)
            case Ended():
                return self._ended(message, now)
            case ProblemMessage():
                return self._problem(message, now)
        return []

    def _ongoing(self) -> OngoingCall | None:
        if self.attempt is None:
            return None
        return OngoingCall(call_id=self.attempt.call_id, attempt=self.attempt.number, connected=self._decoding)

    def _waiting(self, message: Waiting, now: float) -> list[Effect]:
        self._see(entries=message.entries, office_present=message.office_present)
        self._check_ins.are_here(entry.reference for entry in message.entries)
        self._rest()
        return self._check_in(now)

    def _negotiate(self, message: Negotiate) -> list[Effect]:
        if message.call_id == self._left:
            # The citizen has left this call, and the server could not know it yet.
            return self._say(HangUp(call_id=message.call_id))
        attempt = Attempt(message.call_id, message.attempt)
        known = self.attempt is not None and self.attempt.call_id == attempt.call_id
        if known and self.attempt is not None and attempt.number <= self.attempt.number:
            return []
        stop: list[Effect] = [Stop(self.attempt, goodbye=False)] if self.attempt else []
        again = known and self.view.state in {KioskState.IN_CALL, KioskState.RECONNECTING}
        self.attempt, self._decoding, self._left = attempt, False, None
        self._ended_until = self._tell_at = None
        self._see(
            state=KioskState.RECONNECTING if again else KioskState.CALLED_IN,
            other=message.other.name,
            path=None,
            because=None,
            privacy="not-yet",
            phrase=None,
            present=(),
            quality="good",
            cause=None,
        )
        return [*stop, Begin(attempt, message)]

    def _media_lost(self, attempt: Attempt) -> list[Effect]:
        if self._decoding:
            self._see(state=KioskState.RECONNECTING, path=None)
        self._see(privacy="not-yet", phrase=None, present=(), quality="good", cause=None)
        self._decoding = False
        lost = Media(call_id=attempt.call_id, attempt=attempt.number, state="lost")
        return [Stop(attempt, goodbye=False), *self._say(lost)]

    def _refuse(self, attempt: Attempt, code: str, now: float, *, tell: bool) -> list[Effect]:
        # This end stops by itself, whatever the server makes of the alarm.
        self._tell_at = now + TOLD_WITHIN
        stop = self._end("not-private", now, left=True)
        self._see(privacy=code)
        if not tell:
            return stop
        alarm = Alarm(call_id=attempt.call_id, attempt=attempt.number, code=code)
        self._alarm = None if self.view.line else alarm  # said with the next line: an alarm is not to be lost
        return stop + self._say(alarm)

    def _ended(self, message: Ended, now: float) -> list[Effect]:
        if message.call_id == self._left:
            self._left = self._tell_at = None
            if self._ended_until is not None:
                self._see(because=message.because)
        if self.attempt is None or message.call_id != self.attempt.call_id:
            return []
        return self._end(message.because, now, attest=message.because != "not-private")

    def _problem(self, message: ProblemMessage, now: float) -> list[Effect]:
        if message.about in {"hang-up", "alarm"}:
            self._left = None  # the server knows the call no more, which was wanted
            return []
        self._see(problem=message.code)
        if message.about == "check-in":
            self._check_ins.refused(message.code, message.retry_after, now)
            return self._check_in(now)
        if message.about == "hello" and message.code == "no-such-call" and self.attempt is not None:
            return self._end("call-unknown", now)
        return []

    def _passed(self, now: float) -> list[Effect]:
        if self._silent_at is not None and now >= self._silent_at:
            self._silent_at = None
            return [DropLine()]
        if self._ended_until is not None and now >= self._ended_until:
            self._ended_until = None
            self._see(because=None, other=None, privacy=None)
            self._rest()
        if self._tell_at is not None and now >= self._tell_at:
            self._tell_at = None
            return self._say(HangUp(call_id=self._left)) if self._left else []
        return self._check_in(now)

    def _end(
        self, because: str, now: float, *, left: bool = False, goodbye: bool = False, attest: bool = False
    ) -> list[Effect]:
        assert self.attempt is not None
        stop = Stop(self.attempt, goodbye=goodbye, attest=attest)
        self._left = self.attempt.call_id if left else self._left
        self._alarm = None
        self.attempt, self._decoding = None, False
        self._ended_until = now + ENDED_FOR
        self._see(state=KioskState.ENDED, because=because, path=None, call=None, privacy=None, phrase=None, present=())
        self._see(quality="good", cause=None)
        return [stop]

    def _check_in(self, now: float) -> list[Effect]:
        reference = self._check_ins.next(now) if self.view.line else None
        return self._say(CheckIn(reference=reference)) if reference is not None else []

    def _rest(self) -> None:
        """Outside a call: not enrolled, idle, or waiting, as certificate and entries say."""
        if self.attempt is not None or self._ended_until is not None or not self.view.line:
            return
        if self.view.enrolment is not None:
            self._see(state=KioskState.UNENROLLED)
        else:
            self._see(state=KioskState.WAITING if self.view.entries else KioskState.IDLE)

    def _is_current(self, message: Answer | Candidate | Seal) -> bool:
        return self.attempt == Attempt(message.call_id, message.attempt)

    def _with_attempt(self, make: Callable[[Attempt], Effect]) -> list[Effect]:
        return [make(self.attempt)] if self.attempt is not None else []

    def _say(self, message: Alarm | CheckIn | HangUp | Offer | Media | Seal) -> list[Effect]:
        # Without a line nothing is kept to be said later: the next hello says how we stand then.
        return [Say(message)] if self.view.line else []

    def _see(self, **changes: object) -> None:
        self.view = replace(self.view, **changes)  # type: ignore[arg-type]
