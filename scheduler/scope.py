"""What a desk may touch: the audiences of its governorate, and those that it booked elsewhere. Others look as if they
were not there.
"""

from __future__ import annotations

from tawasul.access.policy import Action, StaffPrincipal, allowed
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.errors import NotFound, Refused, Stale
from tawasul.domain.places import GovernorateId
from tawasul.store.unit_of_work import UnitOfWork


async def audience_of(
    uow: UnitOfWork, who: StaffPrincipal, action: Action, id: AudienceId, version: int | None = None
) -> Audience:
    """``version``: as the person's page knows it; ``None`` where what it shows does not matter for the step.

    Raises:
        NotFound: there is none, or other governorates' desks look after it.
        Stale: the page is older than what it shows.
    """
    audience = await uow.audiences.get(id)
    if not may_touch(who, action, audience):
        raise NotFound("audience")
    if version is not None and audience.version != version:
        raise Stale
    return audience


def may_touch(who: StaffPrincipal, action: Action, audience: Audience) -> bool:
    """Whether the audience is the desk's to look after: it comes there, or was booked there."""
    own = {audience.governorate_id, audience.booked_at or audience.governorate_id}
    return any(allowed(who, action, governorate=each) for each in own)


def governorate_of(who: StaffPrincipal) -> GovernorateId:
    """The desk's governorate. Raises: Refused: it has none, so there is nothing it looks after."""
    if who.governorate_id is None:
        raise Refused
    return who.governorate_id
