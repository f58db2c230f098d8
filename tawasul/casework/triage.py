"""Petitions, suggestions and complaints that are brought to a desk, and what they may repeat."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal, require
from tawasul.casework.core import clocks, likeness
from tawasul.casework.core.years import hijri_year
from tawasul.casework.scope import governorate_of
from tawasul.casework.step import Casework
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import words_of
from tawasul.domain.case_state import CaseKind, CaseState
from tawasul.domain.errors import InvalidInput
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.store.unit_of_work import UnitOfWork

COMPARED_WITHIN: Final = timedelta(days=365)
MOST_COMPARED: Final = 500
"""The latest open cases of the governorate: each subject is opened and compared, some tens of milliseconds in all."""


@dataclass(frozen=True, slots=True)
class LikelyCase:
    """``score``: 0 to 100."""

    case: Case
    score: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A new case, and the open ones of its governorate that it may repeat, the likeliest first."""

    case: Case
    likely: list[LikelyCase]


class Triage:
    """By a desk, for its governorate."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def take(
        self, who: StaffPrincipal, kind: CaseKind, citizen_id: CitizenId, subject: str, text: str, language: str = "ar"
    ) -> Taken:
        """``text``: what was written or said; empty where the subject says all. An audience's case is opened by its
        booking, not here.

        Raises:
            Refused: no desk. NotFound: no such citizen. InvalidText.
            InvalidInput: of the kind ``AUDIENCE``.
        """
        require(who, Action.TAKE_CASE)
        governorate_id = governorate_of(who)
        async with self._casework.step(who, AuditAction.TOOK_CASE, citizen_id) as step:
            if kind is CaseKind.AUDIENCE:
                raise InvalidInput("opened by its booking", field="kind")
            await step.uow.citizens.get(citizen_id)
            case = Case.open(
                CaseId(uuid.uuid4().hex),
                number=await step.uow.cases.next_number(hijri_year(step.now)),
                kind=kind,
                citizen_id=citizen_id,
                governorate_id=governorate_id,
                subject=subject,
                due_at=clocks.desk_has_until(await step.days(), step.now, CaseState.RECEIVED),
                now=step.now,
                by=step.hand,
                words=words_of(text, field="text") if text.strip() else None,
                language=language,
            )
            likely = await _likely(step.uow, subject, governorate_id, step.now)
            await step.uow.cases.open(case)
            await step.note(case, kind=kind.value)
            step.action = AuditAction.FOUND_CASE
            for each in likely:
                await step.looked(each.case)
        return Taken(case, likely)

    async def likely(self, who: StaffPrincipal, subject: str) -> list[LikelyCase]:
        """What a case of this subject may repeat, before it is taken; as of what is found, it is noted whose was shown.

        Raises:
            Refused: no desk.
        """
        require(who, Action.TAKE_CASE)
        async with self._casework.units(reading=True) as uow:
            found = await _likely(uow, subject, governorate_of(who), self._casework.clock())
        if found:
            # By a transaction of its own: looking shall not wait for others who write.
            async with self._casework.step(who, AuditAction.FOUND_CASE, "") as step:
                for each in found:
                    await step.looked(each.case)
        return found


async def _likely(uow: UnitOfWork, subject: str, governorate_id: GovernorateId, now: datetime) -> list[LikelyCase]:
    others = await uow.cases.open_for_comparison(governorate_id, now - COMPARED_WITHIN, MOST_COMPARED)
    by_id = {case.id: case for case in others}
    found = likeness.alike(subject, ((case.id, case.subject.reveal()) for case in others))
    return [LikelyCase(by_id[each.case_id], each.score) for each in found]
