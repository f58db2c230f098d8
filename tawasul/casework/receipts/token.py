"""The text of a receipt, as it is typed, pasted or scanned: a JWS in compact form, or the same as digits. Pure.

As digits each character is two, its code less 45 (the way of SMART Health Cards, HL7 FHIR IG 1.4, "Encoding Chunks as
QR Codes"). Digits make a QR code a sixth smaller than letters would; and a scanner that types what it reads does not
get them wrong, whatever layout the keyboard has.
"""

from __future__ import annotations

import re
from typing import Final

from tawasul.casework.receipts.refusal import ReceiptRefused, RefusedBecause
from tawasul.domain.text import latin_digits

LONGEST: Final = 8192
"""Characters of what is given to be read. A receipt with its address is about 2300."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_DIGITS: Final = re.compile(r"(?:\d\d)+")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_BASE: Final = 45


def as_digits(token: str) -> str:
    """What the QR code holds after the address."""
    return "".join(f"{ord(character) - _BASE:02}" for character in token)


def token_in(given: str) -> str:
    """The JWS in what was typed: alone, as digits of any script, or after the ``#`` of an address; lines may be broken.

    Raises:
        ReceiptRefused: UNREADABLE.
    """
    if len(given) > LONGEST:
        raise ReceiptRefused(RefusedBecause.UNREADABLE)
    text = _SPACE.sub("", given).rpartition("#")[2]
    if _TOKEN.fullmatch(text):
        return text
    if _DIGITS.fullmatch(text):
        digits = text if text.isascii() else latin_digits(text)
        token = "".join(chr(_BASE + int(digits[at : at + 2])) for at in range(0, len(digits), 2))
        if _TOKEN.fullmatch(token):
            return token
    raise ReceiptRefused(RefusedBecause.UNREADABLE)
