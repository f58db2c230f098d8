"""What an agency does with what is referred to it: take it on, give it back, ask, report a part, answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework import timing
from tawasul.casework.core import clocks
from tawasul.casework.directing import require_ahead
from tawasul.casework.ports import CaseNews
from tawasul.casework.scope import agency_of
from tawasul.casework.step import Casework, Step
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import words_of
from tawasul.domain.case_paper import RemainingItem
from tawasul.domain.case_state import CaseState
from tawasul.domain.errors import InvalidInput
from tawasul.domain.private import Private
from tawasul.domain.text import bounded

LONGEST_ITEM: Final = 300
MOST_ITEMS: Final = 20


@dataclass(frozen=True, slots=True)
class Remains:
    """What a partial answer leaves open, as it was typed, and the day in Riyadh by which it is done."""

    words: str
    due_on: date


class Referring:
    """By the account of an agency, on its own cases; others look as if they were not there."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def take_on(self, who: StaffPrincipal, id: CaseId, version: int | None = None) -> Case:
        """It is the agency's own. Raises: NotFound, Stale, CaseClosed, UnlawfulTransition."""
        async with self._casework.step(who, AuditAction.TOOK_ON_CASE, id) as step:
            case = await step.case(Action.ANSWER_CASE, id, version)
            agency = await step.uow.agencies.get(agency_of(who))
            until = await timing.answers_until(step.uow, case, agency, step.now)
            case.take_on(step.hand, step.now, due_at=until)
            return await step.keep(case, agency=agency.id)

    async def return_(self, who: StaffPrincipal, id: CaseId, reason: str, version: int | None = None) -> Case:
        """It is not the agency's: back to whoever sent it, and no longer the agency's to see.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, InvalidText.
        """
        async with self._casework.step(who, AuditAction.RETURNED_CASE, id) as step:
            case = await step.case(Action.ANSWER_CASE, id, version)
            until = clocks.desk_has_until(await step.days(), step.now, CaseState.RECEIVED)
            case.return_(step.hand, step.now, due_at=until, words=words_of(reason, field="reason"))
            await step.uow.cases.put_remaining(case.id, [])
            return await step.keep(case, agency=agency_of(who))

    async def ask(self, who: StaffPrincipal, id: CaseId, question: str, version: int | None = None) -> Case:
        """The desk finds the answer; the agency's clock stands still. The citizen is told that something is asked.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, InvalidText.
        """
        async with self._casework.step(who, AuditAction.ASKED_OF_CASE, id) as step:
            case = await step.case(Action.ANSWER_CASE, id, version)
            until = clocks.desk_has_until(await step.days(), step.now, CaseState.ASKED)
            case.ask(step.hand, step.now, due_at=until, words=words_of(question, field="question"))
            await step.telling.tell_of_case(step.uow, CaseNews.QUESTION, case, now=step.now)
            return await step.keep(case, agency=agency_of(who))

    async def report(
        self, who: StaffPrincipal, id: CaseId, words: str, remaining: Sequence[Remains], version: int | None = None
    ) -> Case:
        """A part is done. ``remaining``: 1 to 20 items; what an earlier report named and this does not is done.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, AnsweredAlready, InvalidText.
            InvalidInput: no item, or too many. DueDatePassed: of one of them.
        """
        async with self._casework.step(who, AuditAction.REPORTED_ON_CASE, id) as step:
            case = await step.case(Action.ANSWER_CASE, id, version)
            items = _items(step, remaining)
            until = clocks.end_of(min(item.due_on for item in items))
            case.report(len(items), step.hand, step.now, due_at=until, words=words_of(words, field="words"))
            await _keep_remaining(step, case, items)
            return await step.keep(case, agency=agency_of(who), remaining=len(items))

    async def answer(self, who: StaffPrincipal, id: CaseId, words: str, version: int | None = None) -> Case:
        """All is done; the citizen is told, and accepts it or says no. Documents were attached before.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, InvalidText.
            AnsweredAlready: it has its answer.
        """
        async with self._casework.step(who, AuditAction.ANSWERED_CASE, id) as step:
            case = await step.case(Action.ANSWER_CASE, id, version)
            until = clocks.citizen_has_until(step.now)
            case.answer(step.hand, step.now, due_at=until, words=words_of(words, field="words"))
            await _keep_remaining(step, case, [])
            await step.tell_of_answer(case)
            return await step.keep(case, agency=agency_of(who))


def goes_on_until(case: Case, now: datetime) -> datetime:
    """The agency's clock once its question is answered: the time for which it waited is given back."""
    return clocks.agency_goes_on_until(case.agency_due_at or now, case.since or case.opened_at, now)


def _items(step: Step, remaining: Sequence[Remains]) -> list[RemainingItem]:
    if not 1 <= len(remaining) <= MOST_ITEMS:
        raise InvalidInput("from 1 to 20 items remain", field="remaining")
    for each in remaining:
        require_ahead(each.due_on, step)
    return [
        RemainingItem(Private(bounded(each.words, field="remaining", longest=LONGEST_ITEM)), each.due_on)
        for each in remaining
    ]


async def _keep_remaining(step: Step, case: Case, items: Sequence[RemainingItem]) -> None:
    """Those of before that are not named again are done, and stay in the list."""
    named = {item.words.reveal() for item in items}
    before = await step.uow.cases.remaining(case.id)
    done = [item.done(step.now) for item in before if item.words.reveal() not in named]
    await step.uow.cases.put_remaining(case.id, [*done[-MOST_ITEMS:], *items])
