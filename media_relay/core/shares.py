"""How many each holder of a share has at all worker processes of a relay together, in tables of fixed size.

Each worker writes into a table of its own alone and reads those of the others, so that nobody waits for anybody. The
tables are count-min sketches (Cormode and Muthukrishnan, "An Improved Data Stream Summary: the Count-Min Sketch and its
Applications", 2005): a holder has a counter in each row, which it may have in common with others, and the least of them
is believed. That is never too few. Counters are found by a keyed hash: nobody can choose whose they share.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from typing import Protocol

ROWS, COLUMNS = 4, 1 << 16
"""Of ten thousand allocations, each of another user and another source, one holder in two hundred is counted too many,
mostly by one: it has company in all four rows, 20,000 others over 65,536 columns, (1 - exp(-0.31)) ** 4."""
CELLS = ROWS * COLUMNS
"""Counters of one worker's table."""

Holder = tuple[str, str | bytes]
"""One who has a share: what kind of one, and which."""

_HASHES = struct.Struct(f"={ROWS}H")


class Shares(Protocol):
    """What the other workers have given out, and where they see what this one has."""

    def elsewhere(self, holder: Holder) -> int:
        """How many ``holder`` has at the other workers: never too few, seldom too many."""

    def note(self, holder: Holder, change: int) -> None:
        """``holder`` has ``change`` more at this one, or less."""


class Unshared:
    """The ``Shares`` of a worker that is alone."""

    def elsewhere(self, holder: Holder) -> int:
        """See ``Shares.elsewhere``."""
        return 0

    def note(self, holder: Holder, change: int) -> None:
        """See ``Shares.note``."""


UNSHARED = Unshared()


class SketchedShares:
    """``Shares`` in tables of ``CELLS`` counters (format "I"), ``own`` and those of the ``others``. ``key``: at most 64
    bytes, the same for all of them, which no client knows."""

    def __init__(self, own: memoryview[int], others: Iterable[memoryview[int]], key: bytes) -> None:
        self._own = own
        self._others = tuple(others)
        self._key = key

    def elsewhere(self, holder: Holder) -> int:
        """See ``Shares.elsewhere``."""
        one, two, three, four = self._places_of(holder)
        return sum(min(table[one], table[two], table[three], table[four]) for table in self._others)

    def note(self, holder: Holder, change: int) -> None:
        """See ``Shares.note``."""
        for place in self._places_of(holder):
            # It is never below 0 but where somebody took the table away under us; even then no call ends for it.
            self._own[place] = max(0, self._own[place] + change)

    def _places_of(self, holder: Holder) -> tuple[int, int, int, int]:
        kind, whose = holder
        name = kind.encode() + b"\0" + (whose if isinstance(whose, bytes) else whose.encode())
        hashed = hashlib.blake2b(name, digest_size=_HASHES.size, key=self._key).digest()
        one, two, three, four = _HASHES.unpack(hashed)
        return one, COLUMNS + two, 2 * COLUMNS + three, 3 * COLUMNS + four
