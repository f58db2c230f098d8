"""docs/benchmarks.md: written from rows, and read back, so that a bench that was not run this time keeps its row.

Each row stands in the document twice: as text, and as one line of JSON in a comment at the end, which is read back.
A part that another program writes (`update_part`) stands behind the rows and is kept as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from support.bench import Row, shown, spread
from support.bench_machine import Conditions

MARK = "<!-- row "
PART, PART_ENDS = "<!-- part ", "<!-- end of part "

PARTS = re.compile(rf"^{PART}(?P<name>\w+) -->\n\n(?P<text>.*?)\n\n{PART_ENDS}(?P=name) -->$", re.MULTILINE | re.DOTALL)

HEAD = """# Benchmarks

Written by `make bench` and `make bench-media`; changes made here by hand are lost. It measures and does not judge: no
test fails by the clock. Each bench says what was done and who stands beside us; ours and the peer were measured in
turns, in one run, on one machine. Numbers are medians, with the least and the most in brackets; the ratio is our median
over the peer's. Every sample is given, since a median hides two humps.
"""


@dataclass(frozen=True)
class Measured:
    """A row, and under what conditions it was measured."""

    row: Row
    conditions: Conditions


def merged(kept: Iterable[Measured], new: Iterable[Measured]) -> list[Measured]:
    """Each bench that was measured now in the place of the old one of its name; what was not measured now stays."""
    benches: dict[str, list[Measured]] = {}
    for rows in (list(kept), list(new)):
        benches |= {each.row.name: [other for other in rows if other.row.name == each.row.name] for each in rows}
    return [each for rows in benches.values() for each in rows]


def rendered(measured: Iterable[Measured]) -> str:
    """The whole document."""
    rows = list(measured)
    table = ["| | Tawasul | peer | ratio |", "|---|---|---|---|", *(_line(each.row) for each in rows)]
    benches = groupby(rows, lambda each: (each.row.name, each.row.work, each.conditions))
    sections = [_section(list(parts)) for _, parts in benches]
    return "\n".join([HEAD, *table, "", *sections, *(_mark(each) for each in rows), ""])


def read(path: Path) -> list[Measured]:
    """The rows that a document holds; none when there is no document yet."""
    if not path.exists():
        return []
    lines = path.read_text().splitlines()
    return [_parsed(line.removeprefix(MARK).removesuffix(" -->")) for line in lines if line.startswith(MARK)]


def update(path: Path, new: Iterable[Measured]) -> None:
    """Write the document anew, with these rows in it."""
    _write(path, merged(read(path), new), _parts(path))


def update_part(path: Path, name: str, text: str) -> None:
    """Write the part of this name (one word) anew, or for the first time; everything else stays."""
    _write(path, read(path), _parts(path) | {name: text.strip("\n")})


def _write(path: Path, measured: Iterable[Measured], parts: dict[str, str]) -> None:
    kept = [f"\n{PART}{name} -->\n\n{text}\n\n{PART_ENDS}{name} -->\n" for name, text in parts.items()]
    path.write_text(rendered(measured) + "".join(kept))


def _parts(path: Path) -> dict[str, str]:
    """The parts that others wrote, by name."""
    found = PARTS.finditer(path.read_text()) if path.exists() else ()
    return {part["name"]: part["text"] for part in found}


def _line(row: Row) -> str:
    peer = f"{_cell(row.peer, row.unit)}, {row.peer_name}" if row.peer or row.not_measured else "–"
    ratio = f"{row.ratio:.2f}" if row.ratio is not None else "–"
    return f"| {row.title} | {_cell(row.ours, row.unit)} | {peer} | {ratio} |"


def _cell(samples: tuple[float, ...], unit: str) -> str:
    return f"{spread(samples)} {unit}" if samples else spread(samples)


def _section(parts: list[Measured]) -> str:
    """One bench: what was done, what came out for each part, and where it was measured."""
    row, conditions = parts[0].row, parts[0].conditions
    lines = [f"## {row.name}", "", f"{row.work}\n", *(_part(each.row) for each in parts)]
    lines += [f"- {name.capitalize()}: {text}" for name, text in asdict(conditions).items()]
    return "\n".join([*lines, ""])


def _part(row: Row) -> str:
    heading = [f"### {row.part[0].upper()}{row.part[1:]}", ""] if row.part else []
    samples = [_samples("Tawasul", row.ours, row.unit)] if row.ours else []
    samples += [_samples(row.peer_name, row.peer, row.unit)] if row.peer else []
    reading = [row.reading, ""] if row.reading else []
    return "\n".join([*heading, f"**{row.verdict}**", "", *reading, *samples, ""])


def _samples(name: str, samples: tuple[float, ...], unit: str) -> str:
    return f"- {name[0].upper()}{name[1:]}: {', '.join(shown(sample) for sample in samples)} {unit}"


def _mark(measured: Measured) -> str:
    # A ">" could end the comment.
    return f"{MARK}{json.dumps(asdict(measured), ensure_ascii=False).replace('>', chr(92) + 'u003e')} -->"


def _parsed(text: str) -> Measured:
    raw: dict[str, dict[str, Any]] = json.loads(text)
    row = raw["row"] | {side: tuple(raw["row"][side]) for side in ("ours", "peer")}
    return Measured(Row(**row), Conditions(**raw["conditions"]))
