"""Figures of the follow-through (F92), and which are too small to be said. Pure.

A median, a share, and what citizens said of an answer are shown of five or more. Of satisfaction a month in which an
agency was rated by fewer is not counted at all, in no sum either: what is hidden cannot be had by subtracting one
answer from another. The counts of cases themselves are shown: the office may open every case behind them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tawasul.domain.agency import AgencyId

LEAST_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Rated:
    """How many cases of a month were rated so: ``rating`` 1 (not satisfied) to 3 (satisfied)."""

    month: str
    agency_id: AgencyId | None
    rating: int
    count: int


@dataclass(frozen=True, slots=True)
class Satisfied:
    """How many were not satisfied, so so, satisfied."""

    no: int = 0
    partly: int = 0
    yes: int = 0

    @property
    def all(self) -> int:
        """Who tapped at all."""
        return self.no + self.partly + self.yes


def share(part: int, of: int) -> float | None:
    """From 0 to 1; ``None``: of too few."""
    return None if of < LEAST_SHOWN else part / of


def satisfaction(counted: Iterable[Rated]) -> Mapping[AgencyId | None, Satisfied]:
    """Of each agency, and (``None``) of what desks and the office answered; without the months of too few."""
    cells: defaultdict[tuple[str, AgencyId | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in counted:
        cells[each.month, each.agency_id][each.rating - 1] += each.count
    sums: defaultdict[AgencyId | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (_, agency_id), counts in cells.items():
        if sum(counts) >= LEAST_SHOWN:
            sums[agency_id] = [a + b for a, b in zip(sums[agency_id], counts, strict=True)]
    return {agency_id: Satisfied(*counts) for agency_id, counts in sums.items()}


def together(each: Iterable[Satisfied]) -> Satisfied:
    """The sum of those that are shown."""
    found = list(each)
    return Satisfied(sum(s.no for s in found), sum(s.partly for s in found), sum(s.yes for s in found))
