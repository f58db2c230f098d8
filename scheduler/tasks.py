"""Tasks: what needs a person, who has taken it on, and what went away by itself (F73). Each step is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from tawasul.domain.audience import AudienceId
from tawasul.domain.places import GovernorateId
from tawasul.domain.task import Task, TaskId, TaskKind
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Tasks:
    """A governorate's tasks are its desk's."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def add_in(
        self,
        uow: UnitOfWork,
        kind: TaskKind,
        governorate_id: GovernorateId,
        audience_id: AudienceId | None,
        due_at: datetime,
    ) -> Task:
        """A new task, in the transaction of what makes it necessary. Does not commit.

        One of the same kind that is still open for the audience is not made twice: it is answered.
        """
        if audience_id is not None:
            for open_one in await uow.tasks.open_for_audience(audience_id):
                if open_one.kind is kind:
                    return open_one
        task = Task(
            id=TaskId(uuid.uuid4().hex),
            kind=kind,
            governorate_id=governorate_id,
            audience_id=audience_id,
            made_at=self._clock(),
            due_at=due_at,
        )
        await uow.tasks.add(task)
        return task
