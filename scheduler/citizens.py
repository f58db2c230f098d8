"""A citizen's file at the desk: who they are, their audiences and wishes; and what was mistyped, put right.

Opening a file and changing it are noted in the audit log. What a correction replaced is not kept in clear anywhere:
the entry says which field, by whom and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from scheduler.scope import may_touch
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import Audience
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.people import LONGEST_NAME, Citizen, CitizenId, Mobile
from tawasul.domain.private import Private
from tawasul.domain.text import bounded
from tawasul.domain.waitlist import WaitlistEntry
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

MOST_AUDIENCES: Final = 50


@dataclass(frozen=True, slots=True)
class CitizenFile:
    """``audiences`` and ``waitlist``: those that the desk looks after, latest first. ``elsewhere``: how many more
    audiences other desks look after.
    """

    citizen: Citizen
    audiences: tuple[Audience, ...]
    waitlist: tuple[WaitlistEntry, ...]
    elsewhere: int


class Citizens:
    """Each use case is one transaction."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    async def open(self, who: StaffPrincipal, id: CitizenId) -> CitizenFile:
        """Raises: NotFound."""
        async with self._unit_of_work(reading=True) as uow:
            file = await _file(uow, who, id)
        async with self._unit_of_work() as uow:
            await uow.audit.note(_entry(who, AuditAction.OPENED_CITIZEN, id))
            await uow.commit()
        return file

    async def correct(
        self, who: StaffPrincipal, id: CitizenId, *, name: str | None = None, mobile: str | None = None
    ) -> Citizen:
        """Another name or mobile number; what is not given stays. Nothing is noted where nothing changed.

        Raises:
            NotFound: no such citizen.
            InvalidText, InvalidMobile: by the field that is wrong.
        """
        async with self._unit_of_work() as uow:
            before = after = await uow.citizens.get(id)
            if name is not None:
                after = replace(after, name=Private(bounded(name, field="name", longest=LONGEST_NAME)))
            if mobile is not None:
                after = replace(after, mobile=Private(Mobile.parse(mobile)))
            changed = [field for field in ("name", "mobile") if getattr(before, field) != getattr(after, field)]
            if changed:
                await uow.citizens.correct(after)
                await uow.audit.note(_entry(who, AuditAction.CORRECTED_CITIZEN, id, fields=",".join(changed)))
                await uow.commit()
        return after


async def _file(uow: UnitOfWork, who: StaffPrincipal, id: CitizenId) -> CitizenFile:
    citizen = await uow.citizens.get(id)
    audiences = await uow.audiences.of_citizen(id, MOST_AUDIENCES)
    own = sorted(
        (each for each in audiences if may_touch(who, Action.SEE_CITIZEN, each)),
        key=lambda each: each.slot_starts_at,
        reverse=True,
    )
    entries = [each for each in await uow.waitlist.of_citizen(id) if each.governorate_id == who.governorate_id]
    return CitizenFile(citizen, tuple(own), tuple(entries), elsewhere=len(audiences) - len(own))


def _entry(who: StaffPrincipal, action: AuditAction, id: CitizenId, **facts: str) -> AuditEntry:
    return AuditEntry(AuditActor.of(who), action, AuditSubject.CITIZEN, id, facts)
