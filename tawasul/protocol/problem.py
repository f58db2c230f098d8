"""What a row of the table of problems holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the table."""

    code: str
    status: int
    arabic: str
    english: str
    close: int | None = None
