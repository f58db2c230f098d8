"""The nonce: an HMAC over the time and the source, made with the shared secret (RFC 8489 sections 5 and 9.2).

Nothing is remembered: any relay of the fleet recognises it, and a flood of first requests leaves no trace. It begins
with the nonce cookie, which tells a client that password algorithms are offered; who strips the offer on its way must
leave the cookie, or break the HMAC, so that a client notices (section 9.2.1).
"""

from __future__ import annotations

import hmac
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from media_relay.stun.address import TransportAddress

PASSWORD_ALGORITHMS_FEATURE = 1 << 23
"""Bit 0 of the STUN security features, which are 24 bits counted from the left (RFC 8489 section 18.1). Bit 1, username
anonymity, is not ours: usernames are not kept, so a hash of one cannot be looked up."""

COOKIE = "obMatJos2" + b64encode(PASSWORD_ALGORITHMS_FEATURE.to_bytes(3, "big")).decode()
"""RFC 8489 section 9.2: 13 characters before every nonce."""

NONCE_SIZE = 28
"""Characters of a nonce."""

_SKEW = 60
"""Seconds by which the clock of another relay of the fleet may be ahead of ours."""
_STAMP_SIZE = 4
_MAC_SIZE = 7
"""Bytes. 56 bits cannot be guessed within a nonce's life, they let nobody in who has no password, and the answer that
carries them to a source which may be forged is within its bound (``media_relay.core.answers``)."""


class Nonces:
    """Makes nonces with the first of ``secrets`` and accepts those of each, for ``lifetime`` seconds."""

    def __init__(self, secrets: Sequence[str], lifetime: int) -> None:
        self._keys = tuple(hmac.digest(secret.encode(), b"tawasul relay nonce", "sha256") for secret in secrets)
        self._lifetime = lifetime

    def make(self, source: TransportAddress, unix_time: float) -> str:
        """``NONCE_SIZE`` characters that only ``source`` can use, from ``unix_time`` on."""
        stamp = int(unix_time).to_bytes(8, "big")[-_STAMP_SIZE:]
        return _written(stamp + _mac(self._keys[0], stamp, source))

    def is_fresh(self, nonce: str, source: TransportAddress, unix_time: float) -> bool:
        """Whether ``nonce`` was made for ``source``, by us or a relay that shares a secret, and not too long ago."""
        if len(nonce) != NONCE_SIZE or not nonce.startswith(COOKIE):
            return False
        try:
            raw = urlsafe_b64decode(nonce[len(COOKIE) :].encode("ascii") + b"=")
        except ValueError:
            return False
        if _written(raw) != nonce:
            return False  # two bits of the last letter are nobody's: one nonce must not be written in four ways
        stamp, mac = raw[:_STAMP_SIZE], raw[_STAMP_SIZE:]
        age = unix_time - int.from_bytes(stamp, "big")
        genuine = [hmac.compare_digest(_mac(key, stamp, source), mac) for key in self._keys]
        return any(genuine) and -_SKEW <= age < self._lifetime


def _written(raw: bytes) -> str:
    return COOKIE + urlsafe_b64encode(raw).decode().rstrip("=")


def _mac(key: bytes, stamp: bytes, source: TransportAddress) -> bytes:
    covered = COOKIE.encode() + stamp + source.port.to_bytes(2, "big") + source.ip.packed
    return hmac.digest(key, covered, "sha256")[:_MAC_SIZE]
