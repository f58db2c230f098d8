"""What the clocks of cases are set by (``tawasul.casework.core.clocks``): holidays, the next sitting, the agency."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tawasul.casework.core import clocks
from tawasul.casework.core.clocks import WorkingDays
from tawasul.domain.agency import Agency
from tawasul.domain.audience import OPEN, Audience
from tawasul.domain.case import Case
from tawasul.domain.directive import CaseDirective, DirectiveState
from tawasul.domain.riyadh import day_of
from tawasul.store.unit_of_work import UnitOfWork

_HOLIDAYS_AHEAD: Final = timedelta(days=400)
_SITTINGS_AHEAD: Final = timedelta(days=30)


async def working_days(uow: UnitOfWork, now: datetime) -> WorkingDays:
    """From today on, less the region's holidays."""
    return WorkingDays.less(await uow.calendar.holidays_between(day_of(now), day_of(now + _HOLIDAYS_AHEAD)))


async def next_sitting(uow: UnitOfWork, now: datetime) -> datetime | None:
    """When the next one opens that has not begun yet, if one is planned within thirty days."""
    ahead = await uow.sittings.between(now, now + _SITTINGS_AHEAD)
    return min((sitting.opens_at for sitting in ahead if sitting.opens_at > now), default=None)


async def ratified_of(uow: UnitOfWork, case: Case) -> CaseDirective | None:
    """The directive by which it went to its agency; ``None`` if a desk sent it."""
    if not case.directed:
        return None
    ratified = [each for each in await uow.directives.of_case(case.id) if each.state is DirectiveState.RATIFIED]
    return max(ratified, key=lambda each: each.settled_at or each.proposed_at, default=None)


async def answers_until(uow: UnitOfWork, case: Case, agency: Agency, now: datetime) -> datetime:
    """What an agency that takes it on now has: to the directive's day, or what it usually has."""
    directive = await ratified_of(uow, case)
    due_on = None if directive is None else directive.due_on
    return clocks.agency_answers_until(await working_days(uow, now), now, agency, due_on)


async def audiences_ahead(uow: UnitOfWork, case: Case) -> list[Audience]:
    """Those of the case that are not over, the next first."""
    found = [await uow.audiences.get(id) for id in await uow.cases.audiences_of(case.id)]
    return [audience for audience in found if audience.state in OPEN]


async def desk_waits_until(uow: UnitOfWork, case: Case, now: datetime) -> datetime:
    """What a desk has for a case that was received: from now, or from the audience that is ahead."""
    ahead = [audience.slot_starts_at for audience in await audiences_ahead(uow, case)]
    begins = max([now, *ahead])
    return clocks.desk_has_until(await working_days(uow, begins), begins, case.state)
