"""Audiences: the one aggregate. What is loaded, added or saved is seen, and its events are told at the commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import OPEN, WITH_THE_OFFICE, Audience, AudienceId, CallId, State
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.events import Event
from tawasul.domain.outcome import Directive, HeardOnly, Outcome
from tawasul.domain.people import CitizenId, IdentityAssurance
from tawasul.domain.places import GovernorateId, KioskId
from tawasul.domain.private import Private
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation, Venue
from tawasul.store.repositories.base import Repository
from tawasul.store.repositories.occupancies import Occupancies
from tawasul.store.sealed import Sealer
from tawasul.store.tables import AudienceRow

_SUBJECT = "audiences.subject"
_WORDING = "audiences.wording"
_SLOT_GIVEN_UP = frozenset({State.CANCELLED, State.MISSED})


class Audiences(Repository):
    """The audiences. Within one unit of work an audience is one object, however often it is asked for."""

    def __init__(self, session: AsyncSession, sealer: Sealer, occupancies: Occupancies) -> None:
        super().__init__(session)
        self._sealer = sealer
        self._occupancies = occupancies
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
        return await self._load(
            select(AudienceRow).where(
                AudienceRow.kiosk_id == kiosk_id, AudienceRow.state.in_(state.value for state in OPEN)
            )
        )

    async def add(self, audience: Audience) -> None:
        """A new audience, which takes its slot.

        Raises:
            AlreadyBooked: the citizen has an open audience in this sitting.
            SlotTaken: the office or the kiosk is taken at that time.
            ReferenceInUse: draw another reference.
        """
        self._seen[audience.id] = audience
        await self._insert(self._row_of(audience))
        await self._occupancies.take(audience)

    async def save(self, audience: Audience) -> None:
        """What has changed; one that is cancelled or missed gives its slot back.

        Raises:
            Stale: somebody else saved it since it was loaded.
        """
        self._seen[audience.id] = audience
        values = {key: value for key, value in self._columns_of(audience).items() if key not in ("id", "version")}
        changed = await self._change(
            update(AudienceRow)
            .where(AudienceRow.id == audience.id, AudienceRow.version == audience.version)
            .values(version=audience.version + 1, **values)
        )
        if not changed:
            raise Stale
        audience.version += 1
        if audience.state in _SLOT_GIVEN_UP:
            await self._occupancies.free(audience.id)

    def take_events(self) -> list[Event]:
        """What happened to the audiences seen, once: for the unit of work."""
        events = [event for audience in self._seen.values() for event in audience.events]
        for audience in self._seen.values():
            audience.events.clear()
        return events

    async def _load(self, statement: Select[AudienceRow]) -> list[Audience]:
        rows = await self._rows(statement.order_by(AudienceRow.slot_starts_at, AudienceRow.id))
        return list(self._known(rows))

    def _known(self, rows: Iterable[AudienceRow]) -> Iterable[Audience]:
        for row in rows:
            id = AudienceId(row.id)
            if id not in self._seen:
                self._seen[id] = self._audience(row)
            yield self._seen[id]

    # Rows and the domain

    def _row_of(self, audience: Audience) -> AudienceRow:
        return AudienceRow(**self._columns_of(audience))

    def _columns_of(self, audience: Audience) -> dict[str, object]:
        venue, kiosk_id = _columns_of_venue(audience.venue)
        outcome, wording = self._columns_of_outcome(audience)
        return {
            "id": audience.id,
            "reference": audience.reference,
            "citizen_id": audience.citizen_id,
            "sitting_id": audience.sitting_id,
            "slot_starts_at": audience.slot_starts_at,
            "venue": venue,
            "kiosk_id": kiosk_id,
            "governorate_id": audience.governorate_id,
            "subject_sealed": self._sealer.seal(audience.subject.reveal(), column=_SUBJECT, row_id=audience.id),
            "state": audience.state.value,
            "assurance": audience.assurance.value,
            "arrived_at": audience.arrived_at,
            "call_id": audience.call_id,
            "called_in_at": audience.called_in_at,
            "joined_at": audience.joined_at,
            "heard_at": audience.heard_at,
            "concluded_at": audience.concluded_at,
            "interruptions": audience.interruptions,
            "outcome": outcome,
            "wording_sealed": wording,
            "version": audience.version,
        }

    def _columns_of_outcome(self, audience: Audience) -> tuple[str | None, bytes | None]:
        match audience.outcome:
            case Directive(wording=wording):
                return "directive", self._sealer.seal(wording.reveal(), column=_WORDING, row_id=audience.id)
            case HeardOnly():
                return "heard-only", None
            case None:
                return None, None

    def _audience(self, row: AudienceRow) -> Audience:
        subject = self._sealer.open(row.subject_sealed, column=_SUBJECT, row_id=row.id)
        return Audience(
            id=AudienceId(row.id),
            reference=row.reference,
            citizen_id=CitizenId(row.citizen_id),
            sitting_id=SittingId(row.sitting_id),
            slot_starts_at=row.slot_starts_at,
            venue=_venue(row),
            governorate_id=GovernorateId(row.governorate_id),
            subject=Private(subject),
            state=State(row.state),
            assurance=IdentityAssurance(row.assurance),
            arrived_at=row.arrived_at,
            call_id=None if row.call_id is None else CallId(row.call_id),
            called_in_at=row.called_in_at,
            joined_at=row.joined_at,
            heard_at=row.heard_at,
            concluded_at=row.concluded_at,
            interruptions=row.interruptions,
            outcome=self._outcome(row),
            version=row.version,
        )

    def _outcome(self, row: AudienceRow) -> Outcome | None:
        if row.outcome is None:
            return None
        if row.wording_sealed is None:
            return HeardOnly()
        return Directive(Private(self._sealer.open(row.wording_sealed, column=_WORDING, row_id=row.id)))


def _columns_of_venue(venue: Venue) -> tuple[str, KioskId | None]:
    match venue:
        case AtKiosk(kiosk_id=kiosk_id):
            return "kiosk", kiosk_id
        case OwnLocation():
            return "own-location", None
        case InPerson():
            return "in-person", None


def _venue(row: AudienceRow) -> Venue:
    if row.kiosk_id is not None:
        return AtKiosk(KioskId(row.kiosk_id))
    return OwnLocation() if row.venue == "own-location" else InPerson()
