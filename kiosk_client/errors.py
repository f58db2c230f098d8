"""What can go wrong on a kiosk, one class a cause.

KioskError
├── MediaSourceError
│   ├── CameraUnavailable       camera-unavailable
│   ├── MicrophoneUnavailable   microphone-unavailable
│   └── MediaFileUnreadable     media-file-unreadable
├── PeerError
│   ├── DescriptionRefused      description-refused
│   ├── CandidateRefused        candidate-refused
│   ├── RelayMissing            relay-missing
│   ├── NoWayOut                no-way-out
│   ├── LibraryChanged          library-changed
│   └── OpusMissing             opus-missing
├── VaultError
│   ├── KeyNotPrivate           key-not-private
│   └── KeyUnreadable           key-unreadable
├── TrustError
│   ├── AnchorMissing           anchor-missing
│   ├── AnchorUnreadable        anchor-unreadable
│   ├── IssuerAway              issuer-away
│   └── IssuerRefused           issuer-refused
└── LineRefused                 line-refused
"""

from __future__ import annotations

from typing import ClassVar


class KioskError(Exception):
    """Root of the tree. `code` is stable; the message is for the person who looks after the kiosk."""

    code: ClassVar[str] = "kiosk-error"


class MediaSourceError(KioskError):
    """A camera, a microphone or a media file cannot be used. `name` is the device or path that was asked for."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


class CameraUnavailable(MediaSourceError):
    """No such camera, or another program holds it."""

    code = "camera-unavailable"


class MicrophoneUnavailable(MediaSourceError):
    """No such microphone, or another program holds it."""

    code = "microphone-unavailable"


class MediaFileUnreadable(MediaSourceError):
    """The file is missing, is no media file, or lacks sound or picture."""

    code = "media-file-unreadable"


class PeerError(KioskError):
    """The connection to the other end cannot be made as asked."""


class DescriptionRefused(PeerError):
    """A session description that is malformed, too long, out of turn, or shares no codec with us."""

    code = "description-refused"


class CandidateRefused(PeerError):
    """An ICE candidate that is malformed, or one too many."""

    code = "candidate-refused"


class RelayMissing(PeerError):
    """Only relayed paths are allowed, but no TURN server that we can use was given."""

    code = "relay-missing"


class NoWayOut(PeerError):
    """Not one candidate was gathered: no network, or (with relayed paths only) the relay does not answer."""

    code = "no-way-out"


class LibraryChanged(PeerError):
    """aiortc or aioice no longer has a private name that the kiosk relies on (ADR 0010)."""

    code = "library-changed"


class OpusMissing(PeerError):
    """There is no libopus on this machine, or one that is older than 1.5."""

    code = "opus-missing"


class VaultError(KioskError):
    """The device key cannot be used."""


class KeyNotPrivate(VaultError):
    """Others than the kiosk's user may read the key's file."""

    code = "key-not-private"


class KeyUnreadable(VaultError):
    """The key's file cannot be read or made, or holds something else."""

    code = "key-unreadable"


class TrustError(KioskError):
    """The kiosk cannot have what it proves itself by, or judges others by."""


class AnchorMissing(TrustError):
    """No person has brought the region's anchor, and without it there is nothing to believe."""

    code = "anchor-missing"


class AnchorUnreadable(TrustError):
    """The anchor's file cannot be read, or is none."""

    code = "anchor-unreadable"


class IssuerAway(TrustError):
    """No answer of the issuer came through that can be read."""

    code = "issuer-away"


class IssuerRefused(TrustError):
    """The issuer refused. `reason` is the code of its problem."""

    code = "issuer-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LineRefused(KioskError):
    """The server will have no line with this process, now or later."""

    code = "line-refused"
