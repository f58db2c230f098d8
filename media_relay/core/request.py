"""An authenticated request, and the limits by which requests are granted."""

from __future__ import annotations

from dataclasses import dataclass

from media_relay.core.auth import Identity
from media_relay.core.effects import FiveTuple
from media_relay.stun import attributes as stun
from media_relay.stun.message import Message, Method


@dataclass(frozen=True, slots=True)
class Limits:
    """Quotas and times, seconds; see ``media_relay.config.RelayConfig`` for what each is for."""

    allocations_per_user: int = 10
    allocations_per_governorate: int = 500
    allocations_per_source: int = 500
    allocations_in_all: int = 1000
    permissions_per_allocation: int = 128
    channels_per_allocation: int = 128
    lifetime: int = 600
    maximum_lifetime: int = 3600
    overrun: int = 3600


@dataclass(frozen=True, slots=True)
class Request:
    """``message``, which ``identity`` has signed, over ``five_tuple``."""

    message: Message
    five_tuple: FiveTuple
    identity: Identity

    @property
    def nonce(self) -> bytes:
        """What the client was given to sign with."""
        return (self.message.get(stun.NONCE) or "").encode()


def lifetime_of(message: Message, limits: Limits) -> int:
    """Seconds that the allocation lives from now: never less than the default, never more than the maximum (RFC 8656
    section 7.2); a Refresh may ask for none. Raises MalformedAttribute."""
    asked = message.get(stun.LIFETIME)
    if asked == 0 and message.method == Method.REFRESH:
        return 0
    return max(limits.lifetime, min(asked or 0, limits.maximum_lifetime))
