"""What the office follows, in both databases: counted right, and small numbers not said."""

import functools
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from support.cases import ROADS, WATER
from support.casework import DESK, OFFICE, ROADS_OFFICE, CaseworkScene, casework_on, own
from support.factories import BADR, NOW

from tawasul.casework.core.figures import LEAST_SHOWN, Rated, Satisfied, satisfaction, together
from tawasul.casework.follow_through import LONGEST, FollowedThrough, FollowingThrough
from tawasul.casework.seen import CaseSeen
from tawasul.domain.agency import AgencyId
from tawasul.domain.case import CaseId
from tawasul.domain.errors import DaysBackwards, DaysTooMany, Refused
from tawasul.domain.riyadh import day_of
from tawasul.store.repositories.follow_through import sunday_of

TODAY = day_of(NOW)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


async def followed(scene: CaseworkScene) -> FollowedThrough:
    return await FollowingThrough(scene.casework).between(OFFICE, TODAY, TODAY + timedelta(days=20))


def ids(seen: Sequence[CaseSeen]) -> set[CaseId]:
    return {each.case.id for each in seen}


async def rated(scene: CaseworkScene, rating: int) -> None:
    case = await scene.answered()
    await scene.closing.rate(own(case), case.id, rating)


async def test_what_is_open_overdue_answered_and_contested(scene: CaseworkScene) -> None:
    late, answered = await scene.referred(), [await scene.under_way() for _ in range(LEAST_SHOWN)]
    assert late.due_at is not None
    scene.clock.now = NOW + timedelta(days=10)
    for case in answered:
        await scene.answered_now(case)
    await scene.closing.contest(own(answered[0]), answered[0].id, "لا")
    found = await followed(scene)
    assert (found.total.open, found.total.overdue, found.total.answered) == (6, 1, 5)
    assert found.total.contested_share == pytest.approx(1 / 5)
    assert found.total.median_days == pytest.approx(10)
    assert found.by_governorate == {BADR.id: found.total}
    assert found.by_agency == {WATER.id: found.total}


async def test_an_answer_counts_for_who_gave_it_wherever_the_case_goes(scene: CaseworkScene) -> None:
    """The water company's answers are contested, and the office directs the cases to the roads' branch."""
    cases = [await scene.under_way() for _ in range(LEAST_SHOWN)]
    scene.clock.now = NOW + timedelta(days=4)
    for case in cases:
        await scene.answered_now(case)
        await scene.closing.contest(own(case), case.id, "لا")
        directive = await scene.directed(case, ROADS)
        await scene.ratifying.own(own(case), directive.id)
        await scene.closing.rate(own(case), case.id, 1)
    found = await followed(scene)
    water, roads = found.by_agency[WATER.id], found.by_agency[ROADS.id]
    assert (water.open, water.answered, water.contested_share, water.median_days) == (0, LEAST_SHOWN, 1, 4)
    assert (roads.open, roads.answered, roads.contested_share, roads.median_days) == (LEAST_SHOWN, 0, None, None)
    assert found.satisfaction == {WATER.id: Satisfied(no=LEAST_SHOWN)}

    scene.clock.now = NOW + timedelta(days=8)
    for case in cases:
        await scene.referring.take_on(ROADS_OFFICE, case.id)
        await scene.referring.answer(ROADS_OFFICE, case.id, "عُبد الطريق")
    found = await followed(scene)
    roads = found.by_agency[ROADS.id]
    assert (roads.answered, roads.contested_share, roads.median_days) == (LEAST_SHOWN, 0, 8)
    assert (found.total.answered, found.total.contested_share) == (LEAST_SHOWN, 0)
    assert found.total.closed == 0
    assert WATER.id not in found.by_agency, "nothing of it is last"

    await scene.closing.contest(own(cases[0]), cases[0].id, "لا")
    await scene.closing.withdraw(own(cases[0]), cases[0].id)
    roads = (await followed(scene)).by_agency[ROADS.id]
    assert (roads.answered, roads.closed) == (LEAST_SHOWN, 1)
    assert roads.contested_share == pytest.approx(1 / LEAST_SHOWN)


async def test_behind_each_number_are_its_cases(scene: CaseworkScene) -> None:
    """Those that are late and those that are not are together what is open, of each agency and of none."""
    late, taken = await scene.referred(), await scene.taken()
    scene.clock.now = NOW + timedelta(days=10)
    young = await scene.taken()
    answered = await scene.answered()
    listed = functools.partial(scene.views.office, OFFICE)
    assert ids(await listed(overdue=True)) == {late.id, taken.id}
    assert ids(await listed(overdue=False)) == {young.id, answered.id}
    assert ids(await listed()) == {late.id, taken.id, young.id, answered.id}
    assert ids(await listed(overdue=True, agency_id=WATER.id)) == {late.id}
    assert ids(await listed(overdue=True, with_no_agency=True)) == {taken.id}
    assert ids(await listed(overdue=False, with_no_agency=True)) == {young.id}
    assert ids(await listed(overdue=False, governorate_id=BADR.id)) == {young.id, answered.id}
    await scene.closing.accept(own(answered), answered.id)
    assert ids(await listed(overdue=False)) == {young.id}
    found = await followed(scene)
    assert (found.total.open, found.total.overdue) == (3, 2)
    assert {id: (line.open, line.overdue) for id, line in found.by_agency.items()} == {None: (2, 1), WATER.id: (1, 1)}


async def test_each_week_has_its_place_from_its_sunday(scene: CaseworkScene) -> None:
    await scene.taken()
    weeks = (await followed(scene)).weeks
    assert [week.begins for week in weeks] == [sunday_of(TODAY) + timedelta(days=7 * number) for number in range(4)]
    assert weeks[0].begins.isoweekday() == 7
    assert [week.opened for week in weeks] == [1, 0, 0, 0]


async def test_small_numbers_are_not_said(scene: CaseworkScene) -> None:
    for _ in range(LEAST_SHOWN - 1):
        await rated(scene, 3)
    found = await followed(scene)
    assert found.total.answered == LEAST_SHOWN - 1
    assert (found.total.median_days, found.total.contested_share) == (None, None)
    assert (found.satisfaction, found.satisfied_in_all) == ({}, Satisfied())
    await rated(scene, 1)
    found = await followed(scene)
    assert found.satisfaction == {WATER.id: Satisfied(no=1, yes=4)}
    assert found.total.median_days is not None


def test_what_is_hidden_is_in_no_sum() -> None:
    """Otherwise two answers, one subtracted from the other, would tell it."""
    roads = AgencyId("roads")
    january = [Rated("2026-01", WATER.id, 3, 9), Rated("2026-01", roads, 1, 4)]
    february = [Rated("2026-02", WATER.id, 1, 2), Rated("2026-02", WATER.id, 3, 2)]
    assert satisfaction(january) == satisfaction([*january, *february]) == {WATER.id: Satisfied(yes=9)}
    assert together(satisfaction(january).values()).all == 9


async def test_only_the_office_follows_and_only_a_stretch_that_is_one(scene: CaseworkScene) -> None:
    following = FollowingThrough(scene.casework)
    with pytest.raises(Refused):
        await following.between(DESK, TODAY, TODAY)
    for last, why in ((TODAY - timedelta(days=1), DaysBackwards), (TODAY + timedelta(days=LONGEST), DaysTooMany)):
        with pytest.raises(why):
            await following.between(OFFICE, TODAY, last)
    assert len((await following.between(OFFICE, TODAY, TODAY + timedelta(days=LONGEST - 1))).weeks) > 150
