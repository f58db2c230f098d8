"""What the calls on bad lines are to reach, and whether they do. It tells; it fails nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from support.bench_media_cells import CELLS, Way
from support.bench_media_results import Call, Figures

Of = Callable[[Figures], float]
LOSSES = ("loss-2", "loss-5", "loss-10", "loss-20")
B, C, A, A_RED = Way.FROM_KIOSK, Way.TO_KIOSK, Way.BROWSERS, Way.BROWSERS_RED


@dataclass(frozen=True)
class Target:
    """That `of` on a line is at least or at most `bound`: by its median, or by its 95th percentile if `nearly_all`.

    `beside`: the bound is that other way's median plus `bound`, or times it if `times`.
    """

    name: str
    cell: str
    way: str
    of: Of
    bound: float
    at_least: bool = True
    beside: str = ""
    times: bool = False
    nearly_all: bool = False
    digits: int = 2


def _pesq(one: Figures) -> float:
    return one.pesq


def _first_picture(one: Figures) -> float:
    """In milliseconds; what never came is as late as a minute."""
    return 60_000.0 if one.first_picture is None else 1000 * one.first_picture


def _by_loss(
    name: str, ways: Sequence[str], of: Of, bounds: Sequence[float], *, at_least: bool = True, digits: int = 2
) -> list[Target]:
    return [
        Target(name, cell, way, of, bound, at_least=at_least, digits=digits)
        for way in ways
        for cell, bound in zip(LOSSES, bounds, strict=True)
    ]


TARGETS = [
    *_by_loss("PESQ", [B], _pesq, (3.6, 3.4, 3.2, 3.0)),
    *_by_loss("PESQ", [C], _pesq, (3.6, 3.5, 3.2, 2.4)),
    *_by_loss("STOI", [B, C], lambda one: one.stoi, (0.98, 0.975, 0.97, 0.94), digits=3),
    *_by_loss("silent, %", [B, C], lambda one: 100 * one.silent, (0.2, 0.2, 0.3, 0.5), at_least=False),
    *_by_loss("frozen, %", [B, C], lambda one: 100 * one.frozen, (0, 0.5, 2, 10), at_least=False),
    *(
        Target("PESQ beside A-RED", cell, way, _pesq, -0.2, beside=A_RED)
        for way in (B, C)
        for cell in ("clean", *LOSSES)
    ),
    *(Target("PESQ beside A", cell, way, _pesq, 0, beside=A) for way in (B, C) for cell in LOSSES[1:]),
    *(
        Target("the gate: 0.9 × A's PESQ", cell, way, _pesq, 0.9, beside=A, times=True)
        for way in (B, C)
        for cell in CELLS
    ),
    *(
        Target("delay beside A, ms", cell, way, lambda one: 1000 * one.delay, 40, at_least=False, beside=A, digits=0)
        for way in (B, C)
        for cell in CELLS
    ),
    *(
        Target("first picture, ms, P95", cell, way, _first_picture, bound, at_least=False, nearly_all=True, digits=0)
        for way in (B, C)
        for cell, bound in (("clean", 600.0), ("loss-10", 1000.0))
    ),
    *(
        Target(name, cell, way, of, bound, digits=digits)
        for way in (B, C)
        for cell, name, of, bound, digits in (
            ("rate-1000", "pictures a second", lambda one: one.frame_rate, 25.0, 1),
            ("rate-1000", "lines", lambda one: one.height, 360.0, 0),
            ("rate-300", "pictures a second", lambda one: one.frame_rate, 15.0, 1),
            ("rate-300", "lines", lambda one: one.height, 270.0, 0),
            ("rate-300", "PESQ", _pesq, 3.2, 2),
        )
    ),
    Target("bit rate, kbit/s", "clean", C, lambda one: one.bit_rate / 1000, 1800, digits=0),
]


def judged(calls: Sequence[Call]) -> list[str]:
    """A table of the targets that were measured: met or missed, the missed ones first. Nothing of what was not."""
    told = [line for target in TARGETS if (line := _told(target, calls)) is not None]
    met = sum(line.endswith("met |") for line in told)
    head = [f"{met} of {len(told)} are met.", "", "| | line | way | wanted | measured | |", "|---|---|---|---|---|---|"]
    return head + sorted(told, key=lambda line: line.endswith("met |")) if told else ["None was measured."]


def _told(target: Target, calls: Sequence[Call]) -> str | None:
    found = _samples(target, calls, target.way)
    beside = _samples(target, calls, target.beside) if target.beside else []
    if not found or (target.beside and not beside):
        return None
    measured = float(np.percentile(found, 95)) if target.nearly_all else median(found)
    bound = target.bound
    if target.beside:
        bound = median(beside) * bound if target.times else median(beside) + bound
    met = measured >= bound if target.at_least else measured <= bound
    sign, digits = "≥" if target.at_least else "≤", target.digits
    words = [target.name, CELLS[target.cell].title, target.way, f"{sign} {bound:.{digits}f}", f"{measured:.{digits}f}"]
    return f"| {' | '.join(words)} | {'met' if met else '**missed**'} |"


def _samples(target: Target, calls: Sequence[Call], way: str) -> list[float]:
    return [target.of(one) for call in calls if call.cell == target.cell for one in call.ways if one.way == way]
