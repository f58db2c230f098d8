"""Citizens at the desk: a new one is registered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.people import Citizen, CitizenId
from tawasul.store.unit_of_work import UnitOfWorkFactory


class Registration:
    """Each use case is one transaction."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def register(self, who: StaffPrincipal, *, name: str, national_id: str, mobile: str) -> Citizen:
        """A new citizen.

        Raises:
            InvalidText, InvalidNationalId, InvalidMobile: by the field that is wrong.
            AlreadyRegistered: the national ID is somebody's.
        """
        citizen = Citizen.register(
            CitizenId(uuid.uuid4().hex), name=name, national_id=national_id, mobile=mobile, now=self._clock()
        )
        async with self._unit_of_work() as uow:
            await uow.citizens.add(citizen)
            await uow.audit.note(
                AuditEntry(AuditActor.of(who), AuditAction.REGISTERED_CITIZEN, AuditSubject.CITIZEN, citizen.id)
            )
            await uow.commit()
        return citizen
