"""What the kiosk's core is told, what it asks to be done, and what it shows."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from tawasul.protocol.base import BothNames, Message
from tawasul.protocol.from_endpoint import OngoingCall
from tawasul.protocol.from_server import CallState, FromServer, Negotiate, WaitingEntry
from tawasul.protocol.ice import IceCandidate
from tawasul.protocol.peer import QualityCause, QualityLevel
from tawasul.protocol.relay_url import Transport

Path = Literal["host", "reflexive", "relay"]


@dataclass(frozen=True)
class Attempt:
    """One attempt of one call: what does not carry the current one's names is stale."""

    call_id: str
    number: int


@dataclass(frozen=True)
class Enrolment:
    """What two stewards need to see to let this kiosk in: they compare the code, or scan the QR's text.

    `approvals`: how many of the two have approved. `reached`: whether the issuer has taken the request.
    """

    code: str
    qr: str
    approvals: int = 0
    reached: bool = False


# Given


@dataclass(frozen=True)
class LineOpened:
    """A line to the server stands; it will challenge us."""


@dataclass(frozen=True)
class LineClosed:
    """The line is gone. `code` is the WebSocket close code, None when it could not be opened."""

    code: int | None = None


@dataclass(frozen=True)
class Heard:
    """The server said this."""

    message: FromServer


@dataclass(frozen=True)
class Described:
    """Our offer (at the office: answer) for this attempt is ready."""

    attempt: Attempt
    sdp: str


@dataclass(frozen=True)
class Sealed:
    """Our end of the handshake says this to the other end; the server only passes it on."""

    attempt: Attempt
    payload: bytes


@dataclass(frozen=True)
class Secured:
    """The handshake is confirmed, and the connection uses the certificate that the other end signed.

    `phrase`: six digits, the same on both ends. `present`: everyone at the other end, as their certificates say.
    """

    attempt: Attempt
    phrase: str
    present: tuple[BothNames, ...]


@dataclass(frozen=True)
class Refused:
    """Nobody can say that this call is private. Nothing of it flows any more. `code`: as in docs/end-to-end.md.

    `tell`: this end found it; otherwise the other end did, and tells the server itself.
    """

    attempt: Attempt
    code: str
    tell: bool = True


@dataclass(frozen=True)
class EnrolmentSeen:
    """How this kiosk's enrolment stands: None once it has a certificate."""

    enrolment: Enrolment | None


@dataclass(frozen=True)
class Decoding:
    """The other end's picture and sound are really decoded. `via`: how this end speaks with its relay, if by one."""

    attempt: Attempt
    path: Path | None
    via: Transport | None = None


@dataclass(frozen=True)
class MediaLost:
    """This attempt's media are gone, or never came. `reason` is a stable code."""

    attempt: Attempt
    reason: str


@dataclass(frozen=True)
class QualityChanged:
    """How the call is now. `cause`: whose line makes it so; None where that is not known."""

    attempt: Attempt
    level: QualityLevel
    cause: QualityCause | None


@dataclass(frozen=True)
class OtherHungUp:
    """The other end said goodbye on the data channel."""

    attempt: Attempt


@dataclass(frozen=True)
class CheckInAsked:
    """Somebody at the kiosk gave this reference."""

    reference: str


@dataclass(frozen=True)
class HangUpAsked:
    """The citizen ends the call."""


@dataclass(frozen=True)
class Passed:
    """The deadline may have passed."""


Given = (
    LineOpened
    | LineClosed
    | Heard
    | Described
    | Sealed
    | Secured
    | Refused
    | EnrolmentSeen
    | Decoding
    | MediaLost
    | QualityChanged
    | OtherHungUp
    | CheckInAsked
    | HangUpAsked
    | Passed
)


# Effects


@dataclass(frozen=True)
class SayHello:
    """Sign the nonce with the device key and say hello, naming the call whose media we still hold."""

    nonce: str
    call: OngoingCall | None


@dataclass(frozen=True)
class Say:
    """Send this to the server."""

    message: Message


@dataclass(frozen=True)
class DropLine:
    """Nothing is heard on the line any more: close it and make it anew."""


@dataclass(frozen=True)
class Begin:
    """Make a new connection for this attempt, and offer."""

    attempt: Attempt
    negotiate: Negotiate


@dataclass(frozen=True)
class TakeAnswer:
    """The other end's answer."""

    attempt: Attempt
    sdp: str


@dataclass(frozen=True)
class TakeCandidate:
    """One of the other end's candidates."""

    attempt: Attempt
    candidate: IceCandidate


@dataclass(frozen=True)
class TakeSeal:
    """What the other end's handshake says."""

    attempt: Attempt
    payload: bytes


@dataclass(frozen=True)
class Stop:
    """Close this attempt's connection, with a goodbye to the other end or without.

    `attest`: the call is over as it should be: both ends first sign what it was.
    """

    attempt: Attempt
    goodbye: bool
    attest: bool = False


@dataclass(frozen=True)
class Show:
    """What there is to see has changed."""

    view: View


Effect = SayHello | Say | DropLine | Begin | TakeAnswer | TakeCandidate | TakeSeal | Stop | Show


class KioskState(enum.StrEnum):
    """Where the kiosk stands, as the person before it would say."""

    CONNECTING = "connecting"
    UNENROLLED = "unenrolled"
    IDLE = "idle"
    WAITING = "waiting"
    CALLED_IN = "called-in"
    IN_CALL = "in-call"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


@dataclass(frozen=True)
class View:
    """Everything a screen needs. `line` says whether the service can be reached; a call goes on without it.

    `privacy`: None outside of a call, `not-yet` until it is proven, `verified`, or the code of what was refused, while
    the state is ENDED. `phrase`: six digits, one glance away. `present`: who is at the other end, by certificates.
    `enrolment`: what stewards need, while this kiosk has no certificate.

    `quality`: how the call is, `good` outside of one; `cause`: whose line makes it so, None where that is not known.

    `because` is how the last call ended (`tawasul.protocol.from_server.EndedBecause`, or `call-unknown`), while the
    state is ENDED. `problem` is the code of the last thing refused.
    """

    state: KioskState = KioskState.CONNECTING
    line: bool = False
    name: BothNames | None = None
    entries: tuple[WaitingEntry, ...] = ()
    office_present: bool = False
    other: BothNames | None = None
    call: CallState | None = None
    path: Path | None = None
    because: str | None = None
    problem: str | None = None
    privacy: str | None = None
    phrase: str | None = None
    present: tuple[BothNames, ...] = ()
    quality: QualityLevel = "good"
    cause: QualityCause | None = None
    enrolment: Enrolment | None = None
