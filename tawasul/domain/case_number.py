"""The number by which a case is followed (F76): Hijri year, serial within it, and a check digit: ``1448-00471-5``.

The check digit is Damm's (H. Michael Damm, "Total anti-symmetrische Quasigruppen", 2004): every single wrong digit and
every two neighbours exchanged is noticed, so that a slip is told as a slip and never looks up somebody else's case.
It keeps nobody from guessing: a case is shown to whoever also knows the citizen's mobile or ID.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from stdnum import damm

from tawasul.domain.errors import InvalidCaseNumber
from tawasul.domain.text import latin_digits

_LONGEST_TYPED: Final = 40
_LEAST_DIGITS: Final = 5
_PARTS: Final = re.compile(r"(1[4-5][0-9]{2})([0-9]{5,8})([0-9])")


@dataclass(frozen=True, slots=True, order=True)
class CaseNumber:
    """``serial`` counts from 1 in each Hijri year."""

    hijri_year: int
    serial: int

    @property
    def text(self) -> str:
        """As it is printed and read aloud; left to right in any language."""
        return f"{self.hijri_year}-{self.serial:0{_LEAST_DIGITS}}-{self.check_digit}"

    @property
    def check_digit(self) -> str:
        """Over year and serial."""
        return str(damm.calc_check_digit(f"{self.hijri_year}{self.serial:0{_LEAST_DIGITS}}"))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Digits of any script, with or without what stands between them.

        Raises:
            InvalidCaseNumber: not such a number, or the check digit is wrong.
        """
        digits = "".join(re.findall(r"[0-9]", latin_digits(typed[:_LONGEST_TYPED])))
        parts = _PARTS.fullmatch(digits)
        if len(typed) > _LONGEST_TYPED or parts is None or not damm.is_valid(digits) or int(parts[2]) == 0:
            raise InvalidCaseNumber(field="number")
        number = cls(int(parts[1]), int(parts[2]))
        if number.text.replace("-", "") != digits:
            # Zeros before a long serial: the same case would have two numbers.
            raise InvalidCaseNumber(field="number")
        return number

    def __str__(self) -> str:
        return self.text
