"""The words for where a case stands: what it is, its state, whose turn it is, why it is closed or before a sitting."""

from __future__ import annotations

import enum
from typing import Final


class CaseKind(enum.StrEnum):
    """What was brought."""

    AUDIENCE = "audience"
    PETITION = "petition"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"


class CaseState(enum.StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    PROPOSED = "proposed"
    REFERRED = "referred"
    UNDER_WAY = "under-way"
    ASKED = "asked"
    ANSWERED = "answered"
    CONTESTED = "contested"
    CLOSED = "closed"


class OwnerKind(enum.StrEnum):
    """Whose turn it is."""

    DESK = "desk"
    OFFICE = "office"
    AGENCY = "agency"
    CITIZEN = "citizen"


class ClosedBecause(enum.StrEnum):
    """Why nothing more is to be done."""

    ACCEPTED = "accepted"
    UNOPPOSED = "unopposed"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given-up"
    """The audience for which it was opened was cancelled, and nothing else was asked."""
    MERGED = "merged"
    """The same as another case of the same citizen, which goes on."""


class AgendaReason(enum.StrEnum):
    """Why a case comes before the next sitting."""

    CONTESTED = "contested"
    OVERDUE = "overdue"


WITH_AN_AGENCY: Final = frozenset({CaseState.REFERRED, CaseState.UNDER_WAY, CaseState.ASKED})
OPEN_STATES: Final = frozenset(CaseState) - {CaseState.CLOSED}
