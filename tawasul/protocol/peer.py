"""What the two ends of a call say to each other on the data channel ``tawasul``, without the server.

The citizen's end opens the channel (ordered, reliable). What is said here stays true while the server is away: who is
muted, that the other end still lives, that it hung up, which keys come next, what both attest, how the call is at each
end. JSON, one message a
frame, at most 16 KiB. What a rekey and an attestation mean is in docs/end-to-end.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from tawasul.protocol.base import Message

CHANNEL_LABEL = "tawasul"
HEARTBEAT_EVERY = 1.0
"""Seconds. Small beside the media (about 60 bytes), and quick enough that a lost path is known before people ask."""

LARGEST_PEER_MESSAGE = 16 * 1024
"""Bytes. An attestation with its certificates is about 6 KiB, a rekey 2 KiB."""

PATH_LOST_AFTER = 4.0
"""Seconds without a heartbeat. Three lost ones may be the network; the fourth is a path that is gone."""


class Heartbeat(Message):
    """I am here."""

    type: Literal["heartbeat"] = "heartbeat"


class Muted(Message):
    """What I send at this moment; said on opening and at each change."""

    type: Literal["muted"] = "muted"
    sound: bool
    picture: bool


class Goodbye(Message):
    """I hung up: do not try to reconnect."""

    type: Literal["goodbye"] = "goodbye"


Base64 = Annotated[str, Field(min_length=1, max_length=2048, pattern=r"^[A-Za-z0-9_-]+$")]


class Rekey(Message):
    """One of the three steps to the keys of the next epoch: ``pk`` in the first, ``ct`` in the second."""

    type: Literal["rekey"] = "rekey"
    step: Annotated[int, Field(ge=1, le=3)]
    epoch: Annotated[int, Field(ge=1, le=1_000_000)]
    pk: Base64 | None = None
    ct: Base64 | None = None
    mac: Base64


class Attestation(Message):
    """What this end signs about the call that ends now."""

    type: Literal["attestation"] = "attestation"
    jws: Annotated[str, Field(min_length=1, max_length=12_288, pattern=r"^[A-Za-z0-9_.-]+$")]


QualityLevel = Literal["good", "fair", "poor", "voice", "nothing"]
"""How a call is at one end, from the best: ``voice`` is sound with a still picture, at ``nothing`` neither comes."""

QualityCause = Literal["own", "other", "relay"]
"""Whose line makes it so: of who says it, of the other end, or the relay between them."""

Leg = Literal["good", "bad"]
"""How an end's way to its relay is, beside what the call suffers."""

QUALITY_EVERY = 2.0
"""Seconds from one ``quality`` to the next. What comes at less than half of that is passed over."""

QUALITY_HOLDS = 6.0
"""Seconds for which the last word of it counts."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]


class Quality(Message):
    """How the call is at my end: what I tell my person, how my way to the relay is, and what was counted of late.

    ``loss_in`` and ``loss_out``: shares of packets lost on the way to me and from me; ``concealed``: of the speech that
    I made up. ``frames_per_second``, ``frame_height``: of the picture that comes. ``target_bitrate``: bits a second
    that I may send. What is not known is left out.
    """

    type: Literal["quality"] = "quality"
    level: QualityLevel
    leg: Leg | None = None
    loss_in: Share | None = None
    loss_out: Share | None = None
    concealed: Share | None = None
    round_trip: Seconds | None = None
    frames_per_second: Annotated[float, Field(ge=0, le=240, allow_inf_nan=False)] | None = None
    frame_height: Annotated[int, Field(ge=0, le=16_384)] | None = None
    target_bitrate: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None


PeerMessage = Annotated[Heartbeat | Muted | Goodbye | Rekey | Attestation | Quality, Field(discriminator="type")]
PEER_MESSAGE: TypeAdapter[PeerMessage] = TypeAdapter(PeerMessage)
