"""What the office does with a case: direct it to an agency, answer it, give more time, send it elsewhere."""

from __future__ import annotations

import uuid
from datetime import date

from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.core import clocks
from tawasul.casework.step import Casework, Step
from tawasul.domain.agency import AgencyId
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import words_of
from tawasul.domain.case_state import CaseState
from tawasul.domain.directive import CaseDirective, DirectiveId, Urgency
from tawasul.domain.errors import DueDatePassed
from tawasul.domain.riyadh import day_of


class Directing:
    """Of any governorate. ``version``: of the case as the page shows it; ``None``: whatever it is now."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def direct(
        self,
        who: StaffPrincipal,
        id: CaseId,
        *,
        agency_id: AgencyId,
        wording: str,
        urgency: Urgency,
        due_on: date,
        version: int | None = None,
    ) -> CaseDirective:
        """Writes a directive, in the place of one that the citizen has not answered; the desk reads it to them.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition: by the case; NotFound also for an agency there is not.
            AgencyClosed, DueDatePassed, InvalidText: by what was written.
        """
        async with self._casework.step(who, AuditAction.DIRECTED_CASE, id) as step:
            case = await step.case(Action.DIRECT, id, version)
            today = day_of(step.now)
            (await step.uow.agencies.get(agency_id)).require_open(today)
            directive = CaseDirective.propose(
                DirectiveId(uuid.uuid4().hex),
                case_id=case.id,
                audience_id=None,
                agency_id=agency_id,
                wording=wording,
                urgency=urgency,
                due_on=due_on,
                today=today,
                now=step.now,
                by=who.staff_id,
            )
            until = clocks.desk_has_until(await step.days(), step.now, CaseState.PROPOSED)
            case.direct(step.hand, step.now, due_at=until, words=directive.wording)
            await replace_proposed(step, case)
            await step.uow.directives.add(directive)
            await step.keep(case, directive=directive.id, agency=agency_id)
        return directive

    async def settle(self, who: StaffPrincipal, id: CaseId, words: str, version: int | None = None) -> Case:
        """Answers it without an agency. Raises: NotFound, Stale, CaseClosed, UnlawfulTransition, InvalidText."""
        async with self._casework.step(who, AuditAction.SETTLED_CASE, id) as step:
            case = await step.case(Action.DIRECT, id, version)
            await step.settle(case, words_of(words, field="words"))
            return await step.keep(case)

    async def prolong(
        self, who: StaffPrincipal, id: CaseId, words: str, due_on: date, version: int | None = None
    ) -> Case:
        """Gives the agency until the end of a day, and says why.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, InvalidText.
            DueDatePassed: the day is not after today.
        """
        async with self._casework.step(who, AuditAction.PROLONGED_CASE, id) as step:
            case = await step.case(Action.DIRECT, id, version)
            require_ahead(due_on, step)
            said = words_of(words, field="words")
            case.prolong(step.hand, step.now, due_at=clocks.end_of(due_on), words=said)
            return await step.keep(case, due=due_on.isoformat())

    async def reassign(
        self, who: StaffPrincipal, id: CaseId, agency_id: AgencyId, words: str, version: int | None = None
    ) -> Case:
        """Sends it to another agency, and says why.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, AgencyClosed, InvalidText.
        """
        async with self._casework.step(who, AuditAction.REASSIGNED_CASE, id) as step:
            case = await step.case(Action.DIRECT, id, version)
            agency = await step.uow.agencies.get(agency_id)
            agency.require_open(day_of(step.now))
            before = case.agency_id or ""
            until = clocks.agency_takes_on_until(await step.days(), step.now, agency)
            case.reassign(agency.id, step.hand, step.now, due_at=until, words=words_of(words, field="words"))
            await step.uow.cases.put_remaining(case.id, [])
            return await step.keep(case, agency=agency.id, before=before)


async def replace_proposed(step: Step, case: Case) -> None:
    """A directive that the citizen has not answered is asked no more."""
    if (earlier := await step.uow.directives.proposed_of(case.id)) is not None:
        await step.uow.directives.save(earlier.replaced(step.now))


def require_ahead(due_on: date, step: Step) -> None:
    """Raises: DueDatePassed: the day is not after today."""
    if due_on <= day_of(step.now):
        raise DueDatePassed(field="due_on")
