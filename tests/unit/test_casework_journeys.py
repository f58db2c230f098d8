"""What nobody had to travel, against distances that can be looked up."""

from __future__ import annotations

import pytest

from tawasul.casework.core.journeys import of_one, spared
from tawasul.domain.places import Coordinates

MADINAH, YANBU, BADR = Coordinates(24.4686, 39.6142), Coordinates(24.0895, 38.0618), Coordinates(23.78, 38.79)


def test_there_and_back_for_each_audience() -> None:
    # 163 km from Yanbu and 113 km from Badr by the spherical formula too, to within half a kilometre.
    one = of_one(YANBU, MADINAH)
    assert one.kilometres == pytest.approx(2 * 163, abs=3)
    assert one.audiences == 1
    both = spared({"yanbu": 3, "badr": 1}, {"yanbu": YANBU, "badr": BADR}, MADINAH)
    assert both.audiences == 4
    assert both.kilometres == pytest.approx(6 * 163 + 2 * 113, abs=8)
    assert both.hours == both.kilometres // 80


def test_a_place_that_nobody_knows_spares_nothing() -> None:
    assert spared({"nowhere": 9}, {"yanbu": YANBU}, MADINAH).kilometres == 0
    assert spared({}, {}, MADINAH).audiences == 0
