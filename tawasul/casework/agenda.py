"""What comes before the next sitting (M13): contested cases, the oldest contest first, then those late three times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal, require
from tawasul.casework import timing
from tawasul.casework.seen import CaseSeen, listed
from tawasul.casework.step import Casework
from tawasul.domain.case import Case
from tawasul.domain.case_state import AgendaReason

MOST_ON_AGENDA: Final = 200


@dataclass(frozen=True, slots=True)
class BeforeSitting:
    """``sitting_opens_at``: of the next sitting, if one is planned within thirty days."""

    sitting_opens_at: datetime | None
    cases: list[CaseSeen]


class Agenda:
    """The office's."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def before_next_sitting(self, who: StaffPrincipal) -> BeforeSitting:
        """Of all governorates. Raises: Refused."""
        require(who, Action.SEE_AGENDA)
        async with self._casework.units(reading=True) as uow:
            cases = sorted(await uow.cases.on_agenda(MOST_ON_AGENDA), key=_order)
            sitting = await timing.next_sitting(uow, self._casework.clock())
            return BeforeSitting(sitting, await listed(uow, who, cases))


def _order(case: Case) -> tuple[bool, datetime]:
    return case.agenda is not AgendaReason.CONTESTED, case.since or case.opened_at
