"""What is done to an audience is noted for the audit log, in the same transaction."""

from __future__ import annotations

from tawasul.domain.audience import Audience
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.store.unit_of_work import UnitOfWork


async def note(uow: UnitOfWork, actor: AuditActor, action: AuditAction, audience: Audience, **facts: str | int) -> None:
    """Identifiers only: the citizen's goes with every entry, so that all about one citizen can be found."""
    await uow.audit.note(
        AuditEntry(actor, action, AuditSubject.AUDIENCE, audience.id, {"citizen": audience.citizen_id, **facts})
    )
