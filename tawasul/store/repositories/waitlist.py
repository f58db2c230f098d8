"""The waitlist and its offers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import OPEN, AudienceId
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.hold import HoldId
from tawasul.domain.people import CitizenId
from tawasul.domain.places import CentreId, GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.sitting import SittingId
from tawasul.domain.waitlist import EntryId, EntryState, Offer, OfferId, OfferState, WaitlistEntry, WishedVenue
from tawasul.store.repositories.base import Repository
from tawasul.store.repositories.sealed_party import open_party, priorities_from_text, priorities_to_text, seal_party
from tawasul.store.sealed import Sealer
from tawasul.store.tables import AudienceRow, OfferRow, WaitlistEntryRow

_SUBJECT = "waitlist_entries.subject"
_PARTY = "waitlist_entries.party"
_WAITS = (EntryState.WAITING.value, EntryState.OFFERED.value)


class Waitlist(Repository):
    """The entries."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def add(self, entry: WaitlistEntry) -> None:
        """A new entry. Raises: AlreadyWaiting: this citizen waits already."""
        await self._insert(WaitlistEntryRow(id=entry.id, version=entry.version, **self._columns(entry)))

    async def get(self, id: EntryId) -> WaitlistEntry:
        """Raises: NotFound."""
        row = await self._row(WaitlistEntryRow, WaitlistEntryRow.id == id)
        if row is None:
            raise NotFound("waitlist-entry")
        return self._entry(row)

    async def save(self, entry: WaitlistEntry) -> WaitlistEntry:
        """What has changed; the entry with its next version. Raises: Stale: somebody else saved it since."""
        changed = await self._change(
            update(WaitlistEntryRow)
            .where(WaitlistEntryRow.id == entry.id, WaitlistEntryRow.version == entry.version)
            .values(version=entry.version + 1, **self._columns(entry))
        )
        if not changed:
            raise Stale
        return await self.get(entry.id)

    async def waiting(self) -> list[WaitlistEntry]:
        """All who wait and have no offer, in the order of joining: who joins last may have to be served first."""
        return await self._load(select(WaitlistEntryRow).where(WaitlistEntryRow.state == EntryState.WAITING.value))

    async def sittings_of_the_waiting(self) -> dict[CitizenId, set[SittingId]]:
        """The sittings in which those who wait have an open audience: they can have no other there."""
        rows = await self._session.execute(
            select(AudienceRow.citizen_id, AudienceRow.sitting_id)
            .join(WaitlistEntryRow, WaitlistEntryRow.citizen_id == AudienceRow.citizen_id)
            .where(
                WaitlistEntryRow.state == EntryState.WAITING.value, AudienceRow.state.in_(state.value for state in OPEN)
            )
        )
        sittings: dict[CitizenId, set[SittingId]] = {}
        for citizen_id, sitting_id in rows:
            sittings.setdefault(CitizenId(citizen_id), set()).add(SittingId(sitting_id))
        return sittings

    async def of_governorate(self, id: GovernorateId) -> list[WaitlistEntry]:
        """Those of a governorate who wait, with or without an offer, in the order of joining."""
        return await self._load(
            select(WaitlistEntryRow).where(WaitlistEntryRow.governorate_id == id, WaitlistEntryRow.state.in_(_WAITS))
        )

    async def open_of_citizen(self, id: CitizenId) -> WaitlistEntry | None:
        """The entry with which a citizen waits, with or without an offer."""
        found = await self._load(
            select(WaitlistEntryRow).where(WaitlistEntryRow.citizen_id == id, WaitlistEntryRow.state.in_(_WAITS))
        )
        return found[0] if found else None

    async def of_citizen(self, id: CitizenId) -> list[WaitlistEntry]:
        """All that a citizen ever had, in the order of joining."""
        return await self._load(select(WaitlistEntryRow).where(WaitlistEntryRow.citizen_id == id))

    async def _load(self, statement: Select[WaitlistEntryRow]) -> list[WaitlistEntry]:
        rows = await self._rows(statement.order_by(WaitlistEntryRow.joined_at, WaitlistEntryRow.id))
        return [self._entry(row) for row in rows]

    def _columns(self, entry: WaitlistEntry) -> dict[str, Any]:
        return {
            "citizen_id": entry.citizen_id,
            "governorate_id": entry.governorate_id,
            "venue": entry.venue.value,
            "centre_id": entry.centre_id,
            "from_day": entry.from_day,
            "to_day": entry.to_day,
            "subject_sealed": self._sealer.seal(entry.subject.reveal(), column=_SUBJECT, row_id=entry.id),
            "party_sealed": seal_party(self._sealer, entry.party, column=_PARTY, row_id=entry.id),
            "priorities": priorities_to_text(entry.priorities),
            "joined_at": entry.joined_at,
            "state": entry.state.value,
            "passed_over": entry.passed_over,
            "audience_id": entry.audience_id,
        }

    def _entry(self, row: WaitlistEntryRow) -> WaitlistEntry:
        return WaitlistEntry(
            id=EntryId(row.id),
            citizen_id=CitizenId(row.citizen_id),
            governorate_id=GovernorateId(row.governorate_id),
            venue=WishedVenue(row.venue),
            centre_id=None if row.centre_id is None else CentreId(row.centre_id),
            from_day=row.from_day,
            to_day=row.to_day,
            subject=Private(self._sealer.open(row.subject_sealed, column=_SUBJECT, row_id=row.id)),
            party=open_party(self._sealer, row.party_sealed, column=_PARTY, row_id=row.id),
            priorities=priorities_from_text(row.priorities),
            joined_at=row.joined_at,
            state=EntryState(row.state),
            passed_over=row.passed_over,
            audience_id=None if row.audience_id is None else AudienceId(row.audience_id),
            version=row.version,
        )


class Offers(Repository):
    """The offers."""

    async def add(self, offer: Offer) -> None:
        """A new offer. Raises: Stale: the entry has an open one, or the hold is another offer's."""
        await self._insert(
            OfferRow(
                id=offer.id,
                entry_id=offer.entry_id,
                hold_id=offer.hold_id,
                slot_starts_at=offer.slot_starts_at,
                made_at=offer.made_at,
                expires_at=offer.expires_at,
                state=offer.state.value,
            )
        )

    async def get(self, id: OfferId) -> Offer:
        """Raises: NotFound."""
        row = await self._row(OfferRow, OfferRow.id == id)
        if row is None:
            raise NotFound("offer")
        return _offer(row)

    async def save_state(self, id: OfferId, from_state: OfferState, to_state: OfferState) -> bool:
        """Whether it stood there, and stands here now: of two who answer at once, one is told ``True``."""
        return bool(
            await self._change(
                update(OfferRow)
                .where(OfferRow.id == id, OfferRow.state == from_state.value)
                .values(state=to_state.value)
            )
        )

    async def open_of_entry(self, id: EntryId) -> Offer | None:
        """The offer that an entry has to answer."""
        row = await self._row(OfferRow, OfferRow.entry_id == id, OfferRow.state == OfferState.OPEN.value)
        return None if row is None else _offer(row)

    async def next_end(self) -> datetime | None:
        """When the next of the open ones is over, or was; ``None``: there is none."""
        return await self._session.scalar(
            select(func.min(OfferRow.expires_at)).where(OfferRow.state == OfferState.OPEN.value)
        )

    async def made_to_the_waiting(self) -> dict[EntryId, set[datetime]]:
        """The times that those who still wait were offered, and did not want; not those that were taken back."""
        rows = await self._session.execute(
            select(OfferRow.entry_id, OfferRow.slot_starts_at)
            .join(WaitlistEntryRow, WaitlistEntryRow.id == OfferRow.entry_id)
            .where(WaitlistEntryRow.state == EntryState.WAITING.value, OfferRow.state != OfferState.WITHDRAWN.value)
        )
        times: dict[EntryId, set[datetime]] = {}
        for entry_id, starts_at in rows:
            times.setdefault(EntryId(entry_id), set()).add(starts_at)
        return times

    async def open(self) -> list[Offer]:
        """All that are to be answered."""
        rows = await self._rows(select(OfferRow).where(OfferRow.state == OfferState.OPEN.value).order_by(OfferRow.id))
        return [_offer(row) for row in rows]

    async def due(self, now: datetime) -> list[Offer]:
        """The open ones whose time is over, longest over first."""
        rows = await self._rows(
            select(OfferRow)
            .where(OfferRow.state == OfferState.OPEN.value, OfferRow.expires_at <= now)
            .order_by(OfferRow.expires_at, OfferRow.id)
        )
        return [_offer(row) for row in rows]


def _offer(row: OfferRow) -> Offer:
    return Offer(
        id=OfferId(row.id),
        entry_id=EntryId(row.entry_id),
        hold_id=HoldId(row.hold_id),
        slot_starts_at=row.slot_starts_at,
        made_at=row.made_at,
        expires_at=row.expires_at,
        state=OfferState(row.state),
    )
