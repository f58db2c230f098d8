"""The petition (معروض): what the citizen brings, in writing, with attachments."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType

from tawasul.domain.audience import AudienceId
from tawasul.domain.private import Private
from tawasul.domain.text import bounded

AttachmentId = NewType("AttachmentId", str)

LONGEST_PETITION: Final = 4000
LONGEST_FILE_NAME: Final = 120
LARGEST_ATTACHMENT: Final = 10 * 1024 * 1024
"""Bytes: a scanned letter of several pages."""
MOST_ATTACHMENTS: Final = 8


class MediaType(enum.StrEnum):
    """What may be attached."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


@dataclass(frozen=True, slots=True)
class Petition:
    """The words of the petition; its subject is the audience's."""

    audience_id: AudienceId
    text: Private[str]
    written_at: datetime

    @classmethod
    def write(cls, audience_id: AudienceId, text: str, now: datetime) -> Petition:
        """Raises: InvalidText: empty, longer than 4000 characters, or control characters."""
        return cls(audience_id, Private(bounded(text, field="petition", longest=LONGEST_PETITION, lines=True)), now)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a petition. ``size`` in bytes; ``sha256`` (32 bytes) of its content; the content is sealed on disk."""

    id: AttachmentId
    audience_id: AudienceId
    file_name: Private[str]
    media_type: MediaType
    size: int
    sha256: bytes
    attached_at: datetime
