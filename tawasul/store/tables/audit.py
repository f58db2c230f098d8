"""The audit log: entries written in the transaction of what they tell of, and chained to each other afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime

_NOT_CHAINED = text("digest IS NULL")


class AuditRow(Base):
    """One entry. ``facts`` is JSON of identifiers. ``chain`` is its place in the chain, ``previous`` and ``digest`` are
    SHA-256; all three are NULL until the chainer comes by (docs/adr/0022).
    """

    __tablename__ = "audit_entries"

    # SQLite numbers by itself only a column of exactly INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    action: Mapped[str] = mapped_column(String(32))
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    facts: Mapped[str] = mapped_column(Text())
    chain: Mapped[int | None] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), unique=True)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_actor", "actor_kind", "actor_id"),
        Index("ix_audit_entries_to_chain", "id", sqlite_where=_NOT_CHAINED, postgresql_where=_NOT_CHAINED),
        # A row id is never used again: one that is missing was taken away.
        {"sqlite_autoincrement": True},
    )
