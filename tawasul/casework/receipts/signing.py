"""The signature of a receipt: a JWS in compact form (RFC 7515) by Ed25519 (RFC 8037), and nothing else.

The header is exactly ``{"alg":"Ed25519","typ":"tawasul-receipt+jwt","kid":…}``: the name that RFC 9864 gives the
algorithm, for ``EdDSA`` may be either of two curves; a `typ` of its own (RFC 8725 §3.11), which also says that what is
signed is deflated; the key's thumbprint (RFC 7638). A header with anything else in it is refused before anything is
computed.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from tawasul.casework.receipts import receipt as contents
from tawasul.casework.receipts.receipt import Receipt
from tawasul.casework.receipts.refusal import ReceiptRefused, RefusedBecause
from tawasul.casework.receipts.token import token_in
from tawasul.store.errors import KeyFileInvalid
from tawasul.store.key_file import load_or_create

TYPE: Final = "tawasul-receipt+jwt"
KEY_FILE: Final = "receipt.key"
"""In the settings' directory: the 32 bytes of an Ed25519 private key (RFC 8032 §5.1.5)."""

EARLIER_FILE: Final = "receipt-earlier.jwks"
"""Beside it, where there is one: public keys (JWK set) that signed before. What they signed stays genuine."""

_ALGORITHM: Final = "Ed25519"
_SECRET_BYTES: Final = 32


class PublicKeys:
    """The keys by which receipts may be signed: what verifies, here and anywhere."""

    def __init__(self, keys: Iterable[OKPKey]) -> None:
        self._keys = {key.thumbprint(): key for key in keys}

    @classmethod
    def from_json(cls, text: str | bytes) -> PublicKeys:
        """Of a JWK, or a JWK set (RFC 7517). Raises: ValueError: neither, or a key of another kind."""
        try:
            given = json.loads(text)
            keys = [_imported(each) for each in given.get("keys", [given])]
        except (KeyError, TypeError, AttributeError, JoseError, RecursionError) as error:
            raise ValueError("not a public key of receipts (JWK)") from error
        if not keys:
            raise ValueError("a set without keys")
        return cls(keys)

    @classmethod
    def from_file(cls, path: Path) -> PublicKeys:
        """Of a file with a JWK or a JWK set, or of the region's own key file. Raises: KeyFileInvalid."""
        try:
            content = path.read_bytes()
            return ReceiptSigner(content).public if len(content) == _SECRET_BYTES else cls.from_json(content)
        except OSError as error:
            raise KeyFileInvalid(f"{path} cannot be read: {error.strerror}") from None
        except ValueError:
            raise KeyFileInvalid(f"{path} holds no key of receipts: a JWK, a JWK set, or {KEY_FILE}") from None

    @classmethod
    def of_directory(cls, directory: Path) -> PublicKeys:
        """Of the settings' directory: the present key and the earlier ones. Raises: KeyFileInvalid: also if none is."""
        present, earlier = cls.from_file(directory / KEY_FILE), directory / EARLIER_FILE
        return present.joined(cls.from_file(earlier)) if earlier.exists() else present

    def joined(self, others: PublicKeys) -> PublicKeys:
        """These, then the others."""
        return PublicKeys([*self._keys.values(), *others._keys.values()])

    def as_set(self) -> dict[str, Any]:
        """As a JWK set: what ``/api/receipt/key`` tells."""
        return {
            "keys": [
                {"kty": "OKP", "crv": _ALGORITHM, "x": key.as_dict(private=False)["x"], "kid": name, "use": "sig"}
                for name, key in self._keys.items()
            ]
        }

    def read(self, given: str) -> Receipt:
        """The receipt in what was typed, pasted or scanned, if it is genuine.

        Raises:
            ReceiptRefused: it is not, or not readable.
        """
        token = token_in(given)
        header, payload, signature = token.split(".")
        key = self._signer(header)
        try:
            # A second way of writing the same bytes would be a second text that is taken for the first.
            body = _exactly(payload)
            _exactly(signature)
            jws.deserialize_compact(token, key, [_ALGORITHM])
        except (JoseError, ValueError) as error:
            raise ReceiptRefused(RefusedBecause.CHANGED) from error
        return contents.read(body)

    def _signer(self, header: str) -> OKPKey:
        try:
            named = json.loads(_exactly(header))
        except (ValueError, RecursionError) as error:
            raise ReceiptRefused(RefusedBecause.NOT_OURS) from error
        if not isinstance(named, dict) or {**named, "kid": ""} != {"alg": _ALGORITHM, "typ": TYPE, "kid": ""}:
            raise ReceiptRefused(RefusedBecause.NOT_OURS)
        kid = named["kid"]
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise ReceiptRefused(RefusedBecause.NOT_OURS)
        return key


class ReceiptSigner:
    """The region's key."""

    def __init__(self, secret: bytes) -> None:
        """``secret``: 32 bytes."""
        self._key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(secret))

    @classmethod
    def load_or_create(cls, directory: Path) -> ReceiptSigner:
        """From the file in the settings' directory, made at the first start. Raises: KeyFileInvalid."""
        return cls(load_or_create(directory / KEY_FILE))

    @property
    def public(self) -> PublicKeys:
        """What verifies what it signs, and nothing else."""
        return PublicKeys([self._key])

    def sign(self, receipt: Receipt) -> str:
        """The JWS. Ed25519 takes no chance: the same receipt has one text."""
        header = {"alg": _ALGORITHM, "typ": TYPE, "kid": self._key.thumbprint()}
        return jws.serialize_compact(header, contents.written(receipt), self._key, [_ALGORITHM])


def _imported(jwk: Any) -> OKPKey:
    if not isinstance(jwk, dict) or jwk.get("kty") != "OKP" or jwk.get("crv") != _ALGORITHM:
        raise ValueError("a key of another kind")
    # What else stands in it, a private part for one, is not taken over.
    return OKPKey.import_key({"kty": "OKP", "crv": _ALGORITHM, "x": str(jwk["x"])})


def _exactly(text: str) -> bytes:
    """The bytes of base64url without padding. Raises: ValueError: not the one way of writing them."""
    found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if urlsafe_b64encode(found).rstrip(b"=").decode() != text:
        raise ValueError("not base64url")
    return found
