"""Finding a citizen at the desk (F71): by reference, ticket, national ID, mobile number or name.

By a number that a person brings, any desk finds any citizen of the region. By name a desk finds those whom its
governorate has to do with: names are not secret, and looking through the region's is nobody's work. Whoever was shown
is noted in the audit log.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from scheduler.papers.ticket import TicketCodes
from scheduler.scope import governorate_of, may_touch
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.arabic_text import words
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.errors import InvalidInput, InvalidMobile, InvalidNationalId, TicketNotValid
from tawasul.domain.people import Citizen, CitizenId, Mobile, NationalId
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

MOST_FOUND: Final = 20
"""Whoever gets more than these types another word of the name."""

_BATCH: Final = 200


class Matched(enum.StrEnum):
    """By what a citizen was found."""

    REFERENCE = "reference"
    NATIONAL_ID = "national-id"
    MOBILE = "mobile"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """``more``: there are others whom the same words fit."""

    citizens: tuple[Citizen, ...]
    matched: Matched
    more: bool = False


class Search:
    """``tickets`` reads what a scanner types."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, tickets: TicketCodes) -> None:
        self._unit_of_work = unit_of_work
        self._tickets = tickets

    async def find(self, who: StaffPrincipal, query: str) -> Found:
        """Whom ``query`` fits; nobody is an answer too.

        Raises:
            InvalidInput: neither a number of ours nor a name (or a number that is mistyped); ``field`` is ``query``.
        """
        async with self._unit_of_work(reading=True) as uow:
            found = await self._find(uow, who, query)
        if found.citizens:
            # By a transaction of its own: looking shall not wait for others who write.
            async with self._unit_of_work() as uow:
                await uow.audit.note(*(_shown(who, citizen, found.matched) for citizen in found.citizens))
                await uow.commit()
        return found

    async def give_tokens(self) -> int:
        """Once at start: names that were kept before they could be looked for get their tokens. How many did."""
        done, after = 0, CitizenId("")
        while True:
            async with self._unit_of_work(reading=True) as uow:
                ids = await uow.citizens.names.without(after, _BATCH)
            if not ids:
                return done
            async with self._unit_of_work() as uow:
                for id, citizen in (await uow.citizens.many(ids)).items():
                    await uow.citizens.names.put(id, citizen.name.reveal())
                await uow.commit()
            done, after = done + len(ids), ids[-1]

    async def _find(self, uow: UnitOfWork, who: StaffPrincipal, query: str) -> Found:
        if (by_reference := await self._by_reference(uow, who, query)) is not None:
            return by_reference
        try:
            citizen = await uow.citizens.by_national_id(NationalId.parse(query))
            return Found(() if citizen is None else (citizen,), Matched.NATIONAL_ID)
        except InvalidNationalId:
            pass
        try:
            return Found(tuple(await uow.citizens.by_mobile(Mobile.parse(query))), Matched.MOBILE)
        except InvalidMobile:
            pass
        if any(character.isdigit() for character in query) or not words(query):
            raise InvalidInput("neither a number of ours nor a name", field="query")
        return await _by_name(uow, who, query)

    async def _by_reference(self, uow: UnitOfWork, who: StaffPrincipal, query: str) -> Found | None:
        try:
            audience = await uow.audiences.by_reference(self._tickets.read(query))
        except TicketNotValid:
            return None
        if audience is not None and may_touch(who, Action.FIND_CITIZEN, audience):
            return Found((await uow.citizens.get(audience.citizen_id),), Matched.REFERENCE)
        # Six letters of a name may look like a reference.
        return None if query.isalpha() else Found((), Matched.REFERENCE)


async def _by_name(uow: UnitOfWork, who: StaffPrincipal, query: str) -> Found:
    ids = await uow.citizens.names.find(query, governorate_of(who), MOST_FOUND + 1)
    citizens = await uow.citizens.many(ids)
    sought = words(query)
    fitting = [citizens[id] for id in ids[:MOST_FOUND] if _fits(citizens[id], sought)]
    return Found(tuple(fitting), Matched.NAME, more=len(ids) > MOST_FOUND)


def _fits(citizen: Citizen, sought: list[str]) -> bool:
    """The index knows the beginnings of long words only; here all of what was typed counts."""
    own = words(citizen.name.reveal())
    return all(any(word.startswith(typed) for word in own) for typed in sought)


def _shown(who: StaffPrincipal, citizen: Citizen, matched: Matched) -> AuditEntry:
    by = {"by": matched.value}
    return AuditEntry(AuditActor.of(who), AuditAction.FOUND_CITIZEN, AuditSubject.CITIZEN, citizen.id, by)
