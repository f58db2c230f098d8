"""The entries of a case's timeline (F77): every step, who took it, and the words that went with it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from tawasul.domain.agency import AgencyId
from tawasul.domain.people import StaffId
from tawasul.domain.private import Private
from tawasul.domain.text import bounded

LONGEST_WORDS: Final = 4000


class EntryKind(enum.StrEnum):
    """What happened. The words for each are in the catalogue: ``case-entry-<kind>``."""

    OPENED = "opened"
    HEARD = "heard"
    DIRECTED = "directed"
    RATIFIED = "ratified"
    CORRECTED = "corrected"
    REFERRED = "referred"
    TAKEN_ON = "taken-on"
    RETURNED = "returned"
    REASSIGNED = "reassigned"
    ASKED = "asked"
    REPLIED = "replied"
    REPORTED = "reported"
    ANSWERED = "answered"
    NOTIFIED = "notified"
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    PROLONGED = "prolonged"
    ESCALATED = "escalated"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    GIVEN_UP = "given-up"
    TAKEN_UP_AGAIN = "taken-up-again"


class HandKind(enum.StrEnum):
    """On which side somebody acted."""

    CITIZEN = "citizen"
    DESK = "desk"
    OFFICE = "office"
    AGENCY = "agency"
    SERVICE = "service"
    """By itself: a clock that ran out."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who took a step. A citizen's at a desk has the clerk's ``staff_id`` too: who wrote it down for them."""

    kind: HandKind
    staff_id: StaffId | None = None
    agency_id: AgencyId | None = None

    @classmethod
    def service(cls) -> Self:
        """Nobody: the service's own clock."""
        return cls(HandKind.SERVICE)


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """``agency_id``: the agency that is concerned. ``words`` are sealed at rest."""

    kind: EntryKind
    at: datetime
    by: Hand
    words: Private[str] | None = None
    agency_id: AgencyId | None = None


def words_of(text: str, *, field: str, longest: int = LONGEST_WORDS) -> Private[str]:
    """What somebody wrote. Raises: InvalidText: empty, longer than ``longest`` characters, or control characters."""
    return Private(bounded(text, field=field, longest=longest, lines=True))
