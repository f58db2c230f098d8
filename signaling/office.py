"""What the office does: call a citizen in, and write the outcome. Use cases, each one transaction."""

from __future__ import annotations

from datetime import datetime

from signaling.reading import venue_key
from tawasul.domain.audience import WITH_THE_OFFICE, Audience, AudienceId, CallId, State
from tawasul.domain.errors import KioskBusy, OfficeBusy
from tawasul.domain.outcome import Directive, HeardOnly
from tawasul.domain.venue import AtKiosk
from tawasul.store.unit_of_work import UnitOfWorkFactory


async def call_in(units: UnitOfWorkFactory, audience_id: AudienceId, call_id: CallId, now: datetime) -> Audience:
    """The citizen is called in by this call.

    Raises:
        NotFound, UnlawfulTransition: by the audience.
        OfficeBusy: the office is with another citizen, or has an outcome to write.
        KioskBusy: somebody else is in a call at this kiosk.
        Stale: two consoles called at once; the other was first.
    """
    async with units() as work:
        audience = await work.audiences.get(audience_id)
        same_day = await work.audiences.of_sitting(audience.sitting_id)
        others = [other for other in same_day if other.id != audience.id and other.state in WITH_THE_OFFICE]
        if any(_same_kiosk(other, audience) and other.state is not State.HEARD for other in others):
            raise KioskBusy
        if others:
            raise OfficeBusy
        audience.call_in(call_id, now)
        await work.audiences.save(audience)
        await work.commit()
        return audience


async def conclude(units: UnitOfWorkFactory, audience_id: AudienceId, directive: str | None, now: datetime) -> Audience:
    """The outcome is written: a directive, or that the citizen was heard.

    Raises:
        NotFound, UnlawfulTransition, InvalidText, Stale.
    """
    outcome = HeardOnly() if directive is None else Directive.write(directive)
    async with units() as work:
        audience = await work.audiences.get(audience_id)
        audience.conclude(outcome, now)
        await work.audiences.save(audience)
        await work.commit()
        return audience


def _same_kiosk(one: Audience, other: Audience) -> bool:
    return isinstance(one.venue, AtKiosk) and venue_key(one) == venue_key(other)
