"""Cases and what hangs on them; the agencies they go to. What people wrote is sealed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime

IS_OPEN: Final = text("state <> 'closed'")
"""As the partial indexes say it; a query that says the same uses them."""

_ON_AGENDA: Final = text("agenda IS NOT NULL")
_PROPOSED: Final = text("state = 'proposed'")


class AgencyRow(Base):
    """An agency. Days are working days; from ``closed_on`` nothing is referred to it."""

    __tablename__ = "agencies"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    acceptance_days: Mapped[int]
    answer_days: Mapped[int]
    closed_on: Mapped[date | None] = mapped_column(Date())


class CaseSerialRow(Base):
    """The last serial that was given in a Hijri year."""

    __tablename__ = "case_serials"

    hijri_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class CaseRow(Base):
    """A case. ``version`` is the optimistic lock; its number is ``hijri_year`` and ``serial``; the subject is sealed.

    What the columns mean is told in ``tawasul.domain.case``.
    """

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    hijri_year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"))
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"))
    subject_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    owner: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    directed: Mapped[bool] = mapped_column(Boolean())
    remaining: Mapped[int]
    escalations: Mapped[int]
    agenda: Mapped[str | None] = mapped_column(String(16))
    contests: Mapped[int]
    agency_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    notified_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    answer_contested: Mapped[bool] = mapped_column(Boolean())
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_because: Mapped[str | None] = mapped_column(String(16))
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    rated: Mapped[bool] = mapped_column(Boolean())
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]

    __table_args__ = (
        # Every open case has a clock, and no closed one has.
        CheckConstraint("(state = 'closed') = (due_at IS NULL)", name="open_cases_have_a_clock"),
        UniqueConstraint("hijri_year", "serial", name="uq_cases_number"),
        # Whose time is over. The next two are of open cases only: those grow with the work, not with the years.
        Index("ix_cases_due", "due_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        # What a desk has before it; and, without looking at the rows, how many are open and late, and where.
        Index(
            "ix_cases_open",
            *("governorate_id", "owner", "due_at", "agency_id", "escalations", "state"),
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        # The lists of a desk and of the office, latest first.
        Index("ix_cases_governorate", "governorate_id", "hijri_year", "serial"),
        Index("ix_cases_governorate_state", "governorate_id", "state", "hijri_year", "serial"),
        Index("ix_cases_state", "state", "hijri_year", "serial"),
        # The inbox of an agency, and what it is done with: the due time of all those is NULL.
        Index("ix_cases_agency", "agency_id", "state", "due_at", "closed_at"),
        Index("ix_cases_agenda", "since", sqlite_where=_ON_AGENDA, postgresql_where=_ON_AGENDA),
        Index("ix_cases_citizen_id", "citizen_id", "opened_at"),
        # The follow-through of a stretch of time, without looking at the rows.
        Index("ix_cases_opened_at", "opened_at", "governorate_id", "agency_id"),
        Index(
            "ix_cases_answered_at",
            *("answered_at", "governorate_id", "answered_by", "opened_at", "answer_contested"),
        ),
        Index("ix_cases_closed_at", "closed_at", "governorate_id", "agency_id"),
    )


class CaseEntryRow(Base):
    """A step of a case, in the order of the ids; the words that went with it are sealed."""

    __tablename__ = "case_entries"

    # SQLite numbers by itself only a column of exactly INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    by_kind: Mapped[str] = mapped_column(String(16))
    by_staff: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    by_agency: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())

    __table_args__ = (
        Index("ix_case_entries_case_id", "case_id", "id"),
        {"sqlite_autoincrement": True},
    )


class DirectiveRow(Base):
    """A directive on a case. ``version`` is the optimistic lock; wording and correction are sealed."""

    __tablename__ = "directives"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    audience_id: Mapped[str | None] = mapped_column(ForeignKey("audiences.id", ondelete="SET NULL"), unique=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"))
    wording_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    urgency: Mapped[str] = mapped_column(String(16))
    due_on: Mapped[date] = mapped_column(Date())
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(16))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ratified_by: Mapped[str | None] = mapped_column(String(16))
    correction_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())
    version: Mapped[int]

    __table_args__ = (
        Index("ix_directives_case_id", "case_id", "proposed_at"),
        # The citizen is asked about one at a time.
        Index(
            "uq_directives_proposed_of_case",
            "case_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
    )


class RemainingItemRow(Base):
    """What a partial answer left open, in its order; the words are sealed."""

    __tablename__ = "remaining_items"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    due_on: Mapped[date] = mapped_column(Date())
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class CaseDocumentRow(Base):
    """A file of a case; its content is sealed on disk, its name here. ``size`` in bytes, ``sha256`` of the content."""

    __tablename__ = "case_documents"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    came_with: Mapped[str] = mapped_column(String(16))
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    file_name_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime())
    by_staff: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class CaseTokenRow(Base):
    """A keyed hash of a word of a case's subject: by these a case is found without being read (docs/adr/0023).

    By the case's number, so that those found come in its order, latest first, without being sorted.
    """

    __tablename__ = "case_tokens"

    token: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    hijri_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = (
        ForeignKeyConstraint(
            ["hijri_year", "serial"],
            ["cases.hijri_year", "cases.serial"],
            name="fk_case_tokens_number",
            ondelete="CASCADE",
        ),
        # A token is all that a row is: it needs no second copy beside its key.
        {"sqlite_with_rowid": False},
    )


class SatisfactionRow(Base):
    """How often a rating was given in a month: a count, with no case and no time (``agency_id`` '' is none)."""

    __tablename__ = "satisfaction_counts"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"), primary_key=True)
    agency_id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    rating: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]

    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 3", name="rating"),)
