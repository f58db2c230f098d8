"""Sittings, audiences, and the devices that citizens' links belong to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, LargeBinary, String, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.domain.audience import OPEN, WITH_THE_OFFICE, State
from tawasul.store.tables.base import LONGEST_ID, LONGEST_PRIORITIES, Base, UtcDateTime


def _in(states: Iterable[State]) -> TextClause:
    return text("state IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(states))))


_STILL_OPEN = _in(OPEN)
_WITH_THE_OFFICE = _in(WITH_THE_OFFICE)


class SittingRow(Base):
    """A sitting; ``slot_seconds`` is the length of a slot, ``buffer_seconds`` the time with nobody after it."""

    __tablename__ = "sittings"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime())
    slot_seconds: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(16))
    receiver: Mapped[str] = mapped_column(String(16))
    buffer_seconds: Mapped[int]
    quota: Mapped[int | None]


class AudienceRow(Base):
    """An audience. ``version`` is the optimistic lock; subject, wording and party (NULL: the citizen alone) are sealed.
    ``booked_governorate_id``: whose desk made the booking. ``priorities``: words with a comma between them.
    """

    __tablename__ = "audiences"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"))
    sitting_id: Mapped[str] = mapped_column(ForeignKey("sittings.id"), index=True)
    slot_starts_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    slot_ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    venue: Mapped[str] = mapped_column(String(16))
    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosks.id"))
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"))
    booked_governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"))
    subject_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    party_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())
    priorities: Mapped[str] = mapped_column(String(LONGEST_PRIORITIES))
    walk_in: Mapped[bool] = mapped_column(Boolean())
    holds_slot: Mapped[bool] = mapped_column(Boolean())
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    assurance: Mapped[str] = mapped_column(String(16))
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    call_id: Mapped[str | None] = mapped_column(String(LONGEST_ID))
    called_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    concluded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    interruptions: Mapped[int]
    missed_because: Mapped[str | None] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    wording_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())
    directive_agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    directive_urgency: Mapped[str | None] = mapped_column(String(16))
    directive_due_on: Mapped[date | None] = mapped_column(Date())
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    version: Mapped[int]

    # A citizen has one open audience in a sitting. The index leads with citizen_id, so it also finds a citizen's own.
    __table_args__ = (
        Index(
            "uq_audiences_open_of_citizen",
            "citizen_id",
            "sitting_id",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
        # The office is with one citizen of a sitting at a time, whichever of two consoles was quicker.
        Index(
            "uq_audiences_with_the_office",
            "sitting_id",
            unique=True,
            sqlite_where=_WITH_THE_OFFICE,
            postgresql_where=_WITH_THE_OFFICE,
        ),
        # All that a citizen ever had, for the desk.
        Index("ix_audiences_citizen_id", "citizen_id", "slot_starts_at"),
    )


class LinkDeviceRow(Base):
    """The valid generation of an audience's link, and the hash of the device that used it first."""

    __tablename__ = "link_devices"

    audience_id: Mapped[str] = mapped_column(ForeignKey("audiences.id", ondelete="CASCADE"), primary_key=True)
    generation: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    bound_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
