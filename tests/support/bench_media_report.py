"""The figures of measured calls as tables and plots: for whoever waits, and for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from support.bench_document import update_part
from support.bench_media_cells import CELLS, WAYS
from support.bench_media_cpu import ABOUT_CPU, cpu_table
from support.bench_media_plot import Point, Series, plotted
from support.bench_media_results import Call, Figures, read
from support.bench_media_targets import judged
from support.house import ROOT

DOCUMENTS = ROOT / "docs"
PART = "media"
LEAST_IDLE = 0.05
"""Of a machine: with less, figures are of it and not of the ends alone."""

ABOUT = """\
## Calls on bad lines

Written by `make bench-media FULL=1`; every call that was measured stands in
[benchmarks-media.jsonl](benchmarks-media.jsonl). A call goes between two ends on one machine; every datagram of it
passes an emulated line (`tests/support/bench_media_link.py`), the same in both directions: 40 ms each way where
nothing else is said, a buffer of 300 ms, losses and jitter by a seed. **A** is Chromium to Chromium without RED (as
it comes, but for the constant bit rate that our pages ask for), **A-RED** with RED (RFC 2198) in place of Opus's FEC,
**B** the native kiosk to Chromium, **C** Chromium to the kiosk. B and C are the two directions of one call, and so
are the two samples that each call gives for A. The browsers' ends are the pages' own negotiation and frame guard in
an otherwise empty page, the kiosk's is `kiosk_client.peer`; all of it under SFrame with keys agreed on before,
without service, handshake and relay.

What is sent is the same everywhere: speech of espeak-ng's (Arabic, two voices, -26 dB), and a clip of 960×540 at 30
pictures a second, textured and noisy: with 720 lines two cores are busy with two ends, and it is they that lose
words. The first 8 s of speech are not judged; each of the next two 8 s is found in what was decoded by
cross-correlation and judged by PESQ-WB (ITU-T P.862.2), and in parts of 2 s, each found for itself, by STOI.
*Silent*: the share of speech in whose place less than -50 dB came. *Delay*: from the microphone to what is decoded
and ready to be played. *Frozen*: as `totalFreezesDuration` of webrtc-stats, as a share, a picture that never comes
included. *First picture*: from the moment at which both ends have each other's description. *Bit rate*: what the
sender puts on the line, headers of IP and UDP included. *CPU*: of all of the sender's processes, in cores; a
browser's ones include what keeps the figures.

Each figure is the median of all calls and directions, with the least and the most in brackets.
"""


@dataclass(frozen=True)
class Figure:
    """One of the figures: its name with its unit, how to read it, how many digits it has, and whether it is drawn."""

    name: str
    of: Callable[[Figures], float | None]
    digits: int = 0
    drawn: str = ""
    top: float | None = None


FIGURES = (
    Figure("PESQ-WB", lambda one: one.pesq, 2, "media-pesq", 4.64),
    Figure("STOI", lambda one: one.stoi, 3),
    Figure("Silent share of speech, %", lambda one: 100 * one.silent, 1),
    Figure("Delay of sound, ms", lambda one: 1000 * one.delay, 0, "media-delay"),
    Figure("Frozen share of the picture, %", lambda one: 100 * one.frozen, 1, "media-frozen", 100),
    Figure("Pictures a second", lambda one: one.frame_rate, 1, "media-rate", 30),
    Figure("Height of the picture, lines", lambda one: one.height),
    Figure("First picture, ms", lambda one: None if one.first_picture is None else 1000 * one.first_picture),
    Figure("Bit rate, kbit/s", lambda one: one.bit_rate / 1000),
    Figure("CPU of the sender, cores", lambda one: one.cpu, 2),
)


def document(results: Path, folder: Path = DOCUMENTS) -> None:
    """Write the part of benchmarks.md, and its plots, from what is kept."""
    calls = list(read(results).values())
    if not calls:
        return
    lines = [ABOUT, *_conditions(calls), "", "### Targets", "", *judged(calls), ""]
    for figure in FIGURES:
        lines += [f"### {figure.name.partition(',')[0]}", ""]
        if figure.drawn:
            (folder / "images" / f"{figure.drawn}.svg").write_text(_drawn(figure, calls))
            lines += [f"![{figure.name} on each line; the numbers are in the table](images/{figure.drawn}.svg)", ""]
        lines += [*_table(figure, calls), ""]
    if costs := cpu_table(calls):
        lines += ["### Processor time of an end", "", ABOUT_CPU, *costs, ""]
    update_part(folder / "benchmarks.md", PART, "\n".join(lines))


def table(calls: Sequence[Call]) -> str:
    """All figures, for a terminal."""
    parts = [f"{figure.name}\n" + "\n".join(_table(figure, calls)) for figure in FIGURES]
    if costs := cpu_table(calls):
        parts.append("Processor time of an end\n" + "\n".join(costs))
    return "\n\n".join(parts)


def summed_up(one: Figures) -> str:
    """One direction in one line."""
    told = [f"{figure.name.partition(',')[0].lower()} {_shown(figure, figure.of(one))}" for figure in FIGURES]
    return f"{one.way}: {', '.join(told)}"


def samples(calls: Iterable[Call], cell: str, way: str, figure: Figure) -> list[float]:
    """All there are of a figure; a call without it (no picture came) is left out."""
    found = [figure.of(one) for call in calls if call.cell == cell for one in call.ways if one.way == way]
    return [each for each in found if each is not None]


def _table(figure: Figure, calls: Sequence[Call]) -> list[str]:
    measured = [cell for cell in CELLS if any(call.cell == cell for call in calls)]
    spreads = {cell: [_spread(figure, samples(calls, cell, way, figure)) for way in WAYS] for cell in measured}
    rows = [f"| {CELLS[cell].title} | {' | '.join(each)} |" for cell, each in spreads.items()]
    return ["| | " + " | ".join(WAYS) + " |", "|---" * (len(WAYS) + 1) + "|", *rows]


def _spread(figure: Figure, found: list[float]) -> str:
    if not found:
        return "–"
    middle, least, most = (_shown(figure, each) for each in (median(found), min(found), max(found)))
    return f"{middle} ({least}–{most})"


def _shown(figure: Figure, value: float | None) -> str:
    return "none" if value is None else f"{value:.{figure.digits}f}"


def _drawn(figure: Figure, calls: Sequence[Call]) -> str:
    measured = [cell for cell in CELLS if any(call.cell == cell for call in calls)]
    series = [Series(way, [_point(samples(calls, cell, way, figure)) for cell in measured]) for way in map(str, WAYS)]
    return plotted(figure.name, [CELLS[cell].title for cell in measured], series, figure.top)


def _point(found: list[float]) -> Point | None:
    return Point(median(found), min(found), max(found)) if found else None


def _conditions(calls: Sequence[Call]) -> list[str]:
    """When and where, of all calls: of one program, though more than one commit shows that it was not one run."""
    dates = sorted(call.conditions.date for call in calls)
    seeds = sorted({call.seed for call in calls})
    busy = sum(call.idle < LEAST_IDLE for call in calls)
    lines = [
        f"- Calls: {len(calls)}, seeds {', '.join(map(str, seeds))}",
        f"- Calls in which less than {LEAST_IDLE:.0%} of the machine was idle: {busy}",
        f"- Date: {dates[0]} to {dates[-1]}",
    ]
    lines.append(
        f"- Program (tests/support/bench_media_program.py): {'; '.join(sorted({call.program for call in calls}))}"
    )
    same = {name: {getattr(call.conditions, name) for call in calls} for name in ("commit", "machine", "versions")}
    return lines + [f"- {name.capitalize()}: {'; '.join(sorted(found))}" for name, found in same.items()]
