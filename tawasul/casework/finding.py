"""Finding a case at the desk or in the office: by its number, by whose it is, or by the words of its subject (F71).

A desk finds among its governorate's. Whoever was shown is noted by whose case it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal, allowed, require
from tawasul.casework.scope import governorate_of
from tawasul.casework.seen import CaseSeen, listed
from tawasul.casework.step import Casework
from tawasul.domain.arabic_text import words
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.errors import InvalidCaseNumber, InvalidInput, InvalidNationalId, Refused
from tawasul.domain.people import Citizen, CitizenId, NationalId, Role
from tawasul.domain.places import GovernorateId
from tawasul.store.unit_of_work import UnitOfWork

MOST_FOUND: Final = 20
"""Whoever gets more than these types another word."""


class Finding:
    """For desks and the office. An agency looks through its boxes: it has nobody to look for."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def find(self, who: StaffPrincipal, query: str) -> list[CaseSeen]:
        """Those that ``query`` fits; none is an answer too.

        Raises:
            Refused.
            InvalidInput: neither a number nor words; ``field`` is ``query``.
        """
        if who.role is Role.AGENCY or not allowed(who, Action.SEE_CASES):
            raise Refused
        own = governorate_of(who) if who.role is Role.DESK else None
        async with self._casework.units(reading=True) as uow:
            found = await listed(uow, who, await _find(uow, query, own))
        if found:
            # By a transaction of its own: looking shall not wait for others who write.
            await self._note(who, found)
        return found

    async def of_citizen(self, who: StaffPrincipal, id: CitizenId) -> list[CaseSeen]:
        """All of the desk's that are this citizen's, latest first. Raises: Refused, NotFound: no such citizen."""
        require(who, Action.SEE_CASES)
        own = governorate_of(who)
        async with self._casework.units(reading=True) as uow:
            found = await listed(uow, who, await _of(uow, [await uow.citizens.get(id)], own))
        if found:
            await self._note(who, found)
        return found

    async def _note(self, who: StaffPrincipal, found: Sequence[CaseSeen]) -> None:
        async with self._casework.step(who, AuditAction.FOUND_CASE, "") as step:
            for each in found:
                await step.looked(each.case)


async def _find(uow: UnitOfWork, query: str, own: GovernorateId | None) -> Sequence[Case]:
    # Ten digits may be both, a case's number and somebody's ID.
    number, id = _number(query), _id(query)
    if number is not None or id is not None:
        case = None if number is None else await uow.cases.by_number(number)
        citizen = None if id is None else await uow.citizens.by_national_id(id)
        theirs = await _of(uow, [] if citizen is None else [citizen], own)
        here = [case] if case is not None and own in (None, case.governorate_id) else []
        return list({each.id: each for each in [*here, *theirs]}.values())
    if not words(query):
        raise InvalidInput("neither a number nor words", field="query")
    by_name = [] if own is None else await _of(uow, await _named(uow, query, own), own)
    by_subject = await uow.cases.search(query, own, MOST_FOUND)
    return list({case.id: case for case in [*by_name, *by_subject]}.values())[:MOST_FOUND]


def _number(typed: str) -> CaseNumber | None:
    try:
        return CaseNumber.parse(typed)
    except InvalidCaseNumber:
        return None


def _id(typed: str) -> NationalId | None:
    try:
        return NationalId.parse(typed)
    except InvalidNationalId:
        return None


async def _named(uow: UnitOfWork, query: str, own: GovernorateId) -> list[Citizen]:
    """The index knows the beginnings of long words only; here all of what was typed counts."""
    ids = await uow.citizens.names.find(query, own, MOST_FOUND)
    citizens, sought = await uow.citizens.many(ids), words(query)
    names = {id: words(citizen.name.reveal()) for id, citizen in citizens.items()}
    return [citizens[id] for id in ids if all(any(word.startswith(typed) for word in names[id]) for typed in sought)]


async def _of(uow: UnitOfWork, citizens: Sequence[Citizen], own: GovernorateId | None) -> list[Case]:
    cases = [case for citizen in citizens for case in await uow.cases.of_citizen(citizen.id)]
    return [case for case in cases if own in (None, case.governorate_id)][:MOST_FOUND]
