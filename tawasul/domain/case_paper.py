"""What hangs on a case beside its words: documents, and what a partial answer left open."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NewType

from tawasul.domain.agency import AgencyId
from tawasul.domain.case import CaseId
from tawasul.domain.people import StaffId
from tawasul.domain.petition import MediaType
from tawasul.domain.private import Private

CaseDocumentId = NewType("CaseDocumentId", str)


class DocumentOf(enum.StrEnum):
    """With what a document came."""

    PETITION = "petition"
    ANSWER = "answer"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """A file. ``size`` in bytes; ``sha256`` (32 bytes) of its content; the content is sealed on disk.

    ``agency_id``: whose account attached it; ``None``: a desk's.
    """

    id: CaseDocumentId
    case_id: CaseId
    came_with: DocumentOf
    agency_id: AgencyId | None
    file_name: Private[str]
    media_type: MediaType
    size: int
    sha256: bytes
    attached_at: datetime
    by_staff: StaffId | None = None


@dataclass(frozen=True, slots=True)
class RemainingItem:
    """What a partial answer left open (F81), and the day in Riyadh by which it is done."""

    words: Private[str]
    due_on: date
    done_at: datetime | None = None

    def done(self, now: datetime) -> RemainingItem:
        """The same, done; once done it stays so."""
        return self if self.done_at is not None else replace(self, done_at=now)
