"""What the page that verifies receipts is made of: all that a browser must keep to open it without a network."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from tawasul.web.pages import IMPORTS, Pages
from tawasul.web.static_files import CATALOGUES, STATIC_FOLDER

PAGES: Final = ("/receipt/ar", "/receipt/en")
KEY: Final = "/api/receipt/key"

_BEGINNINGS: Final = ("js/page.js", "js/receipt.js", "css/tawasul.css", "icons/mark.svg", *CATALOGUES)
_IMPORT: Final = re.compile(r"""^\s*(?:import|export)\b[^"';]*?["']([^"']+)["']""", re.MULTILINE)
_URL: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


def files_of_the_page(pages: Pages) -> list[str]:
    """Their addresses: scripts with what they import, style sheets with their fonts, the words of both languages."""
    return [pages.asset(path) for path in sorted(_reached())]


def _reached() -> set[str]:
    found: set[str] = set()
    waiting = list(_BEGINNINGS)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _named_in(path)
    return found


def _named_in(path: str) -> Iterator[str]:
    """What a script or a style sheet names, as paths below ``static/``."""
    pattern = {".js": _IMPORT, ".mjs": _IMPORT, ".css": _URL}.get(posixpath.splitext(path)[1])
    if pattern is None or path in CATALOGUES:
        return
    for name in pattern.findall((STATIC_FOLDER / path).read_text("utf-8")):
        if name in IMPORTS:
            yield IMPORTS[name]
        elif name.startswith(".") or (pattern is _URL and not name.startswith("data:")):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
