"""Audiences: the one aggregate. What is loaded, added or saved is seen, and its events are told at the commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import (
    OPEN,
    WITH_THE_OFFICE,
    Audience,
    AudienceId,
    State,
)
from tawasul.domain.errors import NotFound, SlotTaken, Stale
from tawasul.domain.events import AudienceEvent
from tawasul.domain.hold import Hold
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId, KioskId
from tawasul.domain.sitting import SittingId
from tawasul.domain.slot import Slot
from tawasul.store.constraints import meaningful_refusals
from tawasul.store.repositories.audience_rows import AudienceRows
from tawasul.store.repositories.base import Repository
from tawasul.store.repositories.holds import Holds, slot_of
from tawasul.store.repositories.occupancies import Occupancies
from tawasul.store.sealed import Sealer
from tawasul.store.tables import AudienceRow, SittingRow

_CASE: Final = "case_id"
_UPDATE: Final = (
    update(AudienceRow.__table__)  # type: ignore[arg-type]
    .where(AudienceRow.id == bindparam("new_id"), AudienceRow.version == bindparam("version_seen"))
    .values({each.name: bindparam(f"new_{each.name}") for each in AudienceRow.__table__.columns if each.name != _CASE})
)
"""Made once: a statement of thirty columns takes longer to make than to send. Its case is ``Cases.link_audience``'s:
what was read before the link and is saved after it would undo it.
"""
_SLOT_GIVEN_UP = frozenset({State.CANCELLED, State.MISSED})


class Audiences(Repository):
    """The audiences. Within one unit of work an audience is one object, however often it is asked for."""

    def __init__(
        self,
        session: AsyncSession,
        sealer: Sealer,
        occupancies: Occupancies,
        holds: Holds,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(session)
        self._as_rows = AudienceRows(sealer)
        self._occupancies = occupancies
        self._holds = holds
        self._clock = clock
        self._seen: dict[AudienceId, Audience] = {}

    async def get(self, id: AudienceId) -> Audience:
        """Raises: NotFound."""
        found = await self._load(select(AudienceRow).where(AudienceRow.id == id))
        if not found:
            raise NotFound("audience")
        return found[0]

    async def by_reference(self, reference: str) -> Audience | None:
        """The audience of a reference as ``scheduler.core.reference`` writes it."""
        found = await self._load(select(AudienceRow).where(AudienceRow.reference == reference))
        return found[0] if found else None

    async def of_sitting(self, sitting_id: SittingId) -> list[Audience]:
        """All of a sitting, in the order of their slots."""
        return await self._load(select(AudienceRow).where(AudienceRow.sitting_id == sitting_id))

    async def of_citizens(self, citizen_ids: Collection[CitizenId], sitting_id: SittingId) -> list[Audience]:
        """Those of these citizens in a sitting, in the order of their slots."""
        return await self._load(
            select(AudienceRow).where(AudienceRow.citizen_id.in_(citizen_ids), AudienceRow.sitting_id == sitting_id)
        )

    async def with_the_office(self, sitting_id: SittingId) -> list[Audience]:
        """Those of a sitting whom the office is busy with: called in, in a call, or heard and not concluded."""
        return await self._load(
            select(AudienceRow).where(
                AudienceRow.sitting_id == sitting_id,
                AudienceRow.state.in_(state.value for state in WITH_THE_OFFICE),
            )
        )

    async def in_a_call(self) -> list[Audience]:
        """Those who are in a call or called into one, of any sitting, however long ago."""
        in_a_call = (State.CALLED_IN.value, State.IN_CALL.value)
        return await self._load(select(AudienceRow).where(AudienceRow.state.in_(in_a_call)))

    async def open_at_kiosk(self, kiosk_id: KioskId) -> list[Audience]:
        """Those booked at a kiosk that still hold their slot, of any sitting, in the order of their slots."""
        return await self._load(select(AudienceRow).where(AudienceRow.kiosk_id == kiosk_id, _is_open()))

    async def of_governorate_between(self, id: GovernorateId, start: datetime, end: datetime) -> list[Audience]:
        """Those that a governorate's desk looks after or booked, with their slot in ``[start, end)``, in its order."""
        return await self._load(
            select(AudienceRow).where(
                AudienceRow.slot_starts_at >= start,
                AudienceRow.slot_starts_at < end,
                or_(AudienceRow.governorate_id == id, AudienceRow.booked_governorate_id == id),
            )
        )

    async def in_slots(self, sitting_ids: Collection[SittingId]) -> list[Audience]:
        """Those that take a slot of these sittings, concluded ones too, in the order of their slots."""
        return await self._load(
            select(AudienceRow).where(
                AudienceRow.sitting_id.in_(sitting_ids),
                AudienceRow.holds_slot,
                AudienceRow.state.not_in(state.value for state in _SLOT_GIVEN_UP),
            )
        )

    async def open_between(
        self, start: datetime, end: datetime, *, kiosk_ids: Collection[KioskId] | None = None
    ) -> list[Audience]:
        """The open ones with a part of their slot in ``[start, end)``, all of them or those at these kiosks."""
        statement = select(AudienceRow).where(
            AudienceRow.slot_starts_at < end, AudienceRow.slot_ends_at > start, _is_open()
        )
        if kiosk_ids is not None:
            statement = statement.where(AudienceRow.kiosk_id.in_(kiosk_ids))
        return await self._load(statement)

    async def last_open_end(self) -> datetime | None:
        """When the latest slot of all open ones ends; ``None``: there is none."""
        latest = select(AudienceRow.slot_ends_at).where(_is_open()).order_by(AudienceRow.slot_starts_at.desc())
        return await self._session.scalar(latest.limit(1))

    async def of_citizen(self, citizen_id: CitizenId, limit: int) -> list[Audience]:
        """The latest of a citizen, latest slot first."""
        latest = select(AudienceRow).where(AudienceRow.citizen_id == citizen_id)
        rows = await self._rows(latest.order_by(AudienceRow.slot_starts_at.desc(), AudienceRow.id.desc()).limit(limit))
        return list(self._known(rows))

    async def citizens_open(self, citizen_id: CitizenId, after: datetime) -> list[Audience]:
        """The open ones of a citizen whose slot ends after then, in the order of their slots."""
        return await self._load(
            select(AudienceRow).where(
                AudienceRow.citizen_id == citizen_id, AudienceRow.slot_ends_at > after, _is_open()
            )
        )

    async def add(self, audience: Audience, hold: Hold | None = None, *, now: datetime | None = None) -> None:
        """A new audience, which takes its slot (a walk-in without one takes none) or gets that of the hold.

        ``now``: when a hold is over; the clock's time unless told.

        Raises:
            AlreadyBooked: the citizen has an open audience in this sitting.
            SlotTaken: the office or the kiosk is taken or held at that time.
            HoldExpired: the hold is over, or not there any more.
            ReferenceInUse: draw another reference.
            ValueError: the hold is of another slot.

        After any of them nothing more can be done in this transaction: leave it.
        """
        await self._know_the_end(audience)
        await self._take(audience, hold, now or self._clock())
        await self._add(AudienceRow, **self._as_rows.columns(audience))
        self._seen[audience.id] = audience

    async def save(self, audience: Audience) -> None:
        """What has changed; one that is cancelled or missed gives its slot back.

        Raises:
            Stale: somebody else saved it since it was loaded.
        """
        await self._update(audience)
        if audience.state in _SLOT_GIVEN_UP:
            await self._occupancies.free(audience.id)

    async def hold(self, ids: Collection[AudienceId]) -> None:
        """Until the transaction ends nobody else saves these; it waits for whoever does: they may be ``Stale`` then.
        For whoever frees what several have before it saves them: each of the others saves first, and frees after.
        """
        rows = select(AudienceRow.id).where(AudienceRow.id.in_(ids)).order_by(AudienceRow.id)
        await self._session.execute(rows.with_for_update(key_share=True))

    async def move(self, audience: Audience, hold: Hold, *, now: datetime | None = None) -> None:
        """After ``Audience.move`` to the slot of the hold: what it had before is free, and the hold's slot is its own.

        Raises:
            Stale: somebody else saved it since it was loaded.
            AlreadyBooked: the citizen has another open audience in the sitting it goes to.
            HoldExpired: the hold is over, or not there any more.
            ValueError: the hold is of another slot.
        """
        await self._update(audience)
        await self._occupancies.lock(audience.id, hold.id)
        await self._occupancies.free(audience.id)
        await self._take(audience, hold, now or self._clock())

    async def reinstate(self, audience: Audience, *, now: datetime | None = None) -> None:
        """After ``Audience.reinstate``: takes its slot again.

        Raises:
            Stale: somebody else saved it since it was loaded.
            AlreadyBooked: the citizen has another open audience in this sitting.
            SlotTaken: somebody has the slot by now. Leave the transaction.
        """
        await self._update(audience)
        await self._take(audience, None, now or self._clock())

    def take_events(self) -> list[AudienceEvent]:
        """What happened to the audiences seen, once: for the unit of work."""
        events = [event for audience in self._seen.values() for event in audience.events]
        for audience in self._seen.values():
            audience.events.clear()
        return events

    async def _know_the_end(self, audience: Audience) -> None:
        """Of one that was booked without: a slot's length after its start."""
        if audience.slot_ends_at is None:
            seconds = await self._session.scalar(
                select(SittingRow.slot_seconds).where(SittingRow.id == audience.sitting_id)
            )
            if seconds is None:
                raise NotFound("sitting")
            audience.slot_ends_at = audience.slot_starts_at + timedelta(seconds=seconds)

    async def _take(self, audience: Audience, hold: Hold | None, now: datetime) -> None:
        slot = _slot_of(audience)
        if hold is not None:
            if slot_of(hold) != slot:
                raise ValueError("the hold is of another slot than the audience")
            await self._holds.become(hold, audience.id, now)
        elif audience.holds_slot and not await self._occupancies.take_for_audience(slot.occupies(), audience.id, now):
            raise SlotTaken

    async def _update(self, audience: Audience) -> None:
        self._seen[audience.id] = audience
        await self._know_the_end(audience)
        columns = self._as_rows.columns(audience) | {"version": audience.version + 1}
        connection = await self._session.connection()
        with meaningful_refusals():
            told = {f"new_{name}": value for name, value in columns.items() if name != _CASE}
            result = await connection.execute(_UPDATE, told | {"version_seen": audience.version})
        if not result.rowcount:
            raise Stale
        audience.version += 1

    async def _load(self, statement: Select[AudienceRow]) -> list[Audience]:
        rows = await self._rows(statement.order_by(AudienceRow.slot_starts_at, AudienceRow.id))
        return list(self._known(rows))

    def _known(self, rows: Iterable[AudienceRow]) -> Iterable[Audience]:
        for row in rows:
            id = AudienceId(row.id)
            if id not in self._seen:
                self._seen[id] = self._as_rows.audience(row)
            yield self._seen[id]


def _is_open() -> ColumnElement[bool]:
    return AudienceRow.state.in_(state.value for state in OPEN)


def _slot_of(audience: Audience) -> Slot:
    assert audience.slot_ends_at is not None, "known before"
    return Slot(audience.sitting_id, audience.slot_starts_at, audience.slot_ends_at, audience.venue)
