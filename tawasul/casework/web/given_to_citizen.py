"""What a citizen is given of their own case. No name is in it, not even theirs: who holds the telephone?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from tawasul.casework.afterwards import After
from tawasul.casework.seen import CaseDetail, EntrySeen
from tawasul.casework.web.given_parts import BothNames, CaseDocumentView, Given, RemainingView, names_of
from tawasul.domain.agency import Agency
from tawasul.domain.case_entry import EntryKind, HandKind
from tawasul.domain.case_state import CaseKind, CaseState, ClosedBecause
from tawasul.domain.directive import CaseDirective, DirectiveState, Urgency


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


class OwnDirectiveView(Given):
    """What was directed, to whom, and by which day in Riyadh it is answered."""

    id: str
    wording: str
    agency: BothNames
    urgency: Urgency
    due_on: date
    state: DirectiveState

    @classmethod
    def of(cls, directive: CaseDirective | None, agency: Agency | None) -> Self | None:
        """From the use case; ``None`` stays ``None``."""
        if directive is None or agency is None:
            return None
        return cls(
            id=directive.id,
            wording=directive.wording.reveal(),
            agency=BothNames.of(agency.name),
            urgency=directive.urgency,
            due_on=directive.due_on,
            state=directive.state,
        )


class OwnCaseView(Given):
    """A case as its citizen sees it. ``directive``: the latest; ``may_ratify``: they are to say that it is so.
    ``may_accept``, ``may_contest``: there is an answer, and it is not too late; ``may_rate``: they have not said yet
    how satisfied they are; ``merged_into``: the number that goes on instead.
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
    directive: OwnDirectiveView | None
    remaining: list[RemainingView]
    entries: list[OwnEntryView]
    documents: list[CaseDocumentView]
    may_ratify: bool
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
            directive=OwnDirectiveView.of(seen.directive, seen.directive_agency),
            remaining=[RemainingView.of(each) for each in seen.remaining],
            entries=[OwnEntryView.of(each) for each in detail.entries],
            documents=[CaseDocumentView.of(each) for each in detail.documents],
            may_ratify=case.state is CaseState.PROPOSED,
            may_accept=case.state in (CaseState.ANSWERED, CaseState.CONTESTED),
            may_contest=case.state is CaseState.ANSWERED,
            may_rate=case.answered_at is not None and not case.rated,
        )


class AfterView(Given):
    """What the device of an audience shows afterwards. ``number``: of the case; ``null`` until it is opened, moments
    after the outcome was written. ``asked``: whether the citizen is to say that the directive is so. ``kilometres``:
    of the way there and back that was spared; ``null`` for who travelled.
    """

    number: str | None
    directive: OwnDirectiveView | None
    asked: bool
    kilometres: int | None

    @classmethod
    def of(cls, after: After) -> Self:
        """From the use case."""
        return cls(
            number=None if after.number is None else after.number.text,
            directive=OwnDirectiveView.of(after.directive, after.agency),
            asked=after.asked,
            kilometres=None if after.spared is None else after.spared.kilometres,
        )
