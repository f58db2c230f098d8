"""What the two ends of a call say to each other on the data channel ``tawasul``, without the server.

The citizen's end opens the channel (ordered, reliable). What is said here stays true while the server is away: who is
muted, that the other end still lives, that it hung up, which keys come next, what both attest. JSON, one message a
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


PeerMessage = Annotated[Heartbeat | Muted | Goodbye | Rekey | Attestation, Field(discriminator="type")]
PEER_MESSAGE: TypeAdapter[PeerMessage] = TypeAdapter(PeerMessage)
