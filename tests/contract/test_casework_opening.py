"""Cases follow their audiences, in both databases: booked, moved, cancelled, reinstated, concluded, each told twice."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from support.cases import WATER
from support.casework import DESK, OTHER_DESK, CaseworkScene, casework_on, outcomes
from support.factories import BADR, NOW, YANBU

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import Audience
from tawasul.domain.case_entry import EntryKind, HandKind
from tawasul.domain.case_state import CaseKind, CaseState, ClosedBecause, OwnerKind
from tawasul.domain.directive import Urgency
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.outcome import Directive, HeardOnly
from tawasul.domain.sitting import Purpose, Sitting
from tawasul.domain.slot import Slot
from tawasul.domain.task import TaskKind

TWICE = 2


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


@pytest.fixture
async def sitting(scene: CaseworkScene) -> Sitting:
    return await scene.sitting("next", NOW + timedelta(days=20))


def to_water(scene: CaseworkScene) -> Directive:
    return Directive.write("يوجه بإيصال المياه", WATER.id, Urgency.URGENT, scene.in_days(40))


async def kinds(scene: CaseworkScene, audience: Audience) -> list[EntryKind]:
    case = await scene.case_of(audience)
    assert case is not None
    return [entry.kind for entry in await scene.entries(case)]


async def test_a_booking_opens_one_case_however_often_it_is_told(scene: CaseworkScene, sitting: Sitting) -> None:
    audience = await scene.audience(sitting)
    await scene.told_of(audience, TWICE)
    case = await scene.case_of(audience)
    assert case is not None
    assert (case.kind, case.state, case.owner) == (CaseKind.AUDIENCE, CaseState.RECEIVED, OwnerKind.DESK)
    assert (case.citizen_id, case.governorate_id, case.subject) == (audience.citizen_id, BADR.id, audience.subject)
    assert case.due_at is not None
    assert case.due_at > audience.slot_starts_at, "nobody is late before the audience"
    assert await kinds(scene, audience) == [EntryKind.OPENED]
    other = await scene.audience(sitting)
    await scene.told_of(other)
    second = await scene.case_of(other)
    assert second is not None
    assert second.number.serial == case.number.serial + 1 == 2, "no number was spent on what was told twice"


async def test_of_two_who_are_told_at_once_one_opens_the_case(scene: CaseworkScene, sitting: Sitting) -> None:
    audience = await scene.audience(sitting)
    async with scene.database.unit_of_work(reading=True) as uow:
        (booked,) = [each.event for each in await uow.outbox.pending(10) if each.subject_id == audience.id]
    told = await outcomes(*(scene.opening.heard_of(booked) for _ in range(8)))  # type: ignore[arg-type]
    assert set(told) <= {None, Stale}
    async with scene.database.unit_of_work(reading=True) as uow:
        (case,) = await uow.cases.of_citizen(audience.citizen_id)
    assert case.number.serial == 1


async def test_a_second_audience_may_be_of_the_same_case(scene: CaseworkScene, sitting: Sitting) -> None:
    citizen = await scene.citizen()
    case = await scene.taken(citizen)
    audience = await scene.audience(sitting, citizen, case)
    await scene.told_of(audience, TWICE)
    now = await scene.case(case)
    assert await scene.case_of(audience) == now
    assert now.due_at is not None
    assert now.due_at > audience.slot_starts_at, "its clock is the audience's"


async def test_a_rehearsal_has_no_case(scene: CaseworkScene) -> None:
    sitting = await scene.sitting("rehearsal")
    async with scene.database.unit_of_work() as uow:
        await uow.sittings.update(replace(sitting, purpose=Purpose.REHEARSAL))
        await uow.commit()
    audience = await scene.audience(sitting)
    await scene.told_of(audience)
    assert await scene.case_of(audience) is None


async def test_what_is_cancelled_is_given_up_and_what_is_reinstated_taken_up(
    scene: CaseworkScene, sitting: Sitting
) -> None:
    audience = await scene.audience(sitting)
    await scene.told_of(audience)
    await scene.changed(audience, Audience.cancel)
    await scene.told_of(audience, TWICE)
    given_up = await scene.case_of(audience)
    assert given_up is not None
    assert given_up.closed_because is ClosedBecause.GIVEN_UP
    await scene.changed(audience, Audience.reinstate)
    await scene.told_of(audience, TWICE)
    again = await scene.case_of(audience)
    assert again is not None
    assert (again.state, again.owner) == (CaseState.RECEIVED, OwnerKind.DESK)
    assert again.due_at is not None
    assert await kinds(scene, audience) == [EntryKind.OPENED, EntryKind.GIVEN_UP, EntryKind.TAKEN_UP_AGAIN]


async def test_what_was_cancelled_before_it_was_told_opens_nothing(scene: CaseworkScene, sitting: Sitting) -> None:
    audience = await scene.audience(sitting)
    await scene.changed(audience, Audience.cancel)
    await scene.told_of(audience)
    assert await scene.case_of(audience) is None


async def test_a_case_lives_on_while_another_audience_is_ahead(scene: CaseworkScene, sitting: Sitting) -> None:
    citizen = await scene.citizen()
    first = await scene.audience(sitting, citizen)
    await scene.told_of(first)
    later = await scene.sitting("later", NOW + timedelta(days=30))
    second = await scene.audience(later, citizen, await scene.case_of(first))
    await scene.told_of(second)
    await scene.changed(first, Audience.cancel)
    await scene.told_of(first)
    case = await scene.case_of(second)
    assert case is not None
    assert case.state is CaseState.RECEIVED
    await scene.changed(second, Audience.cancel)
    await scene.told_of(second)
    assert (await scene.case(case)).closed_because is ClosedBecause.GIVEN_UP


async def test_what_was_brought_to_the_desk_stays_when_its_audience_is_cancelled(
    scene: CaseworkScene, sitting: Sitting
) -> None:
    citizen = await scene.citizen()
    case = await scene.taken(citizen)
    audience = await scene.audience(sitting, citizen, case)
    await scene.changed(audience, Audience.cancel)
    await scene.told_of(audience)
    assert (await scene.case(case)).state is CaseState.RECEIVED


async def test_the_clock_goes_with_an_audience_that_is_moved(scene: CaseworkScene, sitting: Sitting) -> None:
    audience = await scene.audience(sitting)
    await scene.told_of(audience)
    later = await scene.sitting("later", NOW + timedelta(days=50))
    slot = Slot(later.id, later.opens_at, later.opens_at + later.slot_length, audience.venue)
    await scene.changed(audience, lambda found: found.move(slot, BADR.id))
    await scene.told_of(audience)
    case = await scene.case_of(audience)
    assert case is not None
    assert case.due_at is not None
    assert case.due_at > later.opens_at


async def test_the_case_goes_with_its_audience_to_the_desk_of_another_governorate(
    scene: CaseworkScene, sitting: Sitting
) -> None:
    audience = await scene.audience(sitting)
    await scene.told_of(audience)
    later = await scene.sitting("later", NOW + timedelta(days=50))
    slot = Slot(later.id, later.opens_at, later.opens_at + later.slot_length, audience.venue)
    await scene.changed(audience, lambda found: found.move(slot, YANBU.id))
    await scene.told_of(audience, TWICE)
    case = await scene.case_of(audience)
    assert case is not None
    assert case.governorate_id == YANBU.id
    assert (await scene.views.open(OTHER_DESK, case.id)).seen.case.id == case.id
    with pytest.raises(NotFound):
        await scene.views.open(DESK, case.id)


async def test_what_was_directed_in_the_audience_is_read_out_by_the_desk(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.told_of(audience)
    await scene.concluded(audience, to_water(scene))
    await scene.told_of(audience, TWICE)
    case = await scene.case_of(audience)
    assert case is not None
    assert (case.state, case.agency_id) == (CaseState.PROPOSED, None)
    assert await scene.tasks(case) == {TaskKind.RATIFY}
    async with scene.database.unit_of_work(reading=True) as uow:
        directive = await uow.directives.of_audience(audience.id)
        assert await uow.directives.of_case(case.id) == [directive]
    assert directive is not None
    assert (directive.agency_id, directive.urgency, directive.due_on) == (WATER.id, Urgency.URGENT, scene.in_days(40))
    assert directive.wording == to_water(scene).wording
    entry = (await scene.entries(case))[-1]
    assert (entry.kind, entry.by.kind) == (EntryKind.DIRECTED, HandKind.OFFICE)


async def test_without_a_day_the_agency_has_its_usual_time(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.concluded(audience, Directive.write("يوجه", WATER.id))
    await scene.told_of(audience)
    async with scene.database.unit_of_work(reading=True) as uow:
        directive = await uow.directives.of_audience(audience.id)
    assert directive is not None
    assert (directive.urgency, directive.due_on) == (Urgency.ROUTINE, scene.in_days(21)), "fifteen working days"


CLOSED = AgencyId("closed")


@pytest.mark.parametrize(("agency_id", "in_days"), [(None, None), (None, 9), (CLOSED, 9), (WATER.id, 0)])
async def test_what_no_agency_can_take_is_the_office_s_to_write(
    scene: CaseworkScene, agency_id: AgencyId | None, in_days: int | None
) -> None:
    async with scene.database.unit_of_work() as uow:
        await uow.agencies.put(replace(WATER, id=CLOSED, closed_on=scene.in_days(0)))
        await uow.commit()
    audience = await scene.audience(await scene.sitting())
    await scene.told_of(audience)
    due_on = None if in_days is None else scene.in_days(in_days)
    said = Directive.write("يوجه بما يلزم", agency_id, None, due_on)
    await scene.concluded(audience, said)
    await scene.told_of(audience, TWICE)
    case = await scene.case_of(audience)
    assert case is not None
    assert (case.state, case.owner) == (CaseState.RECEIVED, OwnerKind.OFFICE)
    entries = await scene.entries(case)
    assert [entry.kind for entry in entries] == [EntryKind.OPENED, EntryKind.HEARD]
    assert entries[-1].words == said.wording, "nothing that was said is lost"
    await scene.directed(case)


async def test_who_was_heard_and_nothing_directed_has_an_answer_and_may_say_no(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.concluded(audience, HeardOnly())
    await scene.told_of(audience, TWICE)
    case = await scene.case_of(audience)
    assert case is not None
    assert (case.state, case.owner, case.notified_at) == (CaseState.ANSWERED, OwnerKind.CITIZEN, scene.clock.now)
    assert len(scene.told.news) == 1
    await scene.closing.contest(DESK, case.id, "لم أُسمع")


async def test_what_is_told_late_was_not_answered_before_it_was_opened(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.concluded(audience, HeardOnly())
    concluded_at = scene.clock.now
    scene.clock.now += timedelta(days=3)
    await scene.told_of(audience)
    case = await scene.case_of(audience)
    assert case is not None
    assert (case.opened_at, case.answered_at) == (concluded_at, concluded_at)


async def test_what_is_directed_while_its_case_is_with_an_agency_is_a_case_of_its_own(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    case = await scene.under_way(await scene.taken(citizen))
    audience = await scene.audience(await scene.sitting(), citizen, case)
    await scene.told_of(audience)
    await scene.concluded(audience, to_water(scene))
    await scene.told_of(audience, TWICE)
    assert await scene.case(case) == case, "it goes on as it is"
    new = await scene.case_of(audience)
    assert new is not None
    assert new.id != case.id
    assert new.state is CaseState.PROPOSED
    async with scene.database.unit_of_work(reading=True) as uow:
        assert len(await uow.cases.of_citizen(citizen.id)) == 2


async def test_a_contested_case_is_directed_anew_in_its_next_audience(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    case = await scene.answered(await scene.taken(citizen))
    await scene.closing.contest(DESK, case.id, "لم تصل")
    audience = await scene.audience(await scene.sitting(), citizen, case)
    await scene.concluded(audience, HeardOnly())
    await scene.told_of(audience)
    contested = await scene.case(case)
    assert (contested.state, contested.owner) == (CaseState.CONTESTED, OwnerKind.OFFICE), "no case closes against it"
    scene.clock.now += timedelta(minutes=20)
    second = await scene.audience(await scene.sitting("evening", scene.clock.now), citizen, case)
    await scene.concluded(second, to_water(scene))
    await scene.told_of(second)
    assert (await scene.case(case)).state is CaseState.PROPOSED
