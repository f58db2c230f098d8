"""What the citizen brings: the petition and its attachments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime


class PetitionRow(Base):
    """The words of an audience's petition, sealed."""

    __tablename__ = "petitions"

    audience_id: Mapped[str] = mapped_column(ForeignKey("audiences.id", ondelete="CASCADE"), primary_key=True)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())


class AttachmentRow(Base):
    """A file; its content is sealed on disk, its name here. ``size`` in bytes, ``sha256`` of the content."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    audience_id: Mapped[str] = mapped_column(ForeignKey("audiences.id", ondelete="CASCADE"), index=True)
    file_name_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime())
