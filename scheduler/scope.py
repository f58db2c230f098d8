"""What a desk may touch: the audiences of its governorate. Others look as if they were not there."""

from __future__ import annotations

from tawasul.access.policy import Action, StaffPrincipal, allowed
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.errors import NotFound, Refused
from tawasul.domain.places import GovernorateId
from tawasul.store.unit_of_work import UnitOfWork


async def audience_of(uow: UnitOfWork, who: StaffPrincipal, action: Action, id: AudienceId) -> Audience:
    """Raises: NotFound: there is none, or another governorate's desk looks after it."""
    audience = await uow.audiences.get(id)
    if not allowed(who, action, governorate=audience.governorate_id):
        raise NotFound("audience")
    return audience


def governorate_of(who: StaffPrincipal) -> GovernorateId:
    """The desk's governorate. Raises: Refused: it has none, so there is nothing it looks after."""
    if who.governorate_id is None:
        raise Refused
    return who.governorate_id
