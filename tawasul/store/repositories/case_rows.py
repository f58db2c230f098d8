"""A case and its entries as rows, and again as what they are: what people wrote is sealed on the way."""

from __future__ import annotations

from typing import Any, Final

from tawasul.domain.agency import AgencyId
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import CaseEntry, EntryKind, Hand, HandKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_paper import RemainingItem
from tawasul.domain.case_state import AgendaReason, CaseKind, CaseState, ClosedBecause, OwnerKind
from tawasul.domain.people import CitizenId, StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.store.sealed import Sealer
from tawasul.store.tables import CaseEntryRow, CaseRow, RemainingItemRow

_SUBJECT: Final = "cases.subject"
_WORDS: Final = "case_entries.words"
_ITEM: Final = "remaining_items.words"


class CaseRows:
    """Both ways. Entries and items are sealed to their case: they have no id before they are written."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def columns(self, case: Case) -> dict[str, Any]:
        """The values of all columns that a step may change."""
        return {
            "governorate_id": case.governorate_id,
            "owner": case.owner.value,
            "due_at": case.due_at,
            "state": case.state.value,
            "since": case.since or case.opened_at,
            "agency_id": case.agency_id,
            "directed": case.directed,
            "remaining": case.remaining,
            "escalations": case.escalations,
            "agenda": None if case.agenda is None else case.agenda.value,
            "contests": case.contests,
            "agency_due_at": case.agency_due_at,
            "notified_at": case.notified_at,
            "answered_at": case.answered_at,
            "answered_by": case.answered_by,
            "answer_contested": case.answer_contested,
            "closed_at": case.closed_at,
            "closed_because": None if case.closed_because is None else case.closed_because.value,
            "merged_into": case.merged_into,
            "rated": case.rated,
            "version": case.version,
        }

    def first_columns(self, case: Case) -> dict[str, Any]:
        """The values of all columns: those that stay as they are, too."""
        return self.columns(case) | {
            "id": case.id,
            "hijri_year": case.number.hijri_year,
            "serial": case.number.serial,
            "kind": case.kind.value,
            "citizen_id": case.citizen_id,
            "subject_sealed": self._sealer.seal(case.subject.reveal(), column=_SUBJECT, row_id=case.id),
            "opened_at": case.opened_at,
            "language": case.language,
        }

    def case(self, row: CaseRow) -> Case:
        """Raises: SealBroken, WrongPersonalDataKey."""
        return Case(
            id=CaseId(row.id),
            number=CaseNumber(row.hijri_year, row.serial),
            kind=CaseKind(row.kind),
            citizen_id=CitizenId(row.citizen_id),
            governorate_id=GovernorateId(row.governorate_id),
            subject=Private(self._sealer.open(row.subject_sealed, column=_SUBJECT, row_id=row.id)),
            opened_at=row.opened_at,
            owner=OwnerKind(row.owner),
            due_at=row.due_at,
            state=CaseState(row.state),
            since=row.since,
            agency_id=_agency(row.agency_id),
            directed=row.directed,
            remaining=row.remaining,
            escalations=row.escalations,
            agenda=None if row.agenda is None else AgendaReason(row.agenda),
            contests=row.contests,
            agency_due_at=row.agency_due_at,
            notified_at=row.notified_at,
            answered_at=row.answered_at,
            answered_by=_agency(row.answered_by),
            answer_contested=row.answer_contested,
            closed_at=row.closed_at,
            closed_because=None if row.closed_because is None else ClosedBecause(row.closed_because),
            merged_into=None if row.merged_into is None else CaseId(row.merged_into),
            rated=row.rated,
            language=row.language,
            version=row.version,
        )

    def entry_columns(self, case_id: CaseId, entry: CaseEntry) -> dict[str, Any]:
        """Without the id, which the database gives."""
        return {
            "case_id": case_id,
            "kind": entry.kind.value,
            "at": entry.at,
            "by_kind": entry.by.kind.value,
            "by_staff": entry.by.staff_id,
            "by_agency": entry.by.agency_id,
            "agency_id": entry.agency_id,
            "words_sealed": self._sealed(entry.words, _WORDS, case_id),
        }

    def entry(self, row: CaseEntryRow) -> CaseEntry:
        """Raises: SealBroken, WrongPersonalDataKey."""
        by = Hand(
            HandKind(row.by_kind),
            None if row.by_staff is None else StaffId(row.by_staff),
            _agency(row.by_agency),
        )
        words = None
        if row.words_sealed is not None:
            words = Private(self._sealer.open(row.words_sealed, column=_WORDS, row_id=row.case_id))
        return CaseEntry(EntryKind(row.kind), row.at, by, words, _agency(row.agency_id))

    def item_row(self, case_id: CaseId, position: int, item: RemainingItem) -> RemainingItemRow:
        """The item at this place, from 0."""
        sealed = self._sealer.seal(item.words.reveal(), column=_ITEM, row_id=f"{case_id}:{position}")
        return RemainingItemRow(
            case_id=case_id, position=position, words_sealed=sealed, due_on=item.due_on, done_at=item.done_at
        )

    def item(self, row: RemainingItemRow) -> RemainingItem:
        """Raises: SealBroken, WrongPersonalDataKey."""
        words = self._sealer.open(row.words_sealed, column=_ITEM, row_id=f"{row.case_id}:{row.position}")
        return RemainingItem(Private(words), row.due_on, row.done_at)

    def _sealed(self, words: Private[str] | None, column: str, row_id: str) -> bytes | None:
        return None if words is None else self._sealer.seal(words.reveal(), column=column, row_id=row_id)


def _agency(id: str | None) -> AgencyId | None:
    return None if id is None else AgencyId(id)
