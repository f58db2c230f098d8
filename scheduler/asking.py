"""What is asked for twice is done once, and what cannot be is refused in words that help."""

from __future__ import annotations

import contextlib
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Iterator
from typing import Final, TypeVar

from scheduler.errors import AlreadyBookedIn, HasATimeAlready
from scheduler.scope import may_touch
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.audience import OPEN, Audience, AudienceId
from tawasul.domain.errors import AlreadyBooked, Conflict, NotFound
from tawasul.domain.people import CitizenId
from tawasul.store.constraints import ReferenceInUse
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

T = TypeVar("T")

_DRAWS: Final = 8
"""Of 6.4 million references a region uses a few thousand a year: eight taken ones in a row do not happen."""


def named(key: str | None, *whose: str) -> AudienceId:
    """The id of an audience that is asked for under a key of the caller's choice: the same again for the same key.

    ``whose``: what the key belongs to, so that nobody meets another's. Without a key a new one each time.
    """
    if key is None:
        return AudienceId(uuid.uuid4().hex)
    return AudienceId(hashlib.sha256("\x00".join((*whose, key)).encode()).hexdigest()[:32])


async def done_before(uow: UnitOfWork, who: StaffPrincipal, id: AudienceId, citizen_id: CitizenId) -> Audience | None:
    """The audience, if this was asked for before and done; of this citizen, and this desk's to look after."""
    try:
        audience = await uow.audiences.get(id)
    except NotFound:
        return None
    return audience if audience.citizen_id == citizen_id and may_touch(who, Action.BOOK, audience) else None


async def until_drawn(attempt: Callable[[], Awaitable[T]]) -> T:
    """``attempt`` is a whole transaction; again with another reference, if the one it drew is somebody's."""
    for _ in range(_DRAWS):
        try:
            return await attempt()
        except ReferenceInUse:
            continue
    raise Conflict("no free reference was drawn")


@contextlib.contextmanager
def named_sitting(audience: Audience) -> Iterator[None]:
    """Around what gives the citizen a slot. Raises: AlreadyBookedIn, where the store only says ``AlreadyBooked``."""
    try:
        yield
    except AlreadyBooked:
        raise AlreadyBookedIn(audience.sitting_id) from None


async def telling_of_another(
    units: UnitOfWorkFactory, who: StaffPrincipal, citizen_id: CitizenId, attempt: Callable[[], Awaitable[T]]
) -> T:
    """``until_drawn``; who has a time in the sitting already is answered with it, if this desk looks after it.

    Raises: HasATimeAlready, or what ``attempt`` raises.
    """
    try:
        return await until_drawn(attempt)
    except AlreadyBookedIn as refusal:
        async with units(reading=True) as uow:
            theirs = await uow.audiences.of_citizens([citizen_id], refusal.sitting_id)
        for audience in theirs:
            if audience.state in OPEN and may_touch(who, Action.SEE_DAY, audience):
                raise HasATimeAlready(audience) from None
        raise
