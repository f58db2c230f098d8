"""Which program was measured: one short word of the files that a measured call is made of, whatever commit they are of.

A run of an hour and a half is spread over several; what was measured stands for as long as this word is the same, and a
commit to documents or to another room of the house changes nothing of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from support.house import ROOT, files

FOLDERS = ("kiosk_client", "tawasul/e2ee", "tawasul/web/static/js/call", "tawasul/web/static/js/e2ee")
"""Both ends: the kiosk with what it seals by, and the modules of the pages' calls."""
BENCH = (
    "bench_media_call.py", "bench_media_cells.py", "bench_media_ends.py", "bench_media_judge.py",
    "bench_media_kiosk.py", "bench_media_link.py", "bench_media_material.py", "bench_media_page.js",
    "bench_media_processes.py", "call_pages.py", "link_emulator.py",
)  # fmt: skip
"""What carries, drives and judges the calls. How the figures are shown and what they are held against is not of it:
that can be changed and written anew from what was measured."""


def measured_files() -> list[Path]:
    """All that a measured call is made of."""
    bench = [ROOT / "tests" / "support" / each for each in BENCH]
    return [*files(*FOLDERS, suffixes=(".py", ".js")), *bench]


def program(paths: Iterable[Path] | None = None, root: Path = ROOT) -> str:
    """The word of these files (`measured_files` by default) as they lie in the folder now, committed or not.

    Twelve hexadecimal digits of SHA-256 over their names, from `root`, and what is in them. Raises OSError.
    """
    digest = hashlib.sha256()
    for path in sorted(measured_files() if paths is None else paths):
        inside = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(inside)}\0".encode() + inside)
    return digest.hexdigest()[:12]
