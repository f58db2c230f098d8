"""One line to an endpoint: greeting, what it may say, how much and how often. Pure.

Contract: give every frame that comes in to ``handle`` together with the time, perform the effects in order, and call
``handle(Passed(), now)`` when ``deadline`` is reached. After a ``Close`` effect nothing more comes out.
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass

from pydantic import ValidationError

from tawasul.protocol.base import LARGEST_MESSAGE, PROTOCOL_VERSION
from tawasul.protocol.from_endpoint import FROM_ENDPOINT, FromEndpoint, Hello

HELLO_WITHIN = 10.0
"""Seconds. Long enough for a phone on a poor line, short enough that silent sockets do not pile up."""

BURST = 60
PER_SECOND = 15.0
"""A browser trickles some twenty candidates at once, three times over in a bad hour; nothing lawful exceeds this."""

MISTAKES_FORGIVEN = 20
"""An endpoint of a neighbouring version may err now and then; one that does nothing else is cut off."""


class Endpoint(enum.StrEnum):
    """What kind of end a line leads to."""

    OFFICE = "office"
    KIOSK = "kiosk"
    CITIZEN = "citizen"


_ALWAYS = frozenset({"hello", "hang-up", "candidate", "seal", "alarm", "media"})
MAY_SAY: dict[Endpoint, frozenset[str]] = {
    Endpoint.OFFICE: _ALWAYS | {"call-in", "conclude", "answer"},
    Endpoint.KIOSK: _ALWAYS | {"check-in", "offer"},
    Endpoint.CITIZEN: _ALWAYS | {"check-in", "offer"},
}
"""The types of message that each kind may send. Which audience it may speak of is asked by the switchboard."""


class State(enum.Enum):
    """Where a line stands."""

    AWAITING_HELLO = enum.auto()
    SETTLED = enum.auto()
    CLOSED = enum.auto()


@dataclass(frozen=True, slots=True)
class Received:
    """A frame came in, as text or as bytes."""

    frame: str | bytes


@dataclass(frozen=True, slots=True)
class Passed:
    """The deadline passed."""


@dataclass(frozen=True, slots=True)
class Greet:
    """The endpoint said hello in a version we speak."""

    hello: Hello


@dataclass(frozen=True, slots=True)
class Deliver:
    """A lawful message for the switchboard."""

    message: FromEndpoint


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell the endpoint of a problem; the line goes on."""

    code: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """Tell the endpoint of a problem and close the line."""

    code: str


Input = Received | Passed
Effect = Greet | Deliver | Refuse | Close


class Peer:
    """The state of one line."""

    def __init__(self, endpoint: Endpoint, now: float) -> None:
        self.endpoint = endpoint
        self.state = State.AWAITING_HELLO
        self.deadline: float | None = now + HELLO_WITHIN
        self._tokens = float(BURST)
        self._filled_at = now
        self._mistakes = 0

    def handle(self, given: Input, now: float) -> list[Effect]:
        """What to do about ``given``. ``now`` in seconds, never going back."""
        if self.state is State.CLOSED:
            return []
        if isinstance(given, Passed):
            late = self.deadline is not None and now >= self.deadline
            return self._close("hello-expected") if late else []
        if not self._may_say_another(now):
            return self._close("too-many-messages")
        return self._read(given.frame)

    def _read(self, frame: str | bytes) -> list[Effect]:
        size = len(frame) if isinstance(frame, bytes) else len(frame.encode("utf-8", "surrogatepass"))
        if size > LARGEST_MESSAGE:
            return self._close("message-too-large")
        if isinstance(frame, bytes):
            return self._mistake("malformed", None)
        try:
            message = FROM_ENDPOINT.validate_json(frame)
        except ValidationError as error:
            unknown = any(e["type"].startswith("union_tag_invalid") for e in error.errors(include_input=False))
            return self._mistake("unknown-message" if unknown else "malformed", _type_of(frame))
        if message.type not in MAY_SAY[self.endpoint]:
            return self._mistake("not-for-this-endpoint", message.type)
        if isinstance(message, Hello):
            return self._hello(message)
        if self.state is State.AWAITING_HELLO:
            return self._mistake("out-of-order", message.type)
        return [Deliver(message)]

    def _hello(self, hello: Hello) -> list[Effect]:
        if self.state is State.SETTLED:
            return self._mistake("out-of-order", hello.type)
        if hello.protocol != PROTOCOL_VERSION:
            return self._close("protocol-version")
        if (hello.proof is not None) != (self.endpoint is Endpoint.KIOSK):
            return self._close("kiosk-not-recognised" if self.endpoint is Endpoint.KIOSK else "malformed")
        self.state = State.SETTLED
        self.deadline = None
        return [Greet(hello)]

    def _mistake(self, code: str, about: str | None) -> list[Effect]:
        self._mistakes += 1
        if self._mistakes > MISTAKES_FORGIVEN:
            return self._close("too-many-problems")
        return [Refuse(code, about)]

    def _close(self, code: str) -> list[Effect]:
        self.state = State.CLOSED
        self.deadline = None
        return [Close(code)]

    def _may_say_another(self, now: float) -> bool:
        """Token bucket: ``BURST`` at once, ``PER_SECOND`` in the long run."""
        self._tokens = min(BURST, self._tokens + max(0.0, now - self._filled_at) * PER_SECOND)
        self._filled_at = max(now, self._filled_at)
        self._tokens -= 1
        return self._tokens >= 0


def _type_of(frame: str) -> str | None:
    """The ``type`` that a message we could not read claims to have, if it is one that exists."""
    try:
        claimed = json.loads(frame)["type"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return claimed if isinstance(claimed, str) and any(claimed in may for may in MAY_SAY.values()) else None
