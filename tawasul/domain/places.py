"""Places: the region, its governorates, their reception centres and kiosks. Data loaded from a file, never code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

RegionId = NewType("RegionId", str)
GovernorateId = NewType("GovernorateId", str)
CentreId = NewType("CentreId", str)
KioskId = NewType("KioskId", str)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages."""

    arabic: str
    english: str


@dataclass(frozen=True, slots=True)
class Coordinates:
    """WGS 84, degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Region:
    """منطقة: whose Amir receives."""

    id: RegionId
    name: Name


@dataclass(frozen=True, slots=True)
class Governorate:
    """محافظة."""

    id: GovernorateId
    region_id: RegionId
    name: Name
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class ReceptionCentre:
    """مركز الاستقبال in a governorate's building."""

    id: CentreId
    governorate_id: GovernorateId
    name: Name
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class Kiosk:
    """كشك. ``public_key`` is the device's Ed25519 key, 32 bytes, or ``None`` until it is registered."""

    id: KioskId
    centre_id: CentreId
    name: Name
    public_key: bytes | None = None
