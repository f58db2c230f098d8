"""Templates of directives: what the office begins from, and goes on to write in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from tawasul.domain.places import Name

WordingId = NewType("WordingId", str)


@dataclass(frozen=True, slots=True)
class Wording:
    """``name``: by which it is chosen; ``text``: what it puts into the directive, in both languages."""

    id: WordingId
    name: Name
    text: Name
