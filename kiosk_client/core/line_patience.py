"""How long to wait before a lost or refused line is made anew. Pure; the random number is an argument."""

from __future__ import annotations

LIVED_WELL = 20.0
"""Seconds after which a line that is lost says nothing about the next one."""

SPREAD = 1.5
"""Seconds over which the kiosks of a region spread themselves when the server has restarted."""

LONGEST = 15.0
"""Seconds between two tries at most: a citizen before a kiosk that is cut off should not wait longer than that."""

REFUSED_PAUSE = 20.0
"""Seconds before a kiosk that was refused (not registered, of another version) asks again: once that is mended, nobody
has to touch it."""

REPLACED = 4409
"""Close code: another process proved the same key. Two would throw each other out for ever, so the older ends."""

PASSING = frozenset({4408, 4429})
"""Close codes of the protocol's own range that will pass by themselves."""


class Patience:
    """Counts the lines that did not live."""

    def __init__(self) -> None:
        self._failures = 0

    def pause(self, code: int | None, lived: float, chance: float) -> float | None:
        """Seconds to wait before the next line; None to stop for good.

        `code`: close code of the last line, None where it was never open or broke. `lived`: seconds for which it
        stood. `chance`: random, from 0 up to 1.
        """
        if code == REPLACED:
            return None
        if code is not None and 4400 <= code < 4500 and code not in PASSING:
            return REFUSED_PAUSE * (0.75 + chance / 2)
        if lived >= LIVED_WELL:
            self._failures = 0
        self._failures += 1
        if self._failures == 1:
            return SPREAD * chance
        return min(LONGEST, 2.0 ** min(self._failures - 2, 8)) * (0.5 + chance / 2)
