"""How many parts a text takes as a short message (SMS): what it costs, and whether it arrives in one piece.

A part carries 140 octets (3GPP TS 23.040). In GSM 7-bit (3GPP TS 23.038, section 6.2.1) that is 160 characters, or 153
where several parts are joined; a text with any other letter, so each one in Arabic, goes in UCS-2: 70, or 67.
"""

from __future__ import annotations

from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
"""Each takes two places."""


def parts(text: str) -> int:
    """How many parts ``text`` takes."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        return _parts([2 if letter in _EXTENDED else 1 for letter in text], alone=160, joined=153)
    return _parts([len(letter.encode("utf-16-be")) // 2 for letter in text], alone=70, joined=67)


def _parts(places: list[int], *, alone: int, joined: int) -> int:
    if sum(places) <= alone:
        return 1
    count, room = 1, joined
    for place in places:
        # A letter of two places is never torn apart: it begins the next part.
        if place > room:
            count, room = count + 1, joined
        room -= place
    return count
