"""Cases of a demonstration: one in each state that somebody has to act upon, and a few months of those that are done.

Each is walked by the aggregate's own steps, at times that have gone by; nobody is told of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hijridate import Gregorian

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import AudienceId
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import Hand, HandKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_paper import RemainingItem
from tawasul.domain.case_state import CaseKind, CaseState
from tawasul.domain.directive import CaseDirective, DirectiveId, RatifiedBy, Urgency
from tawasul.domain.people import StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.riyadh import day_of
from tawasul.store.demo_people import COMING, TODAY, WAITING, Sample
from tawasul.store.unit_of_work import UnitOfWork

_DAY: Final = timedelta(days=1)
_CONSENT: Final = 14 * _DAY
_SOON: Final = 12 * _DAY
_SAMPLES: Final = {sample.number: sample for sample in (*TODAY, *COMING, *WAITING)}

Steps = tuple[tuple[str, float], ...]
"""What was done, each with the days since the case was opened."""

_AT_AN_AGENCY: Final[Steps] = (("refer", 1), ("take on", 2))
_BY_DIRECTIVE: Final[Steps] = (("direct", 1), ("ratify", 1.2), ("take on", 3))


@dataclass(frozen=True, slots=True)
class _Story:
    """``days_ago``: when it was opened; ``citizen``: the number of the sample."""

    citizen: int
    kind: CaseKind
    subject: str
    days_ago: float
    steps: Steps = ()
    agency: str = "water"


_NOW: Final = (
    _Story(1, CaseKind.AUDIENCE, "تعبيد طريق القرية المؤدي إلى المدرسة", 40,
           (*_BY_DIRECTIVE, ("answer", 33), ("notify", 33.1), ("contest", 36)), "transport"),
    _Story(2, CaseKind.AUDIENCE, "متابعة صك أرض متأخر", 6, (("direct", 5.5),), "municipality"),
    _Story(4, CaseKind.COMPLAINT, "انقطاع المياه المتكرر في الحي", 2, (("direct", 1), ("ratify", 1.5))),
    _Story(11, CaseKind.PETITION, "إيصال المياه إلى القرية", 12, (*_BY_DIRECTIVE, ("report", 9))),
    _Story(13, CaseKind.PETITION, "خزان مياه للمدرسة الابتدائية", 7, (*_AT_AN_AGENCY, ("ask", 5))),
    _Story(15, CaseKind.COMPLAINT, "تأخر مشروع شبكة المياه", 20, (*_AT_AN_AGENCY, ("answer", 16), ("notify", 16.1))),
    _Story(12, CaseKind.PETITION, "جدولة فاتورة مياه متعثرة", 30,
           (*_AT_AN_AGENCY, ("escalate", 18), ("escalate", 22), ("escalate", 26))),
    _Story(6, CaseKind.SUGGESTION, "إنشاء حديقة عامة وممشى", 1),
    _Story(10, CaseKind.PETITION, "كرسي متحرك وتهيئة المنزل", 0.5),
    _Story(7, CaseKind.PETITION, "التوظيف في برنامج التأهيل", 35, (*_AT_AN_AGENCY, ("answer", 15), ("accept", 17)),
           "social"),
    _Story(9, CaseKind.AUDIENCE, "مساعدة أسرة متضررة من السيول", 50,
           (*_BY_DIRECTIVE, ("answer", 20), ("notify", 20.1), ("lapse", 35)), "social"),
    _Story(8, CaseKind.AUDIENCE, "افتتاح فرع للأحوال المدنية", 25, (("settle", 2), ("accept", 4))),
    _Story(16, CaseKind.PETITION, "ترميم مسجد الحي", 9, (("withdraw", 3),)),
)  # fmt: skip

_BEFORE: Final = (
    ("انقطاع المياه", "water"), ("إنارة الشارع", "municipality"), ("صيانة الطريق", "transport"),
    ("موعد في المستشفى", "health"), ("ضعف التيار الكهربائي", "electricity"), ("نقل مدرسي", "education"),
)  # fmt: skip
_WHERE: Final = ("قرية الروضة", "حي السلام", "حي النزهة", "قرية السديرة", "حي العزيزية")
_RATINGS: Final = (3, 3, 2, 3, 1)
_HOW_MANY: Final = 72
_WEEKS: Final = 14


async def make_cases(uow: UnitOfWork, now: datetime, audience_id: AudienceId) -> None:
    """Adds them, after the sample citizens, the staff and the region's agencies; commits nothing.

    ``audience_id``: of the first sample citizen, who comes again for the case whose answer they contested.
    """
    for story in sorted((*_NOW, *_done_before()), key=lambda story: -story.days_ago):
        case = await _tell(uow, story, now)
        if case.state is CaseState.CONTESTED:
            await uow.cases.link_audience(case.id, audience_id)
    # It is long ago: whoever was to be told was.
    uow.cases.take_events()


def _done_before() -> Iterator[_Story]:
    """Closed ones of the last weeks, some quicker and some slower, one in nine contested on the way."""
    citizens = [sample.number for sample in (*TODAY, *COMING)]
    for place in range(_HOW_MANY):
        subject, agency = _BEFORE[place % len(_BEFORE)]
        took = 4.0 + (place * 7) % 19
        steps: Steps = (*_AT_AN_AGENCY, ("answer", took))
        if place % 9 == 4:
            steps += (("contest", took + 2), ("accept", took + 9))
        else:
            steps += (("accept", took + 1 + place % 5),)
        ago = 36.0 + (place * 11) % (_WEEKS * 7)
        kind = (CaseKind.COMPLAINT, CaseKind.PETITION)[place % 2]
        yield _Story(
            citizens[(place * 4) % len(citizens)],
            kind,
            f"{subject} في {_WHERE[place % len(_WHERE)]}",
            ago,
            steps,
            agency,
        )


async def _tell(uow: UnitOfWork, story: _Story, now: datetime) -> Case:
    sample = _SAMPLES[story.citizen]
    opened_at = now - story.days_ago * _DAY
    walk = _Walk(story, sample.governorate_id, opened_at)
    case = walk.open(await uow.cases.next_number(_hijri_year(day_of(opened_at))), sample)
    for name, after in story.steps:
        walk.step(name, opened_at + after * _DAY)
    await uow.cases.open(case)
    if walk.directive is not None:
        await uow.directives.add(walk.directive)
    if case.remaining:
        words = ("الخط الفرعي إلى المدرسة", "محضر التسليم")
        items = [RemainingItem(Private(each), day_of(now + (10 + place) * _DAY)) for place, each in enumerate(words)]
        await uow.cases.put_remaining(case.id, items)
    if case.state is CaseState.CLOSED and case.answered_at is not None:
        month = f"{day_of(case.closed_at or now):%Y-%m}"
        await uow.satisfaction.add(month, case.governorate_id, case.answered_by, _RATINGS[case.number.serial % 5])
    return case


def _hijri_year(day: date) -> int:
    return Gregorian(day.year, day.month, day.day).to_hijri().year


class _Walk:
    """One case on its way, with its directive if it has one."""

    def __init__(self, story: _Story, governorate_id: GovernorateId, opened_at: datetime) -> None:
        self.directive: CaseDirective | None = None
        self._story = story
        self._opened_at = opened_at
        self._agency_id = AgencyId(story.agency)
        desk = f"sample-{governorate_id}" if governorate_id in ("badr", "yanbu") else None
        self._desk = Hand(HandKind.DESK, None if desk is None else StaffId(desk))
        self._citizen = Hand(HandKind.CITIZEN)
        self._office = Hand(HandKind.OFFICE, StaffId("sample-office"))
        account = StaffId("sample-water") if story.agency == "water" else None
        self._agency = Hand(HandKind.AGENCY, account, self._agency_id)

    def open(self, number: CaseNumber, sample: Sample) -> Case:
        """As the desk took it."""
        self._case = Case.open(
            CaseId(uuid.uuid4().hex),
            number=number,
            kind=self._story.kind,
            citizen_id=sample.citizen_id,
            governorate_id=sample.governorate_id,
            subject=self._story.subject,
            due_at=self._opened_at + 3 * _DAY,
            now=self._opened_at,
            by=self._desk,
            words=Private(f"يرجو النظر في: {self._story.subject}."),
        )
        return self._case

    def step(self, name: str, at: datetime) -> None:
        """One step, then."""
        steps: dict[str, Callable[[datetime], None]] = {
            "direct": self._direct,
            "ratify": self._ratify,
            "refer": lambda at: case.refer(
                self._agency_id, self._desk, at, due_at=at + _SOON, words=Private("للاختصاص والإفادة.")
            ),
            "take on": lambda at: case.take_on(self._agency, at, due_at=at + _SOON),
            "ask": lambda at: case.ask(
                self._agency, at, due_at=at + _SOON, words=Private("نرجو تحديد موقع المدرسة على الخريطة.")
            ),
            "report": lambda at: case.report(
                2, self._agency, at, due_at=at + _SOON, words=Private("نُفذ الخط الرئيسي، وبقي ما هو مبين.")
            ),
            "answer": lambda at: case.answer(
                self._agency, at, due_at=at + _CONSENT, words=Private("تمت المعالجة وفق المرفق.")
            ),
            "settle": lambda at: case.settle(
                self._office, at, due_at=at + _CONSENT, words=Private("أُفيد المواطن بموعد الافتتاح.")
            ),
            "notify": lambda at: case.notified(Hand.service(), at),
            "contest": lambda at: case.contest(
                self._citizen, at, due_at=at + _SOON, words=Private("لم يصل العمل إلى الموقع المذكور.")
            ),
            "accept": lambda at: case.accept(self._citizen, at),
            "withdraw": lambda at: case.withdraw(self._citizen, at),
            "lapse": lambda at: case.lapse(Hand.service(), at),
            "escalate": lambda at: case.escalate(Hand.service(), at, due_at=at + _SOON),
        }
        case = self._case
        steps[name](at)

    def _direct(self, at: datetime) -> None:
        wording = f"يُوجَّه بالنظر في «{self._story.subject}» وعمل ما يلزم، والإفادة."
        self.directive = CaseDirective.propose(
            DirectiveId(uuid.uuid4().hex),
            case_id=self._case.id,
            audience_id=None,
            agency_id=self._agency_id,
            wording=wording,
            urgency=Urgency.URGENT,
            due_on=day_of(at + 20 * _DAY),
            today=day_of(at),
            now=at,
            by=StaffId("sample-office"),
        )
        self._case.direct(self._office, at, due_at=at + 3 * _DAY, words=Private(wording))

    def _ratify(self, at: datetime) -> None:
        assert self.directive is not None, "what is ratified was directed"
        self.directive = self.directive.ratified(RatifiedBy.OWN_SCREEN, at)
        self._case.ratify(self._agency_id, self._citizen, at, due_at=at + _SOON)
