"""What an audience ends in: a written directive (توجيه), or none."""

from __future__ import annotations

from dataclasses import dataclass

from tawasul.domain.private import Private
from tawasul.domain.text import bounded

LONGEST_DIRECTIVE = 2000


@dataclass(frozen=True, slots=True)
class Directive:
    """What the Amir directed, in words."""

    wording: Private[str]

    @classmethod
    def write(cls, wording: str) -> Directive:
        """Raises: InvalidText: empty or longer than 2000 characters."""
        return cls(Private(bounded(wording, field="wording", longest=LONGEST_DIRECTIVE, lines=True)))


@dataclass(frozen=True, slots=True)
class HeardOnly:
    """The citizen was heard, and nothing needed to be directed."""


Outcome = Directive | HeardOnly
