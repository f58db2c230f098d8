"""Places: the region, its governorates, their reception centres and kiosks. Data loaded from a file, never code."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NewType

from tawasul.domain.hours import USUAL_HOURS, USUAL_PAUSES, OpeningHours, Prayer, PrayerPause, Span

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
class Emirate:
    """The seat where the Amir receives: its own hours bound every sitting's slots, its own pauses interrupt them."""

    region_id: RegionId
    name: Name
    coordinates: Coordinates
    hours: OpeningHours
    pauses: Mapping[Prayer, PrayerPause] = field(default_factory=lambda: USUAL_PAUSES)


@dataclass(frozen=True, slots=True)
class Town:
    """A town, village or quarter that people name when asked where they live: from it the nearest centre is found."""

    name: Name
    governorate_id: GovernorateId
    coordinates: Coordinates
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Governorate:
    """محافظة."""

    id: GovernorateId
    region_id: RegionId
    name: Name
    coordinates: Coordinates


class CentreKind(enum.StrEnum):
    """A centre stands in a building, for a while (a market, an event), or goes to where people are."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    PORTABLE = "portable"


@dataclass(frozen=True, slots=True)
class Stop:
    """A portable centre's stay: on this day, in this place, for this span. ``home``: a visit to somebody's home."""

    on: date
    place: Name
    coordinates: Coordinates
    span: Span
    home: bool = False


@dataclass(frozen=True, slots=True)
class ReceptionCentre:
    """مركز الاستقبال. ``opens_on`` and ``closes_on`` (both included) bound a temporary one; a portable one is open at
    its stops only, whatever its hours say.
    """

    id: CentreId
    governorate_id: GovernorateId
    name: Name
    coordinates: Coordinates
    kind: CentreKind = CentreKind.PERMANENT
    opens_on: date | None = None
    closes_on: date | None = None
    hours: OpeningHours = USUAL_HOURS
    pauses: Mapping[Prayer, PrayerPause] = field(default_factory=lambda: USUAL_PAUSES)
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Kiosk:
    """كشك. ``public_key`` is the device's Ed25519 key, 32 bytes, or ``None`` until it is registered."""

    id: KioskId
    centre_id: CentreId
    name: Name
    public_key: bytes | None = None
