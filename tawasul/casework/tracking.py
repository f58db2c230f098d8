"""Following a case by its number (F76): for whoever also knows the citizen's mobile number or ID.

Wrong number, wrong proof and nobody's number are one answer, after the same work: the number's check digit tells a
slip to whoever typed it, and nothing to whoever guesses. How often one may try is the throttle's, before this.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final

from tawasul.casework.scope import CitizenOfCase
from tawasul.casework.step import Casework
from tawasul.domain.audit import ActorKind, AuditAction, AuditActor
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.errors import InvalidCaseNumber, InvalidMobile, InvalidNationalId, NotFound
from tawasul.domain.people import Citizen, CitizenId, Mobile, NationalId

_NOBODY: Final = CitizenId("nobody")
_NO_NUMBER: Final = CaseNumber(1400, 99_999_999)
_SOMEBODY: Final = AuditActor(ActorKind.CITIZEN)
"""Who guesses is not known."""


class Tracking:
    """For people who have not signed in."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def look(self, number: str, proof: str) -> CitizenOfCase:
        """``number`` and ``proof`` as they were typed, digits of any script; who has shown that it is theirs.

        Raises:
            NotFound: anything about it is wrong; that it was tried is in the audit log.
        """
        async with self._casework.units(reading=True) as uow:
            case = await uow.cases.by_number(_number(number))
            citizen_id = _NOBODY if case is None else case.citizen_id
            citizen = (await uow.citizens.many([citizen_id])).get(citizen_id)
        if _knows(proof, citizen) and case is not None:
            who = CitizenOfCase(case.id)
            async with self._casework.step(who, AuditAction.FOUND_CASE, case.id) as step:
                await step.looked(case)
            return who
        error = NotFound("case")
        await self._casework.note_refused(_SOMEBODY, AuditAction.FOUND_CASE, "" if case is None else case.id, error)
        raise error


def _number(typed: str) -> CaseNumber:
    try:
        return CaseNumber.parse(typed)
    except InvalidCaseNumber:
        return _NO_NUMBER


def _knows(proof: str, citizen: Citizen | None) -> bool:
    """Both are compared whatever comes of the first, and in the same time wherever they differ."""
    mobile = "" if citizen is None else citizen.mobile.reveal().e164
    digits = "" if citizen is None else citizen.national_id.reveal().digits
    by_mobile = hmac.compare_digest(_digest(_as_mobile(proof)), _digest(mobile or "no mobile"))
    by_id = hmac.compare_digest(_digest(_as_id(proof)), _digest(digits or "no ID"))
    return (by_mobile or by_id) and citizen is not None


def _as_mobile(proof: str) -> str:
    try:
        return Mobile.parse(proof).e164
    except InvalidMobile:
        return ""


def _as_id(proof: str) -> str:
    try:
        return NationalId.parse(proof).digits
    except InvalidNationalId:
        return ""


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
