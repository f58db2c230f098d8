"""Which program was measured: one short word of the files that a measured call is made of, whatever commit they are of.

A run of an hour and a half is spread over several; what was measured stands for as long as this word is the same, and a
commit to documents or to another room of the house changes nothing of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from support.bench_media_cells import Ends
from support.house import ROOT, files

PAGES = "tawasul/web/static/js"
OF_BROWSERS, OF_KIOSK = (f"{PAGES}/e2ee",), ("kiosk_client", "tawasul/e2ee")
"""Folders that an end is of: a browser what seals frames, and the kiosk all of it."""
MODULES = ("call/negotiation.js", "call/redundancy-choice.js", "call/shapes.js")
"""What of the pages' calls is in a measured one, beside: `bench_media_page.js` has these, and what they need."""
BENCH = (
    "bench_media_call.py", "bench_media_cells.py", "bench_media_ends.py", "bench_media_judge.py",
    "bench_media_kiosk.py", "bench_media_link.py", "bench_media_material.py", "bench_media_page.js",
    "bench_media_processes.py", "call_pages.py", "link_emulator.py",
)  # fmt: skip
"""What carries, drives and judges the calls. How the figures are shown and what they are held against is not of it:
that can be changed and written anew from what was measured."""


def measured_files(ends: Ends) -> list[Path]:
    """All that a measured call between these ends is made of: where there is no kiosk, nothing of it counts."""
    folders = (*OF_BROWSERS, *(OF_KIOSK if ends is Ends.KIOSK else ()))
    single = [*(f"{PAGES}/{each}" for each in MODULES), *(f"tests/support/{each}" for each in BENCH)]
    return [*files(*folders, suffixes=(".py", ".js")), *(ROOT / each for each in single)]


def program(paths: Iterable[Path], root: Path = ROOT) -> str:
    """The word of these files (`measured_files`) as they lie in the folder now, committed or not.

    Twelve hexadecimal digits of SHA-256 over their names, from `root`, and what is in them. Raises OSError.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        inside = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(inside)}\0".encode() + inside)
    return digest.hexdigest()[:12]
