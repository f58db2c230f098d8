"""Time-limited credentials of the relay (TURN REST shape: draft-uberti-behave-turn-rest-00 section 2.2).

The username carries its own expiry and the password is an HMAC over it, so that whoever shares the secret (signaling,
every relay of the fleet, coturn with ``use-auth-secret``) can check it and nobody has to keep a list. While a secret is
being changed two are valid: credentials are minted with the first, and accepted with either.

RelayCredentialsRefused
├── MalformedRelayUsername    not "<unix expiry>:<name>"         malformed-relay-username
└── RelayCredentialsExpired   the expiry has passed              relay-credentials-expired
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_USERNAME = re.compile(r"([1-9][0-9]{0,10}):([!-~]{1,128})", re.ASCII)
"""Printable ASCII: RFC 8265 leaves it as it is, so that both ends hash the same bytes."""


class RelayCredentialsRefused(Exception):
    """The root of this module's errors. ``code`` is stable, for programs."""

    code = "relay-credentials-refused"


class MalformedRelayUsername(RelayCredentialsRefused):
    """Not of the form ``<unix expiry>:<name>``."""

    code = "malformed-relay-username"


class RelayCredentialsExpired(RelayCredentialsRefused):
    """``expires_at`` (unix seconds) has passed."""

    code = "relay-credentials-expired"

    def __init__(self, expires_at: int) -> None:
        super().__init__(f"the relay credentials expired at {expires_at}")
        self.expires_at = expires_at


@dataclass(frozen=True, slots=True)
class RelayCredentials:
    """What a peer gives to the relay. The password does not print."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RelayUsername:
    """A username taken apart: until when (unix seconds), and for whom."""

    expires_at: int
    name: str

    @property
    def governorate(self) -> str:
        """By whose share the relay counts it: what follows the last ``@`` of the name; empty when there is none."""
        _, found, governorate = self.name.rpartition("@")
        return governorate if found else ""


def mint(secret: str, name: str, expires_at: int) -> RelayCredentials:
    """Credentials for ``name`` (1–128 printable ASCII characters, no space), valid until ``expires_at``, unix seconds.

    Raises MalformedRelayUsername when the name or the time cannot be written so.
    """
    username = f"{expires_at}:{name}"
    read_username(username)
    return RelayCredentials(username, _password(secret, username))


def read_username(username: str) -> RelayUsername:
    """``username`` taken apart. Raises MalformedRelayUsername."""
    match = _USERNAME.fullmatch(username)
    if match is None:
        raise MalformedRelayUsername("a relay username is <unix expiry>:<name>")
    return RelayUsername(int(match[1]), match[2])


def password_for(secrets: Sequence[str], username: str, now: float) -> tuple[str, ...]:
    """The passwords that ``username`` may have at unix time ``now``, one for each secret in ``secrets``.

    Raises MalformedRelayUsername, RelayCredentialsExpired.
    """
    read = read_username(username)
    if read.expires_at <= now:
        raise RelayCredentialsExpired(read.expires_at)
    return tuple(_password(secret, username) for secret in secrets)


def verify(secrets: Sequence[str], credentials: RelayCredentials, now: float) -> RelayUsername | None:
    """Who ``credentials`` are for, or None when the password fits no secret.

    Raises MalformedRelayUsername, RelayCredentialsExpired.
    """
    # Every candidate is compared, so that the time taken does not tell which secret it was.
    fits = [
        hmac.compare_digest(candidate.encode(), credentials.password.encode())
        for candidate in password_for(secrets, credentials.username, now)
    ]
    return read_username(credentials.username) if any(fits) else None


def _password(secret: str, username: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), username.encode(), "sha1")).decode()
