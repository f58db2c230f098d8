"""What comes before the next sitting (M13): contested cases, the oldest contest first, then those late three times;
and what waits for the office to write to whom it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal, require
from tawasul.casework import timing
from tawasul.casework.seen import CaseSeen, listed
from tawasul.casework.step import Casework
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import CaseEntry, EntryKind
from tawasul.domain.case_state import AgendaReason

MOST_ON_AGENDA: Final = 200

_BROUGHT: Final = frozenset({EntryKind.CONTESTED, EntryKind.HEARD, EntryKind.CORRECTED, EntryKind.RETURNED})
"""The steps that bring a case before the office, each with somebody's words."""


@dataclass(frozen=True, slots=True)
class BeforeSitting:
    """``sitting_opens_at``: of the next sitting, if one is planned within thirty days. ``waiting``: not on its agenda,
    but for the office to write to whom it goes, soonest due first. ``brought``: the step, with its words, by which a
    case came before the office; a late one came by its clock.
    """

    sitting_opens_at: datetime | None
    cases: list[CaseSeen]
    waiting: list[CaseSeen]
    brought: Mapping[CaseId, CaseEntry]


class Agenda:
    """The office's."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def before_next_sitting(self, who: StaffPrincipal) -> BeforeSitting:
        """Of all governorates. That it was looked at is noted, by how many cases it had. Raises: Refused."""
        require(who, Action.SEE_AGENDA)
        async with self._casework.units(reading=True) as uow:
            cases = sorted(await uow.cases.on_agenda(MOST_ON_AGENDA), key=_order)
            waiting = await uow.cases.owed_by_office(MOST_ON_AGENDA)
            spoken_for = [each.id for each in (*cases, *waiting) if each.agenda is not AgendaReason.OVERDUE]
            before = BeforeSitting(
                await timing.next_sitting(uow, self._casework.clock()),
                await listed(uow, who, cases),
                await listed(uow, who, waiting),
                await uow.cases.last_entries(spoken_for, _BROUGHT),
            )
        if before.brought:
            # By a transaction of its own: looking shall not wait for others who write.
            async with self._casework.units() as uow:
                facts = {"cases": len(before.brought)}
                actor = AuditActor.of(who)
                await uow.audit.note(AuditEntry(actor, AuditAction.SAW_AGENDA, AuditSubject.CASE, "", facts))
                await uow.commit()
        return before


def _order(case: Case) -> tuple[bool, datetime]:
    return case.agenda is not AgendaReason.CONTESTED, case.since or case.opened_at
