"""Runs the probe in a bed of its own, and writes docs/relay-probe.md of what came of it.

``python -m support.probe_report`` is `make probe`. The document has parts, each written by a run of its own.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.house import ROOT
from support.namespaces import namespaces
from support.probe_bed import OURS, PLAIN, RENDERED
from support.probe_rows import Row
from support.probe_streams import NO_TLS
from support.probe_table import ROWS

DOCUMENT = ROOT / "docs" / "relay-probe.md"
STRANGERS = 10_000
PATIENCE = 300.0
NAMES = (OURS, PLAIN, RENDERED)
PARTS = ("probe", "fuzz", "soak")
HEAD = """\
# What the relay withstands

Written by `make probe`, `make fuzz` and `make soak`; changes made here by hand are lost.
"""
NOT_RUN = "Not run yet."
ABOUT = """\
Each row is one thing that somebody might try, over real sockets, against three relays in the same run: ours; Debian's
coturn {version}, told no more than it must be (addresses, a secret, quotas); and the same coturn with the configuration
that is rendered for it from our settings. They stand on one host in a network namespace. The outside, another one,
answers for every address that there is, so that a packet is seen wherever it was sent to; a victim listens on every
address of the host as well. `10.20.0.0/16` and `fd20::/16` are enrolled, nothing else. A test demands that ours does
what is right in every row. What coturn does is told, not judged, and set in **bold** where it is not what the table
calls right: some of that is a choice that the RFCs leave open. A stream that nobody closes counts as open after five
seconds, or after half a second where coturn had a reason to close it at once (it closes unused ones after a minute).
"""


@dataclass(frozen=True)
class Result:
    """What came of ``row``, by the names of the relays."""

    row: Row
    told: Mapping[str, str]

    def right(self, name: str) -> bool:
        """Whether that is what is right."""
        words = self.told[name]
        return not words.startswith("broken off") and self.row.judge(words)


def probed(folder: Path, strangers: int = STRANGERS, names: Sequence[str] = NAMES) -> list[Result]:
    """Runs every row, against the relays of these names. Raises CommandFailed, NamespacesRefused."""
    with namespaces() as make:
        outside, host = make("outside"), make("host")
        words = ("-m", "support.probe_run", str(host.pid), str(folder), str(strangers), *names)
        said = outside.run("env", f"PYTHONPATH={ROOT / 'tests'}", sys.executable, *words, patience=PATIENCE)
    lines = [json.loads(line) for line in said.splitlines()]
    return [Result(ROWS[line["row"]], line["told"]) for line in lines]


def update(part: str, text: str, document: Path = DOCUMENT) -> None:
    """Writes one part of the document anew, and keeps the others."""
    before = document.read_text() if document.exists() else ""
    found = {name: re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", before, re.DOTALL) for name in PARTS}
    kept = {name: match[1] if match else f"{NOT_RUN}\n" for name, match in found.items()}
    kept[part] = f"{text.strip()}\n"
    parts = "".join(f"\n<!-- {name} -->\n{kept[name]}<!-- end -->\n" for name in PARTS)
    document.write_text(HEAD + parts)


def rendered(results: list[Result], version: str) -> str:
    """The probe's part."""
    lines = [
        f"## The probe: {len(results)} hostile requests",
        "",
        *ABOUT.format(version=version).splitlines(),
        "",
        "| | " + " | ".join(NAMES) + " |",
        "|---|---|---|---|",
        "| as the table has it | " + " | ".join(_score(results, name) for name in NAMES) + " |",
    ]
    for subject in dict.fromkeys(result.row.subject for result in results):
        lines += ["", f"### {subject}", "", f"| What is tried | About | Right | {' | '.join(NAMES)} |"]
        lines += ["|---|---|---|---|---|---|"]
        for result in results:
            if result.row.subject == subject:
                told = (_set(result, name) for name in NAMES)
                lines.append(f"| {result.row.name} | {result.row.about} | {result.row.right} | {' | '.join(told)} |")
    return "\n".join(lines)


def _score(results: list[Result], name: str) -> str:
    tried = [result for result in results if result.told[name] != NO_TLS]
    return f"{sum(result.right(name) for result in tried)} of {len(tried)}"


def _set(result: Result, name: str) -> str:
    words = result.told[name]
    return words if words == NO_TLS or result.right(name) else f"**{words}**"


def main() -> int:
    """Runs, writes, and returns 1 when ours did something wrong."""
    version = subprocess.run(["turnserver", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        results = probed(Path(folder))
    update("probe", rendered(results, version.splitlines()[-1]))
    wrong = [result for result in results if not result.right(OURS)]
    for result in wrong:
        print(f"{result.row.name}: {result.told[OURS]}, and right is: {result.row.right}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
