"""What takes time from everybody: holidays, the days that Ramadan was declared for, and blackouts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime


class HolidayRow(Base):
    """Days, both included, in one governorate or (NULL) in all."""

    __tablename__ = "holidays"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    first_day: Mapped[date] = mapped_column(Date())
    last_day: Mapped[date] = mapped_column(Date())
    governorate_id: Mapped[str | None] = mapped_column(ForeignKey("governorates.id"))


class RamadanRow(Base):
    """The days, both included, of Ramadan of a Hijri year as they were declared."""

    __tablename__ = "ramadans"

    hijri_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[date] = mapped_column(Date())
    last_day: Mapped[date] = mapped_column(Date())


class BlackoutRow(Base):
    """A stretch in which nobody is received: anywhere (neither id), at a centre, or at a kiosk."""

    __tablename__ = "blackouts"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    centre_id: Mapped[str | None] = mapped_column(ForeignKey("centres.id"))
    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosks.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    reason: Mapped[str] = mapped_column(String(16))
