"""Regions, governorates, towns, reception centres with their stops, and kiosks."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, LargeBinary, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime


class RegionRow(Base):
    """A region. ``emirate`` (``tawasul.store.places_json``): the seat where its Amir receives."""

    __tablename__ = "regions"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    emirate: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class GovernorateRow(Base):
    """A governorate, with the coordinates of its seat (WGS 84, degrees)."""

    __tablename__ = "governorates"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]


class TownRow(Base):
    """A town by the names that people give it. ``also``: other spellings."""

    __tablename__ = "towns"

    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"), primary_key=True)
    name_arabic: Mapped[str] = mapped_column(String(120), primary_key=True)
    name_english: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]
    also: Mapped[list[str]] = mapped_column(JSON())


class CentreRow(Base):
    """A reception centre. ``hours`` and ``pauses`` (``tawasul.store.places_json``) are NULL where it keeps the usual
    ones.
    """

    __tablename__ = "centres"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    governorate_id: Mapped[str] = mapped_column(ForeignKey("governorates.id"), index=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]
    kind: Mapped[str] = mapped_column(String(16))
    opens_on: Mapped[date | None] = mapped_column(Date())
    closes_on: Mapped[date | None] = mapped_column(Date())
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    pauses: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class CentreStopRow(Base):
    """A stay of a portable centre, by Riyadh's clock."""

    __tablename__ = "centre_stops"

    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date(), primary_key=True)
    opens: Mapped[time] = mapped_column(Time(), primary_key=True)
    closes: Mapped[time] = mapped_column(Time())
    place_arabic: Mapped[str] = mapped_column(String(120))
    place_english: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]
    home: Mapped[bool] = mapped_column(Boolean())


class CentreRelayRow(Base):
    """How the kiosks of a centre were last seen to reach their relay (``udp``, ``tcp``, ``tls``), and since when."""

    __tablename__ = "centre_relays"

    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id", ondelete="CASCADE"), primary_key=True)
    transport: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime] = mapped_column(UtcDateTime())


class KioskRow(Base):
    """A kiosk. ``public_key`` is Ed25519, 32 bytes; NULL until the device is registered."""

    __tablename__ = "kiosks"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"), index=True)
    name_arabic: Mapped[str] = mapped_column(String(120))
    name_english: Mapped[str] = mapped_column(String(120))
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
