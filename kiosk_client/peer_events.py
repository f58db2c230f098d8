"""What a peer tells whoever holds it."""

from __future__ import annotations

from dataclasses import dataclass

from aiortc.mediastreams import MediaStreamTrack

from kiosk_client.core.path_watch import LossReason
from tawasul.protocol.peer import Quality, Rekey


@dataclass(frozen=True)
class TrackArrived:
    """The other end sends this; decode it."""

    track: MediaStreamTrack


@dataclass(frozen=True)
class Connected:
    """A path stands, encrypted with the certificate that was pinned. Whether media flow is for the decoder to say."""


@dataclass(frozen=True)
class CertificateInUseDiffers:
    """The other end of the path uses another certificate than the one that was pinned: somebody is in the middle."""


@dataclass(frozen=True)
class RekeyHeard:
    """A step to the next epoch's keys."""

    message: Rekey


@dataclass(frozen=True)
class AttestationHeard:
    """What the other end signs about the call that ends."""

    jws: str


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


@dataclass(frozen=True)
class QualityHeard:
    """How the call is at the other end, as it says."""

    message: Quality


PeerEvent = (
    TrackArrived
    | Connected
    | CertificateInUseDiffers
    | RekeyHeard
    | AttestationHeard
    | OtherMuted
    | OtherLeft
    | PathLost
    | QualityHeard
)
