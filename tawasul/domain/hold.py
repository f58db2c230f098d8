"""A hold: a slot kept for somebody for a short while, while a form is filled or an offer is open.

It is a row, and takes the same occupancies as an audience: nobody else can have the slot until it is used, given back
or over. What is over holds nothing: whoever comes next takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType

from tawasul.domain.people import StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import Venue

HoldId = NewType("HoldId", str)

FORM_LASTS: Final = timedelta(minutes=3)
"""A clerk fills the form in thirty seconds; three minutes leave room for a person who looks for their papers."""

FORM_LASTS_AT_MOST: Final = timedelta(minutes=10)
"""However often it is prolonged."""


@dataclass(frozen=True, slots=True)
class Hold:
    """``held_by``: the member of staff who fills the form; ``None``: kept for an offer, or for a citizen's page."""

    id: HoldId
    sitting_id: SittingId
    slot_starts_at: datetime
    slot_ends_at: datetime
    venue: Venue
    governorate_id: GovernorateId
    made_at: datetime
    expires_at: datetime
    held_by: StaffId | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it holds nothing any more."""
        return now >= self.expires_at
