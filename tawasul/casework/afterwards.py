"""After the call, on the citizen's own device: what was directed, for them to say that it is so; and the way spared."""

from __future__ import annotations

from dataclasses import dataclass

from tawasul.access.policy import Action, CitizenPrincipal
from tawasul.casework.core.journeys import Journeys
from tawasul.casework.kilometres import spared_by
from tawasul.casework.scope import case_of
from tawasul.casework.step import Casework
from tawasul.domain.agency import Agency
from tawasul.domain.audience import Audience
from tawasul.domain.case import Case
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import CaseState
from tawasul.domain.directive import CaseDirective, DirectiveState
from tawasul.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class After:
    """``number``: of the case, once there is one. ``directive``: the latest of this audience, and of whatever the
    office wrote since; ``agency``: to which it goes. ``asked``: whether the citizen is asked about it now. ``spared``:
    ``None`` before they were heard, and for who travelled.
    """

    number: CaseNumber | None
    directive: CaseDirective | None
    agency: Agency | None
    asked: bool
    spared: Journeys | None


class Afterwards:
    """For the device of an audience's link. Looking changes nothing."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def of(self, who: CitizenPrincipal) -> After:
        """As it stands now; a case that was not opened yet is no fault: it follows its audience within moments.

        Raises:
            NotFound: the audience is gone, or not theirs.
        """
        async with self._casework.units(reading=True) as uow:
            audience = await uow.audiences.get(who.audience_id)
            spared = await spared_by(uow, audience)
            found = await uow.cases.of_audience(audience.id)
            if found is None:
                return After(None, None, None, asked=False, spared=spared)
            case = await case_of(uow, who, Action.RATIFY_OWN, found.id)
            directive = await _latest(uow, case, audience)
            agency = None if directive is None else await uow.agencies.get(directive.agency_id)
        return After(case.number, directive, agency, _is_asked(case, directive), spared)


async def _latest(uow: UnitOfWork, case: Case, audience: Audience) -> CaseDirective | None:
    """What an earlier audience of the case was directed is not this one's."""
    since = audience.concluded_at
    if since is None:
        return None
    since_then = [
        each
        for each in await uow.directives.of_case(case.id)
        if each.state is not DirectiveState.REPLACED and each.proposed_at >= since
    ]
    return max(since_then, key=lambda each: (each.state is DirectiveState.PROPOSED, each.proposed_at), default=None)


def _is_asked(case: Case, directive: CaseDirective | None) -> bool:
    return directive is not None and directive.state is DirectiveState.PROPOSED and case.state is CaseState.PROPOSED
