"""What a citizen is given of their own case. No name is in it, not even theirs: who holds the telephone?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from tawasul.casework.seen import CaseDetail, EntrySeen
from tawasul.casework.web.given_parts import BothNames, CaseDocumentView, Given, RemainingView, names_of
from tawasul.domain.case_entry import EntryKind, HandKind
from tawasul.domain.case_state import CaseKind, CaseState, ClosedBecause
from tawasul.domain.directive import CaseDirective, Urgency


class OwnEntryView(Given):
    """What happened, and on which side; without the name of anybody."""

    kind: EntryKind
    at: datetime
    by: HandKind
    agency: BothNames | None
    words: str | None

    @classmethod
    def of(cls, seen: EntrySeen) -> Self:
        """From the use case."""
        entry = seen.entry
        return cls(
            kind=entry.kind,
            at=entry.at,
            by=entry.by.kind,
            agency=names_of(seen.agency),
            words=None if entry.words is None else entry.words.reveal(),
        )


class OwnCaseView(Given):
    """A case as its citizen sees it. ``may_accept``, ``may_contest``: there is an answer, and it is not too late;
    ``may_rate``: they have not said yet how satisfied they are; ``merged_into``: the number that goes on instead.
    """

    number: str
    kind: CaseKind
    state: CaseState
    subject: str
    agency: BothNames | None
    opened_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    closed_because: ClosedBecause | None
    merged_into: str | None
    remaining: list[RemainingView]
    entries: list[OwnEntryView]
    documents: list[CaseDocumentView]
    may_accept: bool
    may_contest: bool
    may_rate: bool

    @classmethod
    def of(cls, detail: CaseDetail) -> Self:
        """From the use case."""
        seen, case = detail.seen, detail.seen.case
        return cls(
            number=case.number.text,
            kind=case.kind,
            state=case.state,
            subject=case.subject.reveal(),
            agency=names_of(None if seen.agency is None else seen.agency.name),
            opened_at=case.opened_at,
            due_at=case.due_at,
            answered_at=case.answered_at,
            closed_at=case.closed_at,
            closed_because=case.closed_because,
            merged_into=None if detail.merged_into is None else detail.merged_into.text,
            remaining=[RemainingView.of(each) for each in seen.remaining],
            entries=[OwnEntryView.of(each) for each in detail.entries],
            documents=[CaseDocumentView.of(each) for each in detail.documents],
            may_accept=case.state in (CaseState.ANSWERED, CaseState.CONTESTED),
            may_contest=case.state is CaseState.ANSWERED,
            may_rate=case.answered_at is not None and not case.rated,
        )


class AskedDirective(Given):
    """What the citizen is asked about: whether it was directed so."""

    id: str
    wording: str
    urgency: Urgency
    due_on: date


class OwnDirectiveView(Given):
    """``directive``: ``null`` while none is asked about."""

    directive: AskedDirective | None

    @classmethod
    def of(cls, directive: CaseDirective | None) -> Self:
        """From the use case."""
        if directive is None:
            return cls(directive=None)
        return cls(
            directive=AskedDirective(
                id=directive.id,
                wording=directive.wording.reveal(),
                urgency=directive.urgency,
                due_on=directive.due_on,
            )
        )
