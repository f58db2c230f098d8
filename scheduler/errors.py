"""Refusals that tell a program what it may do instead. Codes and texts are those of the domain's errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.place import venue_word
from tawasul.domain.audience import Audience
from tawasul.domain.errors import AlreadyBooked, SlotTaken
from tawasul.domain.places import CentreId
from tawasul.domain.sitting import SittingId
from tawasul.domain.slot import Slot


@dataclass(frozen=True, slots=True)
class Alternative:
    """A slot that was free a moment ago; ``centre_id``: whose kiosk it has."""

    slot: Slot
    centre_id: CentreId | None


class SlotTakenByAnother(SlotTaken):
    """Somebody was quicker; ``alternatives`` are as near to what was wanted as there are any."""

    def __init__(self, alternatives: Sequence[Alternative]) -> None:
        super().__init__(self.code)
        self.alternatives = tuple(alternatives)

    def members(self) -> Mapping[str, object]:
        """``alternatives``: sitting, times (RFC 3339, UTC), venue and centre of each."""
        return {
            "alternatives": [
                {
                    "sitting_id": each.slot.sitting_id,
                    "starts_at": _moment(each.slot.starts_at),
                    "ends_at": _moment(each.slot.ends_at),
                    "venue": venue_word(each.slot.venue),
                    "centre_id": each.centre_id,
                }
                for each in self.alternatives
            ]
        }


class AlreadyBookedIn(AlreadyBooked):
    """The citizen has an open audience in this sitting."""

    def __init__(self, sitting_id: SittingId) -> None:
        super().__init__(self.code)
        self.sitting_id = sitting_id


class HasATimeAlready(AlreadyBooked):
    """The citizen has an open audience in this sitting that this desk looks after: it can be opened instead."""

    def __init__(self, audience: Audience) -> None:
        super().__init__(self.code)
        self.audience = audience

    def members(self) -> Mapping[str, object]:
        """``audience``: its id and the start of its slot."""
        return {"audience": {"id": self.audience.id, "slot_starts_at": _moment(self.audience.slot_starts_at)}}


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
