"""The revocation list: which serials and keys no longer count. Short-lived, and without it no device is believed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from tawasul.e2ee.certificate import DAY, Anchor, Certificate, Revocations, verify_chain
from tawasul.e2ee.encoding import is_count, unb64
from tawasul.e2ee.errors import (
    CertificateProblem,
    RevocationsMissing,
    RevocationsRolledBack,
    RevocationsStale,
    RevocationsWrong,
    SignatureWrong,
)
from tawasul.e2ee.jws import read, sign
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole

__all__ = ["Revocations", "Trust", "sign_revocations", "verify_revocations"]

TYPE = "tawasul-revocations+jwt"
LIFETIME = DAY
"""Seconds for which a list is believed: the longest that a server can hide a revocation by withholding it."""
MOST = 1000
"""Entries in all."""
LONGEST = 64_000
"""Characters of a list: a thousand thumbprints fill 62 000."""

_CLAIMS = {"iss", "iat", "exp", "seq", "serials", "keys"}
_SERIAL, _THUMBPRINT = 16, 32


def sign_revocations(
    issuer: SigningKey,
    issuer_name: DeviceName,
    *,
    now: int,
    seq: int,
    serials: Iterable[str],
    keys: Iterable[str],
) -> str:
    """Sign a list. Raises RevocationsWrong for more than 1 000 entries."""
    sorted_serials, sorted_keys = sorted(set(serials)), sorted(set(keys))
    if len(sorted_serials) + len(sorted_keys) > MOST:
        raise RevocationsWrong("A revocation list holds at most 1 000 entries.")
    claims = {
        "iss": str(issuer_name),
        "iat": now,
        "exp": now + LIFETIME,
        "seq": seq,
        "serials": sorted_serials,
        "keys": sorted_keys,
    }
    return sign(issuer, TYPE, claims, kid=issuer.thumbprint)


def verify_revocations(
    text: str, chain: Sequence[str], anchor: Anchor, *, now: float, at_least: int = 0
) -> Revocations:
    """The list, when an issuer of the region signed it and it is still good at `now`.

    `chain` is ``[issuer's]``; `at_least` is the highest `seq` seen before. Raises RevocationsWrong, RevocationsStale,
    RevocationsRolledBack.
    """
    try:
        issuer = verify_chain(chain, anchor, now=now, revocations=None, roles=frozenset({DeviceRole.ISSUER}))
        _, claims = read(text, TYPE, issuer.key, longest=LONGEST, malformed=RevocationsWrong)
        revocations = _revocations(claims, issuer.name)
    except (CertificateProblem, RevocationsMissing, SignatureWrong, ValueError, TypeError) as error:
        raise RevocationsWrong from error
    if now >= revocations.expires:
        raise RevocationsStale
    if revocations.seq < at_least:
        raise RevocationsRolledBack
    return revocations


def _revocations(claims: dict[str, Any], issuer: DeviceName) -> Revocations:
    numbers = [claims.get(each) for each in ("iat", "exp", "seq")]
    lists = [claims.get(each) for each in ("serials", "keys")]
    if (
        set(claims) != _CLAIMS
        or claims["iss"] != str(issuer)
        or not all(is_count(each) for each in numbers)
        or claims["exp"] != claims["iat"] + LIFETIME
        or not all(isinstance(each, list) for each in lists)
        or sum(len(each) for each in lists if each) > MOST
    ):
        raise RevocationsWrong
    for entries, size in zip(lists, (_SERIAL, _THUMBPRINT), strict=True):
        if any(len(unb64(entry)) != size for entry in entries or ()):
            raise RevocationsWrong
    return Revocations(
        seq=claims["seq"],
        issued=claims["iat"],
        expires=claims["exp"],
        serials=frozenset(claims["serials"]),
        keys=frozenset(claims["keys"]),
    )


@dataclass(frozen=True, slots=True)
class Trust:
    """What an endpoint holds to judge others by: the anchor, the list, and the highest `seq` it ever saw.

    An endpoint keeps `at_least` over restarts: a server could otherwise show it an older list.
    """

    anchor: Anchor
    revocations: Revocations | None = None
    at_least: int = 0

    def learn(self, text: str, chain: Sequence[str], now: float) -> Self:
        """This trust with a newer list. Raises as `verify_revocations` does; then the former stays."""
        fresh = verify_revocations(text, chain, self.anchor, now=now, at_least=self.at_least)
        return replace(self, revocations=fresh, at_least=fresh.seq)

    def verify(
        self, chain: Sequence[str], now: float, roles: frozenset[DeviceRole], place: str | None = None
    ) -> Certificate:
        """The holder's certificate. Raises as `tawasul.e2ee.certificate.verify_chain` does."""
        return verify_chain(chain, self.anchor, now=now, revocations=self.revocations, roles=roles, place=place)
