"""A slot: the joint resource that one audience takes: office time, and a kiosk if it is at one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import Venue


@dataclass(frozen=True, slots=True)
class Slot:
    """``starts_at`` to ``ends_at`` (aware, UTC) of a sitting, at a venue. Two that are equal are the same resource."""

    sitting_id: SittingId
    starts_at: datetime
    ends_at: datetime
    venue: Venue
