"""What views of cases are put together from: names, entries, documents, directives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from tawasul.casework.seen import EntrySeen
from tawasul.domain.audience import Audience, State
from tawasul.domain.case_entry import CaseEntry, EntryKind, HandKind
from tawasul.domain.case_paper import CaseDocument, DocumentOf, RemainingItem
from tawasul.domain.directive import CaseDirective, DirectiveState, Urgency
from tawasul.domain.people import Citizen
from tawasul.domain.petition import Attachment, MediaType
from tawasul.domain.places import Name


class Given(BaseModel):
    """Root of the answers."""

    model_config = ConfigDict(frozen=True)


class BothNames(Given):
    """In both languages."""

    arabic: str
    english: str

    @classmethod
    def of(cls, name: Name) -> Self:
        """From the domain."""
        return cls(arabic=name.arabic, english=name.english)


class RemainingView(Given):
    """What a partial answer left open, and by which day in Riyadh."""

    words: str
    due_on: date
    done: bool

    @classmethod
    def of(cls, item: RemainingItem) -> Self:
        """From the domain."""
        return cls(words=item.words.reveal(), due_on=item.due_on, done=item.done_at is not None)


class DirectiveView(Given):
    """A directive; ``correction``: what the citizen said was otherwise."""

    id: str
    wording: str
    agency: BothNames
    urgency: Urgency
    due_on: date
    state: DirectiveState
    correction: str | None

    @classmethod
    def of(cls, directive: CaseDirective, agency: Name) -> Self:
        """From the domain."""
        return cls(
            id=directive.id,
            wording=directive.wording.reveal(),
            agency=BothNames.of(agency),
            urgency=directive.urgency,
            due_on=directive.due_on,
            state=directive.state,
            correction=None if directive.correction is None else directive.correction.reveal(),
        )


class PersonView(Given):
    """The citizen, as far as whoever looks needs."""

    id: str
    name: str
    mobile_last_four: str
    national_id_last_four: str

    @classmethod
    def of(cls, citizen: Citizen) -> Self:
        """From the domain."""
        return cls(
            id=citizen.id,
            name=citizen.name.reveal(),
            mobile_last_four=citizen.mobile.reveal().last_four,
            national_id_last_four=citizen.national_id.reveal().last_four,
        )


class EntryView(Given):
    """What happened. ``who``: the name of the member of staff, where it is told."""

    kind: EntryKind
    at: datetime
    by: HandKind
    who: str | None
    agency: BothNames | None
    words: str | None

    @classmethod
    def of(cls, seen: EntrySeen) -> Self:
        """From the use case."""
        entry = seen.entry
        return cls(
            kind=entry.kind,
            at=entry.at,
            by=entry.by.kind,
            who=seen.who,
            agency=names_of(seen.agency),
            words=words_of(entry),
        )


class AudienceOfCase(Given):
    """An audience that belongs to the case."""

    id: str
    reference: str
    state: State
    slot_starts_at: datetime

    @classmethod
    def of(cls, audience: Audience) -> Self:
        """From the domain."""
        return cls(
            id=audience.id,
            reference=audience.reference,
            state=audience.state,
            slot_starts_at=audience.slot_starts_at,
        )


class CaseDocumentView(Given):
    """A file; ``size`` in bytes, ``came_with``: with what it came."""

    id: str
    name: str
    media_type: MediaType
    size: int
    came_with: DocumentOf
    attached_at: datetime

    @classmethod
    def of(cls, document: CaseDocument) -> Self:
        """From the domain."""
        return cls(
            id=document.id,
            name=document.file_name.reveal(),
            media_type=document.media_type,
            size=document.size,
            came_with=document.came_with,
            attached_at=document.attached_at,
        )


class PetitionView(Given):
    """What the citizen wrote for an audience."""

    audience_id: str
    text: str


class AttachmentOfCase(Given):
    """A file of an audience's petition; ``size`` in bytes."""

    id: str
    name: str
    media_type: MediaType
    size: int

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        """From the domain."""
        return cls(
            id=attachment.id,
            name=attachment.file_name.reveal(),
            media_type=attachment.media_type,
            size=attachment.size,
        )


def words_of(entry: CaseEntry) -> str | None:
    """What was said with a step."""
    return None if entry.words is None else entry.words.reveal()


def names_of(name: Name | None) -> BothNames | None:
    """From the domain; ``None`` stays ``None``."""
    return None if name is None else BothNames.of(name)
