"""Benches: what is measured, in which order, and what a row of the document says. Measures; never judges by the clock.

A bench measures ours and a peer in turns (`interleaved`), so that whatever else the machine does meets both alike, and
makes a `Row` of it. `support.bench_document` writes the rows, `support.bench_machine` says where they were measured.
"""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

Sample = TypeVar("Sample")


@dataclass(frozen=True)
class Row:
    """One figure, measured several times.

    `name`: of the bench, in a few words; `part`: which of its figures this is. `work`: what was done, so that it can be
    repeated; the same for every part. `unit`: of every number. `ours`, `peer`: the samples in the order of the rounds;
    `peer` is empty where there is none. `peer_name`: who that is. `better`: which way is good. `reading`: how to read
    it: the clocks and their resolution, what the ratio means. `not_measured`: which of the two was not, and why, in a
    sentence without its full stop; then it has no samples.
    """

    name: str
    work: str
    unit: str
    ours: tuple[float, ...]
    peer: tuple[float, ...] = ()
    peer_name: str = ""
    part: str = ""
    better: Literal["lower", "higher"] = "lower"
    reading: str = ""
    not_measured: str = ""

    def __post_init__(self) -> None:
        if self.not_measured and not (self.ours and self.peer):
            return
        if not self.ours:
            raise ValueError(f"{self.title}: nothing was measured")
        if self.peer and (len(self.peer) != len(self.ours) or not self.peer_name):
            raise ValueError(f"{self.title}: a peer has a name, and as many rounds as we")

    @property
    def title(self) -> str:
        """Name and part."""
        return f"{self.name}: {self.part}" if self.part else self.name

    @property
    def ratio(self) -> float | None:
        """Our median over the peer's."""
        return statistics.median(self.ours) / statistics.median(self.peer) if self.ours and self.peer else None

    @property
    def rounds_won(self) -> int:
        """Rounds in which ours was strictly better than the peer beside it."""
        sign = 1 if self.better == "lower" else -1
        return sum(sign * ours < sign * peer for ours, peer in zip(self.ours, self.peer, strict=False))

    @property
    def verdict(self) -> str:
        """Who wins, by the medians, and in how many rounds: in one sentence."""
        if self.not_measured:
            return f"Not measured: {self.not_measured}."
        if self.ratio is None:
            return "Measured alone."
        ours, peer = statistics.median(self.ours), statistics.median(self.peer)
        won, rounds = self.rounds_won, len(self.ours)
        lost = sum(a != b for a, b in zip(self.ours, self.peer, strict=True)) - won
        counted = f"Tawasul was better in {won} of {rounds} rounds, {self.peer_name} in {lost}"
        if ours == peer:
            return f"Equal by the medians; {counted}."
        winner = "Tawasul" if (ours < peer) == (self.better == "lower") else self.peer_name
        by = f"{shown(abs(ours - peer))} {self.unit}"
        return f"{winner[0].upper()}{winner[1:]} wins by {by}, by the medians; {counted}."


def shown(number: float) -> str:
    """A number with three or more figures, and not more digits than that takes."""
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"


def spread(samples: tuple[float, ...]) -> str:
    """The median, and least to most."""
    if not samples:
        return "not measured"
    return f"{shown(statistics.median(samples))} ({shown(min(samples))}–{shown(max(samples))})"


async def interleaved(
    rounds: int,
    ours: Callable[[], Awaitable[Sample]],
    peer: Callable[[], Awaitable[Sample]],
    *,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[list[Sample], list[Sample]]:
    """Measures ours, peer, ours, peer … after one uncounted turn of each, which warms both alike.

    Returns the samples of each, in order.
    """
    sides: dict[str, tuple[Callable[[], Awaitable[Sample]], list[Sample]]] = {"ours": (ours, []), "peer": (peer, [])}
    for number in range(rounds + 1):
        for side, (measure, samples) in sides.items():
            sample = await measure()
            if number:
                samples.append(sample)
            say(f"  {f'round {number} of {rounds}' if number else 'warming up'}, {side}: {sample}")
    return sides["ours"][1], sides["peer"][1]
