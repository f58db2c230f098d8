"""Certificates: a name bound to a key by a signature (RFC 7519, RFC 7800), and the chains they form.

::

    root (the anchor, by hand) ─► issuer, 90 days ─► office, kiosk: 72 hours     chain [device's, issuer's]
                               └► steward, 365 days                              chain [steward's]

The parts of a certificate and why it is not X.509: docs/end-to-end.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tawasul.e2ee.anchor import Anchor, Title
from tawasul.e2ee.encoding import b64, is_count, unb64
from tawasul.e2ee.errors import (
    CertificateExpired,
    CertificateMalformed,
    CertificateNotYetValid,
    CertificatePlaceWrong,
    CertificateRevoked,
    CertificateRoleWrong,
    CertificateTooLarge,
    ChainWrong,
    KeyMalformed,
    NameMalformed,
    RevocationsMissing,
    RevocationsStale,
    SignatureWrong,
)
from tawasul.e2ee.jws import read, sign
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole, root_name

__all__ = ["Anchor", "Certificate", "Revocations", "Title", "issue", "verify_chain"]

TYPE = "tawasul-certificate+jwt"
LONGEST = 4096
"""Characters of a certificate."""
CLOCK_DIFFERENCE = 60
"""Seconds that are allowed at `nbf`; none are at `exp`."""
DAY = 86_400
LIFETIME = {
    DeviceRole.ISSUER: 90 * DAY,
    DeviceRole.STEWARD: 365 * DAY,
    DeviceRole.OFFICE: 3 * DAY,
    DeviceRole.KIOSK: 3 * DAY,
}
"""Seconds. A device's is short, so that a withheld revocation list is soon no help to a thief."""

SIGNER = {
    DeviceRole.ISSUER: DeviceRole.ROOT,
    DeviceRole.STEWARD: DeviceRole.ROOT,
    DeviceRole.OFFICE: DeviceRole.ISSUER,
    DeviceRole.KIOSK: DeviceRole.ISSUER,
}
"""Who signs whom; there is no other chain."""

DEVICES = frozenset({DeviceRole.OFFICE, DeviceRole.KIOSK})
_CLAIMS = {"iss", "sub", "jti", "iat", "nbf", "exp", "cnf", "name"}
_SERIAL = 16


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, its signature verified. Times are seconds since 1970 UTC."""

    name: DeviceName
    title: Title
    key: PublicKey
    serial: str
    not_before: int
    expires: int
    signer: DeviceName
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Revocations:
    """A revocation list that was verified. Times are seconds since 1970 UTC; `seq` grows by one with each signing."""

    seq: int
    issued: int
    expires: int
    serials: frozenset[str]
    keys: frozenset[str]

    def has(self, certificate: Certificate) -> bool:
        """Whether a certificate, or its key, is revoked."""
        return certificate.serial in self.serials or certificate.key.thumbprint in self.keys


def issue(
    signer: SigningKey,
    signer_name: DeviceName,
    *,
    name: DeviceName,
    title: Title,
    key: PublicKey,
    serial: bytes,
    now: int,
    lifetime: int | None = None,
) -> str:
    """Sign a certificate. `serial` is 16 random bytes; `now` and `lifetime` (the role's own if None) in seconds.

    Raises ChainWrong when such a signer cannot sign for such a holder.
    """
    if SIGNER.get(name.role) is not signer_name.role or name.region != signer_name.region or len(serial) != _SERIAL:
        raise ChainWrong
    claims = {
        "iss": str(signer_name),
        "sub": str(name),
        "jti": b64(serial),
        "iat": now,
        "nbf": now,
        "exp": now + (LIFETIME[name.role] if lifetime is None else lifetime),
        "cnf": {"jwk": key.jwk()},
        "name": title.json(),
    }
    return sign(signer, TYPE, claims, kid=signer.thumbprint)


def verify_chain(
    chain: Sequence[str],
    anchor: Anchor,
    *,
    now: float,
    revocations: Revocations | None,
    roles: frozenset[DeviceRole],
    place: str | None = None,
) -> Certificate:
    """The holder's certificate, when everything about its chain holds at `now` (seconds since 1970).

    Raises, in this order: CertificateTooLarge, CertificateMalformed, ChainWrong, CertificateNotYetValid,
    CertificateExpired; for devices RevocationsMissing, RevocationsStale; CertificateRevoked; CertificateRoleWrong;
    CertificatePlaceWrong unless `place` is None. A steward's or issuer's chain may be checked without a list.
    """
    certificates = signatures_of(chain, anchor)
    for each in certificates:
        check_time(each, now)
    holder = certificates[0]
    if revocations is None and holder.name.role in DEVICES:
        raise RevocationsMissing
    if revocations is not None:
        if now >= revocations.expires:
            raise RevocationsStale
        if any(revocations.has(each) for each in certificates):
            raise CertificateRevoked
    check_holder(holder, roles, place)
    return holder


def signatures_of(chain: Sequence[str], anchor: Anchor) -> list[Certificate]:
    """The certificates of a chain, the holder's first, each signed by the next and the last by the anchor.

    Says nothing of time or revocation. Raises CertificateTooLarge, CertificateMalformed, ChainWrong.
    """
    if isinstance(chain, str) or not 1 <= len(chain) <= 2:
        raise ChainWrong
    key, name = anchor.root, root_name(anchor.region)
    certificates: list[Certificate] = []
    for text in reversed(chain):
        certificate = _read(text, key)
        if certificate.signer != name or certificate.name.region != name.region:
            raise ChainWrong
        if SIGNER.get(certificate.name.role) is not name.role:
            raise ChainWrong
        key, name = certificate.key, certificate.name
        certificates.insert(0, certificate)
    return certificates


def check_time(certificate: Certificate, now: float) -> None:
    """Raises CertificateNotYetValid or CertificateExpired."""
    if now < certificate.not_before - CLOCK_DIFFERENCE:
        raise CertificateNotYetValid
    if now >= certificate.expires:
        raise CertificateExpired


def check_holder(holder: Certificate, roles: frozenset[DeviceRole], place: str | None) -> None:
    """Raises CertificateRoleWrong, or CertificatePlaceWrong unless `place` is None."""
    if holder.name.role not in roles:
        raise CertificateRoleWrong
    if place is not None and holder.name.place != place:
        raise CertificatePlaceWrong


def _read(text: str, signer: PublicKey) -> Certificate:
    if not isinstance(text, str):
        raise CertificateMalformed
    try:
        _, claims = read(
            text, TYPE, signer, longest=LONGEST, malformed=CertificateMalformed, too_large=CertificateTooLarge
        )
    except SignatureWrong as error:
        raise ChainWrong from error
    return _certificate(claims, text)


def _certificate(claims: Mapping[str, Any], text: str) -> Certificate:
    times = [claims.get(each) for each in ("iat", "nbf", "exp")]
    texts = [claims.get(each) for each in ("iss", "sub", "jti")]
    cnf = claims.get("cnf")
    if (
        set(claims) != _CLAIMS
        or not all(is_count(each) for each in times)
        or not all(isinstance(each, str) for each in texts)
        or not isinstance(cnf, dict)
        or set(cnf) != {"jwk"}
    ):
        raise CertificateMalformed
    try:
        if len(unb64(claims["jti"])) != _SERIAL:
            raise CertificateMalformed
        return Certificate(
            name=DeviceName.parse(claims["sub"]),
            title=Title.read(claims["name"]),
            key=PublicKey.from_jwk(cnf["jwk"]),
            serial=claims["jti"],
            not_before=claims["nbf"],
            expires=claims["exp"],
            signer=DeviceName.parse(claims["iss"]),
            text=text,
        )
    except (ValueError, KeyMalformed, NameMalformed) as error:
        raise CertificateMalformed from error
