"""The nearest centre to a town, by any usual spelling of its name."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from support.regions import region

from scheduler.core.nearest import nearest, towns_named
from tawasul.domain.distance import kilometres_between
from tawasul.domain.hours import Span
from tawasul.domain.places import CentreId, CentreKind, Coordinates, Name, ReceptionCentre, Stop

MADINAH = region("madinah")
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
BADR = next(centre for centre in MADINAH.centres if centre.id == "badr-centre")
SQUARE = Name("الساحة", "The square")
RAYIS = Coordinates(23.57, 38.61)


def named(text: str) -> list[str]:
    return [town.name.english for town in towns_named(text, MADINAH.towns)]


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("العلا", "AlUla"),
        ("العُلا", "AlUla"),
        ("علا", "AlUla"),
        ("al-ula", "AlUla"),
        ("مدائن صالح", "Hegra"),
        ("ينبع الصناعيه", "Yanbu Industrial City"),
        ("أبيار علي", "Dhul-Hulayfah"),
        ("ابيار على", "Dhul-Hulayfah"),
        ("المدينه المنوره", "Madinah"),
        ("medina", "Madinah"),
        ("الصويدره", "As-Suwaydirah"),
        ("السوير", "As-Suwayriqiyah"),
    ],
)
def test_a_town_is_found_by_any_usual_spelling(typed: str, town: str) -> None:
    assert named(typed)[0] == town


def test_the_same_words_come_before_words_that_begin_so() -> None:
    assert named("ينبع")[0] == "Yanbu al-Bahr"
    assert set(named("ينبع")) == {"Yanbu al-Bahr", "Yanbu Industrial City", "Yanbu an-Nakhl", "Sharm Yanbu"}


@pytest.mark.parametrize("typed", ["", "  ", "...", "لندن", "1234"])
def test_what_is_no_town_finds_none(typed: str) -> None:
    assert named(typed) == []


def test_the_nearest_comes_first_with_its_distance() -> None:
    found = nearest(RAYIS, MADINAH.centres, TODAY)
    assert [near.centre.id for near in found][:2] == ["badr-centre", "yanbu-centre"]
    assert len(found) == len(MADINAH.centres)
    assert 25 < found[0].kilometres < 35


def test_a_degree_of_latitude_is_110_kilometres_and_more() -> None:
    """WGS 84: 110.57 km at the equator, 110.85 at 30° (Karney's geodesics; a sphere has 111.2)."""
    assert kilometres_between(Coordinates(24, 39), Coordinates(25, 39)) == pytest.approx(110.77, abs=0.02)
    assert kilometres_between(RAYIS, RAYIS) == 0


def test_temporary_centres_count_while_they_are_of_use() -> None:
    for opens_on, closes_on, counts in (
        (TODAY + 30 * DAY, TODAY + 40 * DAY, True),
        (TODAY + 31 * DAY, TODAY + 40 * DAY, False),
        (TODAY - 9 * DAY, TODAY, True),
        (TODAY - 9 * DAY, TODAY - DAY, False),
    ):
        fair = replace(BADR, kind=CentreKind.TEMPORARY, opens_on=opens_on, closes_on=closes_on)
        assert bool(nearest(RAYIS, [fair], TODAY)) == counts


def test_a_portable_centre_is_where_it_stops_next_and_never_at_a_home() -> None:
    portable = _portable(
        (TODAY - DAY, RAYIS, False),
        (TODAY + 5 * DAY, Coordinates(23.60, 38.60), False),
        (TODAY + 9 * DAY, Coordinates(24.5, 39.6), False),
        (TODAY + 2 * DAY, RAYIS, True),
        (TODAY + 31 * DAY, RAYIS, False),
    )
    (near,) = nearest(RAYIS, [portable], TODAY)
    assert near.stop is not None
    assert near.stop.on == TODAY + 5 * DAY
    assert 3 < near.kilometres < 4
    assert nearest(RAYIS, [_portable((TODAY + 2 * DAY, RAYIS, True))], TODAY) == []


def _portable(*stops: tuple[date, Coordinates, bool]) -> ReceptionCentre:
    return replace(
        BADR,
        id=CentreId("bus"),
        kind=CentreKind.PORTABLE,
        stops=tuple(Stop(on, SQUARE, where, Span(time(8), time(12)), home) for on, where, home in stops),
    )
