"""What the server says to an endpoint over its WebSocket."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from tawasul.protocol.base import BothNames, Identifier, Instant, Message
from tawasul.protocol.from_endpoint import Answer, Attempt, Candidate, Offer, Seal
from tawasul.protocol.ice import IceConfiguration

AudienceState = Literal["booked", "arrived", "called-in", "in-call", "heard", "concluded", "cancelled", "missed"]
Priority = Literal["rebooked", "disabled", "elderly", "travelled-far"]
Assurance = Literal["declared", "seen-at-desk", "nafath"]
VenueKind = Literal["kiosk", "own-location", "in-person"]
End = Literal["office", "citizen"]
EndedBecause = Literal[
    "office-hung-up", "citizen-hung-up", "concluded", "no-answer", "lost", "taken-back", "not-private"
]


class Challenge(Message):
    """To a kiosk, first of all: sign this."""

    type: Literal["challenge"] = "challenge"
    nonce: Annotated[str, Field(min_length=32, max_length=64)]


class Welcome(Message):
    """The line stands. ``server_time`` lets the endpoint count waiting times by the server's clock."""

    type: Literal["welcome"] = "welcome"
    protocol: int
    endpoint: Literal["office", "kiosk", "citizen"]
    name: BothNames
    server_time: Instant


class Pulse(Message):
    """Every ten seconds: an endpoint that misses two of them makes its line anew."""

    type: Literal["pulse"] = "pulse"
    server_time: Instant


class BoardRow(Message):
    """One audience of today's sitting, as the office sees it. ``online``: its kiosk or page has a line now, or the
    citizen comes in person. ``call_id``: of who is in the room with the office; a ``hang-up`` of it lets them go.
    """

    audience_id: Identifier
    reference: str
    citizen_name: str
    citizen_kind: Literal["citizen", "resident"]
    id_last_four: str
    assurance: Assurance
    subject: str
    venue: VenueKind
    place: BothNames
    slot_starts_at: Instant
    state: AudienceState
    arrived_at: Instant | None = None
    position: Annotated[int, Field(ge=1)] | None = None
    online: bool = False
    interruptions: int = 0
    priorities: tuple[Priority, ...] = ()
    walk_in: bool = False
    call_id: Identifier | None = None


class Board(Message):
    """The whole of today's sitting, after each change: first those who wait, in the order to be called."""

    type: Literal["board"] = "board"
    sitting_id: Identifier | None
    opens_at: Instant | None
    closes_at: Instant | None
    rows: tuple[BoardRow, ...]
    concluded: int
    server_time: Instant


class WaitingEntry(Message):
    """One citizen who waits at this kiosk or page. ``expected_wait``: seconds, an estimate; absent if unknown."""

    audience_id: Identifier
    reference: str
    state: AudienceState
    slot_starts_at: Instant
    position: Annotated[int, Field(ge=1)] | None = None
    expected_wait: Annotated[int, Field(ge=0)] | None = None
    interruptions: int = 0


class Waiting(Message):
    """Who waits at this endpoint, after each change; empty when nobody does."""

    type: Literal["waiting"] = "waiting"
    entries: tuple[WaitingEntry, ...]
    office_present: bool
    server_time: Instant


class Party(Message):
    """Who is at the other end, as the server says. ``device``: which kiosk; an end believes the certificate only."""

    name: BothNames
    place: BothNames | None = None
    assurance: Assurance | None = None
    device: Identifier | None = None


class Negotiate(Message):
    """Make (again) the connection of this call: from nothing, dropping any of an earlier attempt.

    The citizen's end offers (``offers`` is true there); the office's end answers.
    """

    type: Literal["negotiate"] = "negotiate"
    call_id: Identifier
    attempt: Attempt
    audience_id: Identifier
    reference: str
    offers: bool
    ice: IceConfiguration
    other: Party


class EndState(Message):
    """What one end of a call truly has: a line to the server, and the other's picture and sound."""

    online: bool
    connected: bool
    path: Literal["host", "reflexive", "relay"] | None = None


class CallState(Message):
    """The call as the server knows it: the same message to both ends."""

    type: Literal["call-state"] = "call-state"
    call_id: Identifier
    audience_id: Identifier
    attempt: Attempt
    phase: Literal["connecting", "in-call", "reconnecting"]
    office: EndState
    citizen: EndState
    since: Instant


class Ended(Message):
    """The call is over, on both ends. ``waits_again``: the citizen has the same place in the queue."""

    type: Literal["ended"] = "ended"
    call_id: Identifier
    audience_id: Identifier
    because: EndedBecause
    waits_again: bool


class Concluded(Message):
    """The outcome is written and kept. ``directed``: a directive was given."""

    type: Literal["concluded"] = "concluded"
    audience_id: Identifier
    reference: str
    directed: bool


class ProblemMessage(Message):
    """Something was refused. ``about`` is the type of the message it answers, when there was one that could be read."""

    type: Literal["problem"] = "problem"
    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    arabic: str
    english: str
    about: str | None = None
    retry_after: Annotated[int, Field(ge=0)] | None = None


FromServer = Annotated[
    Challenge
    | Welcome
    | Pulse
    | Board
    | Waiting
    | Negotiate
    | Offer
    | Answer
    | Candidate
    | Seal
    | CallState
    | Ended
    | Concluded
    | ProblemMessage,
    Field(discriminator="type"),
]
FROM_SERVER: TypeAdapter[FromServer] = TypeAdapter(FromServer)
