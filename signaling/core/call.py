"""One call between the office's end and the citizen's end, as the server may know it. Pure; no media come here.

::

    connecting ──both decode each other──► in-call ──an end says "lost"──► reconnecting ──both again──► in-call
        └── hang-up, no answer ──► over ◄──── hang-up, concluded, lost for good ────┘

A line that drops says nothing about the media: the call is between the ends, and goes on. It is made anew only when an
end says that the media are lost, or comes back without them. Each making is an *attempt*, counted from 1; what belongs
to another attempt is ignored.

Contract: give every input with the time, perform the effects in order, and call ``handle(Passed(), now)`` at
``deadline``. After a ``Finish`` effect nothing more comes out.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Literal

from tawasul.protocol.from_endpoint import Media, OngoingCall, Relayed
from tawasul.protocol.from_server import EndedBecause

ANSWER_WITHIN = 60.0
"""Seconds from being called in to seeing each other; then the citizen waits again and the office may call another."""

RESUME_WITHIN = 45.0
"""Seconds for a lost call to come back. Longer than a kiosk needs to restart."""

ATTEMPT_WITHIN = 15.0
"""Seconds for one negotiation. Trying anew is cheap; waiting for a dead attempt is not."""

SETTLE_WITHIN = 15.0
"""Seconds after a restart of the server in which ends may return with their media, before anything is made anew."""

LARGEST_CLAIM = 5_000
"""Attempts that an end may say it has seen: no call has so many, and a message holds no more than 10 000."""


class End(enum.StrEnum):
    """The two ends."""

    OFFICE = "office"
    CITIZEN = "citizen"

    @property
    def other(self) -> End:
        """The end across."""
        return End.CITIZEN if self is End.OFFICE else End.OFFICE


Phase = Literal["connecting", "in-call", "reconnecting", "over"]


@dataclass(frozen=True, slots=True)
class Returned:
    """A line to this end stands (again). ``ongoing``: the media it still holds, if it says so."""

    end: End
    ongoing: OngoingCall | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """The line to this end dropped."""

    end: End


@dataclass(frozen=True, slots=True)
class Said:
    """An end said something that belongs to this call."""

    end: End
    message: Relayed | Media


@dataclass(frozen=True, slots=True)
class HungUp:
    """A person at this end ended the call."""

    end: End


@dataclass(frozen=True, slots=True)
class Alarmed:
    """An end will not go on, because the call is not proven to be private. ``code`` says what is wrong."""

    end: End
    code: str


@dataclass(frozen=True, slots=True)
class WasConcluded:
    """The outcome is written; the call ends by it."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The deadline passed."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Pass this on to an end, as it is."""

    to: End
    message: Relayed


@dataclass(frozen=True, slots=True)
class Negotiate:
    """Tell both ends to make the connection of this attempt."""

    attempt: int


@dataclass(frozen=True, slots=True)
class TellState:
    """Tell both ends how the call stands: the same words to both."""


@dataclass(frozen=True, slots=True)
class Record:
    """The audience takes this step in the store."""

    step: Literal["join", "interrupt", "hear"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """Tell both ends that the call is over."""

    because: EndedBecause
    waits_again: bool


Input = Returned | Left | Said | HungUp | Alarmed | WasConcluded | Passed
Effect = Pass | Negotiate | TellState | Record | Finish


@dataclass(slots=True)
class EndStatus:
    """What the server knows of one end: whether a line stands, and whether it decodes the other.

    ``heard_of``: it had a line since this server took the call up.
    """

    online: bool = False
    connected: bool = False
    path: Literal["host", "reflexive", "relay"] | None = None
    heard_of: bool = False


@dataclass(slots=True)
class Call:
    """The state of one call. ``joined``: both have seen each other at least once."""

    call_id: str
    began_at: float
    joined: bool = False
    restored: bool = False
    attempt: int = 0
    phase: Phase = "connecting"
    ends: dict[End, EndStatus] = field(default_factory=lambda: {end: EndStatus() for end in End})
    _give_up_at: float | None = None
    _again_at: float | None = None
    _settle_at: float | None = None

    def __post_init__(self) -> None:
        if self.restored:
            # Whoever still has media will say so; until then nothing may be disturbed.
            self._settle_at = self.began_at + SETTLE_WITHIN
            self._give_up_at = self.began_at + RESUME_WITHIN
            self.phase = "reconnecting" if self.joined else "connecting"
        else:
            self._give_up_at = self.began_at + ANSWER_WITHIN

    @property
    def deadline(self) -> float | None:
        """When ``Passed`` is due."""
        return min((at for at in (self._give_up_at, self._again_at, self._settle_at) if at is not None), default=None)

    def handle(self, given: Input, now: float) -> list[Effect]:
        """What to do about ``given``."""
        if self.phase == "over":
            return []
        match given:
            case Returned(end, ongoing):
                return self._returned(end, ongoing, now)
            case Left(end):
                return self._left(end, now)
            case Said(end, message):
                return self._said(end, message, now)
            case HungUp(end):
                return self._hung_up(end)
            case Alarmed(_, code):
                return [Record("interrupt", f"alarm {code}"), *self._finish(Finish("not-private", waits_again=True))]
            case WasConcluded():
                return self._finish(Finish("concluded", waits_again=False))
            case Passed():
                return self._passed(now)

    def _returned(self, end: End, ongoing: OngoingCall | None, now: float) -> list[Effect]:
        status, other = self.ends[end], self.ends[end.other]
        status.online = status.heard_of = True
        holds = ongoing is not None and ongoing.call_id == self.call_id
        if holds and ongoing is not None:
            if self.restored and self.attempt < ongoing.attempt <= LARGEST_CLAIM:
                # Only after a restart: the ends know the count, the server has forgotten it.
                self.attempt = ongoing.attempt
                other.connected = False
            status.connected = ongoing.connected and ongoing.attempt == self.attempt
            if status.connected and self.joined and not other.heard_of:
                # Whoever decodes the other proves that the other sends: the call lives, though its line is away.
                other.connected = True
        else:
            status.connected = False
            status.path = None
        if self._both_connected():
            return self._settled()
        return self._make_anew(now)

    def _left(self, end: End, now: float) -> list[Effect]:
        self.ends[end].online = False
        if not any(status.online for status in self.ends.values()):
            # Nobody is left who could say how the media are: they have this long to return.
            self._give_up_at = self._give_up_at or now + RESUME_WITHIN
        return [TellState()]

    def _said(self, end: End, message: Relayed | Media, now: float) -> list[Effect]:
        if isinstance(message, Media):
            return self._media(end, message, now)
        if not self._is_current(message) or not self.ends[end.other].online:
            return []
        return [Pass(end.other, message)]

    def _media(self, end: End, media: Media, now: float) -> list[Effect]:
        if not self._is_current(media):
            return []
        status = self.ends[end]
        status.connected = media.state == "connected"
        status.path = media.path if status.connected else None
        if self._both_connected():
            return self._settled()
        if status.connected:
            return [TellState()]
        return self._make_anew(now)

    def _settled(self) -> list[Effect]:
        self._again_at = self._settle_at = None
        if any(status.online for status in self.ends.values()):
            self._give_up_at = None
        first = not self.joined
        self.joined = True
        self.phase = "in-call"
        return [*([Record("join")] if first else []), TellState()]

    def _make_anew(self, now: float) -> list[Effect]:
        """The media are not there (any more): negotiate as soon as both ends can be reached."""
        if self.joined and self.phase != "reconnecting":
            self.phase = "reconnecting"
            self._give_up_at = now + RESUME_WITHIN
        if self._settle_at is not None and now < self._settle_at:
            return [TellState()]
        if not all(status.online for status in self.ends.values()):
            self._again_at = None
            return [TellState()]
        self._settle_at = None
        self.attempt += 1
        for status in self.ends.values():
            status.connected = False
            status.path = None
        self._again_at = now + ATTEMPT_WITHIN
        return [Negotiate(self.attempt), TellState()]

    def _hung_up(self, end: End) -> list[Effect]:
        if not self.joined:
            because: EndedBecause = "taken-back" if end is End.OFFICE else "citizen-hung-up"
            return [Record("interrupt", because), *self._finish(Finish(because, waits_again=True))]
        because = "office-hung-up" if end is End.OFFICE else "citizen-hung-up"
        return [Record("hear"), *self._finish(Finish(because, waits_again=False))]

    def _passed(self, now: float) -> list[Effect]:
        if self._give_up_at is not None and now >= self._give_up_at:
            because: EndedBecause = "lost" if self.joined else "no-answer"
            return [Record("interrupt", because), *self._finish(Finish(because, waits_again=True))]
        if self._settle_at is not None and now >= self._settle_at:
            self._settle_at = None
            return [] if self._both_connected() else self._make_anew(now)
        if self._again_at is not None and now >= self._again_at:
            return self._make_anew(now)
        return []

    def _finish(self, finish: Finish) -> list[Effect]:
        self.phase = "over"
        self._give_up_at = self._again_at = self._settle_at = None
        return [finish]

    def _is_current(self, message: Relayed | Media) -> bool:
        return message.attempt == self.attempt and message.call_id == self.call_id

    def _both_connected(self) -> bool:
        return all(status.connected for status in self.ends.values())
