"""How a device gets its first certificate: the four signed messages, the short code and the QR text.

Each message is a JWS whose header carries the signer's public key. Reading proves the signature, the shape and the age;
who the signer is (a steward's chain, an enrolled device) is the issuer's to judge.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from tawasul.e2ee.encoding import is_count, unb64
from tawasul.e2ee.errors import EnrolmentMalformed, EnrolmentNameWrong, EnrolmentStale, NameMalformed
from tawasul.e2ee.jws import read, sign
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole

REQUEST = "tawasul-enrolment+jwt"
APPROVAL = "tawasul-approval+jwt"
RENEWAL = "tawasul-renewal+jwt"
REVOCATION = "tawasul-revocation+jwt"

CLOCK_DIFFERENCE = 300
"""Seconds by which a message's `iat` may differ from the reader's clock."""
APPROVAL_AGE = 86_400
"""The same for an approval: the second steward may come hours later."""
LONGEST_REASON = 200
"""Characters of a revocation's reason."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LETTERS = 12
_QR_BEGINS = "tawasul-enrol:1:"


@dataclass(frozen=True, slots=True)
class Request:
    """A device asks for a certificate for its own key."""

    key: PublicKey
    name: DeviceName
    iat: int


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody (a steward, if the chain beside it holds and has `key`) says that this name is this key's."""

    key: PublicKey
    name: DeviceName
    jkt: str
    iat: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """An enrolled device asks for its next certificate; `jti` is the present one's serial."""

    key: PublicKey
    name: DeviceName
    jti: str
    iat: int


@dataclass(frozen=True, slots=True)
class Revocation:
    """Somebody (a steward, if the chain beside it holds and has `key`) says that a key no longer counts."""

    key: PublicKey
    jkt: str
    reason: str
    iat: int


def make_request(key: SigningKey, name: DeviceName, *, now: int) -> str:
    """A device's request, signed with its own new key."""
    return sign(key, REQUEST, {"sub": str(name), "iat": now})


def read_request(text: str, *, now: float) -> Request:
    """Raises EnrolmentMalformed, SignatureWrong, EnrolmentStale, EnrolmentNameWrong."""
    key, claims = _read(text, REQUEST, {"sub", "iat"}, now)
    return Request(key, _device(claims["sub"]), claims["iat"])


def make_approval(steward: SigningKey, name: DeviceName, jkt: str, *, now: int) -> str:
    """A steward's approval of a name for a key."""
    return sign(steward, APPROVAL, {"sub": str(name), "jkt": jkt, "iat": now})


def read_approval(text: str, *, now: float) -> Approval:
    """Raises EnrolmentMalformed, SignatureWrong, EnrolmentStale, EnrolmentNameWrong."""
    key, claims = _read(text, APPROVAL, {"sub", "jkt", "iat"}, now, APPROVAL_AGE)
    return Approval(key, _device(claims["sub"]), thumbprint(claims["jkt"]), claims["iat"])


def make_renewal(key: SigningKey, name: DeviceName, jti: str, *, now: int) -> str:
    """A device's request for its next certificate, signed with its present key."""
    return sign(key, RENEWAL, {"sub": str(name), "jti": jti, "iat": now})


def read_renewal(text: str, *, now: float) -> Renewal:
    """Raises EnrolmentMalformed, SignatureWrong, EnrolmentStale, EnrolmentNameWrong."""
    key, claims = _read(text, RENEWAL, {"sub", "jti", "iat"}, now)
    _sized(claims["jti"], 16)
    return Renewal(key, _device(claims["sub"]), claims["jti"], claims["iat"])


def make_revocation(steward: SigningKey, jkt: str, reason: str, *, now: int) -> str:
    """A steward's revocation of a key."""
    return sign(steward, REVOCATION, {"jkt": jkt, "iat": now, "reason": reason})


def read_revocation(text: str, *, now: float) -> Revocation:
    """Raises EnrolmentMalformed, SignatureWrong, EnrolmentStale."""
    key, claims = _read(text, REVOCATION, {"jkt", "iat", "reason"}, now)
    reason = claims["reason"]
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON:
        raise EnrolmentMalformed
    return Revocation(key, thumbprint(claims["jkt"]), reason, claims["iat"])


def code_of(jkt: str) -> str:
    """What two people compare: 60 bits of SHA-256 of the thumbprint, as ``ABCD-EFGH-JKMN`` (Crockford's base 32)."""
    bits = int.from_bytes(hashlib.sha256(jkt.encode()).digest()[:8], "big") >> 4
    letters = "".join(_CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(_CODE_LETTERS)))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LETTERS, 4))


def read_code(typed: str) -> str:
    """A code as `code_of` writes it, from how a person may type it: small letters, spaces, O for 0, I or L for 1.

    Raises EnrolmentMalformed.
    """
    letters = "".join(typed.split()).replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    if len(letters) != _CODE_LETTERS or any(letter not in _CROCKFORD for letter in letters):
        raise EnrolmentMalformed
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LETTERS, 4))


def qr_text(name: DeviceName, jkt: str) -> str:
    """What a device's QR says: ``tawasul-enrol:1:<urn>:<jkt>``."""
    return f"{_QR_BEGINS}{name}:{jkt}"


def read_qr(text: str) -> tuple[DeviceName, str]:
    """Name and thumbprint from a QR's text. Raises EnrolmentMalformed, EnrolmentNameWrong."""
    urn, _, jkt = text.removeprefix(_QR_BEGINS).rpartition(":")
    if not text.startswith(_QR_BEGINS):
        raise EnrolmentMalformed
    return _device(urn), thumbprint(jkt)


def thumbprint(value: Any) -> str:
    """A text that is a SHA-256 thumbprint. Raises EnrolmentMalformed."""
    return _sized(value, 32)


def _sized(value: Any, size: int) -> str:
    try:
        if not isinstance(value, str) or len(unb64(value)) != size:
            raise EnrolmentMalformed
    except ValueError as error:
        raise EnrolmentMalformed from error
    return value


def _device(urn: Any) -> DeviceName:
    try:
        name = DeviceName.parse(urn if isinstance(urn, str) else "")
    except NameMalformed as error:
        raise EnrolmentMalformed from error
    if name.role not in (DeviceRole.OFFICE, DeviceRole.KIOSK):
        raise EnrolmentNameWrong
    return name


def _read(
    text: str, typ: str, members: set[str], now: float, difference: int = CLOCK_DIFFERENCE
) -> tuple[PublicKey, dict[str, Any]]:
    key, claims = read(text, typ, malformed=EnrolmentMalformed)
    if set(claims) != members or not is_count(claims["iat"]):
        raise EnrolmentMalformed
    if abs(now - claims["iat"]) > difference:
        raise EnrolmentStale
    return key, claims
