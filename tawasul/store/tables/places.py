"""Regions, governorates, reception centres and kiosks."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base


class RegionRow(Base):
    """A region."""

    __tablename__ = "regions"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))


class GovernorateRow(Base):
    """A governorate, with the coordinates of its seat (WGS 84, degrees)."""

    __tablename__ = "governorates"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]


class CentreRow(Base):
    """A reception centre."""

    __tablename__ = "centres"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"), index=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]


class KioskRow(Base):
    """A kiosk. ``public_key`` is Ed25519, 32 bytes; NULL until the device is registered."""

    __tablename__ = "kiosks"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"), index=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
