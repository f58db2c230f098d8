"""Cases in both databases: what is kept, what the database itself refuses, and that no number is given twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from support.case_openers import go, open_many, processes
from support.cases import (
    CITIZEN,
    DESK,
    LATER,
    OFFICE,
    ROADS,
    SOON,
    WATER,
    WORDS,
    YEAR,
    a_case,
    a_directive,
    answered,
    opened,
    taken_on,
)
from support.factories import BADR, NOW, YANBU, a_citizen, a_member_of_staff, an_audience
from support.store import open_database, put_places, with_a_sitting

from tawasul.domain.audience import Audience
from tawasul.domain.case import Case
from tawasul.domain.case_entry import EntryKind, Hand, HandKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_paper import CaseDocument, CaseDocumentId, DocumentOf, RemainingItem
from tawasul.domain.case_state import CaseKind, CaseState, ClosedBecause
from tawasul.domain.directive import RatifiedBy, Urgency
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.events import AudienceBooked, CaseChanged
from tawasul.domain.outcome import Directive
from tawasul.domain.people import Citizen, Role
from tawasul.domain.petition import MediaType
from tawasul.domain.private import Private
from tawasul.domain.task import Task, TaskId, TaskKind
from tawasul.store.repositories.satisfaction import SatisfactionCount
from tawasul.store.unit_of_work import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Two governorates, two agencies."""
    async with open_database(database_url) as database:
        async with database.unit_of_work() as uow:
            await put_places(uow)
            for agency in (WATER, ROADS):
                await uow.agencies.put(agency)
            await uow.commit()
        yield database


@pytest.fixture
async def citizen(database: Database) -> Citizen:
    citizen = a_citizen()
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.commit()
    return citizen


async def kept(database: Database, case: Case) -> Case:
    async with database.unit_of_work(reading=True) as uow:
        return await uow.cases.get(case.id)


async def test_agencies_are_kept(database: Database) -> None:
    closed = replace(ROADS, acceptance_days=5, closed_on=date(2026, 4, 1))
    async with database.unit_of_work() as uow:
        await uow.agencies.put(closed)
        assert await uow.agencies.all() == [closed, WATER]
        assert await uow.agencies.get(WATER.id) == WATER
        with pytest.raises(NotFound):
            await uow.agencies.get(replace(WATER, id="nobody").id)


async def test_a_case_is_kept_at_every_step_with_all_that_was_noted(database: Database, citizen: Citizen) -> None:
    agency = Hand(HandKind.AGENCY, agency_id=WATER.id)
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        await uow.commit()
    steps = [
        lambda: case.direct(OFFICE, NOW, due_at=SOON, words=WORDS),
        lambda: case.ratify(WATER.id, CITIZEN, NOW, due_at=SOON),
        lambda: case.take_on(agency, NOW, due_at=LATER),
        lambda: case.ask(agency, NOW, due_at=SOON, words=WORDS),
        lambda: case.escalate(Hand.service(), SOON, due_at=LATER),
        lambda: case.reply(DESK, NOW, due_at=LATER, words=WORDS),
        lambda: case.report(2, agency, NOW, due_at=LATER, words=WORDS),
        lambda: case.answer(agency, NOW, due_at=LATER, words=WORDS),
        lambda: case.notified(Hand.service(), NOW),
        lambda: case.contest(CITIZEN, NOW, due_at=LATER, words=WORDS),
        lambda: case.accept(CITIZEN, NOW),
    ]
    for version, step in enumerate(steps, start=1):
        step()
        async with database.unit_of_work() as uow:
            assert await uow.cases.save(case) is case
            await uow.commit()
        assert case.version == version
        assert case.entries == []
        assert await kept(database, case) == case
    assert (case.state, case.due_at, case.closed_because) == (CaseState.CLOSED, None, ClosedBecause.ACCEPTED)
    async with database.unit_of_work(reading=True) as uow:
        entries = await uow.cases.entries(case.id)
    assert [entry.kind for entry in entries] == [
        EntryKind.OPENED, EntryKind.DIRECTED, EntryKind.RATIFIED, EntryKind.TAKEN_ON, EntryKind.ASKED,
        EntryKind.ESCALATED, EntryKind.REPLIED, EntryKind.REPORTED, EntryKind.ANSWERED, EntryKind.NOTIFIED,
        EntryKind.CONTESTED, EntryKind.ACCEPTED,
    ]  # fmt: skip
    assert [entry.by for entry in entries[:4]] == [DESK, OFFICE, CITIZEN, agency]
    assert (entries[1].words, entries[2].words) == (WORDS, None)
    assert entries[4].agency_id == WATER.id


async def test_each_entry_is_told(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        await uow.commit()
    async with database.unit_of_work() as uow:
        await uow.cases.save(taken_on(case))
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        told = await uow.outbox.pending(10)
    changed = [(None, "opened"), (WATER.id, "referred"), (WATER.id, "taken-on")]
    assert [each.event for each in told] == [CaseChanged(case.id, BADR.id, *each) for each in changed]
    assert {each.subject_id for each in told} == {case.id}


async def test_what_is_undone_tells_nothing(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.outbox.pending(10) == []
        with pytest.raises(NotFound):
            await uow.cases.get(case.id)


async def test_of_two_who_change_a_case_the_second_is_told(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        await uow.commit()
    first, second = await kept(database, case), await kept(database, case)
    async with database.unit_of_work() as uow:
        await uow.cases.save(taken_on(first))
        await uow.commit()
    async with database.unit_of_work() as uow:
        second.withdraw(CITIZEN, NOW)
        with pytest.raises(Stale):
            await uow.cases.save(second)
    assert (await kept(database, case)).state is CaseState.UNDER_WAY


async def test_a_case_is_found_by_its_number_and_no_number_is_there_twice(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        await uow.commit()
        assert case.number == CaseNumber(YEAR, 1)
        assert await uow.cases.by_number(CaseNumber.parse(case.number.text)) == case
        assert await uow.cases.by_number(CaseNumber(YEAR, 2)) is None
    async with database.unit_of_work() as uow:
        with pytest.raises(IntegrityError):
            await uow.cases.open(replace(a_case(citizen, case.number), id="another"))


async def test_a_number_of_what_was_undone_is_given_again_and_each_year_begins_anew(
    database: Database, citizen: Citizen
) -> None:
    async with database.unit_of_work() as uow:
        await opened(uow, citizen)
    async with database.unit_of_work() as uow:
        assert [await uow.cases.next_number(YEAR) for _ in range(2)] == [CaseNumber(YEAR, 1), CaseNumber(YEAR, 2)]
        assert await uow.cases.next_number(YEAR + 1) == CaseNumber(YEAR + 1, 1)


@pytest.mark.timeout(120)
async def test_fifty_in_two_processes_get_fifty_numbers(
    database: Database, database_url: str, citizen: Citizen
) -> None:
    async with processes(database_url, citizen.id, 25, 25) as started:
        told = await go(started)
    assert sorted(told) == list(range(1, 51))
    assert sorted(await open_many(database, citizen.id, 3)) == [51, 52, 53]
    async with database.unit_of_work(reading=True) as uow:
        assert len(await uow.cases.of_citizen(citizen.id)) == 53


@pytest.mark.parametrize(
    "wrong", ["UPDATE cases SET due_at = NULL", "UPDATE cases SET state = 'closed', closed_at = opened_at"]
)
async def test_the_database_refuses_an_open_case_without_a_clock_and_a_closed_one_with(
    database: Database, citizen: Citizen, wrong: str
) -> None:
    async with database.unit_of_work() as uow:
        await opened(uow, citizen)
        await uow.commit()
    with pytest.raises(IntegrityError):
        async with database.engine.begin() as connection:
            await connection.execute(text(wrong))


async def test_directives_are_kept_and_one_at_a_time_is_asked_about(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        other = await opened(uow, citizen)
        first = a_directive(case)
        await uow.directives.add(first)
        await uow.directives.add(a_directive(other))
        assert await uow.directives.proposed_of(case.id) == first
        await uow.commit()
    async with database.unit_of_work() as uow:
        with pytest.raises(Stale):
            await uow.directives.add(a_directive(case))
    async with database.unit_of_work() as uow:
        corrected = await uow.directives.save(first.corrected("كان عن الكهرباء", NOW))
        assert corrected.version == 1
        assert corrected.correction == Private("كان عن الكهرباء")
        second = a_directive(case)
        await uow.directives.add(second)
        ratified = await uow.directives.save(second.ratified(RatifiedBy.CODE_AT_DESK, NOW))
        assert await uow.directives.of_case(case.id) == [corrected, ratified]
        assert await uow.directives.proposed_of(case.id) is None
        with pytest.raises(Stale):
            await uow.directives.save(second.replaced(NOW))
        with pytest.raises(NotFound):
            await uow.directives.get(replace(second, id="nothing").id)


async def test_two_who_direct_at_once_leave_one_proposed(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        await uow.commit()

    async def propose() -> bool:
        async with database.unit_of_work() as uow:
            try:
                await uow.directives.add(a_directive(case))
            except Stale:
                return False
            await uow.commit()
            return True

    assert sorted(await asyncio.gather(*(propose() for _ in range(5)))) == [False] * 4 + [True]


async def test_an_audience_belongs_to_its_case_and_keeps_what_was_directed_in_it(
    database: Database, citizen: Citizen
) -> None:
    audience = await _booked(database, citizen)
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen, kind=CaseKind.AUDIENCE)
        loaded = await uow.audiences.get(audience.id)
        assert await uow.cases.of_audience(audience.id) is None
        await uow.cases.link_audience(case.id, audience.id)
        loaded.outcome = Directive.write("توجيه", WATER.id, Urgency.IMMEDIATE, date(2026, 3, 1))
        await uow.audiences.save(loaded)
        directive = a_directive(case, audience.id)
        await uow.directives.add(directive)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        found = await uow.audiences.get(audience.id)
        assert found.case_id == case.id
        assert found.outcome == loaded.outcome
        assert await uow.cases.of_audience(audience.id) == case
        assert await uow.cases.audiences_of(case.id) == [audience.id]
        assert await uow.directives.of_audience(audience.id) == directive
        with pytest.raises(NotFound):
            await uow.cases.link_audience(case.id, replace(audience, id="nobody").id)


async def test_an_audience_may_be_booked_within_a_case(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        await uow.commit()
    audience = await _booked(database, citizen, case)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.cases.audiences_of(case.id) == [audience.id]
        assert [type(each.event) for each in await uow.outbox.pending(5)] == [CaseChanged, AudienceBooked]


async def test_of_one_audience_there_is_one_directive(database: Database, citizen: Citizen) -> None:
    audience = await _booked(database, citizen)
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        first = a_directive(case, audience.id)
        await uow.directives.add(first)
        await uow.directives.save(first.replaced(NOW))
        with pytest.raises(Stale):
            await uow.directives.add(a_directive(case, audience.id))


async def test_what_remains_is_kept_in_its_order(database: Database, citizen: Citizen) -> None:
    items = [RemainingItem(Private("الطبقة الثانية"), date(2026, 4, 1)), RemainingItem(WORDS, date(2026, 3, 1))]
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        await uow.cases.put_remaining(case.id, items)
        assert await uow.cases.remaining(case.id) == items
        await uow.cases.put_remaining(case.id, [items[1].done(NOW)])
        assert await uow.cases.remaining(case.id) == [replace(items[1], done_at=NOW)]
        await uow.cases.put_remaining(case.id, [])
        assert await uow.cases.remaining(case.id) == []


async def test_documents_are_kept(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen)
        documents = [
            CaseDocument(
                CaseDocumentId(f"d{number}"), case.id, came_with, agency_id, Private(f"خطاب {number}.pdf"),
                MediaType.PDF, 1000, b"s" * 32, NOW + timedelta(minutes=number),
            )
            for number, (came_with, agency_id) in enumerate(
                [(DocumentOf.PETITION, None), (DocumentOf.ANSWER, WATER.id)]
            )
        ]  # fmt: skip
        for document in reversed(documents):
            await uow.case_documents.add(document)
        await uow.case_documents.hold(case.id)
        assert await uow.case_documents.of_case(case.id) == documents
        assert await uow.case_documents.get(documents[1].id) == documents[1]
        assert await uow.case_documents.ids() == {document.id for document in documents}
        await uow.case_documents.remove(documents[0].id)
        for missing in (uow.case_documents.get(documents[0].id), uow.case_documents.remove(documents[0].id)):
            with pytest.raises(NotFound):
                await missing


async def test_satisfaction_is_a_count_and_nothing_else(database: Database) -> None:
    async def tap(month: str, rating: int, agency: str | None) -> None:
        async with database.unit_of_work() as uow:
            await uow.satisfaction.add(month, BADR.id, WATER.id if agency else None, rating)
            await uow.commit()

    await asyncio.gather(*(tap("2026-02", 3, "water") for _ in range(5)), tap("2026-02", 1, None))
    await tap("2026-04", 2, "water")
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.satisfaction.between("2026-01", "2026-03") == [
            SatisfactionCount("2026-02", BADR.id, None, 1, 1),
            SatisfactionCount("2026-02", BADR.id, WATER.id, 3, 5),
        ]
    with pytest.raises(IntegrityError):
        await tap("2026-02", 4, None)


async def test_an_agencys_account_and_a_task_of_a_case_are_kept(database: Database, citizen: Citizen) -> None:
    member = replace(a_member_of_staff("water", Role.AGENCY, None), agency_id=WATER.id)
    async with database.unit_of_work() as uow:
        await uow.staff.add(member)
        assert await uow.staff.get(member.id) == member
        case = await opened(uow, citizen)
        task = Task(
            TaskId("t"), TaskKind.TELL_OF_NEW_TIME, YANBU.id, None, NOW, SOON, citizen_id=citizen.id, case_id=case.id
        )
        await uow.tasks.add(task)
        assert await uow.tasks.open_for_case(case.id) == [task]
        await uow.tasks.save(task.done(member.id, NOW))
        assert await uow.tasks.open_for_case(case.id) == []


async def test_what_people_wrote_is_not_to_be_read_in_the_tables(database: Database, citizen: Citizen) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, citizen, subject="سر في الموضوع")
        await uow.directives.add(a_directive(case))
        await uow.cases.save(answered(case))
        await uow.cases.put_remaining(case.id, [RemainingItem(Private("سر آخر"), date(2026, 4, 1))])
        await uow.commit()
    secrets = [word.encode() for word in ("سر", "كلام", "إيصال")]
    async with database.engine.connect() as connection:
        for table in ("cases", "case_entries", "directives", "remaining_items", "case_tokens", "outbox"):
            rows = (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            assert rows
            plain = b"".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
            assert not [secret for secret in secrets if secret in plain], table


async def _booked(database: Database, citizen: Citizen, case: Case | None = None) -> Audience:
    sitting = await with_a_sitting(database)
    audience = an_audience(citizen, sitting)
    audience.case_id = None if case is None else case.id
    async with database.unit_of_work() as uow:
        await uow.audiences.add(audience)
        await uow.commit()
    return audience
