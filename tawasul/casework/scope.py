"""Who may touch which case. What is not theirs looks as if it were not there.

A desk has the cases of its governorate, the office all. An agency has what is referred to it, and from its referral
on; a citizen has the one case that they have shown to be theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tawasul.access.policy import Action, CitizenPrincipal, StaffPrincipal, allowed
from tawasul.domain.agency import AgencyId
from tawasul.domain.audit import ActorKind, AuditActor
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import Hand, HandKind
from tawasul.domain.case_state import CaseState
from tawasul.domain.errors import NotFound, Refused, Stale
from tawasul.domain.people import Role
from tawasul.domain.places import GovernorateId
from tawasul.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CitizenOfCase:
    """A citizen who has shown that the case is theirs: by its link, or by its number with their mobile or ID."""

    case_id: CaseId


ByCitizen = CitizenPrincipal | CitizenOfCase
"""By the device of an audience's link, which is one audience of the case; or by the case itself."""

Who = StaffPrincipal | ByCitizen

_NOT_YET_REFERRED: Final = frozenset({CaseState.RECEIVED, CaseState.PROPOSED})
"""Whatever agency had it before: where it goes next is not that agency's to see."""

_HANDS: Final = {Role.DESK: HandKind.DESK, Role.OFFICE: HandKind.OFFICE, Role.AGENCY: HandKind.AGENCY}


async def case_of(uow: UnitOfWork, who: Who, action: Action, id: CaseId, version: int | None = None) -> Case:
    """``version``: as the person's page knows it; ``None`` where what it shows does not matter for the step.

    Raises:
        NotFound: there is none, or it is not theirs, or theirs for something else.
        Stale: the page is older than what it shows.
    """
    case = await uow.cases.get(id)
    if not await _is_theirs(uow, who, action, case):
        raise NotFound("case")
    if version is not None and case.version != version:
        raise Stale
    return case


async def _is_theirs(uow: UnitOfWork, who: Who, action: Action, case: Case) -> bool:
    match who:
        case CitizenOfCase(case_id=own):
            return own == case.id
        case CitizenPrincipal(audience_id=audience_id):
            audience = await uow.audiences.get(audience_id)
            return audience.case_id == case.id and allowed(who, action, audience=audience_id)
        case StaffPrincipal(role=Role.AGENCY):
            return allowed(who, action) and is_with(who.agency_id, case)
    return allowed(who, action, governorate=case.governorate_id)


def is_with(agency_id: AgencyId | None, case: Case) -> bool:
    """Whether a case was referred to this agency last, and it has not given it back."""
    return agency_id is not None and case.agency_id == agency_id and case.state not in _NOT_YET_REFERRED


def hand_of(who: Who) -> Hand:
    """As whom they act. Raises: Refused: nobody who has a part in a case."""
    if not isinstance(who, StaffPrincipal):
        return Hand(HandKind.CITIZEN)
    if who.role not in _HANDS:
        raise Refused
    return Hand(_HANDS[who.role], who.staff_id, who.agency_id)


def for_the_citizen(who: Who) -> Hand:
    """The citizen's own act; by a desk for the citizen who stands before it, with the clerk who wrote it down."""
    return Hand(HandKind.CITIZEN, who.staff_id if isinstance(who, StaffPrincipal) else None)


def actor_of(who: Who) -> AuditActor:
    """As whom they are noted in the audit log; a citizen by their case or audience."""
    return AuditActor(ActorKind.CITIZEN, who.case_id) if isinstance(who, CitizenOfCase) else AuditActor.of(who)


def governorate_of(who: StaffPrincipal) -> GovernorateId:
    """The desk's governorate. Raises: Refused: it has none, so there is nothing it looks after."""
    if who.governorate_id is None:
        raise Refused
    return who.governorate_id


def agency_of(who: StaffPrincipal) -> AgencyId:
    """The account's agency. Raises: Refused: it has none."""
    if who.agency_id is None:
        raise Refused
    return who.agency_id
