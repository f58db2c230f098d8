"""What an audience ends in: a written directive (توجيه), or none."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from tawasul.domain.agency import AgencyId
from tawasul.domain.private import Private
from tawasul.domain.text import bounded

LONGEST_DIRECTIVE = 2000


class Urgency(enum.StrEnum):
    """How soon the agency takes it up; least first."""

    ROUTINE = "routine"
    URGENT = "urgent"
    IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True)
class Directive:
    """What the Amir directed, in words; and, if the office said so at once, to whom, how soon and by which day.

    What becomes of it, and whether the citizen heard it so, is ``tawasul.domain.directive``.
    """

    wording: Private[str]
    agency_id: AgencyId | None = None
    urgency: Urgency | None = None
    due_on: date | None = None

    @classmethod
    def write(
        cls,
        wording: str,
        agency_id: AgencyId | None = None,
        urgency: Urgency | None = None,
        due_on: date | None = None,
    ) -> Directive:
        """Raises: InvalidText: empty or longer than 2000 characters."""
        words = Private(bounded(wording, field="wording", longest=LONGEST_DIRECTIVE, lines=True))
        return cls(words, agency_id, urgency, due_on)


@dataclass(frozen=True, slots=True)
class HeardOnly:
    """The citizen was heard, and nothing needed to be directed."""


Outcome = Directive | HeardOnly
