"""What makes a booking complete: the audience with its reference, and all that goes with it into one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from scheduler.citizen_links import BookingLinks
from scheduler.core import reference
from scheduler.notify.herald import Herald
from scheduler.noting import note
from scheduler.tasks import Tasks
from tawasul.access.links import LinkDesk
from tawasul.domain.audience import Audience, AudienceId, MissedBecause, State
from tawasul.domain.audit import AuditAction, AuditActor
from tawasul.domain.message import MessageKind
from tawasul.domain.party import Alone, Party, Priority, Representative
from tawasul.domain.people import CitizenId
from tawasul.domain.petition import Petition
from tawasul.domain.places import GovernorateId
from tawasul.domain.slot import Slot
from tawasul.domain.task import TaskKind
from tawasul.domain.venue import OwnLocation
from tawasul.store.unit_of_work import UnitOfWork

NOT_THE_CITIZENS_DOING: Final = frozenset({MissedBecause.OFFICE, MissedBecause.TECHNICAL})

_HISTORY: Final = 20
"""Audiences of one citizen that are looked at for one that is owed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to be heard, and for what."""

    citizen_id: CitizenId
    subject: str
    priorities: Collection[Priority] = ()
    party: Party = field(default_factory=Alone)
    petition: str | None = None
    language: str = "ar"


@dataclass(frozen=True, slots=True)
class Booked:
    """An audience that has a time; the token of the citizen's page for it, and of the link by which they join if they
    do so from their own location (``None``: not so, or the earlier one still opens).
    """

    audience: Audience
    link_token: str | None
    booking_token: str


class Drafts:
    """Makes audiences, and what goes with them. Nothing here commits. ``random_bytes(n)`` draws references."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        links: LinkDesk,
        booking_links: BookingLinks,
        herald: Herald,
        tasks: Tasks,
    ) -> None:
        self._clock = clock
        self._random_bytes = random_bytes
        self._links = links
        self._booking_links = booking_links
        self._herald = herald
        self._tasks = tasks

    async def draft(
        self,
        uow: UnitOfWork,
        id: AudienceId,
        wanted: Wanted,
        slot: Slot,
        governorate_id: GovernorateId,
        booked_at: GovernorateId,
        *,
        walk_in: bool = False,
        holds_slot: bool = True,
    ) -> Audience:
        """An audience with a reference newly drawn, not in the store yet. Who is owed a time has that priority.

        Raises: NotFound: no such citizen. InvalidText: the subject.
        """
        await uow.citizens.get(wanted.citizen_id)
        owed = await owed_to(uow, wanted.citizen_id)
        return Audience.book(
            id,
            reference=reference.draw(self._random_bytes(reference.RANDOM_BYTES)),
            citizen_id=wanted.citizen_id,
            sitting_id=slot.sitting_id,
            slot_starts_at=slot.starts_at,
            slot_ends_at=slot.ends_at,
            venue=slot.venue,
            governorate_id=governorate_id,
            booked_at=booked_at,
            subject=wanted.subject,
            party=wanted.party,
            priorities={*wanted.priorities, Priority.REBOOKED} if owed else wanted.priorities,
            walk_in=walk_in,
            holds_slot=holds_slot,
            language=wanted.language,
        )

    async def complete(
        self, uow: UnitOfWork, audience: Audience, wanted: Wanted, actor: AuditActor, kind: MessageKind | None
    ) -> Booked:
        """What goes with an audience that was just added: petition, tasks, link, the message of this kind, the note.

        Raises: InvalidText: the petition.
        """
        now = self._clock()
        if wanted.petition is not None:
            await uow.petitions.put(Petition.write(audience.id, wanted.petition, now))
        if isinstance(wanted.party, Representative) and not wanted.party.proof_seen:
            await self._tasks.add_in(
                uow, TaskKind.CHECK_PROOF, audience.governorate_id, audience.id, max(now, audience.slot_starts_at)
            )
        if Priority.REBOOKED in audience.priorities:
            await self.settle(uow, audience)
        link = None
        if isinstance(audience.venue, OwnLocation):
            sitting = await uow.sittings.get(audience.sitting_id)
            link = await self._links.issue(uow, audience.id, sitting.closes_at)
        token = self._booking_links.token(audience)
        if kind is not None:
            await self._herald.tell(uow, kind, audience, audience.citizen_id, now=now, link_token=token)
        action = AuditAction.RECEIVED_WALK_IN if audience.walk_in else AuditAction.BOOKED
        await note(uow, actor, action, audience, sitting=audience.sitting_id, at=_moment(audience.slot_starts_at))
        return Booked(audience, link, token)

    async def moved(
        self, uow: UnitOfWork, audience: Audience, before: datetime, actor: AuditActor, kind: MessageKind
    ) -> Booked:
        """What goes with an audience that was just moved from the time ``before``.

        The link of an own location stays, if it still opens at the new time; else there is a new one.
        """
        link = None
        if isinstance(audience.venue, OwnLocation):
            sitting = await uow.sittings.get(audience.sitting_id)
            if not await self._links.opens_at(uow, audience.id, sitting.closes_at):
                link = await self._links.issue(uow, audience.id, sitting.closes_at)
        token = self._booking_links.token(audience)
        await self._herald.tell(uow, kind, audience, audience.citizen_id, now=self._clock(), link_token=token)
        await self._hand_tasks_on(uow, audience)
        times = {"from": _moment(before), "to": _moment(audience.slot_starts_at)}
        await note(uow, actor, AuditAction.MOVED, audience, **times)
        return Booked(audience, link, token)

    async def _hand_tasks_on(self, uow: UnitOfWork, audience: Audience) -> None:
        """Who comes to another desk now is that desk's to see to; a proof is checked when they come."""
        for task in await uow.tasks.open_for_audience(audience.id):
            due_at = task.due_at
            if task.kind is TaskKind.CHECK_PROOF:
                due_at = max(self._clock(), audience.slot_starts_at)
            owner = task.owner if task.governorate_id == audience.governorate_id else None
            handed_on = replace(task, governorate_id=audience.governorate_id, due_at=due_at, owner=owner)
            if handed_on != task:
                await uow.tasks.save(handed_on)

    async def again(self, uow: UnitOfWork, audience: Audience) -> Booked:
        """The same answer for a booking that was made before."""
        own = isinstance(audience.venue, OwnLocation)
        link = await self._links.present(uow, audience.id) if own else None
        return Booked(audience, link, self._booking_links.token(audience))

    async def settle(self, uow: UnitOfWork, audience: Audience) -> None:
        """The citizen has a time (again): nobody has to find one for what they missed."""
        for missed in await owed_to(uow, audience.citizen_id, besides=audience.id):
            for task in await uow.tasks.open_for_audience(missed.id):
                if task.kind is TaskKind.FIND_A_TIME:
                    await uow.tasks.save(task.gone(self._clock()))


async def owed_to(uow: UnitOfWork, citizen_id: CitizenId, besides: AudienceId | None = None) -> list[Audience]:
    """The citizen's last audiences, if they were missed and not by the citizen's doing, and no other came after."""
    owed: list[Audience] = []
    history = await uow.audiences.of_citizen(citizen_id, _HISTORY)
    for audience in sorted(history, key=lambda each: each.slot_starts_at, reverse=True):
        if audience.id == besides or audience.state is State.CANCELLED:
            continue
        if audience.state is not State.MISSED or audience.missed_because not in NOT_THE_CITIZENS_DOING:
            break
        owed.append(audience)
    return owed


def _moment(at: datetime) -> str:
    return at.isoformat()
