"""Signed texts: JWS in compact form (RFC 7515), ES256 only, each kind with a `typ` of its own (RFC 8725 §3.11).

The header is exactly ``{"alg":"ES256","typ":…,"jwk":{…}}`` or, where the reader knows the key by other means,
``{"alg":"ES256","typ":…,"kid":…}``. A header with anything else in it, `crit` for one, is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from tawasul.e2ee.encoding import json_bytes, json_object, unb64
from tawasul.e2ee.errors import KeyMalformed, PrivacyError, SealMalformed, SignatureWrong
from tawasul.e2ee.keys import PublicKey, SigningKey

LONGEST = 12_288
"""Characters of a signed text. An init with two certificates is about 5 000."""

_ALGORITHMS = ["ES256"]


def sign(key: SigningKey, typ: str, claims: Mapping[str, Any], *, kid: str | None = None) -> str:
    """Sign claims. The header carries the public key, unless `kid` names it."""
    named = {"jwk": key.public.jwk()} if kid is None else {"kid": kid}
    return jws.serialize_compact({"alg": "ES256", "typ": typ, **named}, json_bytes(claims), key.jose, _ALGORITHMS)


def read(
    text: str,
    typ: str,
    key: PublicKey | None = None,
    *,
    longest: int = LONGEST,
    malformed: type[PrivacyError] = SealMalformed,
    too_large: type[PrivacyError] | None = None,
) -> tuple[PublicKey, dict[str, Any]]:
    """The key that signed and the claims.

    With `key` the signature must be by it, and the header's `kid` its thumbprint; without, by the header's `jwk`.
    Raises `too_large` (`malformed` if None) over `longest` characters; `malformed` for anything that is not a JWS of
    this `typ` with such a header and a JSON object in it; SignatureWrong.
    """
    if len(text) > longest:
        raise too_large or malformed
    try:
        header_part, claims_part, _ = text.split(".")
        header = json_object(unb64(header_part))
        claims = json_object(unb64(claims_part))
        named = "jwk" if key is None else "kid"
        if set(header) != {"alg", "typ", named} or header["alg"] != "ES256" or header["typ"] != typ:
            raise malformed
        signer = key or PublicKey.from_jwk(header["jwk"])
    except (ValueError, KeyMalformed) as error:
        raise malformed from error
    if key is not None and header["kid"] != key.thumbprint:
        raise SignatureWrong
    try:
        jws.deserialize_compact(text, signer.jose, _ALGORITHMS)
    except (JoseError, ValueError) as error:
        raise SignatureWrong from error
    return signer, claims
