"""What a desk does with a case: send it to an agency, answer it or the agency's question, put it to another."""

from __future__ import annotations

from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.core import clocks
from tawasul.casework.referring import goes_on_until
from tawasul.casework.step import Casework
from tawasul.domain.agency import AgencyId
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import words_of
from tawasul.domain.case_state import CaseState, OwnerKind
from tawasul.domain.errors import CaseClosed, NotFound, UnlawfulTransition
from tawasul.domain.riyadh import day_of


class Forwarding:
    """By a desk, on the cases of its governorate; others look as if they were not there."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def refer(
        self, who: StaffPrincipal, id: CaseId, agency_id: AgencyId, words: str, version: int | None = None
    ) -> Case:
        """Sends it to an agency without a directive; ``words`` are all that the agency is told beside the subject.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, InvalidText.
            AgencyClosed: nothing is referred to it any more.
        """
        async with self._casework.step(who, AuditAction.REFERRED_CASE, id) as step:
            case = await step.case(Action.REFER_CASE, id, version)
            agency = await step.uow.agencies.get(agency_id)
            agency.require_open(day_of(step.now))
            until = clocks.agency_takes_on_until(await step.days(), step.now, agency)
            case.refer(agency.id, step.hand, step.now, due_at=until, words=words_of(words, field="words"))
            return await step.keep(case, agency=agency.id)

    async def settle(self, who: StaffPrincipal, id: CaseId, words: str, version: int | None = None) -> Case:
        """Answers it at the desk. Raises: NotFound, Stale, CaseClosed, InvalidText; UnlawfulTransition: it is on its
        way, or the office's to answer.
        """
        async with self._casework.step(who, AuditAction.SETTLED_CASE, id) as step:
            case = await step.case(Action.REFER_CASE, id, version)
            if case.owner is OwnerKind.OFFICE:
                raise UnlawfulTransition(case.state, "settle")
            await step.settle(case, words_of(words, field="words"))
            return await step.keep(case)

    async def reply(self, who: StaffPrincipal, id: CaseId, words: str, version: int | None = None) -> Case:
        """Answers the agency's question; the agency's clock goes on. Documents were attached before.

        Raises:
            NotFound, Stale, CaseClosed, UnlawfulTransition, InvalidText.
        """
        async with self._casework.step(who, AuditAction.REPLIED_TO_CASE, id) as step:
            case = await step.case(Action.REPLY_CASE, id, version)
            said = words_of(words, field="words")
            case.reply(step.hand, step.now, due_at=goes_on_until(case, step.now), words=said)
            return await step.keep(case)

    async def merge(self, who: StaffPrincipal, id: CaseId, into: CaseId, version: int | None = None) -> Case:
        """It is the same as another open case of the same citizen, which goes on, with its audiences.

        Raises:
            NotFound: one of the two, or the other is another citizen's.
            Stale, UnlawfulTransition; CaseClosed: one of the two is closed.
        """
        async with self._casework.step(who, AuditAction.MERGED_CASE, id) as step:
            case = await step.case(Action.REFER_CASE, id, version)
            other = await step.case(Action.REFER_CASE, into)
            if other.citizen_id != case.citizen_id:
                raise NotFound("case")
            if other.state is CaseState.CLOSED:
                raise CaseClosed
            case.merge(other.id, step.hand, step.now)
            for audience_id in await step.uow.cases.audiences_of(case.id):
                await step.uow.cases.link_audience(other.id, audience_id, instead_of=case.id)
            return await step.keep(case, into=other.id)
