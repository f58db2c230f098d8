"""What nobody had to travel (M16): from a reception centre to the Amir's seat and back, for each audience. Pure.

As the crow flies (WGS 84): the road is longer, so what is said is the least that was spared. Who was received in
person travelled; who was heard at their own location is counted from their governorate's seat: nobody asks where they
were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tawasul.domain.distance import kilometres_between
from tawasul.domain.places import Coordinates

THERE_AND_BACK: Final = 2
KILOMETRES_AN_HOUR: Final = 80
"""At which hours are reckoned from kilometres; said beside them."""


@dataclass(frozen=True, slots=True)
class Journeys:
    """``kilometres`` and ``hours`` are whole numbers, rounded down."""

    audiences: int
    kilometres: int
    hours: int


def spared(heard: Mapping[str, int], places: Mapping[str, Coordinates], seat: Coordinates) -> Journeys:
    """``heard``: how many were heard at each place, by its identifier; a place that is not known spares nothing."""
    known = {place: count for place, count in heard.items() if place in places}
    total = sum(count * THERE_AND_BACK * kilometres_between(places[place], seat) for place, count in known.items())
    return Journeys(sum(known.values()), int(total), int(total / KILOMETRES_AN_HOUR))


def of_one(place: Coordinates, seat: Coordinates) -> Journeys:
    """One audience's: what its citizen is told."""
    return spared({"here": 1}, {"here": place}, seat)
