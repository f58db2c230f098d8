"""References waiting to be checked in, one at a time, so that a refusal is known to be that one's. Pure."""

from __future__ import annotations

from collections.abc import Iterable

LATER = frozenset({"unavailable", "internal", "too-many-attempts"})
"""Problems after which the same check-in is worth repeating; any other refusal of it is final."""

AGAIN_AFTER = 10.0
"""Seconds before it is repeated, where the server names none."""


class CheckIns:
    """What has still to be checked in. The one that was asked for last stays first until it is answered."""

    def __init__(self, references: Iterable[str] = ()) -> None:
        self._references = list(references)
        self._asked = False
        self.deadline: float | None = None

    def add(self, reference: str) -> None:
        """Somebody gave this reference."""
        if reference not in self._references:
            self._references.append(reference)

    def next(self, now: float) -> str | None:
        """The reference to ask for now, if there is one and none is under way."""
        if self._asked or not self._references or (self.deadline is not None and now < self.deadline):
            return None
        self._asked, self.deadline = True, None
        return self._references[0]

    def are_here(self, references: Iterable[str]) -> None:
        """The server counts these among those who wait here."""
        here = set(references)
        if self._asked and self._references[0] in here:
            self._asked = False
        self._references = [reference for reference in self._references if reference not in here]

    def refused(self, code: str, retry_after: int | None, now: float) -> None:
        """The one under way was refused: for good, or to be repeated."""
        if not self._asked:
            return
        self._asked = False
        if code in LATER:
            self.deadline = now + (retry_after or AGAIN_AFTER)
        else:
            self._references.pop(0)

    def line_lost(self) -> None:
        """The answer to the one under way will not come."""
        self._asked, self.deadline = False, None
