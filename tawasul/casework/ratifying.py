"""The citizen hears a directive and says that it is so (M12): only then does it go to its agency.

At a desk the clerk reads it out, and the code of the citizen's ticket shows that they are there. A case without an
audience has no ticket: then it is the number of the ID that they show. On their own screen the link shows it.
"""

from __future__ import annotations

from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.core import clocks
from tawasul.casework.ports import ReadsCode
from tawasul.casework.scope import ByCitizen, Who
from tawasul.casework.step import Casework, Step
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_state import CaseState
from tawasul.domain.directive import CaseDirective, DirectiveId, RatifiedBy
from tawasul.domain.errors import InvalidNationalId, TicketNotValid
from tawasul.domain.people import NationalId
from tawasul.domain.riyadh import day_of


class Ratifying:
    """``reads_code``: what the code of a ticket says."""

    def __init__(self, casework: Casework, reads_code: ReadsCode) -> None:
        self._casework = casework
        self._reads_code = reads_code

    async def at_desk(self, who: StaffPrincipal, id: DirectiveId, code: str) -> Case:
        """The citizen stands before the clerk, who has read it to them.

        Raises:
            TicketNotValid: not the code of a ticket of this case, or (where it has none) not the citizen's ID.
            NotFound, Stale, CaseClosed, UnlawfulTransition, DirectiveSettled, AgencyClosed.
        """
        async with self._casework.step(who, AuditAction.RATIFIED_DIRECTIVE, id) as step:
            directive, case = await _directive_of(step, id, Action.RATIFY_FOR)
            await self._require_presence(step, case, code)
            return await _ratify(step, case, directive, RatifiedBy.CODE_AT_DESK)

    async def own(self, who: ByCitizen, id: DirectiveId) -> Case:
        """By the citizen themselves. Raises: NotFound, Stale, CaseClosed, UnlawfulTransition, DirectiveSettled,
        AgencyClosed.
        """
        async with self._casework.step(who, AuditAction.RATIFIED_DIRECTIVE, id) as step:
            directive, case = await _directive_of(step, id, Action.RATIFY_OWN)
            return await _ratify(step, case, directive, RatifiedBy.OWN_SCREEN)

    async def correct(self, who: Who, id: DirectiveId, words: str) -> Case:
        """The citizen, or the clerk for them, says what was directed otherwise: the office writes it anew.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, DirectiveSettled, InvalidText.
        """
        action = Action.RATIFY_FOR if isinstance(who, StaffPrincipal) else Action.RATIFY_OWN
        async with self._casework.step(who, AuditAction.CORRECTED_DIRECTIVE, id) as step:
            directive, case = await _directive_of(step, id, action)
            corrected = await step.uow.directives.save(directive.corrected(words, step.now))
            assert corrected.correction is not None, "a corrected directive says what was otherwise"
            until = clocks.desk_has_until(await step.days(), step.now, CaseState.RECEIVED)
            case.correct(step.citizens_hand, step.now, due_at=until, words=corrected.correction)
            return await step.keep(case, directive=directive.id)

    async def _require_presence(self, step: Step, case: Case, code: str) -> None:
        """Raises: TicketNotValid."""
        audiences = await step.uow.cases.audiences_of(case.id)
        if audiences:
            reference = self._reads_code(code)
            if reference not in {(await step.uow.audiences.get(id)).reference for id in audiences}:
                raise TicketNotValid("of another case", field="code")
            return
        citizen = await step.uow.citizens.get(case.citizen_id)
        try:
            shown = NationalId.parse(code)
        except InvalidNationalId:
            raise TicketNotValid("not an ID", field="code") from None
        if shown != citizen.national_id.reveal():
            raise TicketNotValid("of somebody else", field="code")


async def _directive_of(step: Step, id: DirectiveId, action: Action) -> tuple[CaseDirective, Case]:
    """Raises: NotFound: there is none, or its case is not theirs."""
    directive = await step.uow.directives.get(id)
    return directive, await step.case(action, CaseId(directive.case_id))


async def _ratify(step: Step, case: Case, directive: CaseDirective, by: RatifiedBy) -> Case:
    agency = await step.uow.agencies.get(directive.agency_id)
    agency.require_open(day_of(step.now))
    await step.uow.directives.save(directive.ratified(by, step.now))
    until = clocks.agency_takes_on_until(await step.days(), step.now, agency)
    case.ratify(agency.id, step.citizens_hand, step.now, due_at=until)
    return await step.keep(case, directive=directive.id, agency=agency.id)
