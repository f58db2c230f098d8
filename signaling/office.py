"""What the office does: call a citizen in, let one go, and write the outcome. Use cases, each one transaction.

Who comes in person is in the room as soon as they are called in: there is no connection to make, and none to lose.
"""

from __future__ import annotations

from datetime import date, datetime

from tawasul.domain.audience import Audience, AudienceId, CallId, State
from tawasul.domain.errors import DueDatePassed, KioskBusy, NoSuchCall, OfficeBusy
from tawasul.domain.outcome import Directive, HeardOnly
from tawasul.domain.riyadh import day_of
from tawasul.domain.venue import AtKiosk, InPerson
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

IN_A_CALL = frozenset({State.CALLED_IN, State.IN_CALL})


async def call_in(units: UnitOfWorkFactory, audience_id: AudienceId, call_id: CallId, now: datetime) -> Audience:
    """The citizen is called in by this call.

    Raises:
        NotFound, UnlawfulTransition: by the audience.
        OfficeBusy: the office is with another citizen, or has an outcome to write. Of two consoles that call at
            once, the database refuses the second.
        KioskBusy: somebody else is in a call at this kiosk. Of two offices that call there at once, the second waits
            for the kiosk's row and then sees the first.
        Stale: two consoles called the same citizen at once.
    """
    async with units() as work:
        audience = await work.audiences.get(audience_id)
        if isinstance(audience.venue, AtKiosk):
            # Before anything is looked at: what is seen then holds until the commit.
            await work.kiosks.hold(audience.venue.kiosk_id)
        if any(other.id != audience.id for other in await work.audiences.with_the_office(audience.sitting_id)):
            raise OfficeBusy
        if isinstance(audience.venue, AtKiosk):
            # Of another sitting: two sittings may share a kiosk.
            there = await work.audiences.open_at_kiosk(audience.venue.kiosk_id)
            if any(other.id != audience.id and other.state in IN_A_CALL for other in there):
                raise KioskBusy
        audience.call_in(call_id, now)
        if isinstance(audience.venue, InPerson):
            audience.join(now)
        await work.audiences.save(audience)
        await work.commit()
        return audience


async def let_go(
    units: UnitOfWorkFactory, audience_id: AudienceId, call_id: CallId, now: datetime, *, waits_again: bool
) -> Audience:
    """Who is in the room leaves it: heard, or (``waits_again``) called in by a slip.

    Raises:
        NotFound, UnlawfulTransition, Stale.
        NoSuchCall: not received in person, or called in anew since.
    """
    async with units() as work:
        audience = await work.audiences.get(audience_id)
        if not isinstance(audience.venue, InPerson) or audience.call_id != call_id:
            raise NoSuchCall
        if waits_again:
            audience.interrupt("taken-back")
        else:
            audience.hear(now)
        await work.audiences.save(audience)
        await work.commit()
        return audience


async def conclude(
    units: UnitOfWorkFactory, audience_id: AudienceId, outcome: Directive | HeardOnly, now: datetime
) -> Audience:
    """The outcome is written: a directive, or that the citizen was heard.

    Raises:
        NotFound: no such audience, or no such agency.
        AgencyClosed: nothing is referred any more to the agency that the directive names.
        DueDatePassed: its day is not after today.
        UnlawfulTransition, Stale.
    """
    async with units() as work:
        audience = await work.audiences.get(audience_id)
        if isinstance(outcome, Directive):
            await _require_feasible(work, outcome, day_of(now))
        audience.conclude(outcome, now)
        await work.audiences.save(audience)
        await work.commit()
        return audience


async def _require_feasible(work: UnitOfWork, directive: Directive, today: date) -> None:
    """Raises: NotFound, AgencyClosed, DueDatePassed."""
    if directive.agency_id is not None:
        (await work.agencies.get(directive.agency_id)).require_open(today)
    if directive.due_on is not None and directive.due_on <= today:
        raise DueDatePassed(field="due_on")
