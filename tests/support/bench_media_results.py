"""What was measured, call by call, as it is kept beside the document: one line of JSON each."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from support.bench_machine import Conditions


@dataclass(frozen=True)
class Figures:
    """One direction of one call. Delay and first picture in seconds, rate in bits a second, CPU in cores.

    `first_picture`: None if there was none. `cpu`: of the sending end's processes while the call was judged.
    `sound_packet`: bytes of a packet of sound as it came in, which shows whether it carries what went before;
    `can_send`: what the sender believes the line bears, in bits a second; both as browsers tell them.
    """

    way: str
    pesq: float
    stoi: float
    silent: float
    delay: float
    frozen: float
    frame_rate: float
    height: float
    first_picture: float | None
    bit_rate: float
    cpu: float
    sound_packet: float | None = None
    can_send: float | None = None


@dataclass(frozen=True)
class Call:
    """One call: where (`cell`), between whom (`ends`), by which chance (`seed`), and both its directions.

    `program`: the word of what was measured (`bench_media_program`). `idle`: the share of the machine that nobody used
    while the call was judged. Where it is small, figures are of the machine too.
    """

    cell: str
    ends: str
    seed: int
    conditions: Conditions
    program: str
    idle: float
    ways: tuple[Figures, ...]

    @property
    def key(self) -> tuple[str, str, int]:
        """Which call it is: measured anew, it takes the place of the old one."""
        return self.cell, self.ends, self.seed

    def stands(self, program: str, now: Conditions) -> bool:
        """Whether it need not be measured anew: of the same program, libraries, browser and machine, of any commit."""
        then = self.conditions
        return (self.program, then.machine, then.versions) == (program, now.machine, now.versions)


def read(path: Path) -> dict[tuple[str, str, int], Call]:
    """All that were kept; none where there is no file yet. A call with other figures than today's is measured anew."""
    calls: dict[tuple[str, str, int], Call] = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            call = _parsed(json.loads(line))
            calls[call.key] = call
    return calls


def write(path: Path, calls: Iterable[Call]) -> None:
    """In one step, so that a run that is ended loses nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text("".join(json.dumps(_rounded(asdict(call)), ensure_ascii=False) + "\n" for call in calls))
    new.replace(path)


def _parsed(raw: dict[str, Any]) -> Call:
    ways = tuple(Figures(**way) for way in raw["ways"])
    return Call(
        raw["cell"], raw["ends"], raw["seed"], Conditions(**raw["conditions"]), raw["program"], raw["idle"], ways
    )


def _rounded(value: Any) -> Any:
    """Four places are more than can be measured."""
    match value:
        case float():
            return round(value, 4)
        case dict():
            return {name: _rounded(each) for name, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
    return value
