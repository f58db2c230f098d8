"""A case from the desk to its end, in both databases: what each step sets going, and what is refused, and noted."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from support.cases import ROADS, WATER
from support.casework import (
    DESK,
    OFFICE,
    OTHER_DESK,
    ROADS_OFFICE,
    WATER_OFFICE,
    CaseworkScene,
    casework_on,
    own,
)
from support.factories import NOW

from tawasul.casework.core.clocks import end_of
from tawasul.casework.ports import CaseNews
from tawasul.casework.referring import Remains
from tawasul.domain.case_entry import EntryKind, HandKind
from tawasul.domain.case_state import AgendaReason, CaseKind, CaseState, ClosedBecause, OwnerKind
from tawasul.domain.directive import DirectiveState, RatifiedBy, Urgency
from tawasul.domain.errors import (
    AgencyClosed,
    AnsweredAlready,
    CaseClosed,
    DirectiveSettled,
    DueDatePassed,
    InvalidInput,
    InvalidText,
    NotFound,
    Stale,
    TicketNotValid,
    UnlawfulTransition,
)
from tawasul.domain.task import TaskKind


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


async def test_what_is_brought_to_the_desk_is_answered_contested_heard_again_and_closed(scene: CaseworkScene) -> None:
    await scene.sitting("next", NOW + timedelta(days=1))
    citizen = await scene.citizen()
    case = await scene.taken(citizen)
    assert (case.number.hijri_year, case.number.serial) == (1447, 1)

    directive = await scene.directed(case)
    assert await scene.tasks(case) == {TaskKind.RATIFY}
    await scene.ratifying.at_desk(DESK, directive.id, citizen.national_id.reveal().digits)
    assert await scene.tasks(case) == set()
    taken_on = await scene.referring.take_on(WATER_OFFICE, case.id)
    assert taken_on.due_at == end_of(directive.due_on), "the directive's own day"

    await scene.referring.ask(WATER_OFFICE, case.id, "أين القرية؟")
    assert await scene.tasks(case) == {TaskKind.ANSWER_QUESTION}
    scene.clock.now += timedelta(days=4)
    replied = await scene.forwarding.reply(DESK, case.id, "شمال بدر")
    assert replied.due_at == end_of(directive.due_on) + timedelta(days=4), "the time for which it waited"

    part = [Remains("مد الأنابيب", scene.in_days(20)), Remains("التوصيل", scene.in_days(10))]
    reported = await scene.referring.report(WATER_OFFICE, case.id, "حُفر البئر", part)
    assert (reported.remaining, reported.due_at) == (2, end_of(scene.in_days(10)))
    answered = await scene.referring.answer(WATER_OFFICE, case.id, "وصلت المياه")
    assert answered.notified_at == scene.clock.now
    assert answered.due_at is not None
    assert answered.due_at - scene.clock.now >= timedelta(days=14)
    async with scene.database.unit_of_work(reading=True) as uow:
        assert all(item.done_at is not None for item in await uow.cases.remaining(case.id))

    contested = await scene.closing.contest(own(case), case.id, "لم تصل")
    assert (contested.owner, contested.agenda) == (OwnerKind.OFFICE, AgendaReason.CONTESTED)
    again = await scene.directed(case, ROADS)
    await scene.ratifying.own(own(case), again.id)
    await scene.referring.take_on(ROADS_OFFICE, case.id)
    await scene.referring.answer(ROADS_OFFICE, case.id, "تم")
    closed = await scene.closing.accept(own(case), case.id)
    assert (closed.state, closed.closed_because, closed.agenda) == (CaseState.CLOSED, ClosedBecause.ACCEPTED, None)

    assert [entry.kind for entry in await scene.entries(case)] == [
        EntryKind.OPENED, EntryKind.DIRECTED, EntryKind.RATIFIED, EntryKind.TAKEN_ON, EntryKind.ASKED,
        EntryKind.REPLIED, EntryKind.REPORTED, EntryKind.ANSWERED, EntryKind.NOTIFIED, EntryKind.CONTESTED,
        EntryKind.DIRECTED, EntryKind.RATIFIED, EntryKind.TAKEN_ON, EntryKind.ANSWERED, EntryKind.NOTIFIED,
        EntryKind.ACCEPTED,
    ]  # fmt: skip
    assert [news for news, _, _ in scene.told.news] == [
        CaseNews.QUESTION, CaseNews.ANSWER_READY, CaseNews.ANSWER_READY,
    ]  # fmt: skip
    noted = [(link.actor_kind, link.action) for link in await scene.audited()]
    assert noted == [
        ("staff", "took-case"), ("staff", "directed-case"), ("staff", "ratified-directive"),
        ("staff", "took-on-case"), ("staff", "asked-of-case"), ("staff", "replied-to-case"),
        ("staff", "reported-on-case"), ("staff", "answered-case"), ("citizen", "contested-answer"),
        ("staff", "directed-case"), ("citizen", "ratified-directive"), ("staff", "took-on-case"),
        ("staff", "answered-case"), ("citizen", "accepted-answer"),
    ]  # fmt: skip
    async with scene.database.unit_of_work(reading=True) as uow:
        assert len(await uow.audit.about_citizen(citizen.id, 100)) == len(noted), "all about one citizen is found"


async def test_a_contest_is_due_by_the_end_of_the_next_sitting(scene: CaseworkScene) -> None:
    case = await scene.answered()
    opens_at = scene.clock.now + timedelta(days=2)
    await scene.sitting("next", opens_at)
    contested = await scene.closing.contest(DESK, case.id, "لم تصل")
    assert contested.due_at == end_of(scene.in_days(2))
    entry = (await scene.entries(case))[-1]
    assert (entry.by.kind, entry.by.staff_id) == (HandKind.CITIZEN, DESK.staff_id), "the citizen's act, by a clerk"


async def test_a_directive_is_ratified_by_the_code_of_the_case_s_own_ticket_only(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.told_of(audience)
    case = await scene.case_of(audience)
    assert case is not None
    directive = await scene.directed(case)
    for code in ("nonsense", "code of REF-another", "1000000008"):
        with pytest.raises(TicketNotValid):
            await scene.ratifying.at_desk(DESK, directive.id, code)
    referred = await scene.ratifying.at_desk(DESK, directive.id, f"code of {audience.reference}")
    assert (referred.state, referred.agency_id, referred.directed) == (CaseState.REFERRED, WATER.id, True)
    async with scene.database.unit_of_work(reading=True) as uow:
        ratified = await uow.directives.get(directive.id)
    assert (ratified.state, ratified.ratified_by) == (DirectiveState.RATIFIED, RatifiedBy.CODE_AT_DESK)
    with pytest.raises(DirectiveSettled):
        await scene.ratifying.at_desk(DESK, directive.id, f"code of {audience.reference}")


async def test_without_a_ticket_it_is_the_citizen_s_own_id(scene: CaseworkScene) -> None:
    directive = await scene.directed(await scene.taken(await scene.citizen()))
    another = (await scene.citizen()).national_id.reveal().digits
    for code in (another, "12", "code of REF-1"):
        with pytest.raises(TicketNotValid):
            await scene.ratifying.at_desk(DESK, directive.id, code)
    assert (await scene.case(directive.case_id)).state is CaseState.PROPOSED  # type: ignore[arg-type]


async def test_what_the_citizen_corrects_goes_back_to_the_office(scene: CaseworkScene) -> None:
    case = await scene.taken()
    first = await scene.directed(case)
    corrected = await scene.ratifying.correct(own(case), first.id, "قال: الطريق، لا الماء")
    assert (corrected.state, corrected.owner) == (CaseState.RECEIVED, OwnerKind.OFFICE)
    with pytest.raises(UnlawfulTransition):
        await scene.forwarding.settle(DESK, case.id, "لا شيء")
    scene.clock.now += timedelta(minutes=1)
    second = await scene.directed(case, ROADS)
    scene.clock.now += timedelta(minutes=1)
    third = await scene.directed(case, ROADS)
    async with scene.database.unit_of_work(reading=True) as uow:
        states = [each.state for each in await uow.directives.of_case(case.id)]
        assert await uow.directives.proposed_of(case.id) == await uow.directives.get(third.id)
    assert states == [DirectiveState.CORRECTED, DirectiveState.REPLACED, DirectiveState.PROPOSED]
    with pytest.raises(DirectiveSettled):
        await scene.ratifying.own(own(case), second.id)


async def test_an_agency_that_gives_a_case_back_no_longer_sees_it(scene: CaseworkScene) -> None:
    case = await scene.under_way()
    returned = await scene.referring.return_(WATER_OFFICE, case.id, "ليست من اختصاصنا")
    assert (returned.state, returned.owner, returned.agency_id) == (CaseState.RECEIVED, OwnerKind.DESK, None)
    with pytest.raises(NotFound):
        await scene.referring.take_on(WATER_OFFICE, case.id)
    await scene.forwarding.refer(DESK, case.id, ROADS.id, "للاختصاص")
    await scene.referring.take_on(ROADS_OFFICE, case.id)


async def test_the_office_gives_more_time_and_sends_it_elsewhere(scene: CaseworkScene) -> None:
    case = await scene.under_way()
    prolonged = await scene.directing.prolong(OFFICE, case.id, "للأمطار", scene.in_days(60))
    assert prolonged.due_at == end_of(scene.in_days(60))
    moved = await scene.directing.reassign(OFFICE, case.id, ROADS.id, "للاختصاص")
    assert (moved.state, moved.agency_id) == (CaseState.REFERRED, ROADS.id)
    with pytest.raises(NotFound):
        await scene.referring.answer(WATER_OFFICE, case.id, "تم")


async def test_a_case_is_put_to_another_of_the_same_citizen_with_its_audience(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    audience = await scene.audience(await scene.sitting(), citizen)
    await scene.told_of(audience)
    twice, first, another = await scene.case_of(audience), await scene.taken(citizen), await scene.taken()
    assert twice is not None
    with pytest.raises(NotFound):
        await scene.forwarding.merge(DESK, twice.id, another.id)
    merged = await scene.forwarding.merge(DESK, twice.id, first.id)
    assert (merged.closed_because, merged.merged_into) == (ClosedBecause.MERGED, first.id)
    assert (await scene.case_of(audience)) == await scene.case(first)
    with pytest.raises(CaseClosed):
        await scene.forwarding.merge(DESK, first.id, merged.id)


async def test_what_is_brought_is_compared_with_what_is_open(scene: CaseworkScene) -> None:
    first = await scene.taken(subject="طلب إيصال المياه إلى القرية")
    await scene.taken(subject="شكوى من إنارة الشارع العام")
    citizen = await scene.citizen()
    found = await scene.triage.take(DESK, CaseKind.SUGGESTION, citizen.id, "ايصال المياة للقريه", "")
    assert [each.case.id for each in found.likely] == [first.id]
    assert await scene.triage.likely(OTHER_DESK, "طلب إيصال المياه إلى القرية") == [], "another governorate's"
    again = await scene.triage.likely(DESK, "ايصال المياه للقرية")
    shown = [link for link in await scene.audited() if link.action == "found-case"]
    assert {link.actor_id for link in shown} == {DESK.staff_id}
    assert [link.subject_id for link in shown] == [each.case.id for each in (*found.likely, *again)], "whose is noted"
    assert all(each.case.citizen_id in link.facts for each, link in zip((*found.likely, *again), shown, strict=True))


async def test_one_tap_is_counted_once_and_kept_nowhere_else(scene: CaseworkScene) -> None:
    case = await scene.taken()
    with pytest.raises(UnlawfulTransition):
        await scene.closing.rate(own(case), case.id, 3)
    await scene.closing.accept(own(case), (await scene.answered(case)).id)
    before = await scene.audited()
    with pytest.raises(InvalidInput):
        await scene.closing.rate(own(case), case.id, 4)
    await scene.closing.rate(own(case), case.id, 3)
    with pytest.raises(UnlawfulTransition):
        await scene.closing.rate(own(case), case.id, 1)
    async with scene.database.unit_of_work(reading=True) as uow:
        (counted,) = await uow.satisfaction.between("2026-01", "2026-12")
    assert (counted.month, counted.agency_id, counted.rating, counted.count) == ("2026-02", WATER.id, 3, 1)
    assert await scene.audited() == before


async def test_bad_input_is_refused_in_a_word_loses_nothing_and_is_noted(scene: CaseworkScene) -> None:
    case = await scene.taken()
    closed = replace(ROADS, closed_on=scene.in_days(0))
    async with scene.database.unit_of_work() as uow:
        await uow.agencies.put(closed)
        await uow.commit()
    with pytest.raises(AgencyClosed):
        await scene.forwarding.refer(DESK, case.id, closed.id, "للاختصاص")
    with pytest.raises(AgencyClosed):
        await scene.directed(case, closed)
    with pytest.raises(DueDatePassed):
        await scene.directing.direct(
            OFFICE, case.id, agency_id=WATER.id, wording="يوجه", urgency=Urgency.URGENT, due_on=scene.in_days(0)
        )
    with pytest.raises(InvalidText):
        await scene.forwarding.refer(DESK, case.id, WATER.id, " ")
    with pytest.raises(Stale):
        await scene.forwarding.refer(DESK, case.id, WATER.id, "للاختصاص", version=7)
    assert await scene.case(case) == case, "nothing was changed"
    await scene.answered(case)
    with pytest.raises(AnsweredAlready):
        await scene.referring.answer(WATER_OFFICE, case.id, "تم")
    await scene.closing.accept(own(case), case.id)
    with pytest.raises(CaseClosed):
        await scene.closing.contest(own(case), case.id, "لم تصل")
    with pytest.raises(NotFound):
        await scene.referring.answer(ROADS_OFFICE, case.id, "تم")
    with pytest.raises(NotFound):
        await scene.referring.answer(ROADS_OFFICE, "x'; drop table cases" * 9, "تم")  # type: ignore[arg-type]
    assert await scene.refused() == [
        ("referred-case", "agency-closed"), ("directed-case", "agency-closed"), ("directed-case", "due-date-passed"),
        ("referred-case", "invalid-text"), ("referred-case", "stale"), ("answered-case", "answered-already"),
        ("contested-answer", "case-closed"), ("answered-case", "not-found"), ("answered-case", "not-found"),
    ]  # fmt: skip


async def test_whoever_has_no_part_in_a_case_finds_none(scene: CaseworkScene) -> None:
    case, other = await scene.under_way(), await scene.taken()
    strangers = [
        scene.forwarding.reply(OTHER_DESK, case.id, "؟"),
        scene.forwarding.refer(OTHER_DESK, other.id, WATER.id, "؟"),
        scene.closing.withdraw(OTHER_DESK, case.id),
        scene.referring.answer(ROADS_OFFICE, case.id, "تم"),
        scene.referring.take_on(WATER_OFFICE, other.id),
        scene.referring.answer(DESK, case.id, "تم"),
        scene.directing.settle(DESK, other.id, "تم"),
        scene.directing.settle(WATER_OFFICE, other.id, "تم"),
        scene.closing.accept(OFFICE, case.id),
        scene.closing.withdraw(own(other), case.id),
    ]
    for each in strangers:
        with pytest.raises(NotFound):
            await each
    assert (await scene.case(case), await scene.case(other)) == (case, other)
