"""What the tasks' API takes and gives."""

from __future__ import annotations

from datetime import datetime

from scheduler.tasks import TaskSeen
from scheduler.web.models import Answer, Request, Typed
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.task import TaskKind


class DoTask(Request):
    """What there is to say of it."""

    note: Typed | None = None


class OwnerView(Answer):
    """Who has taken it on; ``me``: whoever asks."""

    id: str
    name: str
    me: bool


class TaskAudienceView(Answer):
    """The audience that it is about."""

    id: str
    reference: str
    slot_starts_at: datetime


class TaskCitizenView(Answer):
    """Whom to call. The number is whole here, and nowhere else: somebody has to dial it."""

    id: str
    name: str
    mobile: str


class TaskView(Answer):
    """A task; ``overdue``: not done, and its time is over. ``case_id``: in which case, if in one."""

    id: str
    kind: TaskKind
    made_at: datetime
    due_at: datetime
    overdue: bool
    done_at: datetime | None
    owner: OwnerView | None
    audience: TaskAudienceView | None
    citizen: TaskCitizenView | None
    case_id: str | None
    note: str | None
    version: int

    @classmethod
    def of(cls, seen: TaskSeen, who: StaffPrincipal, now: datetime) -> TaskView:
        """As one member of staff sees it."""
        task, audience, citizen, owner = seen.task, seen.audience, seen.citizen, seen.owner
        return cls(
            id=task.id,
            kind=task.kind,
            made_at=task.made_at,
            due_at=task.due_at,
            overdue=task.done_at is None and task.due_at < now,
            done_at=task.done_at,
            owner=owner and OwnerView(id=owner.id, name=owner.display_name, me=owner.id == who.staff_id),
            audience=audience
            and TaskAudienceView(id=audience.id, reference=audience.reference, slot_starts_at=audience.slot_starts_at),
            citizen=citizen
            and TaskCitizenView(id=citizen.id, name=citizen.name.reveal(), mobile=citizen.mobile.reveal().e164),
            case_id=task.case_id,
            note=None if task.note is None else task.note.reveal(),
            version=task.version,
        )


class TasksView(Answer):
    """What is to be done, and what was done today."""

    tasks: list[TaskView]
    done: list[TaskView]
