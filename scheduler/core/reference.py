"""The reference of an audience: what a citizen is given, reads aloud, and types at the kiosk, as ``K7M-4TP``. Pure.

Six characters; the last checks the others (ISO/IEC 7064, pure system of radix 2, over an alphabet whose size is
prime): one wrong character or two neighbours swapped are always noticed. Without vowels, so that no word appears, and
without the characters that are taken for others: 0 O Q D, 1 I L, and of 2 Z, 5 S, 8 B only the digits, as which the
letters are read.
"""

from __future__ import annotations

from typing import Final

from stdnum.iso7064 import mod_37_2

from tawasul.domain.errors import InvalidInput
from tawasul.domain.text import latin_digits

ALPHABET: Final = "23456789CFGHJKMNPRTVWXY"
DRAWN: Final = 5
RANDOM_BYTES: Final = 8
"""So many bytes that taking them modulo 23⁵ favours no reference noticeably."""

_READ_AS: Final = str.maketrans({"Z": "2", "S": "5", "B": "8"})
_LONGEST_TYPED: Final = 32


def draw(random: bytes) -> str:
    """A reference from ``RANDOM_BYTES`` random bytes."""
    number = int.from_bytes(random, "big")
    drawn = []
    for _ in range(DRAWN):
        number, index = divmod(number, len(ALPHABET))
        drawn.append(ALPHABET[index])
    body = "".join(drawn)
    return _grouped(body + mod_37_2.calc_check_digit(body, ALPHABET))


def parse(typed: str) -> str:
    """The reference as it is kept, from what was typed: any case, digits of any script, with or without the hyphen.

    Raises:
        InvalidInput: not a reference, or mistyped.
    """
    if len(typed) <= _LONGEST_TYPED:
        letters = "".join(c for c in latin_digits(typed).upper() if c.isalnum()).translate(_READ_AS)
        if len(letters) == DRAWN + 1 and mod_37_2.is_valid(letters, ALPHABET):
            return _grouped(letters)
    raise InvalidInput("not a reference", field="reference")


def _grouped(letters: str) -> str:
    return f"{letters[:3]}-{letters[3:]}"
