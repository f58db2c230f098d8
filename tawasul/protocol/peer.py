"""What the two ends of a call say to each other on the data channel ``tawasul``, without the server.

The citizen's end opens the channel (ordered, reliable). What is said here stays true while the server is away: who is
muted, that the other end still lives, that it hung up. JSON, one message a frame, at most 1 KiB.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from tawasul.protocol.base import Message

CHANNEL_LABEL = "tawasul"
HEARTBEAT_EVERY = 1.0
"""Seconds. Small beside the media (about 60 bytes), and quick enough that a lost path is known before people ask."""

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


PeerMessage = Annotated[Heartbeat | Muted | Goodbye, Field(discriminator="type")]
PEER_MESSAGE: TypeAdapter[PeerMessage] = TypeAdapter(PeerMessage)
