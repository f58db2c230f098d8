"""What a peer tells whoever holds it."""

from __future__ import annotations

from dataclasses import dataclass

from aiortc.mediastreams import MediaStreamTrack

from kiosk_client.core.path_watch import LossReason


@dataclass(frozen=True)
class TrackArrived:
    """The other end sends this; decode it."""

    track: MediaStreamTrack


@dataclass(frozen=True)
class Connected:
    """A path stands and is encrypted. Whether media really flow over it is for the decoder to say."""


@dataclass(frozen=True)
class OtherMuted:
    """What the other end says that it withholds now."""

    sound: bool
    picture: bool


@dataclass(frozen=True)
class OtherLeft:
    """The other end hung up."""


@dataclass(frozen=True)
class PathLost:
    """Nothing comes through any more; said once. Close this peer and make a new attempt."""

    reason: LossReason


PeerEvent = TrackArrived | Connected | OtherMuted | OtherLeft | PathLost
