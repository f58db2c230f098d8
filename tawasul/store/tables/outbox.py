"""Events, written in the transaction that made them happen and published after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime

_TO_PUBLISH = text("published_at IS NULL AND parked_at IS NULL")


class OutboxRow(Base):
    """One event. ``body`` is JSON of identifiers; ``subject_id``: of the audience or the case it is about.

    ``parked_at``: since when it waits, after its last attempt, for what stands against it to be mended.
    """

    __tablename__ = "outbox"

    # SQLite numbers by itself only a column of exactly INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    body: Mapped[str] = mapped_column(Text())
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime())
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    parked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    __table_args__ = (
        Index("ix_outbox_to_publish", "id", sqlite_where=_TO_PUBLISH, postgresql_where=_TO_PUBLISH),
        # A row id is never used again, so that the order of events is the order of ids (sqlite.org/autoinc.html).
        {"sqlite_autoincrement": True},
    )
