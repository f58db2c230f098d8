"""What the API of cases is asked: the bodies. They are strict: nothing unknown, nothing unbounded.

What a person typed is only kept from being endless here; the domain says whether it is right. ``version`` is the
case's as the page shows it: what somebody else did since is not overwritten unseen. A page may leave it open.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tawasul.casework.case_links import LONGEST_TOKEN
from tawasul.casework.referring import MOST_ITEMS, Remains
from tawasul.domain.case_entry import LONGEST_WORDS
from tawasul.domain.case_state import CaseKind
from tawasul.domain.directive import LONGEST_CORRECTION, Urgency
from tawasul.domain.outcome import LONGEST_DIRECTIVE

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
CasePath = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Typed = Annotated[str, Field(max_length=400)]
Words = Annotated[str, Field(max_length=2 * LONGEST_WORDS)]
Reason = Annotated[str, Field(max_length=2 * LONGEST_CORRECTION)]
Version = Annotated[int, Field(ge=0, le=1_000_000_000)]
Token = Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN, repr=False)]


class Body(BaseModel):
    """Root of the bodies."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OfCase(Body):
    """A step that needs nothing else."""

    version: Version | None = None


class WithWords(OfCase):
    """A step with what is said to it."""

    words: Words


class WithReason(OfCase):
    """A step that says why."""

    reason: Reason


class TakeCase(Body):
    """What a citizen brings to a desk; ``text`` may be empty where the subject says all."""

    kind: Literal[CaseKind.PETITION, CaseKind.SUGGESTION, CaseKind.COMPLAINT]
    citizen_id: Id
    subject: Typed
    text: Words = ""
    language: Literal["ar", "en"] = "ar"


class LookForLikely(Body):
    """What a case of this subject may repeat."""

    subject: Typed


class FindCases(Body):
    """A number, a name or words. In a body, so that no name is ever in an address or a log."""

    query: Typed


class ReferCase(WithWords):
    """To whom; ``words`` are what the agency is told."""

    agency_id: Id


class MergeCase(OfCase):
    """Into which it goes: an open case of the same citizen."""

    into: Id


class RatifyAtDesk(Body):
    """``code``: of the citizen's ticket, as it was scanned or typed; without a ticket the number of their ID."""

    directive_id: Id
    code: Typed


class CorrectDirective(Body):
    """What was directed otherwise."""

    directive_id: Id
    words: Reason


class RatifyOwn(Body):
    """Which directive the citizen says is so."""

    directive_id: Id


class AskOfCase(OfCase):
    """What an agency needs to know."""

    question: Words


class ItemBody(Body):
    """What a partial answer leaves open, and the day in Riyadh by which it is done."""

    words: Typed
    due_on: datetime.date


class ReportOnCase(WithWords):
    """A part is done; what remains is listed."""

    remaining: Annotated[list[ItemBody], Field(min_length=1, max_length=MOST_ITEMS)]

    def remains(self) -> list[Remains]:
        """For the use case."""
        return [Remains(item.words, item.due_on) for item in self.remaining]


class DirectCase(OfCase):
    """A directive; ``due_on`` is a day in Riyadh."""

    agency_id: Id
    wording: Annotated[str, Field(max_length=2 * LONGEST_DIRECTIVE)]
    urgency: Urgency = Urgency.ROUTINE
    due_on: datetime.date


class ProlongCase(WithWords):
    """Until the end of which day in Riyadh, and why."""

    due_on: datetime.date


class LookAtCase(Body):
    """What shows that the case is one's own: its number with the mobile or the ID that is kept with it."""

    number: Typed = Field(repr=False)
    proof: Typed = Field(repr=False)


class WithToken(Body):
    """What follows the ``#`` of the link."""

    token: Token


class OpenOwn(WithToken):
    """A document that came with the answer."""

    document_id: Id


class RatifyByLink(WithToken):
    """Which directive the citizen says is so."""

    directive_id: Id


class CorrectByLink(RatifyByLink):
    """What was directed otherwise."""

    words: Reason


class AcceptOwn(WithToken):
    """``answered_at``: of the answer that the page shows."""

    answered_at: AwareDatetime | None = None


class ContestOwn(WithToken):
    """Why the answer is not accepted."""

    reason: Reason


class RateOwn(WithToken):
    """1: not satisfied, 2: so so, 3: satisfied."""

    rating: Annotated[int, Field(ge=1, le=3)]
