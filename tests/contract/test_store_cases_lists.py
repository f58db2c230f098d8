"""The lists, the search and the figures of cases, in both databases alike."""

import random
import statistics
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from support.cases import (
    CITIZEN,
    DESK,
    LATER,
    OF_WATER,
    OFFICE,
    ROADS,
    SOON,
    WATER,
    WORDS,
    answered,
    many_cases,
    opened,
    taken_on,
)
from support.factories import BADR, NOW, YANBU, YANBU_1, a_citizen, a_sitting, an_audience, arrived
from support.store import open_database, put_places

from tawasul.domain.audience import CallId, State
from tawasul.domain.case import Case
from tawasul.domain.case_entry import Hand
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import OPEN_STATES, CaseKind, CaseState
from tawasul.domain.outcome import HeardOnly
from tawasul.domain.sitting import Purpose
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.store.repositories.case_lists import Waiting
from tawasul.store.repositories.follow_through import AnswerDays, Figures, Week
from tawasul.store.unit_of_work import Database, UnitOfWork

DAY = timedelta(days=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as database:
        async with database.unit_of_work() as uow:
            await put_places(uow)
            for agency in (WATER, ROADS):
                await uow.agencies.put(agency)
            await uow.commit()
        yield database


@pytest.fixture
async def uow(database: Database) -> AsyncIterator[UnitOfWork]:
    """One transaction for the whole of a test."""
    async with database.unit_of_work() as uow:
        await uow.citizens.add(SALIM)
        yield uow


SALIM = a_citizen(77)


async def saved(uow: UnitOfWork, step: Callable[[Case], object], **more: Any) -> Case:
    """A case after this step."""
    case = await opened(uow, SALIM, **more)
    step(case)
    return await uow.cases.save(case)


def nothing(case: Case) -> None:
    """As it was taken."""


async def test_a_desk_has_before_it_what_waits_for_it(uow: UnitOfWork) -> None:
    late = await saved(uow, nothing, due_at=SOON + DAY)
    soon = await saved(uow, nothing)
    await saved(uow, nothing, governorate=YANBU)
    await saved(uow, taken_on)
    asked = await saved(uow, lambda case: taken_on(case).ask(OF_WATER, NOW, due_at=SOON - DAY, words=WORDS))
    assert await uow.cases.owed_by_desk(BADR.id, 10) == [asked, soon, late]
    assert await uow.cases.owed_by_desk(BADR.id, 1) == [asked]
    other_kind = CaseKind.COMPLAINT if asked.kind is not CaseKind.COMPLAINT else CaseKind.SUGGESTION
    assert await uow.cases.owed_by_desk(BADR.id, 1, asked.kind) == [asked]
    assert await uow.cases.owed_by_desk(BADR.id, 1, other_kind) == []


async def test_a_governorates_cases_come_page_by_page_latest_first(uow: UnitOfWork) -> None:
    steps = [nothing, taken_on, lambda case: case.withdraw(CITIZEN, NOW), answered]
    cases = [await saved(uow, steps[place % 4], kind=list(CaseKind)[place % 3]) for place in range(12)]
    await saved(uow, nothing, governorate=YANBU)
    seen: list[Case] = []
    before: CaseNumber | None = None
    while page := await uow.cases.of_governorate(BADR.id, limit=5, before=before):
        seen += page
        before = page[-1].number
    assert seen == cases[::-1]
    open_ones = [case for case in cases[::-1] if case.state is not CaseState.CLOSED]
    assert await uow.cases.of_governorate(BADR.id, states=OPEN_STATES, limit=20) == open_ones
    assert await uow.cases.of_governorate(BADR.id, states=OPEN_STATES, limit=4) == open_ones[:4]
    after = await uow.cases.of_governorate(BADR.id, states=OPEN_STATES, limit=20, before=open_ones[3].number)
    assert after == open_ones[4:]
    petitions = [case for case in cases[::-1] if case.kind is CaseKind.PETITION]
    assert await uow.cases.of_governorate(BADR.id, kind=CaseKind.PETITION, limit=20) == petitions
    assert await uow.cases.of_governorate(BADR.id, states=[CaseState.ASKED], limit=20) == []
    with_water = [case for case in cases[::-1] if case.agency_id == WATER.id]
    assert await uow.cases.listed(agency_id=WATER.id, limit=20) == with_water
    assert await uow.cases.listed(governorate_id=YANBU.id, agency_id=WATER.id, limit=20) == []


async def test_an_agency_has_so_many_in_each_state_and_so_many_of_those_are_late(uow: UnitOfWork) -> None:
    for _ in range(2):
        await saved(uow, taken_on)
    await saved(uow, lambda case: taken_on(case).escalate(Hand.service(), NOW, due_at=LATER + DAY))
    await saved(uow, lambda case: case.refer(WATER.id, DESK, NOW, due_at=SOON, words=WORDS))
    await saved(uow, answered)
    await saved(uow, lambda case: answered(case).accept(CITIZEN, NOW))
    await saved(uow, lambda case: taken_on(case, ROADS))
    assert await uow.cases.open_of_agency(WATER.id, SOON - DAY) == {
        CaseState.UNDER_WAY: Waiting(3, 1),
        CaseState.REFERRED: Waiting(1, 0),
        CaseState.ANSWERED: Waiting(1, 0),
    }
    late = await uow.cases.open_of_agency(WATER.id, LATER)
    assert (late[CaseState.UNDER_WAY], late[CaseState.REFERRED]) == (Waiting(3, 3), Waiting(1, 1))
    assert late[CaseState.ANSWERED] == Waiting(1, 0), "nobody is late while it is the citizen's turn"


async def test_the_late_ones_are_those_that_are_late_or_were_since_the_state_began(uow: UnitOfWork) -> None:
    on_time = await saved(uow, nothing, due_at=SOON + DAY)
    behind = await saved(uow, nothing)
    once = await saved(uow, lambda case: case.escalate(Hand.service(), NOW, due_at=SOON + DAY))
    with_the_citizen = await saved(uow, lambda case: case.settle(DESK, NOW, due_at=SOON, words=WORDS))
    await saved(uow, lambda case: case.withdraw(CITIZEN, NOW))
    assert await uow.cases.listed(late_at=SOON, limit=9) == [once, behind]
    assert await uow.cases.listed(late_at=SOON, states=[CaseState.RECEIVED], limit=9) == [once, behind]
    assert await uow.cases.due(SOON, 9) == [behind.id, with_the_citizen.id]
    assert await uow.cases.due(SOON + DAY, 2) == [behind.id, with_the_citizen.id]
    assert on_time.id in await uow.cases.due(SOON + DAY, 9)


async def test_an_agency_has_its_own_and_nobody_elses(uow: UnitOfWork) -> None:
    slow = await saved(uow, lambda case: case.refer(WATER.id, DESK, NOW, due_at=LATER, words=WORDS))
    quick = await saved(uow, lambda case: case.refer(WATER.id, DESK, NOW, due_at=SOON, words=WORDS))
    mine = await saved(uow, taken_on)
    await saved(uow, lambda case: taken_on(case, ROADS))
    await saved(uow, nothing)
    closed = [await saved(uow, _accepted_on(day)) for day in (1, 3, 2)]
    assert await uow.cases.of_agency(WATER.id, [CaseState.REFERRED], 9) == [quick, slow]
    assert await uow.cases.of_agency(WATER.id, [CaseState.UNDER_WAY, CaseState.REFERRED], 9) == [quick, slow, mine]
    done = await uow.cases.of_agency(WATER.id, [CaseState.CLOSED, CaseState.REFERRED], 4)
    assert done == [quick, slow, closed[1], closed[2]]


def _accepted_on(day: int) -> Callable[[Case], None]:
    return lambda case: answered(case).accept(CITIZEN, NOW + (10 + day) * DAY)


async def test_the_agenda_has_the_longest_contested_first(uow: UnitOfWork) -> None:
    second = await saved(uow, lambda case: answered(case).contest(CITIZEN, NOW + DAY, due_at=LATER, words=WORDS))
    first = await saved(uow, lambda case: answered(case).contest(CITIZEN, NOW, due_at=LATER, words=WORDS))
    overdue = await saved(uow, _three_times_late)
    await saved(uow, answered)
    assert await uow.cases.on_agenda(9) == [first, overdue, second]
    await uow.cases.save(_withdrawn(first))
    assert await uow.cases.on_agenda(1) == [overdue]


def _three_times_late(case: Case) -> None:
    case.since = NOW + DAY / 2
    for _ in range(3):
        case.escalate(Hand.service(), NOW, due_at=LATER)


def _withdrawn(case: Case) -> Case:
    case.withdraw(CITIZEN, NOW)
    return case


async def test_a_citizens_and_those_to_compare_with(uow: UnitOfWork) -> None:
    other = a_citizen()
    await uow.citizens.add(other)
    old = await saved(uow, nothing, now=NOW - 40 * DAY)
    new = await saved(uow, nothing)
    await opened(uow, other, governorate=YANBU)
    closed = await saved(uow, lambda case: case.withdraw(CITIZEN, NOW))
    assert await uow.cases.of_citizen(SALIM.id) == [closed, new, old]
    assert await uow.cases.open_for_comparison(BADR.id, NOW - 30 * DAY, 9) == [new]
    assert await uow.cases.open_for_comparison(BADR.id, NOW - 50 * DAY, 9) == [new, old]
    assert await uow.cases.many([new.id, closed.id]) == {new.id: new, closed.id: closed}
    assert await uow.cases.many([]) == {}


@pytest.mark.parametrize(
    "typed",
    [
        "إيصال المياه إلى قرية الأثيلة", "ايصال مياه قريه الاثيله", "لمياه القرية", "المِيَاه", "مياه", "والمياه",
        "الميـــاه", "قرية  مياه", "الأثيلة إيصال", "ﺍﻟﻤﻴﺎﻩ", "إلى قرية",
    ],
)  # fmt: skip
async def test_a_case_is_found_by_the_words_of_its_subject_in_any_spelling(uow: UnitOfWork, typed: str) -> None:
    case = await saved(uow, nothing, subject="طلب إيصال المياه إلى قرية الأُثيلة")
    await saved(uow, nothing, subject="شكوى من انقطاع الكهرباء")
    if typed == "لمياه القرية":
        # One letter before the noun without an article is the word's own, as far as anybody can tell.
        assert await uow.cases.search(typed, None, 9) == []
    else:
        assert await uow.cases.search(typed, None, 9) == [case]


async def test_a_search_wants_every_word_and_keeps_to_the_governorate(uow: UnitOfWork) -> None:
    first = await saved(uow, nothing, subject="طريق القرية")
    second = await saved(uow, nothing, subject="مدرسة القرية", governorate=YANBU)
    third = await saved(uow, nothing, subject="طريق القرية والمدرسة")
    assert await uow.cases.search("قرية", None, 9) == [third, second, first]
    assert await uow.cases.search("قرية", None, 2) == [third, second]
    assert await uow.cases.search("مدرسة طريق", None, 9) == [third]
    assert await uow.cases.search("قرية", YANBU.id, 9) == [second]
    for nobody in ("", " – ", "حديقة", "حديقة قرية", "قري"):
        assert await uow.cases.search(nobody, None, 9) == []


async def test_the_tokens_of_a_subject_are_not_those_of_a_name(uow: UnitOfWork) -> None:
    await saved(uow, nothing, subject="سالم")
    names = {row[0] for row in await uow._session.execute(text("SELECT token FROM citizen_name_tokens"))}
    subjects = {row[0] for row in await uow._session.execute(text("SELECT token FROM case_tokens"))}
    assert len(subjects) == 1
    assert not names & subjects


async def test_the_figures_are_what_a_count_by_hand_gives(uow: UnitOfWork) -> None:
    cases = await _sent_elsewhere(uow, await many_cases(uow, SALIM, random.Random(5)))
    first, end, now = NOW - 60 * DAY, NOW - 10 * DAY, NOW
    found = {(each.governorate_id, each.agency_id): each for each in await uow.follow_through.figures(first, end, now)}
    assert found == {key: figures for key, figures in _by_hand(cases, first, end, now).items() if _any(figures)}
    assert any(figures.contested for figures in found.values())
    assert any(case.answered_by not in (None, case.agency_id) for case in cases if _in(case.answered_at, first, end))
    assert any(figures.overdue for figures in found.values())


async def test_the_median_is_what_a_sort_by_hand_gives(uow: UnitOfWork) -> None:
    cases = await _sent_elsewhere(uow, await many_cases(uow, SALIM, random.Random(6)))
    first, end = NOW - 60 * DAY, NOW - 10 * DAY
    through = uow.follow_through
    alone = await through.answer_days(first, end)
    assert alone is not None
    assert alone == _median([case for case in cases if _in(case.answered_at, first, end)])
    by_both = await through.answer_days_by_both(first, end)
    by_agency = await through.answer_days_by_agency(first, end)
    by_governorate = await through.answer_days_by_governorate(first, end)
    assert {agency for _, agency in by_both} == set(by_agency) == {WATER.id, ROADS.id, None}
    for (governorate, agency), found in by_both.items():
        own = [case for case in cases if (case.governorate_id, case.answered_by) == (governorate, agency)]
        assert found == _median([case for case in own if _in(case.answered_at, first, end)])
    for governorate, found in by_governorate.items():
        own = [case for case in cases if case.governorate_id == governorate]
        assert found == _median([case for case in own if _in(case.answered_at, first, end)])
    assert await through.answer_days(NOW + DAY, NOW + 2 * DAY) is None
    assert await through.answer_days_by_both(NOW + DAY, NOW + 2 * DAY) == {}


async def test_weeks_begin_on_sunday_at_midnight_in_riyadh(uow: UnitOfWork) -> None:
    sunday = datetime.fromisoformat("2026-02-01T00:00:00+03:00")
    second = timedelta(seconds=1)
    for moment in (sunday - second, sunday, sunday + 7 * DAY - second, sunday + 7 * DAY):
        await saved(uow, nothing, now=moment)
    await saved(uow, lambda case: case.withdraw(CITIZEN, sunday), now=sunday - second, governorate=YANBU)
    weeks = [Week(date(2026, 1, 25), 2, 0), Week(date(2026, 2, 1), 2, 1), Week(date(2026, 2, 8), 1, 0)]
    assert await uow.follow_through.weekly(sunday - DAY, sunday + 9 * DAY) == weeks
    badr = [Week(date(2026, 1, 25), 1, 0), Week(date(2026, 2, 1), 2, 0)]
    assert await uow.follow_through.weekly(sunday - DAY, sunday + 7 * DAY, governorate_id=BADR.id) == badr


async def test_where_audiences_were_heard(uow: UnitOfWork) -> None:
    sitting, rehearsal = a_sitting(), a_sitting("rehearsal", purpose=Purpose.REHEARSAL)
    await uow.sittings.add(sitting)
    await uow.sittings.add(rehearsal)
    for number, (venue, at) in enumerate([
        (None, sitting), (AtKiosk(YANBU_1.id), sitting), (OwnLocation(), sitting), (InPerson(), sitting),
        (None, sitting), (None, rehearsal),
    ]):  # fmt: skip
        citizen = a_citizen()
        await uow.citizens.add(citizen)
        audience = arrived(an_audience(citizen, at, number=number, venue=venue))
        await uow.audiences.add(audience)
        if number != 4:
            audience.call_in(CallId(f"call-{number}"), NOW)
            audience.join(NOW)
            audience.conclude(HeardOnly(), NOW)
        assert audience.state in (State.CONCLUDED, State.ARRIVED)
        await uow.audiences.save(audience)
    found = await uow.follow_through.heard(NOW - DAY, NOW + DAY)
    assert found.at_centres == {"badr-centre": 1, "yanbu-centre": 1}
    assert (found.at_own_location, found.in_person) == ({BADR.id: 1}, 1)
    assert (await uow.follow_through.heard(NOW + DAY, NOW + 2 * DAY)).at_centres == {}


async def _sent_elsewhere(uow: UnitOfWork, cases: list[Case]) -> list[Case]:
    """The same, with those that are contested directed to the other agency."""
    for case in cases:
        if case.state is not CaseState.CONTESTED:
            continue
        case.direct(OFFICE, NOW, due_at=SOON, words=WORDS)
        case.ratify(ROADS.id if case.answered_by == WATER.id else WATER.id, CITIZEN, NOW, due_at=SOON)
    return [await uow.cases.save(case) for case in cases]


def _by_hand(cases: list[Case], first: datetime, end: datetime, now: datetime) -> dict[Any, Figures]:
    found: dict[Any, Figures] = {}
    for case in cases:
        key = (case.governorate_id, case.agency_id)
        of_answer = (case.governorate_id, case.answered_by)
        before = found.get(key, Figures(*key))
        is_open = case.state is not CaseState.CLOSED
        behind = case.escalations > 0 or (case.due_at is not None and case.due_at <= now)
        found[key] = replace(
            before,
            open=before.open + is_open,
            overdue=before.overdue + (is_open and case.state is not CaseState.ANSWERED and behind),
            opened=before.opened + _in(case.opened_at, first, end),
            closed=before.closed + _in(case.closed_at, first, end),
        )
        if _in(case.answered_at, first, end):
            before = found.get(of_answer, Figures(*of_answer))
            contested = before.contested + case.answer_contested
            found[of_answer] = replace(before, answered=before.answered + 1, contested=contested)
    return found


def _any(figures: Figures) -> bool:
    return any((figures.open, figures.opened, figures.answered, figures.closed))


def _in(moment: datetime | None, first: datetime, end: datetime) -> bool:
    return moment is not None and first <= moment < end


def _median(cases: list[Case]) -> AnswerDays:
    days = [((case.answered_at or NOW) - case.opened_at) / DAY for case in cases]
    return AnswerDays(pytest.approx(statistics.median(days), abs=1e-6), len(days))
