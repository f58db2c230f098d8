"""Who asks most often, in a table of fixed size, however many ask: the Space-Saving algorithm (Metwally, Agrawal and El
Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", 2005).

A counter for each source would be memory for whoever forges sources; this keeps ``size`` names and no more. Whoever is
more than one in ``size`` of all that was counted is among them, whatever the others do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class _Count:
    count: int
    """Never less than what was really counted."""
    over: int
    """By how much at most it is more: the count of the one whose place was taken."""


class Frequent:
    """At most ``size`` names, each with a count."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._counts: dict[str, _Count] = {}
        self.total = 0
        """Of all names, also of those that are forgotten."""

    def __len__(self) -> int:
        return len(self._counts)

    def note(self, name: str) -> None:
        """Counts ``name`` once. A new one takes the place of the least frequent."""
        self.total += 1
        counted = self._counts.get(name)
        if counted is not None:
            counted.count += 1
        elif len(self._counts) < self._size:
            self._counts[name] = _Count(1, 0)
        else:
            least = min(self._counts, key=lambda other: self._counts[other].count)
            over = self._counts.pop(least).count
            self._counts[name] = _Count(over + 1, over)

    def certain(self, least: int) -> dict[str, int]:
        """The names that were counted ``least`` times or more beyond doubt, the most frequent first, each with the
        number that is certain. Names that come once and never again are not among them, even when they fill the table.
        """
        found = {name: c.count - c.over for name, c in self._counts.items() if c.count - c.over >= least}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
