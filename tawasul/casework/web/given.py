"""What the API of cases gives. What it takes is in ``tawasul.casework.web.asked``, the citizen's in
``tawasul.casework.web.citizen``.

A citizen's numbers are given by their last four digits only. What somebody may not see is not in what the use cases
give, so it cannot be given here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from tawasul.casework.agenda import BeforeSitting
from tawasul.casework.seen import CaseDetail, CaseSeen
from tawasul.casework.views import Card
from tawasul.casework.web.given_parts import (
    AttachmentOfCase,
    AudienceOfCase,
    BothNames,
    CaseDocumentView,
    DirectiveView,
    EntryView,
    Given,
    PersonView,
    PetitionView,
    RemainingView,
    names_of,
    words_of,
)
from tawasul.domain.agency import Agency
from tawasul.domain.case import Case
from tawasul.domain.case_entry import EntryKind
from tawasul.domain.case_state import AgendaReason, CaseKind, CaseState, ClosedBecause, OwnerKind
from tawasul.domain.wording import Wording


class CaseView(Given):
    """A case in a list. ``owner_name``: of the agency whose turn it is; ``overdue``: its owner is behind now;
    ``version`` goes back with a step. ``directive``: the last one. ``citizen_name``: to desk and office.
    """

    id: str
    number: str
    kind: CaseKind
    state: CaseState
    owner: OwnerKind
    owner_name: BothNames | None
    subject: str
    governorate: BothNames
    agency: BothNames | None
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    escalations: int
    agenda: AgendaReason | None
    contests: int
    remaining: list[RemainingView]
    answered_at: datetime | None
    closed_at: datetime | None
    closed_because: ClosedBecause | None
    version: int
    directive: DirectiveView | None
    citizen_name: str | None = None

    @classmethod
    def of(cls, seen: CaseSeen, now: datetime) -> Self:
        """From the use case."""
        return cls(**_columns(seen, now))


class CaseDetailView(CaseView):
    """A case with all that whoever opens it may see. ``citizen``: ``null`` where it is not theirs to know;
    ``merged_into``: the number of the case that goes on instead.
    """

    citizen: PersonView | None
    entries: list[EntryView]
    audiences: list[AudienceOfCase]
    documents: list[CaseDocumentView]
    petitions: list[PetitionView]
    attachments: list[AttachmentOfCase]
    merged_into: str | None

    @classmethod
    def opened(cls, detail: CaseDetail, now: datetime) -> Self:
        """From the use case."""
        return cls(
            **_columns(detail.seen, now),
            citizen=None if detail.citizen is None else PersonView.of(detail.citizen),
            entries=[EntryView.of(each) for each in detail.entries],
            audiences=[AudienceOfCase.of(each) for each in detail.audiences],
            documents=[CaseDocumentView.of(each) for each in detail.documents],
            petitions=[PetitionView(audience_id=p.audience_id, text=p.text.reveal()) for p in detail.petitions],
            attachments=[AttachmentOfCase.of(each) for each in detail.attachments],
            merged_into=None if detail.merged_into is None else detail.merged_into.text,
        )


class VersionView(Given):
    """Whether a case is still as a page shows it."""

    version: int


class CasesView(Given):
    """A list. ``before``: the number to ask on from, if there may be more."""

    cases: list[CaseView]
    before: str | None = None

    @classmethod
    def of(cls, found: Sequence[CaseSeen], now: datetime, *, goes_on: bool = False) -> Self:
        """From the use case. ``goes_on``: by number, and as many as one answer has."""
        last = found[-1].case.number.text if goes_on and found else None
        return cls(cases=[CaseView.of(each, now) for each in found], before=last)


class LikelyView(Given):
    """An open case that a new one may repeat; ``score`` from 0 to 100."""

    case: CaseView
    score: int


class LikelyViews(Given):
    """The likeliest first."""

    likely: list[LikelyView]


class TakenView(LikelyViews):
    """The new case."""

    case: CaseView


class EarlierView(CaseView):
    """Another case of the same citizen. ``answer``: what it was answered last."""

    answer: str | None


class CardView(Given):
    """What there is about the citizen who comes next: the audience's petition and its files, its case, and their other
    cases, latest first.
    """

    petition: str | None
    attachments: list[AttachmentOfCase]
    case: CaseDetailView | None
    earlier: list[EarlierView]

    @classmethod
    def of(cls, card: Card, now: datetime) -> Self:
        """From the use case."""
        answers = {id: words_of(entry) for id, entry in card.answers.items()}
        return cls(
            petition=None if card.petition is None else card.petition.text.reveal(),
            attachments=[AttachmentOfCase.of(each) for each in card.attachments],
            case=None if card.case is None else CaseDetailView.opened(card.case, now),
            earlier=[EarlierView(**_columns(each, now), answer=answers.get(each.case.id)) for each in card.earlier],
        )


class BeforeOfficeView(CaseView):
    """A case that is before the office. ``brought_by``: the step by which it came, ``words``: what was said with it;
    both ``null`` for one that is late. ``since``: when.
    """

    brought_by: EntryKind | None
    words: str | None
    since: datetime


class AgendaView(Given):
    """What comes before the next sitting, and what waits for the office to write to whom it goes.
    ``sitting_opens_at``: when it opens, if one is planned.
    """

    sitting_opens_at: datetime | None
    cases: list[BeforeOfficeView]
    waiting: list[BeforeOfficeView]

    @classmethod
    def of(cls, before: BeforeSitting, now: datetime) -> Self:
        """From the use case."""

        def view(seen: CaseSeen) -> BeforeOfficeView:
            case, brought = seen.case, before.brought.get(seen.case.id)
            return BeforeOfficeView(
                **_columns(seen, now),
                brought_by=None if brought is None else brought.kind,
                words=None if brought is None else words_of(brought),
                since=(case.since or case.opened_at) if brought is None else brought.at,
            )

        return cls(
            sitting_opens_at=before.sitting_opens_at,
            cases=[view(each) for each in before.cases],
            waiting=[view(each) for each in before.waiting],
        )


class AgencyView(Given):
    """An agency to which something may be referred. Days are working days."""

    id: str
    name: BothNames
    acceptance_days: int
    answer_days: int

    @classmethod
    def of(cls, agency: Agency) -> Self:
        """From the domain."""
        return cls(
            id=agency.id,
            name=BothNames.of(agency.name),
            acceptance_days=agency.acceptance_days,
            answer_days=agency.answer_days,
        )


class AgenciesView(Given):
    """By their Arabic names."""

    agencies: list[AgencyView]


class WordingView(Given):
    """A template of a directive."""

    id: str
    name: BothNames
    text: BothNames

    @classmethod
    def of(cls, wording: Wording) -> Self:
        """From the domain."""
        return cls(id=wording.id, name=BothNames.of(wording.name), text=BothNames.of(wording.text))


class WordingsView(Given):
    """All of them, in the order of the region's file."""

    wordings: list[WordingView]


def _columns(seen: CaseSeen, now: datetime) -> dict[str, Any]:
    case = seen.case
    directive = None
    if seen.directive is not None and seen.directive_agency is not None:
        directive = DirectiveView.of(seen.directive, seen.directive_agency.name)
    return {
        "id": case.id,
        "number": case.number.text,
        "kind": case.kind,
        "state": case.state,
        "owner": case.owner,
        "owner_name": names_of(seen.owner_name),
        "subject": case.subject.reveal(),
        "governorate": BothNames.of(seen.governorate.name),
        "agency": names_of(None if seen.agency is None else seen.agency.name),
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "overdue": _is_late(case, now),
        "escalations": case.escalations,
        "agenda": case.agenda,
        "contests": case.contests,
        "remaining": [RemainingView.of(each) for each in seen.remaining],
        "answered_at": case.answered_at,
        "closed_at": case.closed_at,
        "closed_because": case.closed_because,
        "version": case.version,
        "directive": directive,
        "citizen_name": None if seen.citizen is None else seen.citizen.name.reveal(),
    }


def _is_late(case: Case, now: datetime) -> bool:
    """As ``tawasul.store.repositories.case_lists.late``, by which late cases are counted."""
    if case.due_at is None or case.state is CaseState.ANSWERED:
        return False
    return case.escalations > 0 or case.due_at <= now
