"""What happens to cases by itself, each minute: citizens are told of answers, and reminded; silence closes; who is late
is told of further up (F79).

Each case is a transaction of its own. Several servers may run it at once: the second to save a case finds it changed,
and leaves it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from tawasul.casework import desk_tasks, timing
from tawasul.casework.core import clocks
from tawasul.casework.ports import CaseNews
from tawasul.casework.step import Casework, Step
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import Hand
from tawasul.domain.case_state import CaseState, OwnerKind
from tawasul.domain.errors import Conflict

LOOKS_AGAIN_AFTER: Final = 60.0
"""Seconds."""

AT_ONCE: Final = 200
"""Cases that one look takes; what is more is taken at the next, at once."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """How many cases one turn moved."""

    told: int = 0
    reminded: int = 0
    lapsed: int = 0
    escalated: int = 0
    waiting: int = 0
    """Whose clock was set to that of the audience ahead."""

    @property
    def all(self) -> int:
        """Of any kind."""
        return self.told + self.reminded + self.lapsed + self.escalated + self.waiting


class CaseClockwork:
    """``run`` it beside the pages."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            turn = await self.turn()
            if turn.all:
                log.info(
                    "%d told, %d reminded, %d lapsed, %d escalated",
                    turn.told, turn.reminded, turn.lapsed, turn.escalated,
                )  # fmt: skip
            if turn.all < AT_ONCE:
                await asyncio.sleep(LOOKS_AGAIN_AFTER)

    async def turn(self) -> Turn:
        """All that is due now, of a bounded number."""
        now = self._casework.clock()
        async with self._casework.units(reading=True) as uow:
            due = await uow.cases.due(now, AT_ONCE)
            soon = await uow.cases.closing_soon(now, now + clocks.REMINDED_BEFORE, AT_ONCE)
        did = [await self._moved(id) for id in [*due, *soon]]
        return Turn(**{each: did.count(each) for each in ("told", "reminded", "lapsed", "escalated", "waiting")})

    async def _moved(self, id: CaseId) -> str:
        """What was done to it; empty if nothing is due any more."""
        try:
            async with self._casework.step(None, AuditAction.ESCALATED_CASE, id) as step:
                return await _move(step, await step.uow.cases.get(id))
        except Conflict:
            # Somebody acted at the same moment: what they did is looked at with the next turn.
            return ""
        except Exception as failure:
            # Those behind it are not held up. The kind of the failure only: its message may hold what was written.
            log.error("case %.8s was left as it is (%s)", id, type(failure).__name__)
            return ""


async def _move(step: Step, case: Case) -> str:
    if case.due_at is None:
        return ""
    if case.state is CaseState.ANSWERED:
        return await _about_answer(step, case)
    if case.due_at > step.now:
        return ""
    if case.state is CaseState.RECEIVED and case.owner is OwnerKind.DESK:
        waits_until = await timing.desk_waits_until(step.uow, case, step.now)
        if any(each.slot_starts_at > step.now for each in await timing.audiences_ahead(step.uow, case)):
            await step.wait_for_audience(case, waits_until)
            return "waiting"
    case.escalate(Hand.service(), step.now, due_at=clocks.late_has_until(await step.days(), step.now))
    await step.keep(case, escalations=case.escalations, told=clocks.told(case.escalations).value)
    return "escalated"


async def _about_answer(step: Step, case: Case) -> str:
    due_at = case.due_at
    assert due_at is not None, "an answered case is open"
    if due_at <= step.now and await desk_tasks.nobody_was_told(step.uow, case):
        # Silence upon what was not heard is no consent: told once more, with the whole time.
        case.notified_at, case.escalations = None, 0
    if case.notified_at is None:
        case.notified(Hand.service(), step.now, due_at=clocks.citizen_has_until(step.now))
        step.action = AuditAction.NOTIFIED_OF_ANSWER
        await step.telling.tell_of_case(step.uow, CaseNews.ANSWER_READY, case, now=step.now, closes_at=case.due_at)
        await step.keep(case)
        return "told"
    if due_at <= step.now:
        case.lapse(Hand.service(), step.now)
        step.action = AuditAction.CASE_LAPSED
        await step.keep(case)
        return "lapsed"
    if case.escalations == 0 and due_at <= step.now + clocks.REMINDED_BEFORE:
        case.reminded(Hand.service(), step.now)
        step.action = AuditAction.NOTIFIED_OF_ANSWER
        await step.telling.tell_of_case(step.uow, CaseNews.ANSWER_CLOSES_SOON, case, now=step.now, closes_at=due_at)
        await step.keep(case)
        return "reminded"
    return ""
