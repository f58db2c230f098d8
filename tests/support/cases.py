"""What tests need of cases: an agency, a case taken by a desk, the hands that take its steps."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from support.factories import BADR, NOW, YANBU

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
_DAY = timedelta(days=1)


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


async def many_cases(uow: UnitOfWork, citizen: Citizen, chance: random.Random, count: int = 80) -> list[Case]:
    """In all states, of two governorates, with two agencies or none, of the last hundred days."""
    cases = []
    for _ in range(count):
        governorate, agency = chance.choice([BADR, YANBU]), chance.choice([WATER, ROADS])
        case = await opened(
            uow, citizen, governorate=governorate, now=NOW - chance.uniform(1, 100) * _DAY,
            due_at=NOW + chance.uniform(-9, 9) * _DAY,
        )  # fmt: skip
        steps: Sequence[Callable[[Case], object]] = [
            lambda case, agency=agency: taken_on(case, agency),
            lambda case: case.escalate(Hand.service(), NOW, due_at=NOW + _DAY),
            _answered_between(chance),
            lambda case: case.contest(CITIZEN, NOW - _DAY, due_at=NOW, words=WORDS),
            _accepted_between(chance),
        ]
        if chance.random() < 0.3:
            case.settle(DESK, case.opened_at + chance.uniform(0, 30) * _DAY, due_at=LATER, words=WORDS)
            steps = steps[3:]
        for step in steps[: chance.randrange(len(steps) + 1)]:
            step(case)
        cases.append(await uow.cases.save(case))
    return cases


def _answered_between(chance: random.Random) -> Callable[[Case], None]:
    days = chance.uniform(0, 40)
    return lambda case: case.answer(OF_WATER, case.opened_at + days * _DAY, due_at=LATER, words=WORDS)


def _accepted_between(chance: random.Random) -> Callable[[Case], None]:
    days = chance.uniform(0, 20)
    return lambda case: case.accept(CITIZEN, (case.answered_at or NOW) + days * _DAY)
