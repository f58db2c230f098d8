"""A plot of one figure on every line, as SVG: each way of a call has a mark of its own, so that it is read without
colours; the bar through a mark goes from the least to the most. The numbers stand in the table beside it.

By hand, as the pages' plots are (ADR 26): a hundred lines of attributes, against a library with twenty others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 960, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 40, 36
STEPS = 5
"""About so many lines across."""
RADIUS = 4.5


@dataclass(frozen=True)
class Point:
    """The median, the least and the most."""

    middle: float
    least: float
    most: float


@dataclass(frozen=True)
class Series:
    """One way of a call: its name, and its point on each line; None where it was not measured."""

    name: str
    points: Sequence[Point | None]


def plotted(title: str, columns: Sequence[str], series: Sequence[Series], top: float | None = None) -> str:
    """The plot. `top`: the most that there can be, where there is such a bound; otherwise the most that there was."""
    most = max((point.most for one in series for point in one.points if point), default=1.0)
    ticks = _ticks(top if top is not None else most)
    scale = (HEIGHT - TOP - BOTTOM) / ticks[-1]
    width = (WIDTH - LEFT - RIGHT) / max(1, len(columns))

    def at(value: float) -> float:
        return HEIGHT - BOTTOM - value * scale

    parts = [_text(LEFT, 16, title, "start", bold=True), *_legend(series)]
    for tick in ticks:
        parts.append(f'<path d="M{LEFT} {at(tick):.1f}H{WIDTH - RIGHT}" stroke="#ccc"/>')
        parts.append(_text(LEFT - 6, at(tick) + 4, f"{tick:g}", "end"))
    for number, column in enumerate(columns):
        parts.append(_text(LEFT + (number + 0.5) * width, HEIGHT - BOTTOM + 18, column, "middle"))
        if number:
            parts.append(f'<path d="M{LEFT + number * width:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>')
        for place, one in enumerate(series):
            x = LEFT + (number + (place + 1) / (len(series) + 1)) * width
            point = one.points[number]
            if point is not None:
                parts.append(f'<path d="M{x:.1f} {at(point.least):.1f}V{at(point.most):.1f}" stroke="#000"/>')
                parts.append(_mark(place, x, at(point.middle)))
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="11"><title>{escape(title)}</title>\n<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'
        f"{inside}\n</svg>\n"
    )


def _legend(series: Sequence[Series]) -> list[str]:
    parts = []
    for place, one in enumerate(series):
        x = WIDTH - RIGHT - 90 * (len(series) - place)
        parts += [_mark(place, x, 12), _text(x + 10, 16, one.name, "start")]
    return parts


def _mark(place: int, x: float, y: float) -> str:
    """Hollow circle, hollow square, full square, full triangle: browsers hollow, the kiosk full."""
    r = RADIUS
    match place:
        case 0:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="#fff" stroke="#000" stroke-width="1.5"/>'
        case 1 | 2:
            fill = "#fff" if place == 1 else "#000"
            side = f'x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}"'
            return f'<rect {side} fill="{fill}" stroke="#000" stroke-width="1.5"/>'
        case _:
            return f'<path d="M{x:.1f} {y - r - 1:.1f}l{r + 1} {2 * r + 1}h-{2 * r + 2}z"/>'


def _text(x: float, y: float, words: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _ticks(most: float) -> list[float]:
    """Round numbers from 0 to `most` or a little more."""
    most = max(most, 1e-6)
    size = 10 ** floor(log10(most / STEPS))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor * STEPS >= most)
    return [number * step for number in range(ceil(most / step - 1e-9) + 1)]
