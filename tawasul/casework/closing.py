"""The end of a case belongs to the citizen (F80): they accept an answer, contest it, or want nothing more.

By their own link, or by the desk before which they stand. How satisfied they were is one tap (F82), which is counted
by month and agency and kept nowhere else: not in the case, not in the audit log.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework import timing
from tawasul.casework.core import clocks
from tawasul.casework.scope import ByCitizen, Who, case_of
from tawasul.casework.step import Casework
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import words_of
from tawasul.domain.directive import LONGEST_CORRECTION
from tawasul.domain.errors import InvalidInput, Stale, UnlawfulTransition
from tawasul.domain.riyadh import day_of

LONGEST_REASON: Final = LONGEST_CORRECTION
RATINGS: Final = (1, 2, 3)
"""Not satisfied, so so, satisfied."""


class Closing:
    """``version``: of the case as the page shows it; ``None``: whatever it is now."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def accept(
        self, who: Who, id: CaseId, version: int | None = None, answered_at: datetime | None = None
    ) -> Case:
        """The answer is accepted. ``answered_at``: of the one that was read; ``None``: the last, whichever it is.

        Raises:
            NotFound, CaseClosed, UnlawfulTransition.
            Stale: also where another answer was given since.
        """
        async with self._casework.step(who, AuditAction.ACCEPTED_ANSWER, id) as step:
            case = await step.case(_action(who), id, version)
            if answered_at is not None and case.answered_at not in (None, answered_at):
                raise Stale
            case.accept(step.citizens_hand, step.now)
            return await step.keep(case)

    async def contest(self, who: Who, id: CaseId, reason: str, version: int | None = None) -> Case:
        """The answer is not accepted: it comes before the next sitting (M13).

        Raises:
            NotFound, Stale, UnlawfulTransition, InvalidText.
            CaseClosed: too late; what more there is to say is a new case.
        """
        async with self._casework.step(who, AuditAction.CONTESTED_ANSWER, id) as step:
            case = await step.case(_action(who), id, version)
            sitting = await timing.next_sitting(step.uow, step.now)
            until = clocks.office_hears_until(await step.days(), step.now, sitting)
            said = words_of(reason, field="reason", longest=LONGEST_REASON)
            case.contest(step.citizens_hand, step.now, due_at=until, words=said)
            return await step.keep(case)

    async def withdraw(self, who: Who, id: CaseId, version: int | None = None) -> Case:
        """The citizen wants nothing more of it. Raises: NotFound, Stale, CaseClosed."""
        async with self._casework.step(who, AuditAction.WITHDREW_CASE, id) as step:
            case = await step.case(_action(who), id, version)
            case.withdraw(step.citizens_hand, step.now)
            return await step.keep(case)

    async def rate(self, who: ByCitizen, id: CaseId, rating: int) -> None:
        """One tap, by the citizen alone, once, of a case that has had an answer: it counts for who answered last.

        Raises:
            NotFound, Stale.
            InvalidInput: not 1, 2 or 3.
            UnlawfulTransition: there was no answer, or it is rated already.
        """
        if rating not in RATINGS:
            raise InvalidInput("1, 2 or 3", field="rating")
        async with self._casework.units() as uow:
            case = await case_of(uow, who, Action.SEE_OWN_AUDIENCE, id)
            if case.answered_at is None or case.rated:
                raise UnlawfulTransition("rated" if case.rated else case.state, "rate")
            case.rated = True
            await uow.cases.save(case)
            month = f"{day_of(self._casework.clock()):%Y-%m}"
            await uow.satisfaction.add(month, case.governorate_id, case.answered_by, rating)
            await uow.commit()


def _action(who: Who) -> Action:
    return Action.CLOSE_FOR if isinstance(who, StaffPrincipal) else Action.SEE_OWN_AUDIENCE
