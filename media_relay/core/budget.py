"""How much may be asked of the relay by those who have not authenticated: counted in a table of fixed size.

There is no entry a source, so that a flood of forged sources costs no memory. Sources share a counter by a keyed hash:
a flooder cannot choose whose counter it shares.
"""

from __future__ import annotations

import hashlib
from array import array

from media_relay.stun.address import TransportAddress

_COUNTERS = 4096
"""16 KiB. With 100 sources at once, one in forty shares a counter with another; that halves its share, no more."""
_LOOKED_AT = 4
"""How many times its answers a source may still be looked at in a second: it may be about to authenticate."""


class SourceBudget:
    """Counters of one second. ``answers`` a source, ``datagrams`` in all; ``key``: 16 random bytes."""

    def __init__(self, answers: int, datagrams: int, key: bytes) -> None:
        self._answers = answers
        self._datagrams = datagrams
        self._key = key
        self._second = 0
        self._in_all = 0
        self._counters = array("I", bytes(4 * _COUNTERS))

    def admits(self, source: TransportAddress, now: float) -> bool:
        """Whether a datagram of ``source`` is looked at; counts it among all."""
        self._turn(now)
        self._in_all += 1
        return self._in_all <= self._datagrams and self._counters[self._slot(source)] < self._answers * _LOOKED_AT

    def may_answer(self, source: TransportAddress, now: float) -> bool:
        """Whether an unauthenticated question of ``source`` is answered; counts it."""
        self._turn(now)
        slot = self._slot(source)
        self._counters[slot] += 1
        return self._counters[slot] <= self._answers

    def _turn(self, now: float) -> None:
        if int(now) != self._second:
            self._second, self._in_all = int(now), 0
            self._counters = array("I", bytes(4 * _COUNTERS))

    def _slot(self, source: TransportAddress) -> int:
        keyed = hashlib.blake2b(subscriber(source), digest_size=4, key=self._key)
        return int.from_bytes(keyed.digest(), "big") % _COUNTERS


def subscriber(source: TransportAddress) -> bytes:
    """As what ``source`` is counted: an IPv4 address, or an IPv6 /64, of which one subscriber has every address."""
    packed = source.ip.packed
    return packed[:8] if len(packed) == 16 else packed
