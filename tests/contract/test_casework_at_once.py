"""Two act on one case at the same moment, in both databases: one does it, the other is told so, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence

import pytest
from support.cases import WATER
from support.casework import DESK, OFFICE, WATER_OFFICE, CaseworkScene, casework_on, outcomes, own
from support.interleaving import nobody_changes

from tawasul.domain.case import Case
from tawasul.domain.case_entry import EntryKind
from tawasul.domain.case_state import CaseState
from tawasul.domain.errors import AnsweredAlready, CaseClosed, Conflict, DirectiveSettled, Stale, UnlawfulTransition


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


async def at_the_same_moment(scene: CaseworkScene, case: Case, *acts: Awaitable[object]) -> Sequence[object]:
    """What became of each. On PostgreSQL all have read the case before any of them writes it: they meet at its row."""
    url = scene.database.engine.url
    if url.get_backend_name() == "sqlite":
        return await outcomes(*acts)
    async with nobody_changes(url.render_as_string(hide_password=False), "cases", case.id) as gate:
        doing = [asyncio.ensure_future(act) for act in acts]
        # What is refused at first sight does not come to the row.
        await gate.until_waiting(len(acts), *doing)
        await gate.open()
        return await outcomes(*doing)


def refusals(done: Sequence[object]) -> list[object]:
    return [each for each in done if isinstance(each, type) and issubclass(each, Conflict)]


async def kinds(scene: CaseworkScene, case: Case) -> list[EntryKind]:
    return [entry.kind for entry in await scene.entries(case)]


async def test_an_agency_that_answers_twice_has_answered_once(scene: CaseworkScene) -> None:
    case = await scene.under_way()
    done = await at_the_same_moment(
        scene, case, *(scene.referring.answer(WATER_OFFICE, case.id, f"جواب {n}") for n in range(3))
    )
    assert set(refusals(done)) <= {Stale, AnsweredAlready}
    assert len(refusals(done)) == 2
    assert (await kinds(scene, case)).count(EntryKind.ANSWERED) == 1
    assert len(await scene.refused()) == 2, "and noted"


async def test_of_the_office_and_the_citizen_who_contests_one_is_told(scene: CaseworkScene) -> None:
    """The office prolongs nothing that is answered: it directs anew only what is contested."""
    case = await scene.answered()
    contested = await scene.closing.contest(own(case), case.id, "لم تصل")
    done = await at_the_same_moment(scene, contested, scene.directed(case), scene.closing.accept(own(case), case.id))
    assert len(refusals(done)) == 1
    assert set(refusals(done)) <= {Stale, CaseClosed, UnlawfulTransition}
    now = await scene.case(case)
    async with scene.database.unit_of_work(reading=True) as uow:
        proposed = await uow.directives.proposed_of(case.id)
    assert (now.state is CaseState.PROPOSED) == (proposed is not None), "no directive without its case"
    assert now.state in {CaseState.PROPOSED, CaseState.CLOSED}


async def test_a_directive_written_while_the_citizen_contests_is_not_lost(scene: CaseworkScene) -> None:
    """Whichever comes first: the contest stands, and the office is told or has directed anew."""
    case = await scene.answered()
    done = await at_the_same_moment(
        scene, case, scene.closing.contest(own(case), case.id, "لم تصل"), scene.directed(case)
    )
    assert EntryKind.CONTESTED in await kinds(scene, case)
    now = await scene.case(case)
    assert now.state is (CaseState.CONTESTED if refusals(done) else CaseState.PROPOSED)
    assert set(refusals(done)) <= {Stale, UnlawfulTransition}


async def test_the_clock_that_runs_out_while_the_agency_answers_takes_nothing_away(scene: CaseworkScene) -> None:
    case = await scene.under_way()
    assert case.due_at is not None
    scene.clock.now = case.due_at
    done = await at_the_same_moment(
        scene, case, scene.clockwork.turn(), scene.referring.answer(WATER_OFFICE, case.id, "وصلت")
    )
    now = await scene.case(case)
    if refusals(done):
        assert refusals(done) == [Stale], "the agency is told to look again"
        assert (now.state, now.escalations) == (CaseState.UNDER_WAY, 1)
        await scene.referring.answer(WATER_OFFICE, case.id, "وصلت")
    assert (await scene.case(case)).state is CaseState.ANSWERED


async def test_silence_that_closes_while_the_citizen_contests_leaves_one_word(scene: CaseworkScene) -> None:
    case = await scene.answered()
    assert case.due_at is not None
    scene.clock.now = case.due_at
    done = await at_the_same_moment(
        scene, case, scene.clockwork.turn(), scene.closing.contest(own(case), case.id, "لم تصل")
    )
    ends = {EntryKind.LAPSED, EntryKind.CONTESTED} & set(await kinds(scene, case))
    assert len(ends) == 1
    assert (ends == {EntryKind.LAPSED}) == bool(refusals(done))
    assert set(refusals(done)) <= {Stale, CaseClosed}


async def test_a_directive_is_ratified_or_corrected_and_never_both(scene: CaseworkScene) -> None:
    case = await scene.taken()
    directive = await scene.directed(case)
    done = await at_the_same_moment(
        scene,
        case,
        scene.ratifying.own(own(case), directive.id),
        scene.ratifying.correct(DESK, directive.id, "بل الطريق"),
    )
    assert len(refusals(done)) == 1
    assert set(refusals(done)) <= {Stale, DirectiveSettled}
    now = await scene.case(case)
    assert (now.agency_id == WATER.id) == (now.state is CaseState.REFERRED)


async def test_two_of_the_office_write_one_directive(scene: CaseworkScene) -> None:
    case = await scene.taken()
    done = await at_the_same_moment(scene, case, scene.directed(case), scene.directed(case))
    assert set(refusals(done)) <= {Stale}
    async with scene.database.unit_of_work(reading=True) as uow:
        directives = await uow.directives.of_case(case.id)
    assert len(directives) == 2 - len(refusals(done))
    assert sum(each.state.value == "proposed" for each in directives) == 1


async def test_two_clockworks_escalate_once(scene: CaseworkScene) -> None:
    case = await scene.referred()
    assert case.due_at is not None
    scene.clock.now = case.due_at
    turns = await at_the_same_moment(scene, case, scene.clockwork.turn(), scene.clockwork.turn())
    assert sum(turn.escalated for turn in turns) == 1  # type: ignore[attr-defined]
    assert (await scene.case(case)).escalations == 1


async def test_two_taps_are_one(scene: CaseworkScene) -> None:
    case = await scene.answered()
    done = await at_the_same_moment(
        scene, case, scene.closing.rate(own(case), case.id, 3), scene.closing.rate(own(case), case.id, 1)
    )
    assert len(refusals(done)) == 1
    async with scene.database.unit_of_work(reading=True) as uow:
        assert sum(each.count for each in await uow.satisfaction.between("2026-01", "2026-12")) == 1


async def test_the_office_sends_elsewhere_what_the_agency_takes_on(scene: CaseworkScene) -> None:
    case = await scene.referred()
    done = await at_the_same_moment(
        scene,
        case,
        scene.referring.take_on(WATER_OFFICE, case.id),
        scene.directing.prolong(OFFICE, case.id, "للأمطار", scene.in_days(60)),
    )
    steps = (await kinds(scene, case))[2:]
    assert len(steps) == 2 - len(refusals(done))
    assert set(refusals(done)) <= {Stale}
