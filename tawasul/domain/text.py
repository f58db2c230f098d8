"""What people type: digits of every keyboard, and short texts with bounds."""

from __future__ import annotations

import unicodedata

from tawasul.domain.errors import InvalidText


def latin_digits(text: str) -> str:
    """``text`` with each decimal digit of any script (٠–٩, ۰–۹, …) as ASCII; the rest unchanged."""
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text)


def only_digits(text: str) -> str:
    """``latin_digits`` less the spaces, hyphens and invisible direction marks that come along with pasted numbers."""
    return "".join(c for c in latin_digits(text) if not (c.isspace() or c == "-" or unicodedata.category(c) == "Cf"))


def bounded(text: str, *, field: str, longest: int, lines: bool = False) -> str:
    """``text`` in NFC, trimmed.

    Raises:
        InvalidText: empty, over ``longest`` characters, or control characters (line breaks only if ``lines``).
    """
    cleaned = unicodedata.normalize("NFC", text).strip()
    if not cleaned:
        raise InvalidText("empty", field=field)
    if len(cleaned) > longest:
        raise InvalidText(f"longer than {longest} characters", field=field)
    if any(unicodedata.category(c) == "Cc" and not (lines and c in "\n\t") for c in cleaned):
        raise InvalidText("control characters", field=field)
    return cleaned
