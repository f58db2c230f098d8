"""Measures calls over emulated lines: ``python -m support.bench_media`` is `make bench-media`.

The short form takes about two minutes and shows its figures; with ``--full`` every line is measured with five seeds,
and docs/benchmarks.md is written. Results are kept call by call: a run that was ended goes on where it was, for as long
as what is measured is the same, of whatever commit (`bench_media_program`), and a call that fails is told and costs no
other. ``--cell``, ``--ends`` and ``--seed`` measure some of the calls anew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from itertools import product
from pathlib import Path

from support.bench_machine import conditions, load
from support.bench_media_call import measured_call
from support.bench_media_cells import CELLS, FULL, PIECE, SHORT, Ends, Plan
from support.bench_media_material import Material
from support.bench_media_program import measured_files, program
from support.bench_media_report import document, summed_up, table
from support.bench_media_results import Call, read, write
from support.call_pages import bare_app
from support.house import ROOT
from support.web_server import serving

RESULTS = ROOT / "docs" / "benchmarks-media.jsonl"
SHORT_RESULTS = ROOT / "build" / "benchmarks-media.jsonl"
AROUND = 11.0
"""Seconds that a call takes besides what is said in it: two browsers, the connection, the judging."""
LONGEST = 240.0
"""Seconds after which a call that hangs is given up."""


def main() -> int:
    """Measures. Exit status: 0 all was measured, 1 something was not."""
    parser = argparse.ArgumentParser(description="Measures calls over emulated lines.")
    parser.add_argument("--full", action="store_true", help="every line, five seeds, and the document")
    parser.add_argument("--cell", action="append", choices=list(CELLS), default=[], help="this line anew; repeatable")
    parser.add_argument("--ends", action="append", choices=list(Ends), default=[], help="these ends anew; repeatable")
    parser.add_argument("--seed", action="append", type=int, default=[], help="this seed anew; repeatable")
    parser.add_argument("--document", action="store_true", help="only write the document from what is kept")
    given = parser.parse_args()
    if given.document:
        document(RESULTS)
        return 0
    plan = _chosen(FULL if given.full else SHORT, given)
    results = RESULTS if given.full else SHORT_RESULTS
    anew = bool(given.cell or given.ends or given.seed) or not given.full
    failed = asyncio.run(measure(plan, results, anew=anew))
    kept = read(results)
    cells = {cell for cell, _, _ in _calls(plan)}
    print("\n" + table([call for call in kept.values() if call.cell in cells]), flush=True)
    if given.full:
        document(results)
    for name, why in failed:
        print(f"not measured: {name}: {why}", flush=True)
    return 1 if failed else 0


async def measure(plan: Plan, results: Path, *, anew: bool) -> list[tuple[str, str]]:
    """Every call of a plan, kept as it comes; those that failed, and why. `anew`: also what has been measured."""
    failed: list[tuple[str, str]] = []
    kept = read(results)
    words, now = {str(ends): program(measured_files(ends)) for ends in Ends}, conditions(load())
    wanted = [key for key in _calls(plan) if anew or key not in kept or not kept[key].stands(words[key[1]], now)]
    each = (1 + plan.pieces) * PIECE + AROUND
    print(f"{len(wanted)} calls, about {len(wanted) * each / 60:.0f} minutes", flush=True)
    if load() > 1:
        print(f"This machine is busy (load {load():.1f}): a call wants two cores for itself.", flush=True)
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        material = Material(Path(folder), (1 + plan.pieces) * PIECE + 2).make()
        async with serving(bare_app()) as pages:
            for number, (cell, ends, seed) in enumerate(wanted, 1):
                name = f"{cell}, {ends}, seed {seed}"
                before, since = load(), time.monotonic()
                try:
                    async with asyncio.timeout(LONGEST):
                        ways, idle = await measured_call(Ends(ends), CELLS[cell], seed, plan.pieces, material, pages)
                except Exception as error:  # whatever it was: the other calls are worth as much as before
                    failed.append((name, f"{type(error).__name__}: {error}".splitlines()[0]))
                    print(f"  {number}/{len(wanted)} {name}: NOT MEASURED: {failed[-1][1]}", flush=True)
                    continue
                kept[cell, ends, seed] = Call(cell, ends, seed, conditions(before), words[ends], idle, tuple(ways))
                write(results, kept.values())
                took = f"{time.monotonic() - since:.0f} s, {idle:.0%} of the machine idle"
                print(f"  {number}/{len(wanted)} {name} ({took})", flush=True)
                for way in ways:
                    print(f"      {summed_up(way)}", flush=True)
    return failed


def _calls(plan: Plan) -> list[tuple[str, str, int]]:
    """In the order in which they are measured: when a run is ended, each line has been measured as often."""
    return [(cell, str(ends), seed) for seed, cell, ends in product(plan.seeds, plan.cells, plan.ends)]


def _chosen(plan: Plan, given: argparse.Namespace) -> Plan:
    return Plan(
        tuple(given.cell) or plan.cells,
        tuple(Ends(each) for each in given.ends) or plan.ends,
        tuple(given.seed) or plan.seeds,
        plan.pieces,
    )


def _memory() -> str | None:
    """A folder in memory, where there is one: the clip is read thirty times a second."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


if __name__ == "__main__":
    raise SystemExit(main())
