"""Tasks: what needs a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import AudienceId
from tawasul.domain.case import CaseId
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.people import CitizenId, StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.task import Task, TaskId, TaskKind
from tawasul.store.repositories.base import Repository
from tawasul.store.sealed import Sealer
from tawasul.store.tables import TaskRow

_NOTE = "tasks.note"


class Tasks(Repository):
    """The tasks."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def add(self, task: Task) -> None:
        """A new task."""
        await self._insert(TaskRow(id=task.id, version=task.version, **self._columns(task)))

    async def get(self, id: TaskId) -> Task:
        """Raises: NotFound."""
        row = await self._row(TaskRow, TaskRow.id == id)
        if row is None:
            raise NotFound("task")
        return self._task(row)

    async def save(self, task: Task) -> Task:
        """What has changed; the task with its next version. Raises: Stale: somebody else saved it since."""
        changed = await self._change(
            update(TaskRow)
            .where(TaskRow.id == task.id, TaskRow.version == task.version)
            .values(version=task.version + 1, **self._columns(task))
        )
        if not changed:
            raise Stale
        return await self.get(task.id)

    async def open_of(self, governorate_id: GovernorateId) -> list[Task]:
        """Those of a governorate that are not done, soonest due first."""
        rows = await self._rows(
            select(TaskRow)
            .where(TaskRow.governorate_id == governorate_id, TaskRow.done_at.is_(None))
            .order_by(TaskRow.due_at, TaskRow.id)
        )
        return [self._task(row) for row in rows]

    async def recent_done(self, governorate_id: GovernorateId, since: datetime) -> list[Task]:
        """Those of a governorate that were done, or went away, since then; latest first."""
        rows = await self._rows(
            select(TaskRow)
            .where(TaskRow.governorate_id == governorate_id, TaskRow.done_at >= since)
            .order_by(TaskRow.done_at.desc(), TaskRow.id)
        )
        return [self._task(row) for row in rows]

    async def open_for_audience(self, audience_id: AudienceId) -> list[Task]:
        """Those about an audience that are not done, soonest due first."""
        rows = await self._rows(
            select(TaskRow)
            .where(TaskRow.audience_id == audience_id, TaskRow.done_at.is_(None))
            .order_by(TaskRow.due_at, TaskRow.id)
        )
        return [self._task(row) for row in rows]

    async def open_for_citizen(self, citizen_id: CitizenId) -> list[Task]:
        """Those about a citizen and no audience that are not done, soonest due first."""
        rows = await self._rows(
            select(TaskRow)
            .where(TaskRow.citizen_id == citizen_id, TaskRow.done_at.is_(None))
            .order_by(TaskRow.due_at, TaskRow.id)
        )
        return [self._task(row) for row in rows]

    async def open_for_case(self, case_id: CaseId) -> list[Task]:
        """Those about a case that are not done, soonest due first."""
        rows = await self._rows(
            select(TaskRow)
            .where(TaskRow.case_id == case_id, TaskRow.done_at.is_(None))
            .order_by(TaskRow.due_at, TaskRow.id)
        )
        return [self._task(row) for row in rows]

    def _columns(self, task: Task) -> dict[str, Any]:
        note = None if task.note is None else self._sealer.seal(task.note.reveal(), column=_NOTE, row_id=task.id)
        return {
            "kind": task.kind.value,
            "governorate_id": task.governorate_id,
            "audience_id": task.audience_id,
            "citizen_id": task.citizen_id,
            "case_id": task.case_id,
            "made_at": task.made_at,
            "due_at": task.due_at,
            "owner": task.owner,
            "done_at": task.done_at,
            "done_by": task.done_by,
            "note_sealed": note,
        }

    def _task(self, row: TaskRow) -> Task:
        note = None if row.note_sealed is None else self._sealer.open(row.note_sealed, column=_NOTE, row_id=row.id)
        return Task(
            id=TaskId(row.id),
            kind=TaskKind(row.kind),
            governorate_id=GovernorateId(row.governorate_id),
            audience_id=None if row.audience_id is None else AudienceId(row.audience_id),
            made_at=row.made_at,
            due_at=row.due_at,
            owner=None if row.owner is None else StaffId(row.owner),
            done_at=row.done_at,
            done_by=None if row.done_by is None else StaffId(row.done_by),
            note=None if note is None else Private(note),
            citizen_id=None if row.citizen_id is None else CitizenId(row.citizen_id),
            case_id=None if row.case_id is None else CaseId(row.case_id),
            version=row.version,
        )
