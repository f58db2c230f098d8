"""What `make bench-media` measures: which lines, which ends, how often and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ends(StrEnum):
    """Who is in a call. Every call is measured in both of its directions."""

    BROWSERS = "browsers"
    BROWSERS_RED = "browsers-red"
    KIOSK = "kiosk"


class Way(StrEnum):
    """One direction of a call, by the letters of the first measurements."""

    BROWSERS = "A"
    BROWSERS_RED = "A-RED"
    FROM_KIOSK = "B"
    TO_KIOSK = "C"


WAYS = {
    Way.BROWSERS: "Chromium ↔ Chromium, as it comes",
    Way.BROWSERS_RED: "Chromium ↔ Chromium, RED preferred",
    Way.FROM_KIOSK: "kiosk → Chromium",
    Way.TO_KIOSK: "Chromium → kiosk",
}


@dataclass(frozen=True)
class Cell:
    """A line, the same in both directions, each with its own chance.

    `delay`: seconds, one way. `loss`: the share of packets that is lost; `burst`: how many in a row on average, each by
    itself where it is 0. `jitter`: up to so many seconds more, by chance, without overtaking. `rate`: bits a second.
    """

    name: str
    title: str
    delay: float = 0.040
    loss: float = 0.0
    burst: float = 0.0
    jitter: float = 0.0
    rate: float = 1e9


CELLS = {
    cell.name: cell
    for cell in (
        Cell("clean", "no loss"),
        Cell("loss-2", "2 % loss", loss=0.02),
        Cell("loss-5", "5 % loss", loss=0.05),
        Cell("loss-10", "10 % loss", loss=0.10),
        Cell("loss-20", "20 % loss", loss=0.20),
        Cell("bursts", "5 % in bursts", loss=0.05, burst=10),
        Cell("jitter-30", "jitter 30 ms", jitter=0.030),
        Cell("jitter-100", "jitter 100 ms", jitter=0.100),
        Cell("rate-1000", "1 Mbit/s", rate=1_000_000),
        Cell("rate-300", "300 kbit/s", rate=300_000),
        Cell("rtt-300", "RTT 300 ms", delay=0.150),
    )
}
PATIENCE = 0.3
"""Seconds of traffic that the buffer before a line holds; what comes when it is full is dropped."""
OVERHEAD = 28
"""Bytes of IP and UDP around what is sent, which the line carries too."""


@dataclass(frozen=True)
class Plan:
    """A form of the bench. `pieces`: of how many pieces of speech a call is judged, after the first."""

    cells: tuple[str, ...]
    ends: tuple[Ends, ...]
    seeds: tuple[int, ...]
    pieces: int


PIECE = 8.0
"""Seconds of speech that are judged as one, as PESQ's authors advise. The first piece of a call is not judged: in it
the ends learn what the line bears."""
SHORT = Plan(("loss-5", "rate-1000"), (Ends.BROWSERS_RED, Ends.KIOSK), (1,), pieces=1)
FULL = Plan(tuple(CELLS), tuple(Ends), (1, 2, 3, 4, 5), pieces=2)
