"""What is taken, and by whom: an audience, or for a while a hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime


class OccupancyRow(Base):
    """A resource at a time (``tawasul.domain.slot``): ``office:<sitting>`` at the start of a slot, ``kiosk:<kiosk>``
    for each five minutes that it touches. Its key refuses the second taker.

    A hold's row ends at ``expires_at``; an audience's stays. ``hold_id`` refers to no row on purpose: a hold that
    becomes an audience goes, and its occupancies change hands.
    """

    __tablename__ = "occupancies"

    resource: Mapped[str] = mapped_column(String(LONGEST_ID + 8), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime(), primary_key=True, index=True)
    # Deferred: whoever books takes the slot first, so that one who is refused has written nothing else.
    audience_id: Mapped[str | None] = mapped_column(
        ForeignKey("audiences.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"), index=True
    )
    hold_id: Mapped[str | None] = mapped_column(String(LONGEST_ID), index=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)

    __table_args__ = (
        CheckConstraint("(audience_id IS NULL) <> (hold_id IS NULL)", name="one_taker"),
        CheckConstraint("(hold_id IS NULL) = (expires_at IS NULL)", name="a_hold_ends"),
    )


class HoldRow(Base):
    """A slot kept for somebody until ``expires_at``."""

    __tablename__ = "holds"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    sitting_id: Mapped[str] = mapped_column(ForeignKey("sittings.id"), index=True)
    slot_starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    slot_ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    venue: Mapped[str] = mapped_column(String(16))
    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosks.id"))
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    held_by: Mapped[str | None] = mapped_column(String(LONGEST_ID), index=True)
