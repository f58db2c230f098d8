"""Cases follow their audiences: opened by a booking, given up and taken up again with it, on their way by its outcome.

Every event leads to the same look at how the audience and its case stand now (``_follow``), so that one that is told
twice, or late, does nothing more. What was concluded is known by its moment: the office's entry in the case has it.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from tawasul.bus.port import Events
from tawasul.casework import timing
from tawasul.casework.core import clocks
from tawasul.casework.core.years import hijri_year
from tawasul.casework.directing import replace_proposed
from tawasul.casework.step import Casework, Step
from tawasul.domain.agency import Agency
from tawasul.domain.audience import OPEN, Audience, AudienceId, State
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import Hand, HandKind
from tawasul.domain.case_state import CaseKind, CaseState, ClosedBecause, OwnerKind
from tawasul.domain.directive import CaseDirective, DirectiveId, Urgency
from tawasul.domain.errors import AgencyClosed, NotFound, UnlawfulTransition
from tawasul.domain.events import (
    AudienceBooked,
    AudienceCancelled,
    AudienceConcluded,
    AudienceEvent,
    AudienceMoved,
    AudienceReinstated,
)
from tawasul.domain.outcome import Directive, HeardOnly
from tawasul.domain.private import Private
from tawasul.domain.riyadh import day_of
from tawasul.domain.sitting import Purpose
from tawasul.web.words import as_locale, words_in

_CONCERNS: Final = (AudienceBooked, AudienceCancelled, AudienceReinstated, AudienceMoved, AudienceConcluded)
_DIRECTED_ANEW: Final = frozenset({CaseState.RECEIVED, CaseState.PROPOSED, CaseState.CONTESTED})
"""Where an outcome can still be the case's own. What is at an agency, answered or closed goes on as it is."""

_OFFICE: Final = Hand(HandKind.OFFICE)


class Opening:
    """Listens to what happens to audiences. A rehearsal's have no cases."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    def listen(self, events: Events) -> None:
        """From now on."""
        for kind in _CONCERNS:
            events.subscribe(kind, self.heard_of)

    async def heard_of(self, event: AudienceEvent) -> None:
        """Brings the case of the audience to where the audience is.

        Raises:
            Stale: somebody else did something to the case at the same time: it is to be told again.
        """
        id = AudienceId(event.audience_id)
        async with self._casework.step(None, AuditAction.TOOK_CASE, id) as step:
            try:
                audience = await step.uow.audiences.get(id)
            except NotFound:
                # Taken away since, with a rehearsal.
                return
            if (await step.uow.sittings.get(audience.sitting_id)).purpose is Purpose.MAJLIS:
                await _follow(step, audience)


async def _follow(step: Step, audience: Audience) -> None:
    case = await step.uow.cases.of_audience(audience.id)
    if case is None:
        if audience.state is State.CANCELLED:
            return
        # Nothing is answered before it was opened, however late it is told.
        step.now = audience.concluded_at or step.now
        case = await _opened(step, audience)
        await step.uow.cases.link_audience(case.id, audience.id)
        if audience.state in OPEN:
            # Its clock was set by this audience a moment ago, and no other is ahead.
            return
    if audience.state is State.CANCELLED:
        await _give_up(step, case)
    elif audience.state is State.CONCLUDED:
        await _take_outcome(step, case, audience)
    elif audience.state in OPEN:
        await _wait(step, case, audience)


async def _opened(step: Step, audience: Audience) -> Case:
    begins = max(step.now, audience.slot_starts_at)
    days = await timing.working_days(step.uow, begins)
    case = Case.open(
        CaseId(uuid.uuid4().hex),
        number=await step.uow.cases.next_number(hijri_year(step.now)),
        kind=CaseKind.AUDIENCE,
        citizen_id=audience.citizen_id,
        governorate_id=audience.governorate_id,
        subject=audience.subject.reveal(),
        due_at=clocks.desk_has_until(days, begins, CaseState.RECEIVED),
        now=step.now,
        by=step.hand,
        language=audience.language,
    )
    step.action = AuditAction.TOOK_CASE
    await step.uow.cases.open(case)
    await step.note(case, audience=audience.id)
    return case


async def _give_up(step: Step, case: Case) -> None:
    """Unless something else was asked: another audience is ahead, or it is on its way."""
    if case.kind is not CaseKind.AUDIENCE or case.state is not CaseState.RECEIVED:
        return
    if await timing.audiences_ahead(step.uow, case):
        await _wait(step, case, None)
        return
    try:
        case.give_up(step.hand, step.now)
    except UnlawfulTransition:
        # Directed, answered or contested once: it ends by the citizen's word.
        return
    step.action = AuditAction.GAVE_UP_CASE
    await step.keep(case)


async def _wait(step: Step, case: Case, audience: Audience | None) -> None:
    """Its clock is that of the audience which is ahead. What was brought for an audience goes with it to the desk that
    receives the citizen: there it is read to them what was directed.
    """
    due_at = await timing.desk_waits_until(step.uow, case, step.now)
    if case.closed_because is ClosedBecause.GIVEN_UP:
        case.take_up_again(step.hand, step.now, due_at=due_at)
        step.action = AuditAction.TOOK_UP_CASE_AGAIN
        await step.keep(case)
    here = case.governorate_id if audience is None or case.kind is not CaseKind.AUDIENCE else audience.governorate_id
    waits = case.state is CaseState.RECEIVED and case.owner is OwnerKind.DESK
    if waits and (case.due_at, case.governorate_id) != (due_at, here):
        await step.wait_for_audience(case, due_at, here)


async def _take_outcome(step: Step, case: Case, audience: Audience) -> None:
    entries = await step.uow.cases.entries(case.id)
    if any(entry.by.kind is HandKind.OFFICE and entry.at == audience.concluded_at for entry in entries):
        return
    step.now = audience.concluded_at or step.now
    if isinstance(audience.outcome, Directive):
        if case.state not in _DIRECTED_ANEW:
            # It is with an agency, or answered, or closed: what was directed now is a case of its own.
            before, case = case, await _opened(step, audience)
            await step.uow.cases.link_audience(case.id, audience.id, instead_of=before.id)
        await _direct(step, case, audience, audience.outcome)
    elif isinstance(audience.outcome, HeardOnly) and case.state is CaseState.RECEIVED:
        step.action = AuditAction.SETTLED_CASE
        words = Private(words_in(as_locale(case.language)).say("case-heard-and-nothing-directed"))
        await step.settle(case, words, _OFFICE)
        await step.keep(case, audience=audience.id)


async def _direct(step: Step, case: Case, audience: Audience, said: Directive) -> None:
    await replace_proposed(step, case)
    agency = await _open_agency(step, said)
    due_on = None if agency is None else await _due_on(step, agency, said)
    if agency is None or due_on is None:
        await _leave_to_office(step, case, audience, said)
        return
    directive = CaseDirective.propose(
        DirectiveId(uuid.uuid4().hex),
        case_id=case.id,
        audience_id=audience.id,
        agency_id=agency.id,
        wording=said.wording.reveal(),
        urgency=said.urgency or Urgency.ROUTINE,
        due_on=due_on,
        today=day_of(step.now),
        now=step.now,
    )
    until = clocks.desk_has_until(await step.days(), step.now, CaseState.PROPOSED)
    case.direct(_OFFICE, step.now, due_at=until, words=directive.wording)
    await step.uow.directives.add(directive)
    step.action = AuditAction.DIRECTED_CASE
    await step.keep(case, audience=audience.id, directive=directive.id, agency=agency.id)


async def _leave_to_office(step: Step, case: Case, audience: Audience, said: Directive) -> None:
    """The office still writes to whom it goes, or by when: nothing that was said is lost."""
    until = clocks.desk_has_until(await step.days(), step.now, CaseState.RECEIVED)
    case.heard(_OFFICE, step.now, due_at=until, words=said.wording)
    step.action = AuditAction.DIRECTED_CASE
    await step.keep(case, audience=audience.id)


async def _open_agency(step: Step, said: Directive) -> Agency | None:
    """To which it was directed, if it is one that may take it."""
    if said.agency_id is None:
        return None
    try:
        agency = await step.uow.agencies.get(said.agency_id)
        agency.require_open(day_of(step.now))
    except (NotFound, AgencyClosed):
        return None
    return agency


async def _due_on(step: Step, agency: Agency, said: Directive) -> date | None:
    """The day that was said; where none was, the agency's usual one. ``None``: it was said too late."""
    today = day_of(step.now)
    if said.due_on is None:
        return (await step.days()).after(today, agency.answer_days)
    return said.due_on if said.due_on > today else None
