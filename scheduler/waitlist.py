"""The waitlist at the desk (F5): who wants a time when there is none. Each use case is one transaction.

Who is offered a time, and when, is in ``scheduler.offers``; the order in ``scheduler.core.fairness``.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from scheduler.core import fairness
from scheduler.core.fairness import Ranked
from scheduler.scope import governorate_of
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audience import LONGEST_SUBJECT
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.errors import InvalidDate, InvalidInput, NotFound
from tawasul.domain.hold import Hold
from tawasul.domain.party import Party, Priority, ordered
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.places import CentreId, GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.riyadh import day_of
from tawasul.domain.text import bounded
from tawasul.domain.waitlist import EntryId, EntryState, Offer, OfferState, WaitlistEntry, WishedVenue
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory

FURTHEST: Final = timedelta(days=120)
"""As far ahead as anybody can wish: sittings are planned for a few months."""

_PLANNED_AHEAD: Final = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as its desk sees it. ``ranked``: where it stands in the whole region, while it waits.

    ``seconds_left``: to answer its offer, by the service's clock: a desk's own may be wrong.
    """

    entry: WaitlistEntry
    citizen: Citizen
    ranked: Ranked | None
    offer: Offer | None
    hold: Hold | None
    seconds_left: int


class Waitlist:
    """What the desk does with its entries. ``changed`` is called when somebody waits anew, or a slot is free."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, clock: Callable[[], datetime], changed: Callable[[], None]
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._changed = changed

    async def lines(self, who: StaffPrincipal) -> list[Line]:
        """The open entries of the desk's governorate: those with an offer first, then in the order of the region."""
        governorate_id = governorate_of(who)
        now = self._clock()
        async with self._unit_of_work(reading=True) as uow:
            own = await uow.waitlist.of_governorate(governorate_id)
            ranks = {ranked.entry.id: ranked for ranked in await ranking(uow, now)}
            citizens = await uow.citizens.many({entry.citizen_id for entry in own})
            lines = []
            for entry in own:
                if entry.state not in (EntryState.WAITING, EntryState.OFFERED):
                    continue
                offer = await uow.offers.open_of_entry(entry.id) if entry.state is EntryState.OFFERED else None
                hold = None if offer is None else await _hold_of(uow, offer)
                left = 0 if offer is None else max(0, int((offer.expires_at - now).total_seconds()))
                lines.append(Line(entry, citizens[entry.citizen_id], ranks.get(entry.id), offer, hold, left))
        return sorted(
            lines, key=lambda line: (0 if line.ranked is None else line.ranked.position, line.entry.joined_at)
        )

    async def join(
        self,
        who: StaffPrincipal,
        *,
        citizen_id: CitizenId,
        venue: WishedVenue,
        centre_id: CentreId | None,
        from_day: date,
        to_day: date,
        subject: str,
        priorities: Collection[Priority],
        party: Party,
    ) -> WaitlistEntry:
        """Puts a citizen on the list.

        Raises:
            NotFound: no such citizen or centre.
            InvalidText: the subject.
            InvalidInput: the centre does not belong to the venue.
            InvalidDate: the days are over, too far ahead, or the last is before the first.
            AlreadyWaiting: the citizen is on it.
        """
        now = self._clock()
        if (venue is WishedVenue.CENTRE) != (centre_id is not None):
            raise InvalidInput("a centre belongs to the venue centre, and to no other", field="centre_id")
        _require_days(from_day, to_day, day_of(now))
        entry = WaitlistEntry(
            id=EntryId(uuid.uuid4().hex),
            citizen_id=citizen_id,
            governorate_id=governorate_of(who),
            venue=venue,
            centre_id=centre_id,
            from_day=from_day,
            to_day=to_day,
            subject=Private(bounded(subject, field="subject", longest=LONGEST_SUBJECT)),
            party=Private(party),
            priorities=ordered(frozenset(priorities)),
            joined_at=now,
        )
        async with self._unit_of_work() as uow:
            await uow.citizens.get(citizen_id)
            if centre_id is not None:
                await uow.centres.get(centre_id)
            await uow.waitlist.add(entry)
            await uow.audit.note(_noted(AuditActor.of(who), AuditAction.JOINED_WAITLIST, entry))
            await uow.commit()
        self._changed()
        return entry

    async def withdraw(self, who: StaffPrincipal, id: EntryId) -> WaitlistEntry:
        """The citizen does not want a time any more; an open offer is taken back, and its slot is free.

        Raises:
            NotFound: none of the desk's governorate.
            OfferOver: the entry is over already.
            Stale: somebody else changed it first.
        """
        async with self._unit_of_work() as uow:
            entry = await entry_of(uow, who, id)
            offer = await uow.offers.open_of_entry(id)
            withdrawn = entry.withdrawn()
            # The offer before the entry, as everybody who changes both: else two could wait for each other.
            if offer is not None:
                await uow.offers.save_state(offer.id, OfferState.OPEN, OfferState.WITHDRAWN)
            await uow.waitlist.save(withdrawn)
            if offer is not None:
                await uow.holds.release(offer.hold_id)
            await uow.audit.note(_noted(AuditActor.of(who), AuditAction.LEFT_WAITLIST, entry))
            await uow.commit()
        self._changed()
        return withdrawn

    async def restore(self, who: StaffPrincipal, id: EntryId) -> WaitlistEntry:
        """That it was withdrawn was a slip: it waits again, since when it did.

        Raises:
            NotFound: none of the desk's governorate.
            OfferOver: it was not withdrawn.
            AlreadyWaiting: the citizen has joined again since.
        """
        async with self._unit_of_work() as uow:
            entry = await entry_of(uow, who, id)
            restored = entry.restored()
            await uow.waitlist.save(restored)
            await uow.audit.note(_noted(AuditActor.of(who), AuditAction.JOINED_WAITLIST, entry))
            await uow.commit()
        self._changed()
        return restored


async def ranking(uow: UnitOfWork, now: datetime) -> list[Ranked]:
    """All who wait in the region, in the order in which they are served."""
    waiting = await uow.waitlist.waiting()
    return fairness.in_order(waiting, await lacking(uow, now)) if waiting else []


async def lacking(uow: UnitOfWork, now: datetime) -> dict[GovernorateId, float]:
    """How much of its share each governorate lacks, by what it was given in the sittings of the last thirty days and
    has been given in those that are planned.
    """
    sittings = await uow.sittings.between(now - fairness.LATELY, now + _PLANNED_AHEAD)
    taken = await uow.occupancies.taken_by_governorate([sitting.id for sitting in sittings], now)
    given: Counter[GovernorateId] = Counter()
    for by_governorate in taken.values():
        given.update(by_governorate)
    return fairness.shortfall(given, [governorate.id for governorate in await uow.governorates.all()])


async def entry_of(uow: UnitOfWork, who: StaffPrincipal, id: EntryId) -> WaitlistEntry:
    """Raises: NotFound: there is none, or another governorate's desk keeps it."""
    entry = await uow.waitlist.get(id)
    if entry.governorate_id != governorate_of(who):
        raise NotFound("entry")
    return entry


def _require_days(from_day: date, to_day: date, today: date) -> None:
    if to_day < from_day:
        raise InvalidDate("the last day is before the first", field="to_day")
    if to_day < today:
        raise InvalidDate("the days are over", field="to_day")
    if to_day > today + FURTHEST:
        raise InvalidDate("too far ahead", field="to_day")


async def _hold_of(uow: UnitOfWork, offer: Offer) -> Hold | None:
    try:
        return await uow.holds.get(offer.hold_id)
    except NotFound:
        return None


def _noted(actor: AuditActor, action: AuditAction, entry: WaitlistEntry) -> AuditEntry:
    return AuditEntry(actor, action, AuditSubject.ENTRY, entry.id, {"citizen": entry.citizen_id})
