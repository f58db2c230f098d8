"""Who is asking: long-term credentials (RFC 8489 section 9.2) over the time-limited usernames of ``tawasul.access``.

Nothing is remembered. The nonce is an HMAC over the time and the source, made with the shared secret, so that any relay
of the fleet recognises it and a flood of first requests leaves no trace.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from media_relay.core.refusal import Refused
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import NONCE, PASSWORD_ALGORITHM, PASSWORD_ALGORITHMS, REALM, USERHASH, USERNAME
from media_relay.stun.integrity import long_term_key
from media_relay.stun.message import Message
from tawasul.access.relay_credentials import RelayCredentialsRefused, password_for, read_username

_SKEW = 60
"""Seconds by which the clock of another relay of the fleet may be ahead of ours."""
_MAC_SIZE = 12
"""Bytes: 96 bits cannot be guessed within a nonce's life, and the answer that carries it stays small."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An authenticated asker. ``name`` is the username without its expiry: quotas go by it."""

    username: str
    name: str
    key: bytes


class Authenticator:
    """Checks requests for ``realm`` with one or two ``secrets``; a nonce lives ``nonce_lifetime`` seconds."""

    def __init__(self, realm: str, secrets: Sequence[str], nonce_lifetime: int) -> None:
        self._realm = realm
        self._secrets = tuple(secrets)
        self._nonce_keys = tuple(hmac.digest(secret.encode(), b"tawasul relay nonce", "sha256") for secret in secrets)
        self._nonce_lifetime = nonce_lifetime

    def nonce(self, source: TransportAddress, unix_time: float) -> str:
        """22 characters that only ``source`` can use, from ``unix_time`` on."""
        stamp = int(unix_time).to_bytes(8, "big")[-4:]
        return urlsafe_b64encode(stamp + _nonce_mac(self._nonce_keys[0], stamp, source)).decode().rstrip("=")

    def identify(self, message: Message, source: TransportAddress, unix_time: float, *, overrun: int = 0) -> Identity:
        """Whose request ``message`` is, by the steps of RFC 8489 section 9.2.4.

        ``overrun``: seconds for which expired credentials still count. Raises Refused (401, 400, 438) and
        MalformedAttribute.
        """
        if not message.protection.signed:
            raise Refused(401)
        username, realm, nonce = message.get(USERNAME), message.get(REALM), message.get(NONCE)
        if (username is None and message.get(USERHASH) is None) or realm is None or nonce is None:
            raise Refused(400)
        # We offer no choice of password algorithm, so nobody can have chosen one.
        if message.get(PASSWORD_ALGORITHM) is not None or message.get(PASSWORD_ALGORITHMS) is not None:
            raise Refused(400)
        if not self._is_fresh(nonce, source, unix_time):
            raise Refused(438)
        if username is None:
            raise Refused(401)  # usernames are not kept, so a hash of one cannot be looked up
        try:
            passwords = password_for(self._secrets, username, unix_time - overrun)
        except RelayCredentialsRefused:
            raise Refused(401) from None
        for password in passwords:
            key = long_term_key(username, self._realm, password)
            if message.protection.verify(key):
                return Identity(username, read_username(username).name, key)
        raise Refused(401)

    def _is_fresh(self, nonce: str, source: TransportAddress, unix_time: float) -> bool:
        try:
            raw = urlsafe_b64decode(nonce.encode("ascii") + b"==")
        except ValueError:
            return False
        if len(raw) != 4 + _MAC_SIZE:
            return False
        stamp, mac = raw[:4], raw[4:]
        age = unix_time - int.from_bytes(stamp, "big")
        genuine = [hmac.compare_digest(_nonce_mac(key, stamp, source), mac) for key in self._nonce_keys]
        return any(genuine) and -_SKEW <= age < self._nonce_lifetime


def _nonce_mac(key: bytes, stamp: bytes, source: TransportAddress) -> bytes:
    return hmac.digest(key, stamp + source.port.to_bytes(2, "big") + source.ip.packed, "sha256")[:_MAC_SIZE]
