"""Another time for everybody who loses theirs, when a protocol visit or a closure takes it (R20). Pure.

The rules, in this order:

1. As many as possible are placed: one who fits few times is not left without because one who fits many came first
   (a maximum matching, by augmenting paths: Berge 1957, Kuhn 1955).
2. Who is served first: by the weightiest priority; then the governorates in turn, the first-lost of each, the
   second-lost of each, …; then who lost the earlier time. A person placed by a rule is never put out by a later one.
3. Each gets the nearest later time that is left at the same place; nobody stands later than needed: there is no free
   time before theirs that they could have had.

Each time takes one person: it is the office's. Whether a place is open and has a free kiosk then is in ``fits``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tawasul.domain.audience import AudienceId
from tawasul.domain.party import Priority
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import SittingId

_LIGHTEST: Final = len(Priority)


@dataclass(frozen=True, slots=True, order=True)
class Time:
    """A free time of the office: the start of a slot of a sitting."""

    starts_at: datetime
    sitting_id: SittingId


@dataclass(frozen=True, slots=True)
class Displaced:
    """Somebody who loses the time at ``lost_at``. Two with the same ``place`` fit the same times."""

    id: AudienceId
    lost_at: datetime
    governorate_id: GovernorateId
    priorities: tuple[Priority, ...]
    place: Hashable


Fits = Callable[[Displaced, Time], bool]
"""Whether the place of the displaced is open and free at the time."""


def rebook(
    displaced: Sequence[Displaced], times: Iterable[Time], *, not_before: datetime, fits: Fits
) -> dict[AudienceId, Time | None]:
    """A time for each, or ``None``, in the order in which they are served. No time is given twice.

    ``times``: those that are free. ``not_before``: sooner than this nobody can be told.
    """
    ordered = serving_order(displaced)
    wanted = _candidates(ordered, sorted(set(times)), not_before, fits)
    matching = _Matching(wanted)
    for one in ordered:
        matching.place(one.id)
    return {one.id: matching.of.get(one.id) for one in ordered}


def serving_order(displaced: Iterable[Displaced]) -> list[Displaced]:
    """Rule 2."""
    by_loss = sorted(displaced, key=lambda one: (one.lost_at, one.id))
    turns: dict[tuple[int, GovernorateId], itertools.count[int]] = {}
    key: dict[AudienceId, tuple[int, int, datetime, AudienceId]] = {}
    for one in by_loss:
        weight = _weight(one)
        turn = next(turns.setdefault((weight, one.governorate_id), itertools.count()))
        key[one.id] = (weight, turn, one.lost_at, one.id)
    return sorted(by_loss, key=lambda one: key[one.id])


def _weight(one: Displaced) -> int:
    """The weightiest first: 0. ``Priority`` is in the order of weight."""
    order = list(Priority)
    return min((order.index(each) for each in one.priorities), default=_LIGHTEST)


def _candidates(
    displaced: Sequence[Displaced], times: Sequence[Time], not_before: datetime, fits: Fits
) -> dict[AudienceId, list[Time]]:
    """The times that each could have, the nearest first."""
    return {
        one.id: [time for time in times if time.starts_at >= max(one.lost_at, not_before) and fits(one, time)]
        for one in displaced
    }


class _Matching:
    """Who has which time. A time that was given stays given, whoever has it: so whoever has a time found every nearer
    one given, and rule 3 holds by itself.
    """

    def __init__(self, wanted: Mapping[AudienceId, Sequence[Time]]) -> None:
        self._wanted = wanted
        self._holder: dict[Time, AudienceId] = {}
        self.of: dict[AudienceId, Time] = {}

    def place(self, id: AudienceId) -> bool:
        """The nearest free time; if there is none, others make room where they can. Nobody placed loses out."""
        free = self._nearest_free(id)
        if free is not None:
            self._give(id, free)
            return True
        return self._make_room(id)

    def _nearest_free(self, id: AudienceId) -> Time | None:
        return next((time for time in self._wanted[id] if time not in self._holder), None)

    def _make_room(self, id: AudienceId) -> bool:
        """An augmenting path, found breadth first, so that as few as possible change their time for it."""
        came_by: dict[Time, AudienceId] = {}
        edge = [id]
        while edge:
            reached: list[AudienceId] = []
            for one in edge:
                for time in self._wanted[one]:
                    if time in came_by:
                        continue
                    came_by[time] = one
                    holder = self._holder.get(time)
                    if holder is None:
                        self._shift_along(time, came_by, id)
                        return True
                    reached.append(holder)
            edge = reached
        return False

    def _shift_along(self, free: Time, came_by: Mapping[Time, AudienceId], first: AudienceId) -> None:
        time, one = free, came_by[free]
        while True:
            before = self.of.get(one)
            self._give(one, time)
            if one == first or before is None:
                return
            time, one = before, came_by[before]

    def _give(self, id: AudienceId, time: Time) -> None:
        self._holder[time] = id
        self.of[id] = time
