"""Citizens at the desk: a new one is registered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from scheduler.core import reference
from tawasul.access.policy import Action, StaffPrincipal, allowed
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.errors import InvalidInput, InvalidMobile, InvalidNationalId
from tawasul.domain.people import Citizen, CitizenId, Mobile, NationalId
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory


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

    async def find(self, who: StaffPrincipal, query: str) -> list[Citizen]:
        """By reference (of what the desk looks after), national ID or mobile number: exactly, or nobody.

        Raises:
            InvalidInput: it is none of the three (or mistyped); ``field`` is ``query``.
        """
        async with self._unit_of_work(reading=True) as uow:
            for look_up in (self._by_reference, _by_national_id, _by_mobile):
                found = await look_up(uow, who, query)
                if found is not None:
                    return found
        raise InvalidInput("neither a reference nor a national ID nor a mobile number", field="query")

    async def _by_reference(self, uow: UnitOfWork, who: StaffPrincipal, query: str) -> list[Citizen] | None:
        try:
            typed = reference.parse(query)
        except InvalidInput:
            return None
        audience = await uow.audiences.by_reference(typed)
        if audience is None or not allowed(who, Action.FIND_CITIZEN, governorate=audience.governorate_id):
            return []
        return [await uow.citizens.get(audience.citizen_id)]


async def _by_national_id(uow: UnitOfWork, who: StaffPrincipal, query: str) -> list[Citizen] | None:
    try:
        number = NationalId.parse(query)
    except InvalidNationalId:
        return None
    citizen = await uow.citizens.by_national_id(number)
    return [] if citizen is None else [citizen]


async def _by_mobile(uow: UnitOfWork, who: StaffPrincipal, query: str) -> list[Citizen] | None:
    try:
        mobile = Mobile.parse(query)
    except InvalidMobile:
        return None
    return await uow.citizens.by_mobile(mobile)
