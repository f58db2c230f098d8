"""Ports that are kept for an allocation to come (EVEN-PORT with R, RESERVATION-TOKEN: RFC 8656 sections 7.2, 18.10).

Made by authenticated users alone and counted in their quota, so that their number is bounded.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from media_relay.core.effects import CloseReserved, Effect
from media_relay.stun.address import TransportAddress

RESERVATION_LIFETIME = 30.0
"""Seconds, RFC 8656 section 7.2."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """``address``, bound and kept for the user ``name``."""

    address: TransportAddress
    name: str
    expires_at: float


class ReservationTable:
    """All kept addresses by their tokens, the oldest first."""

    def __init__(self) -> None:
        self._by_token: dict[bytes, Reservation] = {}
        self._of_name: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._by_token)

    @property
    def deadline(self) -> float | None:
        """When ``expire`` has something to do, or None."""
        return next((reservation.expires_at for reservation in self._by_token.values()), None)

    def of_name(self, name: str) -> int:
        """How many are kept for user ``name``."""
        return self._of_name[name]

    def keep(self, token: bytes, address: TransportAddress, name: str, now: float) -> None:
        """Keeps ``address`` for whoever of ``name``'s has ``token``, which must be a new one."""
        assert token not in self._by_token
        self._by_token[token] = Reservation(address, name, now + RESERVATION_LIFETIME)
        self._of_name[name] += 1

    def address_of(self, token: bytes, name: str) -> TransportAddress | None:
        """What is kept for ``name`` under ``token``: a token that another has seen is of no use to them."""
        reservation = self._by_token.get(token)
        return reservation.address if reservation is not None and reservation.name == name else None

    def take(self, token: bytes) -> None:
        """Gives it out: it is kept no more."""
        name = self._by_token.pop(token).name
        self._of_name[name] -= 1
        if not self._of_name[name]:
            del self._of_name[name]

    def expire(self, now: float) -> list[Effect]:
        """Gives up what nobody came for."""
        effects: list[Effect] = []
        while self._by_token:
            token, reservation = next(iter(self._by_token.items()))
            if reservation.expires_at > now:
                break
            self.take(token)
            effects.append(CloseReserved(reservation.address))
        return effects
