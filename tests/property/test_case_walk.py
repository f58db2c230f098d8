"""Every way that a case can go, walked out to the end: what cannot happen, whoever does whatever, in any order."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tawasul.domain.agency import AgencyId
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import EntryKind, Hand, HandKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import AgendaReason, CaseKind, CaseState, ClosedBecause, OwnerKind
from tawasul.domain.errors import Conflict
from tawasul.domain.people import CitizenId, StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
LATER = NOW + timedelta(days=14)
WORDS = Private("كلام")
WATER, ROADS = AgencyId("water"), AgencyId("roads")

CITIZEN, DESK = Hand(HandKind.CITIZEN), Hand(HandKind.DESK, StaffId("desk"))
OFFICE, AGENCY, SERVICE = Hand(HandKind.OFFICE), Hand(HandKind.AGENCY, agency_id=WATER), Hand.service()

Step = Callable[[Case], None]

STEPS: dict[str, Step] = {
    "direct": lambda case: case.direct(OFFICE, NOW, due_at=LATER, words=WORDS),
    "heard": lambda case: case.heard(OFFICE, NOW, due_at=LATER, words=WORDS),
    "settle": lambda case: case.settle(OFFICE, NOW, due_at=LATER, words=WORDS),
    "prolong": lambda case: case.prolong(OFFICE, NOW, due_at=LATER, words=WORDS),
    "ratify": lambda case: case.ratify(WATER, CITIZEN, NOW, due_at=LATER),
    "correct": lambda case: case.correct(CITIZEN, NOW, due_at=LATER, words=WORDS),
    "accept": lambda case: case.accept(CITIZEN, NOW),
    "contest": lambda case: case.contest(CITIZEN, NOW, due_at=LATER, words=WORDS),
    "withdraw": lambda case: case.withdraw(CITIZEN, NOW),
    "refer": lambda case: case.refer(WATER, DESK, NOW, due_at=LATER, words=WORDS),
    "merge": lambda case: case.merge(CaseId("another"), DESK, NOW),
    "give-up": lambda case: case.give_up(DESK, NOW),
    "take-up-again": lambda case: case.take_up_again(DESK, NOW, due_at=LATER),
    "wait-for-audience": lambda case: case.wait_for_audience(LATER),
    "reply": lambda case: case.reply(DESK, NOW, due_at=LATER, words=WORDS),
    "take-on": lambda case: case.take_on(AGENCY, NOW, due_at=LATER),
    "return": lambda case: case.return_(AGENCY, NOW, due_at=LATER, words=WORDS),
    "ask": lambda case: case.ask(AGENCY, NOW, due_at=LATER, words=WORDS),
    "report": lambda case: case.report(2, AGENCY, NOW, due_at=LATER, words=WORDS),
    "answer": lambda case: case.answer(AGENCY, NOW, due_at=LATER, words=WORDS),
    "reassign": lambda case: case.reassign(ROADS, OFFICE, NOW, due_at=LATER, words=WORDS),
    "reassign-back": lambda case: case.reassign(WATER, OFFICE, NOW, due_at=LATER, words=WORDS),
    "notified": lambda case: case.notified(SERVICE, NOW),
    "reminded": lambda case: case.reminded(SERVICE, NOW),
    "lapse": lambda case: case.lapse(SERVICE, LATER),
    "lapse-early": lambda case: case.lapse(SERVICE, NOW),
    "escalate": lambda case: case.escalate(SERVICE, NOW, due_at=LATER),
}
OF_THE_CITIZEN = {"accept", "withdraw"}
UPON_AN_ANSWER = {ClosedBecause.ACCEPTED, ClosedBecause.UNOPPOSED}


@dataclass(frozen=True)
class Taken:
    """One step from one standing of a case to the next."""

    before: Case
    step: str
    after: Case


def a_case() -> Case:
    return Case.open(
        CaseId("case"),
        number=CaseNumber(1448, 1),
        kind=CaseKind.AUDIENCE,
        citizen_id=CitizenId("citizen"),
        governorate_id=GovernorateId("badr"),
        subject="طريق القرية",
        due_at=LATER,
        now=NOW,
        by=DESK,
    )


def standing(case: Case) -> tuple[object, ...]:
    """All of a case that its steps look at, with counts cut off where they no longer make a difference."""
    return (
        case.state,
        case.owner,
        case.due_at,
        case.agency_due_at,
        case.agency_id,
        case.directed,
        min(case.remaining, 2),
        min(case.escalations, 3),
        case.agenda,
        min(case.contests, 1),
        case.notified_at,
        case.closed_because,
        case.answered_at is not None,
        case.answered_by,
        case.answer_contested,
    )


@pytest.fixture(scope="module")
def walk() -> list[Taken]:
    """Every step from every standing that can be reached."""
    start = a_case()
    seen, ahead, taken = {standing(start)}, deque([start]), []
    while ahead:
        before = ahead.popleft()
        for name, step in STEPS.items():
            after, untouched = (dataclasses.replace(before, entries=[]) for _ in range(2))
            try:
                step(after)
            except Conflict:
                assert after == untouched, f"{name} was refused and changed something"
                assert after.entries == [], f"{name} was refused and noted"
                continue
            taken.append(Taken(before, name, after))
            if standing(after) not in seen:
                seen.add(standing(after))
                ahead.append(after)
    assert {each.after.state for each in taken} == set(CaseState), "the walk does not reach every state"
    assert {each.step for each in taken} >= set(STEPS) - {"lapse-early"}, "a step is never lawful"
    return taken


def test_no_directive_opens_unratified(walk: list[Taken]) -> None:
    for each in walk:
        if each.before.state is CaseState.PROPOSED and each.after.agency_id != each.before.agency_id:
            assert each.step == "ratify"
        if each.after.directed and not each.before.directed:
            assert each.step == "ratify"
            assert each.before.state is CaseState.PROPOSED
    assert {each.step for each in walk if each.before.state is CaseState.PROPOSED} == {
        "direct", "heard", "ratify", "correct", "withdraw", "escalate",
    }  # fmt: skip


def test_no_case_closes_against_a_contest(walk: list[Taken]) -> None:
    out = {(each.step, each.after.closed_because) for each in walk if each.before.state is CaseState.CONTESTED
           and each.after.state is CaseState.CLOSED}  # fmt: skip
    assert out == {("accept", ClosedBecause.ACCEPTED), ("withdraw", ClosedBecause.WITHDRAWN)}
    assert all(each.step in OF_THE_CITIZEN for each in walk if each.before.state is CaseState.CONTESTED
               and each.after.state is CaseState.CLOSED)  # fmt: skip


def test_what_was_contested_once_never_ends_by_a_clerk(walk: list[Taken]) -> None:
    """Whatever came back since: by the citizen's own word, or by silence upon a newer answer."""
    ends = {each.step for each in walk if each.before.contests and each.after.state is CaseState.CLOSED}
    assert ends == {"accept", "withdraw", "lapse"}


def test_an_answer_and_its_contest_stay_with_who_gave_it_until_the_next_answer(walk: list[Taken]) -> None:
    for each in walk:
        if each.step in ("answer", "settle"):
            assert each.after.answered_by == (each.before.agency_id if each.step == "answer" else None)
            same = each.after.answered_by == each.before.answered_by
            assert each.after.answer_contested == (each.before.answer_contested and same)
        else:
            assert each.after.answered_by == each.before.answered_by
            assert each.after.answer_contested == (each.before.answer_contested or each.step == "contest")
    elsewhere = [each.after for each in walk if each.after.answered_by not in (None, each.after.agency_id)]
    assert {case.answered_by for case in elsewhere} == {WATER, ROADS}
    assert {case.answer_contested for case in elsewhere} == {True}


def test_what_closes_upon_an_answer_is_with_who_gave_it(walk: list[Taken]) -> None:
    closed = [each.after for each in walk if each.after.closed_because in UPON_AN_ANSWER]
    assert closed
    assert all(case.agency_id == case.answered_by for case in closed)


def test_a_contested_case_is_on_the_agenda_until_it_is_dealt_with(walk: list[Taken]) -> None:
    for each in walk:
        if each.after.state is CaseState.CONTESTED:
            assert each.after.agenda is AgendaReason.CONTESTED
        if each.after.state is CaseState.CLOSED:
            assert each.after.agenda is None


def test_every_open_case_has_an_owner_and_a_clock(walk: list[Taken]) -> None:
    for each in walk:
        assert (each.after.due_at is None) == (each.after.state is CaseState.CLOSED)
        assert (each.after.closed_because is None) == (each.after.state is not CaseState.CLOSED)
        owners = {
            CaseState.RECEIVED: {OwnerKind.DESK, OwnerKind.OFFICE},
            CaseState.PROPOSED: {OwnerKind.DESK},
            CaseState.REFERRED: {OwnerKind.AGENCY},
            CaseState.UNDER_WAY: {OwnerKind.AGENCY},
            CaseState.ASKED: {OwnerKind.DESK},
            CaseState.ANSWERED: {OwnerKind.CITIZEN},
            CaseState.CONTESTED: {OwnerKind.OFFICE},
            CaseState.CLOSED: {OwnerKind.CITIZEN},
        }
        assert each.after.owner in owners[each.after.state]


def test_an_agencys_clock_stands_still_while_it_waits_for_an_answer_of_the_desk(walk: list[Taken]) -> None:
    for each in walk:
        assert (each.after.agency_due_at is not None) == (each.after.state is CaseState.ASKED)
        if each.step == "ask":
            assert each.after.agency_due_at == each.before.due_at


def test_silence_closes_only_after_notice_and_its_time(walk: list[Taken]) -> None:
    lapses = [each for each in walk if each.after.closed_because is ClosedBecause.UNOPPOSED]
    assert lapses
    for each in lapses:
        assert each.before.state is CaseState.ANSWERED
        assert each.before.notified_at is not None
        assert each.step == "lapse"


def test_what_is_late_three_times_comes_before_the_next_sitting(walk: list[Taken]) -> None:
    late = [each for each in walk if each.step == "escalate" and each.after.escalations >= 3]
    assert late
    assert all(each.after.agenda is not None for each in late)
    early = [each for each in walk if each.step == "escalate" and each.after.escalations < 3]
    assert all(each.after.agenda is each.before.agenda for each in early)


def test_from_everywhere_there_is_a_way_to_the_end(walk: list[Taken]) -> None:
    reaches_end = {standing(each.after) for each in walk if each.after.state is CaseState.CLOSED}
    while True:
        more = {standing(each.before) for each in walk if standing(each.after) in reaches_end} - reaches_end
        if not more:
            break
        reaches_end |= more
    assert {standing(each.before) for each in walk} <= reaches_end


def test_every_step_is_in_the_timeline_once(walk: list[Taken]) -> None:
    steps = [each for each in walk if each.step != "wait-for-audience"]
    for each in steps:
        assert len(each.after.entries) == 1, each.step
    assert {each.after.entries[0].kind for each in steps} == set(EntryKind) - {EntryKind.OPENED}


def test_that_an_audience_is_ahead_sets_the_clock_and_nothing_else(walk: list[Taken]) -> None:
    waits = [each for each in walk if each.step == "wait-for-audience"]
    assert waits
    for each in waits:
        assert each.after.entries == []
        assert (each.after.state, each.after.owner) == (CaseState.RECEIVED, OwnerKind.DESK)


def test_an_agency_that_gave_a_case_back_has_no_part_in_it(walk: list[Taken]) -> None:
    back = [each for each in walk if each.step in {"return", "settle"}]
    assert {each.step for each in back} == {"return", "settle"}
    assert all(each.after.agency_id is None for each in back)
    assert all(each.after.entries[0].agency_id == each.before.agency_id for each in back if each.step == "return")


def test_a_partial_answer_is_no_answer(walk: list[Taken]) -> None:
    for each in walk:
        if each.after.remaining:
            assert each.after.state in {CaseState.UNDER_WAY, CaseState.ASKED, CaseState.CLOSED}
