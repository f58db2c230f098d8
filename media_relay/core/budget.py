"""How much may be asked of the relay in a second, counted in tables of fixed size.

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

REQUESTS_A_SECOND = 500
"""Of one user. To check a signature costs as much as to carry some ten packets, and who has credentials of one call
must not starve the others; a client that asks for all the channels that there are needs half of it, once."""
UNSIGNED_A_SECOND = 1000
"""Messages at one user's allocations that nobody need have signed, and that carry nothing: more than anybody has a use
for, and even the longest of them take but a few hundredths of a second."""


class Tally:
    """Counters of one second, each of one or a few; ``key``: 16 random bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._second = 0
        self._counters = array("I", bytes(4 * _COUNTERS))

    def of(self, whose: bytes, now: float) -> int:
        """How much has been counted in this second."""
        self._turn(now)
        return self._counters[self._slot(whose)]

    def count(self, whose: bytes, now: float) -> int:
        """Counts one more, and tells how many there are with it."""
        self._turn(now)
        slot = self._slot(whose)
        self._counters[slot] += 1
        return self._counters[slot]

    def _turn(self, now: float) -> None:
        if int(now) != self._second:
            self._second = int(now)
            self._counters = array("I", bytes(4 * _COUNTERS))

    def _slot(self, whose: bytes) -> int:
        return int.from_bytes(hashlib.blake2b(whose, digest_size=4, key=self._key).digest(), "big") % _COUNTERS


class SourceBudget:
    """Of those who have no allocation: ``answers`` a second to a source that has not authenticated, and ``datagrams``
    that are looked at, of all sources together. ``key``: 16 random bytes."""

    def __init__(self, answers: int, datagrams: int, key: bytes) -> None:
        self._answers = answers
        self._datagrams = datagrams
        self._looked_at = Tally(key)
        self._answered = Tally(key)
        self._second = 0
        self._in_all = 0

    def admits(self, source: TransportAddress, now: float, *, forgeable: bool = True) -> bool:
        """Whether a message of ``source`` is looked at; counts it.

        Within the source's own share first: only what is within it is counted among all, so that one source alone
        cannot take the others' part. ``forgeable``: whether it may have been sent by anybody. What cannot is held by
        its source's share, and is let in while others forge sources without end.
        """
        if self._looked_at.count(subscriber(source), now) > self._answers * _LOOKED_AT:
            return False
        if not forgeable:
            return True
        if int(now) != self._second:
            self._second, self._in_all = int(now), 0
        self._in_all += 1
        return self._in_all <= self._datagrams

    def may_answer(self, source: TransportAddress, now: float) -> bool:
        """Whether an unauthenticated question of ``source`` is answered; counts it."""
        return self._answered.count(subscriber(source), now) <= self._answers


class UserBudget:
    """Of those who have credentials: messages a second of one user, whatever allocations it has or has had, for to end
    one and make another is as dear as anything. Both bounds are apart, since what nobody has signed may be forged by
    whoever knows a client's address, and must not take the client's own requests. ``key``: 16 random bytes."""

    def __init__(self, key: bytes) -> None:
        self._requests = Tally(key)
        self._unsigned = Tally(key)

    def may_ask(self, name: str, now: float) -> bool:
        """Whether one more request of ``name`` is dealt with; counts it. To be asked when it must be ``name``'s own."""
        return self._requests.count(name.encode(), now) <= REQUESTS_A_SECOND

    def may_send(self, name: str, now: float) -> bool:
        """Whether what may not be ``name``'s own is looked at; see ``note_unsigned``."""
        return self._unsigned.of(name.encode(), now) < UNSIGNED_A_SECOND

    def note_unsigned(self, name: str, now: float) -> None:
        """Counts something that came to an allocation of ``name``, was not signed, and carried nothing."""
        self._unsigned.count(name.encode(), now)


def subscriber(source: TransportAddress) -> bytes:
    """As what ``source`` is counted: an IPv4 address, or an IPv6 /64, of which one subscriber has every address."""
    packed = source.ip.packed
    return packed[:8] if len(packed) == 16 else packed
