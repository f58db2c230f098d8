"""The code on a ticket: what a scanner at the desk reads instead of a person typing the reference.

Decimal digits and nothing else, because a scanner types like a keyboard, and under an Arabic layout a keyboard types
other letters, but the same digits. The digits are the audience's reference under AES-SIV (RFC 5297: deterministic
authenticated encryption), so that they say nothing to a stranger, are the same at each printing, and cannot be
made by anybody without the key: a forged one passes once in 2¹²⁸. They name no person.
"""

from __future__ import annotations

import re
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from scheduler.core import reference
from tawasul.domain.audience import Audience
from tawasul.domain.errors import InvalidInput, TicketNotValid
from tawasul.domain.text import only_digits

_LETTERS: Final = reference.DRAWN + 1
_TAG_BYTES: Final = 16
_CODE_BYTES: Final = _TAG_BYTES + _LETTERS

DIGITS: Final = 53
"""As many as the largest number of ``_CODE_BYTES`` bytes has. A QR code of version 2 holds them at level M."""

_CODE: Final = re.compile(rf"[0-9]{{{DIGITS}}}")
_LONGEST_TYPED: Final = 200
_MADE_FOR: Final = b"tawasul ticket v1"


class TicketCodes:
    """Makes and reads codes. Pure but for the key, which is 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)

    def code(self, audience: Audience) -> str:
        """``DIGITS`` decimal digits: always the same for a reference, so a second print is as good as the first.

        Raises:
            InvalidInput: the audience's reference is none.
        """
        letters = reference.parse(audience.reference).replace("-", "").encode()
        sealed = self._cipher.encrypt(letters, [_MADE_FOR])
        return str(int.from_bytes(sealed, "big")).zfill(DIGITS)

    def read(self, typed: str) -> str:
        """The reference (``K7M-4TP``) of what was scanned, or typed by hand: a code, or the reference itself.

        Digits of any script, spaces and invisible marks are read as what they mean.

        Raises:
            TicketNotValid: neither a code of ours nor a reference; ``field`` is ``code``.
        """
        if len(typed) > _LONGEST_TYPED:
            raise TicketNotValid("too long", field="code")
        digits = only_digits(typed)
        try:
            if _CODE.fullmatch(digits):
                return reference.parse(self._open(int(digits)))
            return reference.parse(typed)
        except (InvalidInput, InvalidTag):
            raise TicketNotValid("neither a code nor a reference", field="code") from None

    def _open(self, number: int) -> str:
        """Raises: InvalidTag: not sealed by us."""
        if number.bit_length() > 8 * _CODE_BYTES:
            raise InvalidTag
        return self._cipher.decrypt(number.to_bytes(_CODE_BYTES, "big"), [_MADE_FOR]).decode()
