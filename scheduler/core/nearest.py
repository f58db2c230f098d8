"""The reception centre that is nearest to the town that somebody names. Pure.

Distances are geodesics on WGS 84 (Karney 2013): as the crow flies. How far the road is, no table of ours knows; every
answer says which of the two it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tawasul.domain.arabic_text import words
from tawasul.domain.distance import kilometres_between
from tawasul.domain.places import CentreKind, Coordinates, ReceptionCentre, Stop, Town

WITHIN: Final = timedelta(days=30)
"""A centre that does not open by then is of no use to somebody who asks today."""

MOST_TOWNS: Final = 8

_NO_MATCH: Final = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A centre at ``kilometres`` as the crow flies; ``stop`` is where a portable one stands then."""

    centre: ReceptionCentre
    kilometres: float
    stop: Stop | None = None


def towns_named(text: str, towns: Iterable[Town]) -> list[Town]:
    """The towns whose name or other name is meant by what somebody typed, the best first: the same words, else words
    that begin so. Nobody types long enough names for all of them to be wrong: ``text`` without letters names none.
    """
    wanted = words(text)
    if not wanted:
        return []
    ranked = [(_rank(wanted, town), number, town) for number, town in enumerate(towns)]
    return [town for rank, _, town in sorted(each for each in ranked if each[0] < _NO_MATCH)][:MOST_TOWNS]


def nearest(place: Coordinates, centres: Iterable[ReceptionCentre], on: date) -> list[Near]:
    """The centres that are open on a day within ``WITHIN`` of ``on``, the nearest first; a portable one by its nearest
    stop in that time.
    """
    found = [near for centre in centres for near in _nearest_of(place, centre, on, on + WITHIN)]
    return sorted(found, key=lambda near: (near.kilometres, near.centre.id))


def _rank(wanted: Sequence[str], town: Town) -> int:
    return min(_match(wanted, words(name)) for name in (town.name.arabic, town.name.english, *town.also))


def _match(wanted: Sequence[str], name: Sequence[str]) -> int:
    """0: the same; 1: every word wanted is one of the name; 2: begins one of the name."""
    if list(wanted) == list(name):
        return 0
    if all(word in name for word in wanted):
        return 1
    if all(any(each.startswith(word) for each in name) for word in wanted):
        return 2
    return _NO_MATCH


def _nearest_of(place: Coordinates, centre: ReceptionCentre, first: date, last: date) -> list[Near]:
    """The centre once, or not at all."""
    if centre.kind is CentreKind.PORTABLE:
        stops = [stop for stop in centre.stops if first <= stop.on <= last and not stop.home]
        nears = [Near(centre, kilometres_between(place, stop.coordinates), stop) for stop in stops]
        return sorted(nears, key=lambda near: (near.kilometres, near.stop.on if near.stop else first))[:1]
    if (centre.opens_on and centre.opens_on > last) or (centre.closes_on and centre.closes_on < first):
        return []
    return [Near(centre, kilometres_between(place, centre.coordinates))]
