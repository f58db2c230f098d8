"""What takes time from everybody: holidays, closures, visits of protocol; and when Ramadan was declared to begin."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from tawasul.domain.errors import InvalidInput
from tawasul.domain.places import CentreId, GovernorateId, KioskId, Name

HolidayId = NewType("HolidayId", str)
BlackoutId = NewType("BlackoutId", str)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days, both included, on which nobody is received; in one governorate, or (``None``) in the whole region."""

    id: HolidayId
    name: Name
    first_day: date
    last_day: date
    governorate_id: GovernorateId | None = None

    def __post_init__(self) -> None:
        """Raises: InvalidInput: it ends before it begins."""
        if self.last_day < self.first_day:
            raise InvalidInput("ends before it begins", field="last_day")


@dataclass(frozen=True, slots=True)
class Ramadan:
    """The days, both included, of Ramadan of a Hijri year as they were declared, where the Umm al-Qura table is not
    what was declared: the crescent may move them by a day.
    """

    hijri_year: int
    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        """Raises: InvalidInput: not 29 or 30 days."""
        if (self.last_day - self.first_day).days + 1 not in (29, 30):
            raise InvalidInput("a month has 29 or 30 days", field="last_day")


class BlackoutReason(enum.StrEnum):
    """Why nobody is received. Nobody outside is told more than the office's words."""

    PROTOCOL = "protocol"
    MAINTENANCE = "maintenance"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """The Amir's own time: nobody is received anywhere."""


@dataclass(frozen=True, slots=True)
class AtCentre:
    """One centre, with all its kiosks."""

    centre_id: CentreId


@dataclass(frozen=True, slots=True)
class OneKiosk:
    """One kiosk."""

    kiosk_id: KioskId


Reach = OfficeTime | AtCentre | OneKiosk
"""What a blackout closes."""


@dataclass(frozen=True, slots=True)
class Blackout:
    """From ``starts_at`` to ``ends_at`` (aware, UTC) nobody is received there."""

    id: BlackoutId
    reach: Reach
    starts_at: datetime
    ends_at: datetime
    reason: BlackoutReason

    def __post_init__(self) -> None:
        """Raises: InvalidInput: it ends before it begins."""
        if self.ends_at <= self.starts_at:
            raise InvalidInput("ends before it begins", field="ends_at")
