"""A year of cases, in both databases: nobody is forgotten, nothing closes against a contest or without notice."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from support.cases import ROADS, WATER
from support.casework import DESK, OFFICE, ROADS_OFFICE, WATER_OFFICE, CaseworkScene, casework_on, own
from support.factories import NOW

from tawasul.casework.clockwork import Turn
from tawasul.casework.core.clocks import end_of
from tawasul.casework.ports import CaseNews
from tawasul.casework.referring import Remains
from tawasul.casework.views import DeskBox
from tawasul.domain.agency import AgencyId
from tawasul.domain.calendar import Holiday, HolidayId
from tawasul.domain.case import Case
from tawasul.domain.case_entry import EntryKind
from tawasul.domain.case_state import AgendaReason, CaseState, ClosedBecause, OwnerKind
from tawasul.domain.directive import DirectiveState
from tawasul.domain.errors import Conflict
from tawasul.domain.places import Name
from tawasul.domain.task import TaskKind
from tawasul.store.tables import CaseRow
from tawasul.store.unit_of_work import UnitOfWork

TWO_DAYS = timedelta(days=2)
CASES = 10


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


async def until_due(scene: CaseworkScene, case: Case) -> Turn:
    due_at = (await scene.case(case)).due_at
    assert due_at is not None
    scene.clock.now = due_at
    return await scene.clockwork.turn()


async def test_who_is_late_is_told_of_to_the_desk_then_the_office_then_the_sitting(scene: CaseworkScene) -> None:
    case = await scene.referred()
    assert (await scene.clockwork.turn()).all == 0
    assert await until_due(scene, case) == Turn(escalated=1)
    assert await scene.tasks(case) == {TaskKind.CASE_OVERDUE}
    assert (await scene.clockwork.turn()).all == 0, "once"
    await until_due(scene, case)
    assert [each.case.id for each in await scene.views.office(OFFICE, overdue=True)] == [case.id]
    assert (await scene.case(case)).agenda is None
    await until_due(scene, case)
    late = await scene.case(case)
    assert (late.agenda, late.escalations, late.owner) == (AgendaReason.OVERDUE, 3, OwnerKind.AGENCY)
    (before,) = (await scene.agenda.before_next_sitting(OFFICE)).cases
    assert before.case.id == case.id
    await scene.referring.take_on(WATER_OFFICE, case.id)
    assert await scene.tasks(case) == set(), "who has moved is no longer late"
    noted = [link for link in await scene.audited() if link.action == "escalated-case"]
    assert [(link.actor_kind, link.facts.count('"told":')) for link in noted] == [("service", 1)] * 3


async def test_a_holiday_stops_the_clock_of_staff(scene: CaseworkScene) -> None:
    async with scene.database.unit_of_work() as uow:
        await uow.calendar.add_holiday(
            Holiday(HolidayId("eid"), Name("العيد", "Eid"), scene.in_days(1), scene.in_days(10))
        )
        await uow.commit()
    case = await scene.taken()
    assert case.due_at is not None
    assert case.due_at > end_of(scene.in_days(12)), "three working days after the holiday"


async def test_silence_closes_after_notice_a_reminder_and_its_time(scene: CaseworkScene) -> None:
    case = await scene.answered()
    due_at = case.due_at
    assert due_at is not None
    scene.clock.now = due_at - timedelta(days=3, seconds=1)
    assert (await scene.clockwork.turn()).all == 0
    scene.clock.now = due_at - timedelta(days=3)
    assert await scene.clockwork.turn() == Turn(reminded=1)
    assert (await scene.clockwork.turn()).all == 0, "once"
    assert await until_due(scene, case) == Turn(lapsed=1)
    assert (await scene.case(case)).closed_because is ClosedBecause.UNOPPOSED
    assert scene.told.news == [
        (CaseNews.ANSWER_READY, case.id, due_at),
        (CaseNews.ANSWER_CLOSES_SOON, case.id, due_at),
    ]


async def test_an_answer_of_which_nobody_was_told_is_told_and_has_its_whole_time(scene: CaseworkScene) -> None:
    case = await scene.answered()
    async with scene.database.unit_of_work() as uow:
        found = await uow.cases.get(case.id)
        found.notified_at = None
        await uow.cases.save(found)
        await uow.commit()
    assert await until_due(scene, case) == Turn(told=1)
    told = await scene.case(case)
    assert told.notified_at == scene.clock.now
    assert told.due_at is not None
    assert told.due_at - scene.clock.now >= timedelta(days=14)
    assert (await scene.clockwork.turn()).all == 0


async def test_nobody_is_late_while_an_audience_is_ahead(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    case = await scene.taken(citizen)
    audience = await scene.audience(await scene.sitting("later", NOW + timedelta(days=60)), citizen, case)
    assert await until_due(scene, case) == Turn(waiting=1), "though its booking was never told"
    waits = await scene.case(case)
    assert waits.due_at is not None
    assert waits.due_at > audience.slot_starts_at
    assert (waits.escalations, await scene.tasks(case)) == (0, set())


async def test_who_gets_another_audience_is_late_no_more(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    case = await scene.taken(citizen)
    assert await until_due(scene, case) == Turn(escalated=1)
    assert await scene.tasks(case) == {TaskKind.CASE_OVERDUE}
    later = await scene.sitting("later", scene.clock.now + timedelta(days=60))
    audience = await scene.audience(later, citizen, case)
    await scene.told_of(audience)
    assert (await scene.case(case)).escalations == 0
    assert await scene.tasks(case) == set(), "nobody has to do anything before it"


async def test_a_case_that_cannot_be_moved_holds_no_other_up(
    scene: CaseworkScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await scene.answered(), await scene.answered()
    assert first.due_at is not None
    async with scene.database.unit_of_work() as uow:
        for case in (first, second):
            found = await uow.cases.get(case.id)
            found.notified_at = None
            await uow.cases.save(found)
        await uow.commit()
    told = scene.told.tell_of_case

    async def fails_for_the_first(
        uow: UnitOfWork, news: CaseNews, case: Case, *, now: datetime, closes_at: datetime | None = None
    ) -> None:
        if case.id == first.id:
            raise RuntimeError
        await told(uow, news, case, now=now, closes_at=closes_at)

    monkeypatch.setattr(scene.told, "tell_of_case", fails_for_the_first)
    scene.clock.now = first.due_at
    assert await scene.clockwork.turn() == Turn(told=1)
    assert (await scene.case(first)).notified_at is None
    assert (await scene.case(second)).notified_at == scene.clock.now


async def test_a_case_that_cannot_be_read_holds_no_other_up(scene: CaseworkScene) -> None:
    first, second = await scene.referred(), await scene.referred()
    async with scene.database.engine.begin() as connection:
        broken = update(CaseRow).where(CaseRow.id == first.id).values(subject_sealed=b"altered")
        await connection.execute(broken)
    assert second.due_at is not None
    scene.clock.now = second.due_at
    assert await scene.clockwork.turn() == Turn(escalated=1)
    assert (await scene.case(second)).escalations == 1


async def test_a_contest_never_closes_by_itself(scene: CaseworkScene) -> None:
    case = await scene.answered()
    await scene.closing.contest(own(case), case.id, "لم تصل")
    for _ in range(8):
        assert await until_due(scene, case) == Turn(escalated=1)
    contested = await scene.case(case)
    assert (contested.state, contested.agenda) == (CaseState.CONTESTED, AgendaReason.CONTESTED)


Act = Callable[[], Awaitable[object]]


class Year:
    """Everybody does something now and then; the clockwork does the rest."""

    def __init__(self, scene: CaseworkScene) -> None:
        self.scene = scene
        self.chance = random.Random(1448)
        self.did: Counter[str] = Counter()

    async def two_days(self) -> None:
        scene = self.scene
        scene.clock.now += TWO_DAYS
        await scene.clockwork.turn()
        async with scene.database.unit_of_work(reading=True) as uow:
            cases = await uow.cases.listed(limit=500)
            acts = {case.id: await self._acts(uow, case) for case in cases}
        for case in cases:
            self._holds(case)
            if acts[case.id] and self.chance.random() < 0.2:
                name, act = self.chance.choice(acts[case.id])
                try:
                    await act()
                    self.did[name] += 1
                except Conflict:
                    self.did["refused"] += 1

    def _holds(self, case: Case) -> None:
        assert (case.due_at is None) == (case.state is CaseState.CLOSED)
        assert case.due_at is None or case.due_at > self.scene.clock.now, "an open case has a clock that runs"
        assert (case.state is CaseState.CONTESTED) <= (case.agenda is AgendaReason.CONTESTED)

    async def _acts(self, uow: UnitOfWork, case: Case) -> list[tuple[str, Act]]:
        scene, id = self.scene, case.id
        agency = {WATER.id: WATER_OFFICE, ROADS.id: ROADS_OFFICE}.get(case.agency_id or AgencyId(""), WATER_OFFICE)
        soon = scene.in_days(9)
        proposed = await uow.directives.proposed_of(id)
        asked = proposed is not None and proposed.state is DirectiveState.PROPOSED
        acts: dict[CaseState, list[tuple[str, Act]]] = {
            CaseState.RECEIVED: [
                ("refer", lambda: scene.forwarding.refer(DESK, id, WATER.id, "للاختصاص")),
                ("direct", lambda: scene.directed(case, ROADS)),
                ("settle", lambda: scene.directing.settle(OFFICE, id, "تم")),
            ],
            CaseState.PROPOSED: [
                ("ratify", lambda: scene.ratifying.own(own(case), proposed.id)),  # type: ignore[union-attr]
                ("correct", lambda: scene.ratifying.correct(own(case), proposed.id, "لا")),  # type: ignore[union-attr]
            ],
            CaseState.REFERRED: [
                ("take on", lambda: scene.referring.take_on(agency, id)),
                ("return", lambda: scene.referring.return_(agency, id, "ليست لنا")),
            ],
            CaseState.UNDER_WAY: [
                ("ask", lambda: scene.referring.ask(agency, id, "أين؟")),
                ("report", lambda: scene.referring.report(agency, id, "جزء", [Remains("الباقي", soon)])),
                ("answer", lambda: scene.referring.answer(agency, id, "تم")),
                ("prolong", lambda: scene.directing.prolong(OFFICE, id, "للأمطار", soon)),
            ],
            CaseState.ASKED: [("reply", lambda: scene.forwarding.reply(DESK, id, "هنا"))],
            CaseState.ANSWERED: [
                ("accept", lambda: scene.closing.accept(own(case), id)),
                ("contest", lambda: scene.closing.contest(own(case), id, "لا")),
                ("contest", lambda: scene.closing.contest(own(case), id, "لا")),
            ],
            CaseState.CONTESTED: [("direct anew", lambda: scene.directed(case))],
        }
        return acts.get(case.state, []) if case.state is not CaseState.PROPOSED or asked else []


async def test_a_year_in_which_everybody_is_slow(scene: CaseworkScene) -> None:
    for number in range(CASES):
        await scene.taken(subject=f"طلب رقم {number}")
    year = Year(scene)
    for _ in range(182):
        await year.two_days()
    async with scene.database.unit_of_work(reading=True) as uow:
        cases = await uow.cases.listed(limit=500)
        entries = {case.id: await uow.cases.entries(case.id) for case in cases}
    assert len(cases) == CASES
    assert {"refer", "direct", "ratify", "correct", "return", "ask", "reply", "report", "answer", "contest"} <= set(
        year.did
    )
    by_silence = [case for case in cases if case.closed_because is ClosedBecause.UNOPPOSED]
    assert by_silence, "nobody said no in time, now and then"
    for case in by_silence:
        steps = [entry.kind for entry in entries[case.id]]
        answered = len(steps) - 1 - steps[::-1].index(EntryKind.ANSWERED)
        assert steps[answered:] == [
            EntryKind.ANSWERED, EntryKind.NOTIFIED, EntryKind.NOTIFIED, EntryKind.LAPSED
        ], "told, reminded, and only then closed"  # fmt: skip
    assert any(EntryKind.ESCALATED in [each.kind for each in entries[case.id]] for case in cases)
    shown = {each.case.id for each in await scene.views.desk(DESK, DeskBox.OPEN)}
    assert shown == {case.id for case in cases if case.state is not CaseState.CLOSED}
