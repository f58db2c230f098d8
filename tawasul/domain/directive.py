"""A directive (توجيه) on a case: what the Amir directed, to whom and by when; and that the citizen heard it so (M12).

::

    PROPOSED ──ratify──► RATIFIED            only a ratified directive is referred to its agency
        ├──correct──► CORRECTED              the citizen says that it was otherwise: the office writes it anew
        └──replace──► REPLACED               the office wrote another before the citizen answered
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, NewType

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import DirectiveSettled, DueDatePassed
from tawasul.domain.outcome import LONGEST_DIRECTIVE
from tawasul.domain.outcome import Urgency as Urgency
from tawasul.domain.people import StaffId
from tawasul.domain.private import Private
from tawasul.domain.text import bounded

DirectiveId = NewType("DirectiveId", str)

LONGEST_CORRECTION: Final = 600


class DirectiveState(enum.StrEnum):
    """Where a directive stands."""

    PROPOSED = "proposed"
    RATIFIED = "ratified"
    CORRECTED = "corrected"
    REPLACED = "replaced"


class RatifiedBy(enum.StrEnum):
    """How the citizen said yes."""

    OWN_SCREEN = "own-screen"
    """On the screen on which they were heard, or by their own link."""
    CODE_AT_DESK = "code-at-desk"
    """To a clerk who read it to them, by the code of their ticket."""


@dataclass(frozen=True, slots=True)
class CaseDirective:
    """``due_on``: the day in Riyadh by which the agency answers. ``audience_id``: in which it was given, if in one."""

    id: DirectiveId
    case_id: str
    audience_id: AudienceId | None
    agency_id: AgencyId
    wording: Private[str]
    urgency: Urgency
    due_on: date
    proposed_at: datetime
    proposed_by: StaffId | None = None
    state: DirectiveState = DirectiveState.PROPOSED
    settled_at: datetime | None = None
    ratified_by: RatifiedBy | None = None
    correction: Private[str] | None = None
    version: int = 0

    @classmethod
    def propose(
        cls,
        id: DirectiveId,
        *,
        case_id: str,
        audience_id: AudienceId | None,
        agency_id: AgencyId,
        wording: str,
        urgency: Urgency,
        due_on: date,
        today: date,
        now: datetime,
        by: StaffId | None = None,
    ) -> CaseDirective:
        """What the office wrote, and the citizen has not heard yet.

        Raises:
            InvalidText: the wording is empty or longer than 2000 characters.
            DueDatePassed: the day is not after today.
        """
        if due_on <= today:
            raise DueDatePassed(field="due_on")
        words = Private(bounded(wording, field="wording", longest=LONGEST_DIRECTIVE, lines=True))
        return cls(id, case_id, audience_id, agency_id, words, urgency, due_on, now, by)

    def ratified(self, by: RatifiedBy, now: datetime) -> CaseDirective:
        """The citizen heard it and says that it is so. Raises: DirectiveSettled: it is no longer asked."""
        return replace(self._settled(DirectiveState.RATIFIED, now), ratified_by=by)

    def corrected(self, words: str, now: datetime) -> CaseDirective:
        """The citizen says what was otherwise. Raises: DirectiveSettled, InvalidText."""
        said = Private(bounded(words, field="correction", longest=LONGEST_CORRECTION, lines=True))
        return replace(self._settled(DirectiveState.CORRECTED, now), correction=said)

    def replaced(self, now: datetime) -> CaseDirective:
        """Another was written in its place. Raises: DirectiveSettled."""
        return self._settled(DirectiveState.REPLACED, now)

    def _settled(self, to: DirectiveState, now: datetime) -> CaseDirective:
        if self.state is not DirectiveState.PROPOSED:
            raise DirectiveSettled
        return replace(self, state=to, settled_at=now)
