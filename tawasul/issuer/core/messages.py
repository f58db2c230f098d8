"""What is put to the register, what it wants written down, and what it answers.

| Given | From | Answered by |
|---|---|---|
| `Requested` | a device that wants to be enrolled | `Standing` |
| `Approved` | a steward | `Standing` |
| `Renewing` | an enrolled device | `Chain` |
| `Revoking` | a steward | `Sequence` |
| `Passed` | the clock | – |

Each `Change` is written down before it is applied, and applied before anything is answered.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tawasul.e2ee.keys import PublicKey
from tawasul.e2ee.names import DeviceName


@dataclass(frozen=True, slots=True)
class Requested:
    """`request`: JWS `tawasul-enrolment+jwt`."""

    request: str


@dataclass(frozen=True, slots=True)
class Approved:
    """`approval`: JWS `tawasul-approval+jwt`; `chain`: the steward's; `serial`: 16 random bytes, used if it is the
    second approval."""

    approval: str
    chain: tuple[str, ...]
    serial: bytes


@dataclass(frozen=True, slots=True)
class Renewing:
    """`renewal`: JWS `tawasul-renewal+jwt`; `serial`: 16 random bytes for the new certificate."""

    renewal: str
    serial: bytes


@dataclass(frozen=True, slots=True)
class Revoking:
    """`revocation`: JWS `tawasul-revocation+jwt`; `chain`: the steward's."""

    revocation: str
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """The deadline was reached."""


Given = Requested | Approved | Renewing | Revoking | Passed


class State(enum.StrEnum):
    """How a key stands with the issuer."""

    UNKNOWN = "unknown"
    WAITING = "waiting"
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One steward's word for one waiting request. `proof`: the steward's JWS, kept for whoever asks later."""

    steward: DeviceName
    steward_thumbprint: str
    at: int
    proof: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for its stewards. Two endorsements differ in place and in key."""

    name: DeviceName
    key: PublicKey
    asked_at: int
    endorsements: tuple[Endorsement, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate that was issued to a device. Times in seconds since 1970 UTC, as all here."""

    serial: str
    issued_at: int
    expires: int
    text: str


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled device and its certificates, the newest last."""

    name: DeviceName
    key: PublicKey
    certificates: tuple[Issued, ...]

    @property
    def newest(self) -> Issued:
        """The certificate that it is to use."""
        return self.certificates[-1]


@dataclass(frozen=True, slots=True)
class SignedList:
    """The revocation list as it is given out."""

    sequence: int
    issued_at: int
    text: str


# What is written down


@dataclass(frozen=True, slots=True)
class RequestKept:
    """A device waits. `displaced`: the thumbprint of one that had to make way, for there is room for so many only."""

    waiting: Waiting
    displaced: str | None = None


@dataclass(frozen=True, slots=True)
class RequestsLapsed:
    """These waited too long."""

    thumbprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Endorsed:
    """A steward approved; `waiting` is the request with all that holds of its endorsements, `by` the new one."""

    waiting: Waiting
    by: Endorsement


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The second steward approved: `device` has its first certificate and waits no more."""

    device: Device


@dataclass(frozen=True, slots=True)
class Renewed:
    """A device has another certificate; those of its earlier ones that can still be renewed are in `device` too."""

    device: Device


@dataclass(frozen=True, slots=True)
class KeyRevoked:
    """A key, a device's or a steward's, is of no use any more. `until`: when every certificate of it has ended, so that
    it may leave the list; it is never enrolled again."""

    thumbprint: str
    at: int
    until: int
    steward: DeviceName
    steward_thumbprint: str
    reason: str
    proof: str


@dataclass(frozen=True, slots=True)
class ListSigned:
    """The revocation list was signed anew."""

    signed: SignedList


Change = RequestKept | RequestsLapsed | Endorsed | Enrolled | Renewed | KeyRevoked | ListSigned


# What is answered


@dataclass(frozen=True, slots=True)
class Standing:
    """How a key stands. `approvals`: 0 … 2; `chain`: the device's certificate and the issuer's, once it is enrolled."""

    state: State
    approvals: int
    chain: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The device's certificate and the issuer's."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """The number of the list in which the revocation stands."""

    number: int


Answer = Standing | Chain | Sequence
Effect = Change | Answer
