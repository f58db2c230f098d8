"""Tasks: what needs a person, who has taken it on, and what went away by itself (F73). Each step is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from scheduler.scope import governorate_of
from tawasul.access.policy import Action, StaffPrincipal, allowed
from tawasul.bus.port import Events
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.case import CaseId
from tawasul.domain.errors import NotFound, UnlawfulTransition
from tawasul.domain.events import (
    AudienceBooked,
    AudienceCancelled,
    AudienceConcluded,
    AudienceEvent,
    AudienceMoved,
    AudienceReinstated,
    CitizenArrived,
    CitizenMissed,
)
from tawasul.domain.people import Citizen, CitizenId, Staff, StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.task import LONGEST_NOTE, Task, TaskId, TaskKind
from tawasul.domain.text import bounded
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_WHILE_IT_IS_AHEAD: Final = frozenset(
    {TaskKind.TELL_OF_NEW_TIME, TaskKind.CHECK_PROOF, TaskKind.MESSAGE_FAILED, TaskKind.PLAN_HOME_VISIT}
)
"""Of use only while the audience is to come."""

GONE_BY: Final[Mapping[type[AudienceEvent], frozenset[TaskKind]]] = MappingProxyType(
    {
        # Who cancelled still wants to be told, and who lost a time wants another: those two stay.
        AudienceCancelled: _WHILE_IT_IS_AHEAD,
        CitizenMissed: _WHILE_IT_IS_AHEAD,
        # Moved: told of the new time they still have to be.
        AudienceMoved: frozenset({TaskKind.FIND_A_TIME}),
        AudienceReinstated: frozenset({TaskKind.FIND_A_TIME, TaskKind.TELL_OF_CANCELLATION}),
        # They are here: what was to be told by telephone is told.
        CitizenArrived: frozenset({TaskKind.TELL_OF_NEW_TIME, TaskKind.MESSAGE_FAILED, TaskKind.FIND_A_TIME}),
        AudienceConcluded: frozenset(TaskKind),
    }
)
"""Which tasks of an audience are over by what happens to it."""

OF_AN_OFFER: Final = frozenset({TaskKind.TELL_OF_OFFER})


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """A task with what the desk needs to do it. ``owner``: who has it, or did it."""

    task: Task
    audience: Audience | None
    citizen: Citizen | None
    owner: Staff | None


class Tasks:
    """A governorate's tasks are its desk's. ``changed(governorate)`` is told after each step of the desk's."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        changed: Callable[[GovernorateId], None] = lambda governorate_id: None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._changed = changed

    # For other use cases, within their transactions

    async def add_in(
        self,
        uow: UnitOfWork,
        kind: TaskKind,
        governorate_id: GovernorateId,
        audience_id: AudienceId | None,
        due_at: datetime,
        *,
        citizen_id: CitizenId | None = None,
        case_id: CaseId | None = None,
    ) -> Task:
        """A new task, in the transaction of what makes it necessary. Does not commit.

        ``citizen_id``: whom it is about where there is no audience; ``case_id``: in which case. One of the same kind
        that is still open for the same audience, or citizen and case, is not made twice: it is answered.
        """
        for open_one in await _open(uow, audience_id, citizen_id):
            if open_one.kind is kind and open_one.case_id == case_id:
                return open_one
        task = Task(
            id=TaskId(uuid.uuid4().hex),
            kind=kind,
            governorate_id=governorate_id,
            audience_id=audience_id,
            made_at=self._clock(),
            due_at=due_at,
            citizen_id=citizen_id if audience_id is None else None,
            case_id=case_id,
        )
        await uow.tasks.add(task)
        return task

    async def gone_in(
        self,
        uow: UnitOfWork,
        kinds: Collection[TaskKind],
        *,
        audience_id: AudienceId | None = None,
        citizen_id: CitizenId | None = None,
    ) -> list[Task]:
        """What these were for is no more: they close by themselves. Does not commit."""
        gone = [task for task in await _open(uow, audience_id, citizen_id) if task.kind in kinds]
        return [await uow.tasks.save(task.gone(self._clock())) for task in gone]

    def listen(self, events: Events) -> None:
        """From now on tasks close by themselves when what they were for is over."""
        for kind in GONE_BY:
            events.subscribe(kind, self._close)
        events.subscribe(AudienceBooked, self._booked)

    async def _close(self, event: AudienceEvent) -> None:
        kinds = GONE_BY[type(event)]
        audience_id = AudienceId(event.audience_id)
        async with self._unit_of_work(reading=True) as uow:
            if not any(task.kind in kinds for task in await uow.tasks.open_for_audience(audience_id)):
                return
        async with self._unit_of_work() as uow:
            gone = await self.gone_in(uow, kinds, audience_id=audience_id)
            await uow.commit()
        self._tell(gone)

    async def _booked(self, event: AudienceBooked) -> None:
        async with self._unit_of_work(reading=True) as uow:
            citizen_id = (await uow.audiences.get(AudienceId(event.audience_id))).citizen_id
            if not await uow.tasks.open_for_citizen(citizen_id):
                return
        async with self._unit_of_work() as uow:
            gone = await self.gone_in(uow, OF_AN_OFFER, citizen_id=citizen_id)
            await uow.commit()
        self._tell(gone)

    def _tell(self, tasks: Sequence[Task]) -> None:
        for governorate_id in {task.governorate_id for task in tasks}:
            self._changed(governorate_id)

    # The desk's

    async def seen(self, who: StaffPrincipal, since: datetime) -> tuple[list[TaskSeen], list[TaskSeen]]:
        """What is to be done, soonest due first, and what was done since then, latest first.

        An offer that is over needs nobody to tell of it.
        """
        governorate_id = governorate_of(who)
        now = self._clock()
        async with self._unit_of_work(reading=True) as uow:
            to_do = [
                task
                for task in await uow.tasks.open_of(governorate_id)
                if task.kind not in OF_AN_OFFER or task.due_at > now
            ]
            done = [task for task in await uow.tasks.recent_done(governorate_id, since) if task.done_by is not None]
            return await _with_people(uow, to_do), await _with_people(uow, done)

    async def take(self, who: StaffPrincipal, id: TaskId) -> TaskSeen:
        """Takes it on. Raises: NotFound, TaskTaken, UnlawfulTransition, Stale."""
        return await self._step(who, id, AuditAction.TOOK_TASK, lambda task: task.taken(who.staff_id))

    async def release(self, who: StaffPrincipal, id: TaskId) -> TaskSeen:
        """Gives it back. Raises: NotFound, TaskTaken, UnlawfulTransition, Stale."""
        return await self._step(who, id, AuditAction.RELEASED_TASK, lambda task: task.released(who.staff_id))

    async def do(self, who: StaffPrincipal, id: TaskId, note: str | None = None) -> TaskSeen:
        """It is done. Raises: NotFound, TaskTaken, UnlawfulTransition, Stale; InvalidText: the note."""
        kept = Private(bounded(note, field="note", longest=LONGEST_NOTE)) if note and note.strip() else None
        now = self._clock()
        return await self._step(who, id, AuditAction.DID_TASK, lambda task: task.done(who.staff_id, now, kept))

    async def reopen(self, who: StaffPrincipal, id: TaskId) -> TaskSeen:
        """That it was done was a slip. Raises: NotFound, Stale; UnlawfulTransition: nobody has done it."""
        return await self._step(who, id, AuditAction.REOPENED_TASK, _undone)

    async def _step(
        self, who: StaffPrincipal, id: TaskId, action: AuditAction, step: Callable[[Task], Task]
    ) -> TaskSeen:
        async with self._unit_of_work() as uow:
            task = await uow.tasks.get(id)
            if not allowed(who, Action.KEEP_TASKS, governorate=task.governorate_id):
                raise NotFound("task")
            task = await uow.tasks.save(step(task))
            (seen,) = await _with_people(uow, [task])
            facts = {} if seen.citizen is None else {"citizen": seen.citizen.id}
            await uow.audit.note(AuditEntry(AuditActor.of(who), action, AuditSubject.TASK, task.id, facts))
            await uow.commit()
        self._changed(task.governorate_id)
        return seen


def _undone(task: Task) -> Task:
    if task.done_by is None:
        raise UnlawfulTransition("not done", "undo")
    return task.undone()


async def _open(uow: UnitOfWork, audience_id: AudienceId | None, citizen_id: CitizenId | None) -> list[Task]:
    if audience_id is not None:
        return await uow.tasks.open_for_audience(audience_id)
    return [] if citizen_id is None else await uow.tasks.open_for_citizen(citizen_id)


async def _with_people(uow: UnitOfWork, tasks: Sequence[Task]) -> list[TaskSeen]:
    audiences = {id: await uow.audiences.get(id) for id in {t.audience_id for t in tasks} if id is not None}
    owners: dict[StaffId, Staff] = {id: await uow.staff.get(id) for id in {t.owner for t in tasks} if id is not None}

    def citizen_of(task: Task) -> CitizenId | None:
        return task.citizen_id if task.audience_id is None else audiences[task.audience_id].citizen_id

    citizens = await uow.citizens.many({id for id in map(citizen_of, tasks) if id is not None})
    return [
        TaskSeen(
            task,
            None if task.audience_id is None else audiences[task.audience_id],
            None if (id := citizen_of(task)) is None else citizens.get(id),
            None if task.owner is None else owners[task.owner],
        )
        for task in tasks
    ]
