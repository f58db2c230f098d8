"""Where a relay's processor time goes when a target was missed: perf's samples, summed up in a sentence of a row."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from support.bench import Row
from support.bench_relay import OURS, PEER, NotMeasured, Pair, coturn_version

HERTZ = 4000
SHOWN = 6
PATIENCE = 60.0
_LINE = re.compile(r"^\s*([\d.]+)%\s+(\S+)\s+\[([k.])\]\s+(\S+)")


def profiled(row: Row, target: float, pair: Pair, work: Callable[[str], object]) -> Row:
    """The row, with what perf saw of each relay while ``work`` was done once more; ``target``: the ratio it missed."""
    sides = {OURS: "ours", PEER: coturn_version()}
    seen = "; ".join(f"{name}: {_profile(pair, side, work)}" for side, name in sides.items() if side in pair.running)
    missed = f"The target beside coturn, {target}, is missed. Where the processor's time goes, by perf: {seen}."
    return replace(row, reading=f"{row.reading} {missed}")


def _profile(pair: Pair, side: str, work: Callable[[str], object]) -> str:
    if shutil.which("perf") is None:
        return "perf is not installed"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "perf.data"
        words = ["perf", "record", "-q", "-F", str(HERTZ), "-p", str(pair.running[side].pid), "-o", str(data)]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as recording:
            try:
                work(side)
            except NotMeasured as error:
                return str(error)
            finally:
                recording.send_signal(2)  # SIGINT: it writes what it has
                recording.wait(PATIENCE)
        report = ["perf", "report", "-i", str(data), "--stdio", "--no-children", "-q", "--sort", "dso,symbol"]
        done = subprocess.run(report, capture_output=True, text=True, timeout=PATIENCE, check=False, env=_PLAIN)
    return _said(done.stdout)


_PLAIN = {**os.environ, "LC_ALL": "C"}


def _said(report: str) -> str:
    shares: Counter[str] = Counter()
    first: list[str] = []
    for line in report.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        share, where, kernel, symbol = float(found[1]), found[2], found[3] == "k", found[4]
        shares["the kernel" if kernel else where] += share  # type: ignore[assignment]
        if len(first) < SHOWN:
            first.append(f"{symbol} {share:.1f} %")
    if not first:
        return "perf saw nothing"
    of = ", ".join(f"{share:.0f} % in {where}" for where, share in shares.most_common(4))
    return f"{of}; first of all {', '.join(first)}"
