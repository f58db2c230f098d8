"""What a kiosk and a page must both tell of the same figures: makes `tests/vectors/quality.json`.

`python -m support.quality_vectors`, with the tests on the path; `told` is what Python's rules make of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from kiosk_client.media.core.quality import Around, Figures, Quality
from kiosk_client.media.core.steady import ToldQuality

FILE = Path(__file__).parents[1] / "vectors" / "quality.json"
NAMES = [each.name for each in fields(Figures)]
PACKETS, SOUND, SAMPLES = 130, 50, 48_000
"""Of a second."""


@dataclass(frozen=True)
class Stretch:
    """So many `seconds` alike. Shares are 0 … 1, `frames_…` of each second; `unknown`: figures that are not known."""

    seconds: int
    loss_in: float = 0.0
    loss_out: float = 0.0
    concealed: float = 0.0
    frames_in: float = 30
    frames_out: float = 30
    frozen: float = 0.0
    round_trip: float = 0.08
    limited: bool = False
    comes: bool = True
    around: Around = field(default_factory=Around)
    unknown: tuple[str, ...] = ()


def course(*stretches: Stretch) -> Iterator[tuple[Figures, Around]]:
    """The figures of each second."""
    now = Figures(100.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    for stretch in stretches:
        for _ in range(stretch.seconds):
            now = _next(now, stretch)
            yield replace(now, **dict.fromkeys(stretch.unknown)), stretch.around


def _next(now: Figures, stretch: Stretch) -> Figures:
    lost = round(PACKETS * stretch.loss_in)
    grown: dict[str, float] = {
        "packets": (PACKETS - lost) * stretch.comes,
        "lost": lost * stretch.comes,
        "sound": round(SOUND * (1 - stretch.loss_in)) * stretch.comes,
        "sent": PACKETS,
        "lost_there": round(PACKETS * stretch.loss_out),
        "samples": SAMPLES,
        "concealed": round(SAMPLES * stretch.concealed),
        "frames_in": stretch.frames_in * stretch.comes,
        "frames_out": stretch.frames_out,
        "frozen": stretch.frozen,
    }
    counted: dict[str, Any] = {name: getattr(now, name) + more for name, more in grown.items()}
    return Figures(at=now.at + 1, round_trip=stretch.round_trip, limited=stretch.limited, **counted)


def told(lived: list[tuple[Figures, Around]]) -> list[ToldQuality]:
    """What is told after each second."""
    quality, words = Quality(), []
    for figures, around in lived:
        quality.take(figures)
        words.append(quality.judge(around))
    return words


MEET = Around(meet=True)
CALM = Stretch(5)
SCENARIOS: dict[str, tuple[Stretch, ...]] = {
    "all is well": (Stretch(12),),
    "a twentieth is lost both ways, nobody knows where": (Stretch(16, loss_in=0.05, loss_out=0.05),),
    "much is lost on this end's line, then no more": (
        CALM,
        Stretch(4, loss_in=0.2, concealed=0.1),
        Stretch(10, loss_in=0.2, concealed=0.1, around=replace(MEET, own_leg="bad")),
        Stretch(20),
    ),
    "the other end's way is bad": (
        Stretch(5, loss_out=0.15),
        Stretch(8, loss_out=0.15, around=Around(other_leg="bad")),
    ),
    "the other end's way is good: so it is this end's": (
        Stretch(12, loss_in=0.15, around=replace(MEET, other_leg="good")),
    ),
    "the other end's way is good, but another relay is between": (
        Stretch(12, loss_in=0.15, around=Around(other_leg="good")),
    ),
    "both ways are bad: the relay": (
        Stretch(12, loss_in=0.3, loss_out=0.3, around=Around(own_leg="bad", other_leg="bad")),
    ),
    "both ways are good: the relay": (
        Stretch(12, loss_in=0.3, around=replace(MEET, own_leg="good", other_leg="good")),
    ),
    "this end's way is good: the other's line": (Stretch(12, round_trip=1.4, around=replace(MEET, own_leg="good")),),
    "there is room for voice alone": (CALM, Stretch(12, frames_out=0.25, limited=True)),
    "the other end sends still pictures": (CALM, Stretch(12, frames_in=0.25)),
    "a picture that is withheld is not missed": (Stretch(12, frames_in=0, around=Around(picture=False)),),
    "nothing comes, then again": (CALM, Stretch(8, comes=False), Stretch(16)),
    "one bad second is not told": (CALM, Stretch(1, loss_in=0.1), Stretch(6)),
    "it stumbles, then stands": (Stretch(8, frames_in=4), Stretch(10, frames_in=4, frozen=0.6)),
    "what is not known is held against nobody": (Stretch(10, loss_in=0.5, unknown=("packets", "lost", "round_trip")),),
}


def scenario(name: str) -> dict[str, Any]:
    """One of them as it is written: what is around, and what is told, only where it changes."""
    lived = [*course(*SCENARIOS[name])]
    words = told(lived)
    return {
        "name": name,
        "around": [
            [at, asdict(around)] for at, (_, around) in enumerate(lived) if at == 0 or around != lived[at - 1][1]
        ],
        "told": [[at, word.level, word.cause] for at, word in enumerate(words) if at == 0 or word != words[at - 1]],
        "figures": [[getattr(figures, each) for each in NAMES] for figures, _ in lived],
    }


def document() -> str:
    """The file's text."""
    made = {"fields": NAMES, "scenarios": [scenario(name) for name in SCENARIOS]}
    return json.dumps(made, indent=1).replace("\n    ", "").replace("\n   ]", "]") + "\n"


if __name__ == "__main__":
    FILE.write_text(document())
