"""What tests need of cases: an agency, a case taken by a desk, the hands that take its steps."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

from support.factories import BADR, NOW

from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.audience import AudienceId
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import Hand, HandKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import CaseKind, OwnerKind
from tawasul.domain.directive import CaseDirective, DirectiveId, Urgency
from tawasul.domain.people import Citizen
from tawasul.domain.places import Governorate, Name
from tawasul.domain.private import Private
from tawasul.store.unit_of_work import UnitOfWork

WATER = Agency(AgencyId("water"), Name("شركة المياه", "Water company"))
ROADS = Agency(AgencyId("roads"), Name("فرع وزارة النقل", "Transport branch"))

CITIZEN, DESK, OFFICE = Hand(HandKind.CITIZEN), Hand(HandKind.DESK), Hand(HandKind.OFFICE)
OF_WATER = Hand(HandKind.AGENCY, agency_id=WATER.id)
WORDS = Private("كلام يُحفظ")
SOON, LATER = NOW + timedelta(days=3), NOW + timedelta(days=14)
YEAR = 1447

_numbers = itertools.count(1)


def a_case(
    citizen: Citizen,
    number: CaseNumber,
    *,
    subject: str = "طلب تعبيد طريق القرية",
    governorate: Governorate = BADR,
    kind: CaseKind = CaseKind.PETITION,
    now: datetime = NOW,
    due_at: datetime = SOON,
    words: Private[str] | None = WORDS,
) -> Case:
    """As a desk takes it."""
    return Case.open(
        CaseId(f"case-{number.text}"),
        number=number,
        kind=kind,
        citizen_id=citizen.id,
        governorate_id=governorate.id,
        subject=subject,
        due_at=due_at,
        now=now,
        by=DESK,
        words=words,
    )


def a_directive(case: Case, audience_id: AudienceId | None = None) -> CaseDirective:
    """To the water company, proposed now."""
    return CaseDirective.propose(
        DirectiveId(f"directive-{next(_numbers)}"),
        case_id=case.id,
        audience_id=audience_id,
        agency_id=WATER.id,
        wording="يوجه بإيصال المياه إلى القرية",
        urgency=Urgency.URGENT,
        due_on=date(2026, 3, 1),
        today=date(2026, 2, 3),
        now=NOW,
    )


async def opened(uow: UnitOfWork, citizen: Citizen, **more: object) -> Case:
    """With the next number, in the store."""
    case = a_case(citizen, await uow.cases.next_number(YEAR), **more)  # type: ignore[arg-type]
    await uow.cases.open(case)
    return case


def taken_on(case: Case, agency: Agency = WATER) -> Case:
    """The same, referred to the agency, which has taken it on."""
    case.refer(agency.id, DESK, NOW, due_at=SOON, words=WORDS)
    case.take_on(Hand(HandKind.AGENCY, agency_id=agency.id), NOW, due_at=LATER)
    return case


def answered(case: Case) -> Case:
    """The same, answered by its agency: the citizen has the word."""
    if case.owner is OwnerKind.DESK:
        taken_on(case)
    case.answer(OF_WATER, NOW + timedelta(days=10), due_at=LATER + timedelta(days=10), words=WORDS)
    return case
