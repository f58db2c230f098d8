"""An audience as a row, and again as an audience: what is personal is sealed on the way."""

from __future__ import annotations

from typing import Any, Final

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import Audience, AudienceId, CallId, MissedBecause, State
from tawasul.domain.case import CaseId
from tawasul.domain.outcome import Directive, HeardOnly, Outcome, Urgency
from tawasul.domain.people import CitizenId, IdentityAssurance
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.sitting import SittingId
from tawasul.store.repositories.sealed_party import open_party, priorities_from_text, priorities_to_text, seal_party
from tawasul.store.repositories.venues import venue_from_columns, venue_to_columns
from tawasul.store.sealed import Sealer
from tawasul.store.tables import AudienceRow

_SUBJECT: Final = "audiences.subject"
_WORDING: Final = "audiences.wording"
_PARTY: Final = "audiences.party"


class AudienceRows:
    """Both ways."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def columns(self, audience: Audience) -> dict[str, Any]:
        """The values of all columns."""
        venue, kiosk_id = venue_to_columns(audience.venue)
        outcome, wording = self._outcome_to_columns(audience)
        directive = audience.outcome if isinstance(audience.outcome, Directive) else None
        return {
            "id": audience.id,
            "reference": audience.reference,
            "citizen_id": audience.citizen_id,
            "sitting_id": audience.sitting_id,
            "slot_starts_at": audience.slot_starts_at,
            "slot_ends_at": audience.slot_ends_at,
            "venue": venue,
            "kiosk_id": kiosk_id,
            "governorate_id": audience.governorate_id,
            "booked_governorate_id": audience.booked_at or audience.governorate_id,
            "subject_sealed": self._sealer.seal(audience.subject.reveal(), column=_SUBJECT, row_id=audience.id),
            "party_sealed": seal_party(self._sealer, audience.party, column=_PARTY, row_id=audience.id),
            "priorities": priorities_to_text(audience.priorities),
            "walk_in": audience.walk_in,
            "holds_slot": audience.holds_slot,
            "language": audience.language,
            "state": audience.state.value,
            "assurance": audience.assurance.value,
            "arrived_at": audience.arrived_at,
            "call_id": audience.call_id,
            "called_in_at": audience.called_in_at,
            "joined_at": audience.joined_at,
            "heard_at": audience.heard_at,
            "concluded_at": audience.concluded_at,
            "interruptions": audience.interruptions,
            "missed_because": None if audience.missed_because is None else audience.missed_because.value,
            "outcome": outcome,
            "wording_sealed": wording,
            "directive_agency_id": None if directive is None else directive.agency_id,
            "directive_urgency": directive.urgency.value if directive and directive.urgency else None,
            "directive_due_on": None if directive is None else directive.due_on,
            "case_id": audience.case_id,
            "version": audience.version,
        }

    def _outcome_to_columns(self, audience: Audience) -> tuple[str | None, bytes | None]:
        match audience.outcome:
            case Directive(wording=wording):
                return "directive", self._sealer.seal(wording.reveal(), column=_WORDING, row_id=audience.id)
            case HeardOnly():
                return "heard-only", None
            case None:
                return None, None

    def audience(self, row: AudienceRow) -> Audience:
        """Raises: SealBroken, WrongPersonalDataKey."""
        subject = self._sealer.open(row.subject_sealed, column=_SUBJECT, row_id=row.id)
        return Audience(
            id=AudienceId(row.id),
            reference=row.reference,
            citizen_id=CitizenId(row.citizen_id),
            sitting_id=SittingId(row.sitting_id),
            slot_starts_at=row.slot_starts_at,
            venue=venue_from_columns(row.venue, row.kiosk_id),
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
            slot_ends_at=row.slot_ends_at,
            booked_at=GovernorateId(row.booked_governorate_id),
            party=open_party(self._sealer, row.party_sealed, column=_PARTY, row_id=row.id),
            priorities=priorities_from_text(row.priorities),
            walk_in=row.walk_in,
            holds_slot=row.holds_slot,
            missed_because=None if row.missed_because is None else MissedBecause(row.missed_because),
            language=row.language,
            case_id=None if row.case_id is None else CaseId(row.case_id),
            version=row.version,
        )

    def _outcome(self, row: AudienceRow) -> Outcome | None:
        if row.outcome is None:
            return None
        if row.wording_sealed is None:
            return HeardOnly()
        return Directive(
            Private(self._sealer.open(row.wording_sealed, column=_WORDING, row_id=row.id)),
            None if row.directive_agency_id is None else AgencyId(row.directive_agency_id),
            None if row.directive_urgency is None else Urgency(row.directive_urgency),
            row.directive_due_on,
        )
