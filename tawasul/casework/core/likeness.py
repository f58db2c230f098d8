"""Which cases are likely the same (issue of duplicates). Pure.

The words of both, folded as a search folds them (أ is ا, ة is ه, without ال), compared by RapidFuzz's token-set ratio:
order does not count, nor how much one says beyond the other. A person decides; nothing is merged by itself.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from tawasul.domain.arabic_text import words
from tawasul.domain.case import CaseId

LEAST: Final = 72.0
"""Of 100. What is less alike is not suggested: ``tests/unit/test_casework_likeness.py`` has the pairs it was set by."""

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Likely:
    """``score``: 0 to 100."""

    case_id: CaseId
    score: int


def alike(text: str, others: Iterable[tuple[CaseId, str]]) -> list[Likely]:
    """The likeliest first, at most five. A text of fewer than two words is like nothing."""
    wanted = words(text)
    if len(wanted) < 2:
        return []
    scored = ((_score(wanted, words(other)), id) for id, other in others)
    best = heapq.nlargest(MOST, ((score, id) for score, id in scored if score >= LEAST))
    return [Likely(id, round(score)) for score, id in best]


def _score(one: Sequence[str], other: Sequence[str]) -> float:
    """Token set, but not for the sake of one word in common: a word alone is a part of every text that has it."""
    compare = fuzz.token_set_ratio if len(set(one) & set(other)) > 1 else fuzz.token_sort_ratio
    return compare(" ".join(one), " ".join(other))
