"""The lists of cases that each works by, and a case opened: who opened it is noted (F77)."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal, require
from tawasul.casework.scope import Who, agency_of, case_of, governorate_of
from tawasul.casework.seen import CaseDetail, CaseSeen, listed, opened
from tawasul.casework.step import Casework
from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import CaseId
from tawasul.domain.case_entry import CaseEntry, EntryKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import OPEN_STATES, CaseKind, CaseState
from tawasul.domain.petition import Attachment, Petition
from tawasul.domain.places import GovernorateId
from tawasul.store.repositories.case_lists import Waiting

MOST_LISTED: Final = 50
MOST_EARLIER: Final = 12
"""Cases beside that of the audience: what can be read while somebody comes in."""


class DeskBox(enum.StrEnum):
    """What a desk looks through."""

    MINE = "mine"
    """Its turn: soonest due first. The others: latest number first."""
    RATIFY = "ratify"
    QUESTIONS = "questions"
    OPEN = "open"
    CLOSED = "closed"


class AgencyBox(enum.StrEnum):
    """What an agency looks through, soonest due first."""

    NEW = "new"
    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"


_OF_DESK: Final[Mapping[DeskBox, frozenset[CaseState]]] = {
    DeskBox.RATIFY: frozenset({CaseState.PROPOSED}),
    DeskBox.QUESTIONS: frozenset({CaseState.ASKED}),
    DeskBox.OPEN: OPEN_STATES,
    DeskBox.CLOSED: frozenset({CaseState.CLOSED}),
}
_OF_AGENCY: Final[Mapping[AgencyBox, frozenset[CaseState]]] = {
    AgencyBox.NEW: frozenset({CaseState.REFERRED}),
    AgencyBox.OPEN: frozenset({CaseState.UNDER_WAY}),
    AgencyBox.ASKED: frozenset({CaseState.ASKED}),
    AgencyBox.ANSWERED: frozenset({CaseState.ANSWERED, CaseState.CONTESTED, CaseState.CLOSED}),
}


@dataclass(frozen=True, slots=True)
class Card:
    """Of the citizen who is called in next (F65). ``case``: what the audience is about; ``earlier``: their others,
    latest first, and ``answers`` what those were answered last. ``petition`` and ``attachments`` are the audience's.
    """

    audience: Audience
    petition: Petition | None
    attachments: Sequence[Attachment]
    case: CaseDetail | None
    earlier: list[CaseSeen]
    answers: Mapping[CaseId, CaseEntry]


@dataclass(frozen=True, slots=True)
class AgencyDesk:
    """An agency, and what waits in each of its boxes; of the answered ones those that are not closed."""

    agency: Agency
    boxes: Mapping[AgencyBox, Waiting]


class Views:
    """What everybody sees; an unknown ``before`` begins at the latest."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def desk(
        self, who: StaffPrincipal, box: DeskBox, kind: CaseKind | None = None, before: CaseNumber | None = None
    ) -> list[CaseSeen]:
        """Of the desk's governorate, at most fifty. Raises: Refused."""
        require(who, Action.SEE_CASES)
        own = governorate_of(who)
        async with self._casework.units(reading=True) as uow:
            if box is DeskBox.MINE:
                return await listed(uow, who, await uow.cases.owed_by_desk(own, MOST_LISTED, kind))
            cases = await uow.cases.of_governorate(
                own, states=_OF_DESK[box], kind=kind, limit=MOST_LISTED, before=before
            )
            return await listed(uow, who, cases)

    async def agency(self, who: StaffPrincipal, box: AgencyBox) -> list[CaseSeen]:
        """What is referred to the account's agency, at most fifty. Raises: Refused."""
        require(who, Action.ANSWER_CASE)
        async with self._casework.units(reading=True) as uow:
            return await listed(uow, who, await uow.cases.of_agency(agency_of(who), _OF_AGENCY[box], MOST_LISTED))

    async def agency_desk(self, who: StaffPrincipal) -> AgencyDesk:
        """Of the account's agency. Raises: Refused."""
        require(who, Action.ANSWER_CASE)
        async with self._casework.units(reading=True) as uow:
            agency = await uow.agencies.get(agency_of(who))
            found = await uow.cases.open_of_agency(agency.id, self._casework.clock())
        boxes = {box: sum((found.get(s, Waiting()) for s in states), Waiting()) for box, states in _OF_AGENCY.items()}
        return AgencyDesk(agency, boxes)

    async def office(
        self,
        who: StaffPrincipal,
        *,
        state: CaseState | None = None,
        agency_id: AgencyId | None = None,
        with_no_agency: bool = False,
        governorate_id: GovernorateId | None = None,
        overdue: bool | None = None,
        before: CaseNumber | None = None,
    ) -> list[CaseSeen]:
        """Of all governorates, latest number first, at most fifty. ``overdue``: of the open ones those that are late;
        ``False``: those that are not; ``None``: all. Raises: Refused.
        """
        require(who, Action.SEE_FOLLOW_THROUGH)
        async with self._casework.units(reading=True) as uow:
            cases = await uow.cases.listed(
                governorate_id=governorate_id,
                agency_id=agency_id,
                with_no_agency=with_no_agency,
                states=[state] if state is not None else None if overdue is None else OPEN_STATES,
                late_at=None if overdue is None else self._casework.clock(),
                is_late=overdue is not False,
                limit=MOST_LISTED,
                before=before,
            )
            return await listed(uow, who, cases)

    async def open(self, who: Who, id: CaseId) -> CaseDetail:
        """All that they may see of it. Raises: NotFound: there is none, or it is not theirs."""
        async with self._casework.step(who, AuditAction.OPENED_CASE, id) as step:
            action = Action.SEE_CASES if isinstance(who, StaffPrincipal) else Action.SEE_OWN_AUDIENCE
            case = await step.case(action, id)
            await step.looked(case)
            return await opened(step.uow, who, case)

    async def version(self, who: StaffPrincipal, id: CaseId) -> int:
        """For a page that shows it already: whether it has changed since. Raises: NotFound."""
        async with self._casework.units(reading=True) as uow:
            return (await case_of(uow, who, Action.SEE_CASES, id)).version

    async def card(self, who: StaffPrincipal, audience_id: AudienceId) -> Card:
        """Raises: Refused, NotFound."""
        require(who, Action.DIRECT)
        async with self._casework.step(who, AuditAction.OPENED_CASE, audience_id) as step:
            audience = await step.uow.audiences.get(audience_id)
            case = await step.uow.cases.of_audience(audience_id)
            detail = None
            if case is not None:
                await step.looked(case)
                detail = await opened(step.uow, who, case)
            all_of_them = await step.uow.cases.of_citizen(audience.citizen_id)
            others = [each for each in all_of_them if each != case][:MOST_EARLIER]
            for each in others:
                await step.looked(each)
            return Card(
                audience,
                await step.uow.petitions.get(audience.id),
                await step.uow.petitions.attachments(audience.id),
                detail,
                await listed(step.uow, who, others),
                await step.uow.cases.last_entries([each.id for each in others], {EntryKind.ANSWERED}),
            )

    async def agencies(self, who: StaffPrincipal) -> list[Agency]:
        """To which something may be directed: those that are not closed, by their Arabic names. Raises: Refused."""
        require(who, Action.SEE_CASES)
        today = self._casework.today()
        async with self._casework.units(reading=True) as uow:
            found = [each for each in await uow.agencies.all() if each.closed_on is None or today < each.closed_on]
        return sorted(found, key=lambda agency: agency.name.arabic)
