"""Walk-ins: somebody comes without a time, and has a place in the one order at once. One transaction.

A slot that is free is theirs, if it is not later than the turn they would have without one; else they are given that
turn by the rule in ``scheduler.core.order``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scheduler.asking import done_before, named, named_sitting, telling_of_another
from scheduler.availability import Availability
from scheduler.core import order
from scheduler.core.agenda import is_over
from scheduler.core.availability import slots_of
from scheduler.core.stretches import common
from scheduler.core.windows import Calendar
from scheduler.drafting import Drafts, Wanted
from scheduler.place import InCentre, Place
from scheduler.scope import governorate_of
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audience import Audience, AudienceId, State
from tawasul.domain.audit import AuditActor
from tawasul.domain.errors import Conflict, SlotNotOffered, SlotPassed, SlotTaken
from tawasul.domain.people import IdentityAssurance
from tawasul.domain.places import GovernorateId, KioskId, ReceptionCentre
from tawasul.domain.riyadh import A_DAY, day_of
from tawasul.domain.sitting import Sitting
from tawasul.domain.slot import Slot
from tawasul.domain.turn import Turn, turn
from tawasul.domain.venue import AtKiosk, Venue
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

_TRIES: Final = 5
"""Between the look for a free slot and the taking of it somebody may be quicker."""

TO_BE_HEARD: Final = frozenset({State.BOOKED, State.ARRIVED})
"""Who is still before the office."""


@dataclass(frozen=True, slots=True)
class Received:
    """Who walked in. ``position``: among those who wait, 1 is next. ``estimate``: when they may expect to be heard;
    ``None``: not before the sitting ends, if all who are booked come.
    """

    audience: Audience
    position: int
    estimate: datetime | None


class WalkIns:
    """The use case."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        clock: Callable[[], datetime],
        *,
        availability: Availability,
        drafts: Drafts,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._availability = availability
        self._drafts = drafts

    async def receive(
        self,
        who: StaffPrincipal,
        place: Place,
        wanted: Wanted,
        assurance: IdentityAssurance,
        key: str | None = None,
    ) -> Received:
        """The citizen stands there: they have arrived, and a place in the order of today's sitting.

        ``key``: what the caller calls this; twice the same is done once.

        Raises:
            NotFound: no such citizen, centre or kiosk.
            InvalidText: the subject, or the petition.
            SlotPassed: no sitting today that is not over.
            SlotNotOffered: the place is closed for the rest of it.
            HasATimeAlready, AlreadyBooked: the citizen has an open audience in this sitting.
        """
        id = named(key, "walk-in", governorate_of(who), wanted.citizen_id)

        async def attempt() -> Received:
            async with self._unit_of_work() as uow:
                audience = await done_before(uow, who, id, wanted.citizen_id)
                if audience is None:
                    await uow.calendar.keep()
                    sitting = await self._sitting_of_today(uow)
                    # From here on nobody else is given a turn in this sitting: two who walk in do not get the same gap.
                    await uow.sittings.hold(sitting.id)
                    audience = await done_before(uow, who, id, wanted.citizen_id)
                    audience = audience or await self._receive(uow, who, id, place, sitting, wanted, assurance)
                received = await self._standing(uow, audience)
                await uow.commit()
                return received

        for _ in range(_TRIES):
            try:
                return await telling_of_another(self._unit_of_work, who, wanted.citizen_id, attempt)
            except SlotTaken:
                continue
        raise Conflict("each slot that was free was taken a moment later")

    async def _receive(
        self,
        uow: UnitOfWork,
        who: StaffPrincipal,
        id: AudienceId,
        place: Place,
        sitting: Sitting,
        wanted: Wanted,
        assurance: IdentityAssurance,
    ) -> Audience:
        desk = governorate_of(who)
        site = await self._site(uow, place)
        slot, is_free = await self._slot_or_turn(uow, place, site, sitting, desk, wanted)
        governorate_id = desk if site is None else site.governorate_id
        audience = await self._drafts.draft(
            uow, id, wanted, slot, governorate_id, desk, walk_in=True, holds_slot=is_free
        )
        audience.arrive(assurance, self._clock())
        with named_sitting(audience):
            await uow.audiences.add(audience)
        await self._drafts.complete(uow, audience, wanted, AuditActor.of(who), None)
        return audience

    async def _standing(self, uow: UnitOfWork, audience: Audience) -> Received:
        sitting = await uow.sittings.get(audience.sitting_id)
        everybody = await uow.audiences.of_sitting(sitting.id)
        calendar = await self._availability.calendar(uow, day_of(sitting.opens_at), day_of(sitting.closes_at))
        site = await self._site(uow, audience.venue)
        return standing(audience, everybody, sitting, calendar, site, self._clock())

    async def _sitting_of_today(self, uow: UnitOfWork) -> Sitting:
        now = self._clock()
        for sitting in await uow.sittings.between(now, now + A_DAY):
            if sitting.opens_at <= now or day_of(sitting.opens_at) == day_of(now):
                return sitting
        raise SlotPassed

    async def _slot_or_turn(
        self,
        uow: UnitOfWork,
        place: Place,
        site: ReceptionCentre | None,
        sitting: Sitting,
        desk: GovernorateId,
        wanted: Wanted,
    ) -> tuple[Slot, bool]:
        """Where they stand, and whether the slot is theirs or only its turn."""
        now = self._clock()
        asked = await self._availability.situation(uow, day_of(sitting.opens_at), day_of(sitting.closes_at), now)
        to_come = [start for start in sitting.slots() if not is_over(sitting, start, now)]
        if not set(to_come) & set(slots_of(sitting, asked.calendar, centre=site)):
            raise SlotNotOffered("closed for the rest of the sitting")
        everybody = [a for a in await uow.audiences.of_sitting(sitting.id) if a.state in TO_BE_HEARD]
        without = order.walk_in_turn(
            to_come,
            {a.slot_starts_at for a in everybody if a.holds_slot},
            [a.slot_starts_at for a in everybody if not a.holds_slot],
            priority=bool(wanted.priorities),
        )
        kiosks = [] if site is None else asked.kiosks[site.id]
        use = Counter(a.venue.kiosk_id for a in everybody if isinstance(a.venue, AtKiosk))
        free = (each for each in asked.free(place, desk) if each.sitting_id == sitting.id)
        first = next(free, None)
        if first is not None and first.starts_at <= without:
            return Slot(sitting.id, first.starts_at, first.ends_at, _at(place, first.kiosks, use)), True
        return Slot(sitting.id, without, without + sitting.slot_length, _at(place, kiosks, use)), False

    async def _site(self, uow: UnitOfWork, place: Place) -> ReceptionCentre | None:
        """The centre of the place, if it has one. Raises: NotFound."""
        match place:
            case InCentre(centre_id):
                return await uow.centres.get(centre_id)
            case AtKiosk(kiosk_id):
                return await uow.centres.get((await uow.kiosks.get(kiosk_id)).centre_id)
            case _:
                return None


def _at(place: Place, kiosks: Sequence[KioskId], use: Mapping[KioskId, int]) -> Venue:
    """Of a centre's kiosks the one for which the fewest wait. Raises: SlotNotOffered: it has none."""
    if not isinstance(place, InCentre):
        return place
    if not kiosks:
        raise SlotNotOffered("a centre without a kiosk")
    return AtKiosk(min(kiosks, key=lambda id: (use.get(id, 0), id)))


def standing(
    audience: Audience,
    everybody: Sequence[Audience],
    sitting: Sitting,
    calendar: Calendar,
    site: ReceptionCentre | None,
    now: datetime,
) -> Received:
    """Where somebody who waits at ``site`` stands in the order of the sitting."""
    own = turn_of(audience)
    ahead = sorted(turn_of(a) for a in everybody if a.id != audience.id and a.state in TO_BE_HEARD)
    ahead = [each for each in ahead if each < own]
    waiting = {turn_of(a) for a in everybody if a.state is State.ARRIVED}
    sits = [(sitting.opens_at, sitting.closes_at)]
    estimate = order.expected_at(
        [starts_at for starts_at, *_ in ahead],
        sitting.slot_length,
        now,
        office=common(sits, calendar.both_open_at(None)),
        own=common(sits, calendar.both_open_at(site)),
        buffer=sitting.buffer,
    )
    if estimate is not None and audience.holds_slot:
        estimate = max(estimate, audience.slot_starts_at)
    return Received(audience, 1 + sum(each in waiting for each in ahead), estimate)


def turn_of(audience: Audience) -> Turn:
    """Whose turn it is, as the office's board has it too."""
    return turn(
        audience.slot_starts_at,
        audience.arrived_at,
        audience.id,
        holds_slot=audience.holds_slot,
        priorities=audience.priorities,
    )
