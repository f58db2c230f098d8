"""The ratified directive of a case, to be printed as a receipt. Whoever prints one is noted."""

from __future__ import annotations

from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.receipts.paper import RatifiedDirective
from tawasul.casework.step import Casework
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import CaseId
from tawasul.domain.directive import DirectiveState
from tawasul.domain.errors import NotFound
from tawasul.web.words import as_locale


class Ratified:
    """What the receipt's page asks: ``tawasul.casework.receipts.web.FindRatified``."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def __call__(self, who: StaffPrincipal, case_id: str) -> RatifiedDirective:
        """The latest of the case, in the citizen's language.

        Raises:
            NotFound: no such case of the desk's, or nothing is ratified.
        """
        async with self._casework.step(who, AuditAction.PRINTED_RECEIPT, case_id) as step:
            case = await step.case(Action.PRINT, CaseId(case_id))
            directives = await step.uow.directives.of_case(case.id)
            ratified = [each for each in directives if each.state is DirectiveState.RATIFIED]
            if not ratified:
                raise NotFound("directive")
            latest = max(ratified, key=lambda each: each.settled_at or each.proposed_at)
            agency = await step.uow.agencies.get(latest.agency_id)
            await step.looked(case, directive=latest.id)
        return RatifiedDirective(latest, case.number, agency.name, as_locale(case.language))
