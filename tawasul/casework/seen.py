"""A case as somebody sees it: with its names, its directive, its timeline and papers, less what is not theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tawasul.access.policy import StaffPrincipal
from tawasul.casework.core import sight
from tawasul.casework.scope import Who
from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.audience import Audience
from tawasul.domain.case import Case
from tawasul.domain.case_entry import CaseEntry
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_paper import CaseDocument, DocumentOf, RemainingItem
from tawasul.domain.case_state import CaseState
from tawasul.domain.directive import CaseDirective, DirectiveState
from tawasul.domain.people import Citizen, Role, StaffId
from tawasul.domain.petition import Attachment, Petition
from tawasul.domain.places import Governorate, GovernorateId, Name
from tawasul.store.unit_of_work import UnitOfWork

_AT_WORK: Final = frozenset({CaseState.UNDER_WAY, CaseState.ASKED})
"""While an agency works on it, it knows whose case it is. Whoever has to reach them asks the desk."""

_KNOW_WHOSE: Final = frozenset({Role.DESK, Role.OFFICE})

_OWNED_BY_AGENCY: Final = frozenset({CaseState.REFERRED, CaseState.UNDER_WAY})


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """In a list. ``directive``: the latest that stands or is asked; an agency's own. ``directive_agency``: to whom.
    ``citizen``: whose it is, to desk and office.
    """

    case: Case
    governorate: Governorate
    agency: Agency | None
    remaining: Sequence[RemainingItem]
    directive: CaseDirective | None
    directive_agency: Agency | None
    citizen: Citizen | None = None

    @property
    def owner_name(self) -> Name | None:
        """Of the agency whose turn it is; office, desk and citizen are known by their kind."""
        return self.agency.name if self.agency is not None and self.case.state in _OWNED_BY_AGENCY else None


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """``who``: the member of staff, for desk and office; an agency is told its own people, a citizen nobody's.
    ``agency``: which is concerned.
    """

    entry: CaseEntry
    who: str | None
    agency: Name | None


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """Opened. ``citizen`` is ``None`` for an agency that is not at work on it. ``audiences``, ``petitions`` and
    ``attachments`` are the desk's and the office's; ``merged_into``: the case that goes on instead.
    """

    seen: CaseSeen
    citizen: Citizen | None
    entries: Sequence[EntrySeen]
    documents: Sequence[CaseDocument]
    audiences: Sequence[Audience] = ()
    petitions: Sequence[Petition] = ()
    attachments: Sequence[Attachment] = ()
    merged_into: CaseNumber | None = None


async def listed(uow: UnitOfWork, who: Who, cases: Sequence[Case]) -> list[CaseSeen]:
    """In the order given; so many statements, however many there are."""
    governorates = {each.id: each for each in await uow.governorates.all()}
    agencies = {each.id: each for each in await uow.agencies.all()}
    ids = [case.id for case in cases]
    remaining, directives = await uow.cases.remaining_of(ids), await uow.directives.of_cases(ids)
    knows = isinstance(who, StaffPrincipal) and who.role in _KNOW_WHOSE
    citizens = await uow.citizens.many({case.citizen_id for case in cases}) if knows else {}
    return [
        replace(
            _seen(who, case, governorates, agencies, remaining.get(case.id, []), directives.get(case.id, [])),
            citizen=citizens.get(case.citizen_id),
        )
        for case in cases
    ]


def _seen(
    who: Who,
    case: Case,
    governorates: dict[GovernorateId, Governorate],
    agencies: dict[AgencyId, Agency],
    remaining: list[RemainingItem],
    directives: list[CaseDirective],
) -> CaseSeen:
    directive = _directive_for(who, case, directives)
    return CaseSeen(
        case,
        governorates[case.governorate_id],
        None if case.agency_id is None else agencies[case.agency_id],
        remaining,
        directive,
        None if directive is None else agencies[directive.agency_id],
    )


def _directive_for(who: Who, case: Case, directives: Sequence[CaseDirective]) -> CaseDirective | None:
    states = set(DirectiveState) - {DirectiveState.REPLACED}
    if is_agency(who):
        if not case.directed:
            return None
        states = {DirectiveState.RATIFIED}
    return max((each for each in directives if each.state in states), key=_when, default=None)


def _when(directive: CaseDirective) -> tuple[bool, datetime]:
    """One that is asked now is later than any that is settled."""
    return directive.state is DirectiveState.PROPOSED, directive.proposed_at


async def opened(uow: UnitOfWork, who: Who, case: Case) -> CaseDetail:
    """All that ``who`` may see of it. That it is theirs has been asked before."""
    (seen,) = await listed(uow, who, [case])
    entries = await uow.cases.entries(case.id)
    kept = await uow.case_documents.of_case(case.id)
    documents = [each for each in kept if may_see_document(who, each, entries)]
    merged = None if case.merged_into is None else (await uow.cases.get(case.merged_into)).number
    if not isinstance(who, StaffPrincipal):
        citizen = await uow.citizens.get(case.citizen_id)
        shown = await _entries(uow, list(sight.of_citizen(entries)), names_of=())
        return CaseDetail(seen, citizen, shown, documents, merged_into=merged)
    if who.role is Role.AGENCY:
        return await _opened_by_agency(uow, who, seen, entries, documents)
    audiences = [await uow.audiences.get(id) for id in await uow.cases.audiences_of(case.id)]
    petitions = [await uow.petitions.get(audience.id) for audience in audiences]
    return CaseDetail(
        seen,
        await uow.citizens.get(case.citizen_id),
        await _entries(uow, entries, names_of=None),
        documents,
        audiences,
        [petition for petition in petitions if petition is not None],
        [each for audience in audiences for each in await uow.petitions.attachments(audience.id)],
        merged,
    )


async def _opened_by_agency(
    uow: UnitOfWork,
    who: StaffPrincipal,
    seen: CaseSeen,
    entries: Sequence[CaseEntry],
    documents: Sequence[CaseDocument],
) -> CaseDetail:
    assert who.agency_id is not None, "whose case it is has been asked before"
    own = list(sight.of_agency(who.agency_id, entries))
    colleagues = {each.by.staff_id for each in own if each.by.agency_id == who.agency_id}
    citizen = await uow.citizens.get(seen.case.citizen_id) if seen.case.state in _AT_WORK else None
    return CaseDetail(
        seen,
        citizen,
        await _entries(uow, own, names_of=[each for each in colleagues if each is not None]),
        documents,
    )


def is_agency(who: Who) -> bool:
    """Whether it is an agency's account."""
    return isinstance(who, StaffPrincipal) and who.role is Role.AGENCY


def may_see_document(who: Who, document: CaseDocument, entries: Sequence[CaseEntry]) -> bool:
    """Of a case that is theirs. An agency its own, and what a desk attached from its referral on; a citizen their own,
    and an agency's once it has said what it goes with.
    """
    if not isinstance(who, StaffPrincipal):
        said = sight.said_at(document.agency_id, entries)
        given = document.came_with is DocumentOf.ANSWER and said is not None and document.attached_at <= said
        return document.came_with is DocumentOf.PETITION or given
    if who.agency_id is None:
        return True
    since = sight.referred_at(who.agency_id, entries)
    from_desk = document.agency_id is None and since is not None and document.attached_at >= since
    return document.agency_id == who.agency_id or from_desk


async def _entries(
    uow: UnitOfWork, entries: Sequence[CaseEntry], names_of: Collection[StaffId] | None
) -> list[EntrySeen]:
    """``names_of``: those who are named; ``None``: all."""
    agencies = {each.id: each.name for each in await uow.agencies.all()}
    acted = {each.by.staff_id for each in entries if each.by.staff_id is not None}
    named = acted if names_of is None else acted & set(names_of)
    names = {id: (await uow.staff.get(id)).display_name for id in named}
    return [
        EntrySeen(
            each,
            None if each.by.staff_id is None else names.get(each.by.staff_id),
            None if each.agency_id is None else agencies.get(each.agency_id),
        )
        for each in entries
    ]
