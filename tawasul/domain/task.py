"""A task: what needs a person, and who has taken it on."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NewType

from tawasul.domain.audience import AudienceId
from tawasul.domain.case import CaseId
from tawasul.domain.errors import TaskTaken, UnlawfulTransition
from tawasul.domain.people import CitizenId, StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private

TaskId = NewType("TaskId", str)

LONGEST_NOTE = 500


class TaskKind(enum.StrEnum):
    """What has to be done. The words for each are in the catalogue: ``task-<kind>``."""

    TELL_OF_NEW_TIME = "tell-of-new-time"
    """Rebooked without being asked: call and tell them."""
    FIND_A_TIME = "find-a-time"
    """Lost their time, and no other was found for them."""
    TELL_OF_OFFER = "tell-of-offer"
    """An offer is open, and the message to them could not be sent."""
    TELL_OF_CANCELLATION = "tell-of-cancellation"
    MESSAGE_FAILED = "message-failed"
    CHECK_PROOF = "check-proof"
    """A representative's proof has not been seen by anybody."""
    PLAN_HOME_VISIT = "plan-home-visit"
    RATIFY = "ratify"
    """A directive was written: read it to the citizen."""
    ANSWER_QUESTION = "answer-question"
    """An agency needs to know something about a case."""
    CASE_OVERDUE = "case-overdue"
    """Whoever has a case has let its time run out."""


@dataclass(frozen=True, slots=True)
class Task:
    """``owner`` has taken it on; ``done_by`` did it, or (``None`` with ``done_at``) it went away by itself.

    ``citizen_id``: whom it is about where there is no audience, as with an offer; ``case_id``: in which case.
    """

    id: TaskId
    kind: TaskKind
    governorate_id: GovernorateId
    audience_id: AudienceId | None
    made_at: datetime
    due_at: datetime
    owner: StaffId | None = None
    done_at: datetime | None = None
    done_by: StaffId | None = None
    note: Private[str] | None = None
    citizen_id: CitizenId | None = None
    case_id: CaseId | None = None
    version: int = 0

    def taken(self, by: StaffId) -> Task:
        """Raises: TaskTaken: somebody else has it. UnlawfulTransition: it is done."""
        self._require_open("take")
        if self.owner not in (None, by):
            raise TaskTaken
        return replace(self, owner=by)

    def released(self, by: StaffId) -> Task:
        """Nobody's again. Raises: TaskTaken: it is somebody else's. UnlawfulTransition: it is done."""
        self._require_open("release")
        if self.owner != by:
            raise TaskTaken
        return replace(self, owner=None)

    def done(self, by: StaffId, now: datetime, note: Private[str] | None = None) -> Task:
        """Raises: TaskTaken: somebody else has it. UnlawfulTransition: it is done already."""
        self._require_open("do")
        if self.owner not in (None, by):
            raise TaskTaken
        return replace(self, owner=by, done_at=now, done_by=by, note=note)

    def gone(self, now: datetime) -> Task:
        """What it was for is no more. One that is done stays as it is."""
        return self if self.done_at is not None else replace(self, done_at=now)

    def undone(self) -> Task:
        """It was marked done by a slip."""
        return replace(self, done_at=None, done_by=None, note=None)

    def _require_open(self, step: str) -> None:
        if self.done_at is not None:
            raise UnlawfulTransition("done", step)
