"""Who is asking: long-term credentials (RFC 8489 section 9.2) over the time-limited usernames of ``tawasul.access``."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media_relay.core.nonce import Nonces
from media_relay.core.refusal import Refused
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import (
    MD5,
    NONCE,
    PASSWORD_ALGORITHM,
    PASSWORD_ALGORITHMS,
    REALM,
    SHA256,
    USERHASH,
    USERNAME,
)
from media_relay.stun.integrity import long_term_key, long_term_key_sha256
from media_relay.stun.message import Message
from tawasul.access.relay_credentials import RelayCredentialsRefused, password_for, read_username

OFFERED = (SHA256,)
"""The password algorithms that can be chosen. A client that knows of no choice is taken to mean MD5 (RFC 8489 section
9.2.4), as browsers do; whoever can choose has no reason to choose that."""

_KEYS: dict[int, Callable[[str, str, str], bytes]] = {MD5: long_term_key, SHA256: long_term_key_sha256}


@dataclass(frozen=True, slots=True)
class Identity:
    """An authenticated asker. ``name`` is the username without its expiry: quotas go by it and by ``governorate``."""

    username: str
    name: str
    governorate: str
    key: bytes


class Authenticator:
    """Checks requests for ``realm`` with one or two ``secrets``; a nonce lives ``nonce_lifetime`` seconds."""

    def __init__(self, realm: str, secrets: Sequence[str], nonce_lifetime: int) -> None:
        self._realm = realm
        self._secrets = tuple(secrets)
        self._nonces = Nonces(secrets, nonce_lifetime)
        self._token_key = hmac.digest(secrets[0].encode(), b"tawasul relay reservation", "sha256")

    def nonce(self, source: TransportAddress, unix_time: float) -> str:
        """A nonce that only ``source`` can use, from ``unix_time`` on."""
        return self._nonces.make(source, unix_time)

    def token(self, request: bytes) -> bytes:
        """8 bytes that nobody else can guess, for a RESERVATION-TOKEN; the same for the same ``request``."""
        return hmac.digest(self._token_key, request, "sha256")[:8]

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
        # Before anything is computed with a password: a nonce is cheaper to check, and tells nothing.
        if not self._nonces.is_fresh(nonce, source, unix_time):
            raise Refused(438)
        key_of = _KEYS[_algorithm(message)]
        if username is None:
            raise Refused(401)  # usernames are not kept, so a hash of one cannot be looked up; none was asked for
        try:
            passwords = password_for(self._secrets, username, unix_time - overrun)
        except RelayCredentialsRefused:
            raise Refused(401) from None
        for password in passwords:
            key = key_of(username, self._realm, password)
            if message.protection.verify(key):
                read = read_username(username)
                return Identity(username, read.name, read.governorate, key)
        raise Refused(401)


def _algorithm(message: Message) -> int:
    chosen, offered = message.get(PASSWORD_ALGORITHM), message.get(PASSWORD_ALGORITHMS)
    if chosen is None and offered is None:
        return MD5
    # The offer comes back in the signed request, so that nobody between can have made it poorer.
    if chosen is None or offered != OFFERED or chosen not in OFFERED:
        raise Refused(400)
    return chosen
