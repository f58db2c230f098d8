"""A step of a case: one transaction, in which the case is saved, its desk's tasks follow it, and it is noted who did
what. What was refused is noted too, and changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from tawasul.access.policy import Action
from tawasul.casework import desk_tasks, timing
from tawasul.casework.core import clocks
from tawasul.casework.core.clocks import WorkingDays
from tawasul.casework.ports import CaseNews, TasksChanged, Telling
from tawasul.casework.scope import Who, actor_of, case_of, for_the_citizen, hand_of
from tawasul.domain.audit import THE_SERVICE, AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import Hand
from tawasul.domain.errors import Conflict, InvalidInput, NotFound, Refused, TawasulError
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.riyadh import day_of
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_LONGEST_ID: Final = 64


@dataclass(slots=True)
class Step:
    """``now``: of the whole step. ``who`` is ``None`` where the service acts by itself."""

    uow: UnitOfWork
    who: Who | None
    action: AuditAction
    now: datetime
    telling: Telling
    desks: set[GovernorateId] = field(default_factory=set)
    """Those whose tasks have changed."""

    @property
    def hand(self) -> Hand:
        """Who acts. Raises: Refused."""
        return Hand.service() if self.who is None else hand_of(self.who)

    @property
    def citizens_hand(self) -> Hand:
        """The citizen's, also where a desk writes it down for them."""
        return Hand.service() if self.who is None else for_the_citizen(self.who)

    async def case(self, action: Action, id: CaseId, version: int | None = None) -> Case:
        """The case, if it is theirs for this. Raises: NotFound, Refused, Stale."""
        if self.who is None:
            raise Refused
        return await case_of(self.uow, self.who, action, id, version)

    async def days(self) -> WorkingDays:
        """The working days from now on."""
        return await timing.working_days(self.uow, self.now)

    async def keep(self, case: Case, **facts: str | int) -> Case:
        """Saves it with what it notes. Raises: Stale: somebody else saved it since it was read."""
        await self.uow.cases.save(case)
        await self.note(case, **facts)
        return case

    async def note(self, case: Case, **facts: str | int) -> None:
        """Of a case that is saved: who did this, and what its desk now has to do."""
        await self._bring_tasks_up_to_date(case)
        await self.looked(case, **facts)

    async def wait_for_audience(
        self, case: Case, due_at: datetime, governorate_id: GovernorateId | None = None
    ) -> None:
        """Until ``due_at`` nobody is late, nor has a task because of it. Raises: Stale, UnlawfulTransition."""
        case.wait_for_audience(due_at, governorate_id)
        await self.uow.cases.save(case)
        await self._bring_tasks_up_to_date(case)

    async def looked(self, case: Case, **facts: str | int) -> None:
        """Somebody had it before their eyes."""
        actor = THE_SERVICE if self.who is None else actor_of(self.who)
        said = {"citizen": case.citizen_id, **facts}
        await self.uow.audit.note(AuditEntry(actor, self.action, AuditSubject.CASE, case.id, said))

    async def settle(self, case: Case, words: Private[str], by: Hand | None = None) -> None:
        """Answers it here, without an agency; the citizen is told. Raises: CaseClosed, UnlawfulTransition."""
        until = clocks.citizen_has_until(self.now)
        case.settle(by or self.hand, self.now, due_at=until, words=words)
        await self.tell_of_answer(case)

    async def tell_of_answer(self, case: Case) -> None:
        """The citizen is told, in the same transaction: the time to say no counts from here."""
        case.notified(Hand.service(), self.now)
        await self.telling.tell_of_case(self.uow, CaseNews.ANSWER_READY, case, now=self.now, closes_at=case.due_at)

    async def _bring_tasks_up_to_date(self, case: Case) -> None:
        if await desk_tasks.brought_up_to_date(self.uow, case, self.now):
            self.desks.add(case.governorate_id)


class Casework:
    """What all use cases of cases stand on. ``telling`` and ``tasks_changed`` are lent by other rooms."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        telling: Telling,
        tasks_changed: TasksChanged = lambda governorate_id: None,
    ) -> None:
        self.units = units
        self.clock = clock
        self.telling = telling
        self._tasks_changed = tasks_changed

    def today(self) -> date:
        """In Riyadh."""
        return day_of(self.clock())

    @asynccontextmanager
    async def step(self, who: Who | None, action: AuditAction, subject: str) -> AsyncIterator[Step]:
        """One transaction, committed at its end. ``subject``: which case, or what of it, as it was asked for."""
        async with self.noting_refusals(who, action, subject), self.units() as uow:
            step = Step(uow, who, action, self.clock(), self.telling)
            yield step
            await uow.commit()
        for governorate_id in step.desks:
            self._tasks_changed(governorate_id)

    @asynccontextmanager
    async def noting_refusals(self, who: Who | None, action: AuditAction, subject: str) -> AsyncIterator[None]:
        """What is refused within is noted, by a transaction of its own."""
        try:
            yield
        except (Conflict, InvalidInput, NotFound) as error:
            if who is not None:
                await self.note_refused(actor_of(who), action, subject, error)
            raise

    async def note_refused(self, actor: AuditActor, action: AuditAction, subject: str, error: TawasulError) -> None:
        """``subject``: the case that was asked for, as it was asked for."""
        facts = {"step": action.value, "because": error.code}
        # What was asked for may be anything that somebody typed: then it is not kept.
        entry = AuditEntry(actor, AuditAction.REFUSED_ON_CASE, AuditSubject.CASE, "", facts)
        if len(subject) <= _LONGEST_ID:
            with contextlib.suppress(ValueError):
                entry = AuditEntry(actor, AuditAction.REFUSED_ON_CASE, AuditSubject.CASE, subject, facts)
        async with self.units() as uow:
            await uow.audit.note(entry)
            await uow.commit()
