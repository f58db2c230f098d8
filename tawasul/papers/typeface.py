"""The typeface of the papers: IBM Plex Sans Arabic, changed so that no glyph stands for two letters.

A PDF holds glyphs from left to right, and with each the letters it stands for; readers turn an Arabic line round by
themselves. Where a glyph stands for two letters (لا, ني, …) most of them turn those two round as well. So each joined
glyph of the feature ``rlig`` gives way to two: an empty one for the first letter, and the joined drawing for the second
(docs/adr/0021). What one sees does not change.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

FAMILY: Final = "TawasulPaper"
"""A name of its own: the licence keeps the original's for the original."""

_FOLDER: Final = files("tawasul.web").joinpath("static", "vendor", "fonts")
_SOURCES: Final = {"": "IBMPlexSansArabic_400Regular.ttf", "B": "IBMPlexSansArabic_700Bold.ttf"}


class Typeface:
    """The changed files, made at the first use and kept for the life of the process."""

    def __init__(self) -> None:
        self._made: dict[str, Path] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()

    def files(self) -> Mapping[str, Path]:
        """The TTF file of each style, ``""`` and ``"B"``. Takes a third of a second the first time; threads may ask."""
        with self._lock:
            if self._folder is None:
                # Loaded with the first paper: most of what a server would load at its start is what draws them.
                from tawasul.papers.unjoined import write_unjoined

                self._folder = tempfile.TemporaryDirectory(prefix="tawasul-papers-")
                for style, name in _SOURCES.items():
                    path = Path(self._folder.name) / f"{FAMILY}{style}.ttf"
                    with _FOLDER.joinpath(name).open("rb") as source:
                        write_unjoined(source, path, FAMILY)
                    self._made[style] = path
        return self._made
