"""What has to be done: tasks for people, and messages to citizens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime

_DUE = text("state = 'due'")


class TaskRow(Base):
    """A task. ``version`` is the optimistic lock; the note is sealed."""

    __tablename__ = "tasks"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"))
    audience_id: Mapped[str | None] = mapped_column(ForeignKey("audiences.id", ondelete="CASCADE"), index=True)
    citizen_id: Mapped[str | None] = mapped_column(ForeignKey("citizens.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    owner: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())
    version: Mapped[int]

    __table_args__ = (Index("ix_tasks_governorate_id", "governorate_id", "done_at"),)


class MessageRow(Base):
    """A message to a citizen; the facts that fill its words are sealed."""

    __tablename__ = "messages"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"), index=True)
    audience_id: Mapped[str | None] = mapped_column(ForeignKey("audiences.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    facts_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    __table_args__ = (Index("ix_messages_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),)
