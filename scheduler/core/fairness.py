"""The order of the waitlist: who is offered a free time first, and why. Pure.

A simple order by priority would let those without one wait for ever while others keep joining. Here every reason to go
first is worth days: it puts an entry where it would stand if its citizen had joined so much earlier. An entry is
therefore passed only by those who joined less than ``MOST_CREDIT`` after it, however many come (the idea of ageing in
fair queueing: the virtual start time of a flow).

- A priority is worth ``WORTH``; of several the greatest counts: they are reasons, not points to be collected.
- A governorate that was given less than its share lately is worth up to ``BALANCE``, in proportion to what it lacks.
  The share of each is the same: what matters is that no governorate is forgotten, not how many people live there.
- Among equals: who joined first.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from tawasul.domain.party import Priority
from tawasul.domain.places import GovernorateId
from tawasul.domain.waitlist import EntryId, WaitlistEntry

WORTH: Final[Mapping[Priority, timedelta]] = MappingProxyType(
    {
        Priority.REBOOKED: timedelta(days=14),
        Priority.DISABLED: timedelta(days=7),
        Priority.ELDERLY: timedelta(days=7),
        Priority.TRAVELLED_FAR: timedelta(days=3),
    }
)
"""How much earlier than it did an entry counts as having joined."""

BALANCE: Final = timedelta(days=7)
"""What a governorate is worth that was given nothing at all lately."""

MOST_CREDIT: Final = max(WORTH.values()) + BALANCE
"""Nobody who joined later than this after an entry ever goes before it."""

LATELY: Final = timedelta(days=30)
"""Over which the governorates are balanced."""


class Why(enum.StrEnum):
    """A reason why an entry stands where it stands; the words are in the catalogue: ``waitlist-why-<why>``."""

    REBOOKED = "rebooked"
    DISABLED = "disabled"
    ELDERLY = "elderly"
    TRAVELLED_FAR = "travelled-far"
    GOVERNORATE_BEHIND = "governorate-behind"
    JOINED = "joined"
    """Always the last: the time of joining decides among equals."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry at its position, counted from 1, with the reasons in the order of their worth."""

    entry: WaitlistEntry
    position: int
    credit: timedelta
    why: tuple[Why, ...]


def in_order(entries: Collection[WaitlistEntry], lacking: Mapping[GovernorateId, float]) -> list[Ranked]:
    """The entries in the order in which they are served. ``lacking`` as from ``shortfall``; one not named lacks 0."""
    ranked = sorted(entries, key=lambda entry: _place(entry, lacking))
    return [
        Ranked(entry, position, _credit(entry, lacking), _reasons(entry, lacking))
        for position, entry in enumerate(ranked, 1)
    ]


def shortfall(
    given: Mapping[GovernorateId, int], governorates: Collection[GovernorateId]
) -> dict[GovernorateId, float]:
    """How much of an equal share each governorate lacks, from 0 (nothing) to 1 (all of it).

    ``given``: how many audiences each was given lately; one not named was given none.
    """
    total = sum(given.get(each, 0) for each in governorates)
    if not total:
        return dict.fromkeys(governorates, 0.0)
    share = total / len(governorates)
    return {each: max(0.0, 1.0 - given.get(each, 0) / share) for each in governorates}


def _place(entry: WaitlistEntry, lacking: Mapping[GovernorateId, float]) -> tuple[datetime, datetime, EntryId]:
    return entry.joined_at - _credit(entry, lacking), entry.joined_at, entry.id


def _credit(entry: WaitlistEntry, lacking: Mapping[GovernorateId, float]) -> timedelta:
    return _worth(entry) + BALANCE * lacking.get(entry.governorate_id, 0.0)


def _worth(entry: WaitlistEntry) -> timedelta:
    return max((WORTH[each] for each in entry.priorities), default=timedelta(0))


def _reasons(entry: WaitlistEntry, lacking: Mapping[GovernorateId, float]) -> tuple[Why, ...]:
    behind = (Why.GOVERNORATE_BEHIND,) if lacking.get(entry.governorate_id, 0.0) > 0 else ()
    return (*(Why(each.value) for each in entry.priorities), *behind, Why.JOINED)
