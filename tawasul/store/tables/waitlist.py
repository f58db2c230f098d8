"""Who waits for a time, and the offers made to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, LONGEST_PRIORITIES, Base, UtcDateTime

_WAITS = text("state IN ('offered', 'waiting')")
_OPEN = text("state = 'open'")


class WaitlistEntryRow(Base):
    """One citizen's wish. ``version`` is the optimistic lock; subject and party (NULL: alone) are sealed."""

    __tablename__ = "waitlist_entries"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"), index=True)
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"), index=True)
    venue: Mapped[str] = mapped_column(String(16))
    centre_id: Mapped[str | None] = mapped_column(ForeignKey("centres.id"))
    from_day: Mapped[date] = mapped_column(Date())
    to_day: Mapped[date] = mapped_column(Date())
    subject_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    party_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())
    priorities: Mapped[str] = mapped_column(String(LONGEST_PRIORITIES))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(16))
    passed_over: Mapped[int]
    audience_id: Mapped[str | None] = mapped_column(ForeignKey("audiences.id", ondelete="SET NULL"))
    version: Mapped[int]

    __table_args__ = (
        # A citizen waits once.
        Index(
            "uq_waitlist_entries_open_of_citizen",
            "citizen_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        # In the order of joining, of those who still wait.
        Index("ix_waitlist_entries_waiting", "joined_at", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )


class OfferRow(Base):
    """A slot offered to one entry. ``hold_id`` refers to no row: the hold goes when the offer is answered."""

    __tablename__ = "offers"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("waitlist_entries.id", ondelete="CASCADE"), index=True)
    hold_id: Mapped[str] = mapped_column(String(LONGEST_ID), unique=True)
    slot_starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(16))

    __table_args__ = (
        # An entry has one open offer.
        Index("uq_offers_open_of_entry", "entry_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_offers_open", "expires_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
