"""Findings on the screen, English with the Arabic beneath; or as JSON for programs."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tawasul.doctor.finding import Finding, State

# A mark, a word and a colour: any one of them is enough to tell.
_SHOWN = {
    State.OK: ("✓ ok", "green"),
    State.WARNING: ("! warning", "yellow"),
    State.WRONG: ("✗ wrong", "red"),
}


def print_words(findings: Sequence[Finding], console: Console | None = None) -> None:
    """For people."""
    title = "What the doctor found on this machine · ما وجده الفحص على هذا الجهاز"
    print_table(title, findings, _summary(findings), console)


def print_table(title: str, findings: Sequence[Finding], summary: Text, console: Console | None = None) -> None:
    """``findings`` between a title and a summary, each with what to do about it."""
    if console is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal without Arabic letters is no reason to say nothing.
            sys.stdout.reconfigure(errors="replace")
        console = Console(highlight=False)
    console.print(Text(title, style="bold"))
    console.print()
    table = Table.grid(padding=(0, 2))
    for column in ("state", "name"):
        table.add_column(column, no_wrap=True)
    table.add_column("words", overflow="fold")
    for finding in findings:
        mark, colour = _SHOWN[finding.state]
        words = Text(finding.sentence.english + "\n")
        words.append(finding.sentence.arabic, style="dim")
        if finding.mend is not None:
            words.append(f"\n→ {finding.mend.words.english}", style=colour)
            words.append(f"\n← {finding.mend.words.arabic}", style="dim")
            if finding.mend.command is not None:
                words.append(f"\n  {finding.mend.command}", style="bold")
        table.add_row(Text(mark, style=colour), Text(finding.name), Padding(words, (0, 0, 1, 0)))
    console.print(table)
    console.print(summary)


def print_json(findings: Sequence[Finding]) -> None:
    """For programs, on standard output: ``ok``, and ``findings`` with name, state, sentence and mend (or null)."""
    json.dump(
        {"ok": _count(findings, State.WRONG) == 0, "findings": [plain(f) for f in findings]}, sys.stdout, indent=2
    )
    sys.stdout.write("\n")


def plain(finding: Finding) -> dict[str, object]:
    """A finding as JSON values."""
    mend = finding.mend
    return {
        "name": finding.name,
        "state": finding.state.value,
        "sentence": {"en": finding.sentence.english, "ar": finding.sentence.arabic},
        "mend": mend and {"en": mend.words.english, "ar": mend.words.arabic, "command": mend.command},
    }


def _summary(findings: Sequence[Finding]) -> Text:
    mistakes, warnings = _count(findings, State.WRONG), _count(findings, State.WARNING)
    noted = f" Warnings: {warnings}." if warnings else ""
    noted_arabic = f" التنبيهات: {warnings}." if warnings else ""
    if mistakes:
        return Text(f"To be mended: {mistakes}.{noted}\nما ينبغي إصلاحه: {mistakes}.{noted_arabic}", style="red")
    return Text(f"Nothing is wrong.{noted}\nلا يوجد خلل.{noted_arabic}", style="green")


def _count(findings: Sequence[Finding], state: State) -> int:
    return sum(finding.state is state for finding in findings)
