"""Runs Maude over the rows: each is a search of all states that the handshake and its attacker can reach.

Maude (Debian's package `maude`) rewrites terms. Its `search … =>*` goes breadth first through all states: what it
finds is a shortest way there, and that it finds none is a proof within the bounds of the scenario.
"""

import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.rows import ALWAYS, Row

MODEL = Path(__file__).with_name("handshake.maude")
# Far above what the longest row takes on a machine where everything else is busy too.
PATIENCE = 110


class CheckerFailed(Exception):
    """Maude is not there, did not finish, or found fault with the model itself. The message says which."""


@dataclass(frozen=True)
class Finding:
    """What a search found: claims that are broken, or the state that was looked for; and the way there, by rules."""

    broken: frozenset[str]
    reached: bool
    states: int
    seconds: float
    way: tuple[str, ...]

    def as_expected(self, row: Row) -> bool:
        """Is it what the row says?"""
        if row.reaches is not None:
            return self.reached
        return self.broken == frozenset([row.breaks] if row.breaks else [])


def search(row: Row, model: Path = MODEL) -> Finding:
    """Search all states of a row; raises CheckerFailed."""
    goal = row.reaches or "BROKEN := broken(ST) /\\ BROKEN =/= none"
    goal = re.sub(r"\bST\b", "ST:State", re.sub(r"\bBROKEN\b", "BROKEN:Claims", goal))
    program = f"""
load {model.with_suffix("")}
mod RUN is
  protecting CLAIMS .
  eq chosen = {" ".join(row.left_out) or "nothing"} .
  eq claimed = {" ".join(row.claims)} .
  op begin : -> State .
  eq begin = {" ".join(row.scenario.ends)} | {" , ".join((*ALWAYS, *row.scenario.stolen))} .
endm
search [1] begin =>* ST:State such that {goal} .
"""
    begun = time.monotonic()
    said = _maude(program)
    seconds = time.monotonic() - begun
    counted = re.search(r"^states: (\d+)", said, re.MULTILINE)
    if counted is None:
        raise CheckerFailed(f"Maude did not finish the search:\n{said}")

    found = re.search(r"^Solution 1 \(state (\d+)\)", said, re.MULTILINE)
    if found is None:
        return Finding(frozenset(), False, int(counted[1]), seconds, ())
    named = re.search(r"^BROKEN:Claims --> (.+)$", said, re.MULTILINE)
    way = _maude(program + f"show path labels {found[1]} .\n").splitlines()
    labels = [line for line in way[_first(way, f"states: {counted[1]}") :] if re.fullmatch(r"[a-z-]+", line)]
    return Finding(frozenset(named[1].split() if named else ()), True, int(counted[1]), seconds, tuple(labels))


def _maude(program: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "run.maude"
        source.write_text(program + "quit\n")
        try:
            done = subprocess.run(
                ["maude", "-no-banner", "-no-wrap", "-no-ansi-color", str(source)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
            )
        except FileNotFoundError as why:
            raise CheckerFailed("Maude is not there. Please run scripts/install-test-packages.") from why
        except subprocess.TimeoutExpired as why:
            raise CheckerFailed(f"Maude did not finish within {PATIENCE} s.") from why
    # A model that Maude only half understands proves nothing: its warnings and advice are errors here.
    if done.stderr or done.returncode != 0:
        raise CheckerFailed(f"Maude finds fault with the model:\n{done.stderr}")
    return done.stdout


def _first(lines: Sequence[str], beginning: str) -> int:
    return next(number for number, line in enumerate(lines) if line.startswith(beginning))
