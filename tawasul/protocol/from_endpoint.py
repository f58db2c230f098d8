"""What an endpoint (office, kiosk, citizen's page) says to the server over its WebSocket."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from tawasul.domain.outcome import Urgency
from tawasul.protocol.base import LARGEST_SDP, LARGEST_SEAL, Identifier, Message, Reference
from tawasul.protocol.ice import IceCandidate
from tawasul.protocol.relay_url import Transport

Attempt = Annotated[int, Field(ge=1, le=10_000)]
"""Negotiations of one call are counted from 1; what belongs to an earlier one is ignored."""

Sdp = Annotated[str, Field(min_length=1, max_length=LARGEST_SDP)]


class Proof(Message):
    """A kiosk's proof: Ed25519 over ``tawasul kiosk hello v1\\n`` + nonce + ``\\n`` + kiosk id, base64url."""

    kiosk_id: Identifier
    signature: Annotated[str, Field(min_length=86, max_length=88)]


class OngoingCall(Message):
    """A call whose media this endpoint still holds, said when the line to the server is made anew."""

    call_id: Identifier
    attempt: Attempt
    connected: bool


class Hello(Message):
    """The first message. ``call`` lets a call go on undisturbed after a loss of the server or of the line.

    ``sitting_id`` lets an office ask for a sitting other than today's.
    """

    type: Literal["hello"] = "hello"
    protocol: Annotated[int, Field(ge=1, le=1000)]
    proof: Proof | None = None
    sitting_id: Identifier | None = None
    call: OngoingCall | None = None


class CheckIn(Message):
    """A citizen is here. At a kiosk with the slip's reference; from the citizen's own page without."""

    type: Literal["check-in"] = "check-in"
    reference: Reference | None = None


class CallIn(Message):
    """Office: this citizen, please."""

    type: Literal["call-in"] = "call-in"
    audience_id: Identifier


class HangUp(Message):
    """Either end: the call is over. (Of a call not yet joined: the call-in is taken back.)

    ``takes_back``: of who is received in person, where nothing is joined: the call-in was a slip, and they wait again.
    """

    type: Literal["hang-up"] = "hang-up"
    call_id: Identifier
    takes_back: bool = False


class Conclude(Message):
    """Office: the outcome. ``directive`` is the wording, absent when nothing had to be directed.

    ``agency_id``, ``urgency`` and ``due_on`` (a day in Riyadh) say to whom it goes, how soon and by when: each may be
    absent, and without a directive they say nothing.
    """

    type: Literal["conclude"] = "conclude"
    audience_id: Identifier
    directive: Annotated[str, Field(max_length=2000)] | None = None
    agency_id: Identifier | None = None
    urgency: Urgency | None = None
    due_on: date | None = None


class Offer(Message):
    """SDP offer (RFC 3264), always from the citizen's end. Relayed to the other end as it is."""

    type: Literal["offer"] = "offer"
    call_id: Identifier
    attempt: Attempt
    sdp: Sdp


class Answer(Message):
    """SDP answer, from the office. Relayed."""

    type: Literal["answer"] = "answer"
    call_id: Identifier
    attempt: Attempt
    sdp: Sdp


class Candidate(Message):
    """A trickled ICE candidate (RFC 8838). Relayed."""

    type: Literal["candidate"] = "candidate"
    call_id: Identifier
    attempt: Attempt
    candidate: IceCandidate


class Seal(Message):
    """Opaque to the server: the endpoints' own handshake. Relayed, base64url."""

    type: Literal["seal"] = "seal"
    call_id: Identifier
    attempt: Attempt
    payload: Annotated[str, Field(max_length=LARGEST_SEAL, pattern=r"^[A-Za-z0-9_-]*$")]


class Alarm(Message):
    """This end will not go on, because nobody can say that the call is private: it ends at once, on both ends.

    ``code``: one of those of docs/end-to-end.md, such as ``phrase-differs``. Told, so that somebody looks into it; an
    end that raises it stops by itself, whatever the server does.
    """

    type: Literal["alarm"] = "alarm"
    call_id: Identifier
    attempt: Attempt
    code: Annotated[str, Field(max_length=48, pattern=r"^[a-z0-9-]+$")]


class Media(Message):
    """What this end truly has: ``connected`` once the other's picture and sound are decoded; ``lost`` after it.

    ``via``: how it speaks with its own relay, where its media go by one: what works at a site is remembered.
    """

    type: Literal["media"] = "media"
    call_id: Identifier
    attempt: Attempt
    state: Literal["connected", "lost"]
    path: Literal["host", "reflexive", "relay"] | None = None
    via: Transport | None = None


FromEndpoint = Annotated[
    Hello | CheckIn | CallIn | HangUp | Conclude | Offer | Answer | Candidate | Seal | Alarm | Media,
    Field(discriminator="type"),
]
FROM_ENDPOINT: TypeAdapter[FromEndpoint] = TypeAdapter(FromEndpoint)

Relayed = Offer | Answer | Candidate | Seal
"""What the server passes on to the other end without a look inside."""
