"""The tasks' endpoints: JSON under ``/api/desk/tasks``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path

from scheduler.tasks import Tasks, TaskSeen
from scheduler.web.models import Id
from scheduler.web.task_models import DoTask, TasksView, TaskView
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.task import TaskId
from tawasul.web.dates import in_riyadh

TaskPath = Annotated[Id, Path()]
Who = Annotated[StaffPrincipal, Allow(Action.KEEP_TASKS)]


def tasks_router(tasks: Tasks, clock: Callable[[], datetime]) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk/tasks", tags=["tasks"])

    def view(seen: TaskSeen, who: StaffPrincipal) -> TaskView:
        return TaskView.of(seen, who, clock())

    @router.get("")
    async def tasks_of_the_desk(who: Who) -> TasksView:
        """What is to be done in the desk's governorate, and what was done today."""
        today = in_riyadh(clock()).replace(hour=0, minute=0, second=0, microsecond=0)
        to_do, done = await tasks.seen(who, today)
        return TasksView(tasks=[view(each, who) for each in to_do], done=[view(each, who) for each in done])

    @router.post("/{task_id}/take")
    async def take(who: Who, task_id: TaskPath) -> TaskView:
        """Takes a task on."""
        return view(await tasks.take(who, TaskId(task_id)), who)

    @router.post("/{task_id}/release")
    async def release(who: Who, task_id: TaskPath) -> TaskView:
        """Gives a task back."""
        return view(await tasks.release(who, TaskId(task_id)), who)

    @router.post("/{task_id}/done")
    async def done(who: Who, task_id: TaskPath, body: DoTask | None = None) -> TaskView:
        """The task is done."""
        return view(await tasks.do(who, TaskId(task_id), None if body is None else body.note), who)

    @router.post("/{task_id}/undone")
    async def undone(who: Who, task_id: TaskPath) -> TaskView:
        """That the task was done was a slip."""
        return view(await tasks.reopen(who, TaskId(task_id)), who)

    return router
