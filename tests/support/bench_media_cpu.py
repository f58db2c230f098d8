"""What a call costs an end in processor time: the kiosk beside headless Chromium at the same work, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from support.bench_media_cells import Ends
from support.bench_media_results import Call, Figures

CELL = "clean"
"""On a bad line the ends send pictures of different sizes, and so do different work."""

ABOUT_CPU = """\
Both ends of a call on the clean line send the same clip and speech and decode what the other sends, sealed by SFrame
in both directions, drawn nowhere. *Cores*: all processes of the end together, while the call was judged; of Chromium
its browser, renderer and helpers, with the camera's file that it reads, and of both what keeps the figures. An end may
choose to send smaller pictures, so what it sent and took stands beside it, and the last column has the processor time
for each pixel that it encoded or decoded.
"""


@dataclass(frozen=True)
class Seat:
    """One kind of end in one kind of call. `way`: the place in `Call.ways` of what it sends; all of them if None."""

    name: str
    ends: Ends
    way: int | None


SEATS = (
    Seat("Chromium, with Chromium (A)", Ends.BROWSERS, None),
    Seat("Chromium, with the kiosk", Ends.KIOSK, 1),
    Seat("the kiosk, with Chromium", Ends.KIOSK, 0),
)


@dataclass(frozen=True)
class Work:
    """One end in one call: what it sent, and what the other end's side says of what came to it."""

    sent: Figures
    came: Figures

    @property
    def cores(self) -> float:
        """Of the end's processes."""
        return self.sent.cpu

    @property
    def a_pixel(self) -> float | None:
        """Nanoseconds of processor time for each pixel encoded or decoded; None where there was no picture at all."""
        pixels = sum(one.frame_rate * one.height**2 * 16 / 9 for one in (self.sent, self.came))
        return 1e9 * self.cores / pixels if pixels else None


def cpu_table(calls: Sequence[Call]) -> list[str]:
    """The table, with a row for each seat that was measured; nothing where none was."""
    rows = [row for seat in SEATS if (row := _row(seat, list(_works(seat, calls))))]
    if not rows:
        return []
    head = ["", "cores", "sends: lines, pictures a second, kbit/s", "takes", "ns of CPU a pixel"]
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *rows]


def _works(seat: Seat, calls: Sequence[Call]) -> Iterator[Work]:
    for call in calls:
        if call.cell == CELL and call.ends == seat.ends:
            for place in (0, 1) if seat.way is None else (seat.way,):
                yield Work(call.ways[place], call.ways[1 - place])


def _row(seat: Seat, works: Sequence[Work]) -> str:
    if not works:
        return ""
    costs = [each.a_pixel for each in works if each.a_pixel is not None]
    told = [
        seat.name,
        _spread([each.cores for each in works], 2),
        _pictures([each.sent for each in works]),
        _pictures([each.came for each in works]),
        _spread(costs, 1) if costs else "–",
    ]
    return f"| {' | '.join(told)} |"


def _pictures(all_of_them: Sequence[Figures]) -> str:
    def middle(of: Callable[[Figures], float]) -> str:
        return f"{median(of(each) for each in all_of_them):.0f}"

    return ", ".join(
        (middle(lambda one: one.height), middle(lambda one: one.frame_rate), middle(lambda one: one.bit_rate / 1000))
    )


def _spread(found: Sequence[float], digits: int) -> str:
    return f"{median(found):.{digits}f} ({min(found):.{digits}f}–{max(found):.{digits}f})"
