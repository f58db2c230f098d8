"""The tasks that a case gives to its desk (F73): made when it needs a person, gone when it no longer does."""

from __future__ import annotations

import uuid
from datetime import datetime

from tawasul.domain.case import Case
from tawasul.domain.case_state import CaseState
from tawasul.domain.task import Task, TaskId, TaskKind
from tawasul.store.unit_of_work import UnitOfWork


def needed(case: Case) -> set[TaskKind]:
    """What the desk has to do for it as it stands."""
    kinds = set()
    if case.state is CaseState.PROPOSED:
        kinds.add(TaskKind.RATIFY)
    if case.state is CaseState.ASKED:
        kinds.add(TaskKind.ANSWER_QUESTION)
    if case.escalations and case.state not in {CaseState.ANSWERED, CaseState.CLOSED}:
        kinds.add(TaskKind.CASE_OVERDUE)
    return kinds


async def brought_up_to_date(uow: UnitOfWork, case: Case, now: datetime) -> bool:
    """Makes what is needed and is not there, and closes what was there for it and is not needed. Whether there was
    anything to do. Does not commit.
    """
    wanted, kept, changed = needed(case), set(), False
    for task in await uow.tasks.open_for_case(case.id):
        if task.kind in wanted or _still_to_be_told(task, case):
            kept.add(task.kind)
        else:
            await uow.tasks.save(task.gone(now))
            changed = True
    for kind in sorted(wanted - kept):
        await uow.tasks.add(_task(kind, case, now))
        changed = True
    return changed


async def nobody_was_told(uow: UnitOfWork, case: Case) -> bool:
    """Whether the message of its answer could not be sent, and no person has told the citizen instead."""
    return any(_still_to_be_told(task, case) for task in await uow.tasks.open_for_case(case.id))


def _still_to_be_told(task: Task, case: Case) -> bool:
    return task.kind is TaskKind.MESSAGE_FAILED and case.state is CaseState.ANSWERED


def _task(kind: TaskKind, case: Case, now: datetime) -> Task:
    return Task(
        id=TaskId(uuid.uuid4().hex),
        kind=kind,
        governorate_id=case.governorate_id,
        audience_id=None,
        made_at=now,
        due_at=case.due_at or now,
        citizen_id=case.citizen_id,
        case_id=case.id,
    )
