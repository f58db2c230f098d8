"""A region is a file: what it may say, and how it is told what is wrong in it."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from tawasul.domain.agency import USUAL_ACCEPTANCE_DAYS, USUAL_ANSWER_DAYS
from tawasul.domain.errors import InvalidInput
from tawasul.domain.hours import ALWAYS, USUAL_HOURS, USUAL_PAUSES, Prayer, PrayerPause, Span
from tawasul.domain.places import CentreKind, Coordinates, Stop
from tawasul.store import seed
from tawasul.store.places_file import RegionPlaces, read_places

FILES = sorted(seed.DATA.glob("*.toml"))

BARE = """
[region]
id = "r"
arabic = "منطقة"
english = "Region"
[emirate]
arabic = "إمارة"
english = "Emirate"
latitude = 24.5
longitude = 39.6
[[governorates]]
id = "g"
arabic = "محافظة"
english = "Governorate"
latitude = 24.0
longitude = 38.0
[[governorates.centres]]
id = "c"
arabic = "مركز"
english = "Centre"
latitude = 24.0
longitude = 38.0
"""


def test_the_regions_that_come_along_are_two() -> None:
    assert [file.stem for file in FILES] == ["madinah", "qassim"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_that_comes_along_is_whole(file: Path) -> None:
    places = read_places(file.read_text(encoding="utf-8"))
    assert places.region.id == file.stem
    governorates = {governorate.id for governorate in places.governorates}
    assert {town.governorate_id for town in places.towns} == governorates
    assert {kiosk.centre_id for kiosk in places.kiosks} == {centre.id for centre in places.centres}
    assert len({(town.governorate_id, town.name.arabic) for town in places.towns}) == len(places.towns)
    assert set(places.emirate.pauses) == set(Prayer)
    assert len(places.agencies) >= 10
    assert len(places.wordings) >= 5


@pytest.mark.parametrize(
    ("name", "south", "north", "west", "east", "governorates", "towns"),
    [("madinah", 22.5, 27.5, 36.5, 42.5, 9, 60), ("qassim", 24.5, 28, 41.5, 44.8, 13, 20)],
)
def test_every_place_is_within_its_region(
    name: str, south: float, north: float, west: float, east: float, governorates: int, towns: int
) -> None:
    """A swapped or mistyped coordinate is not."""
    places = read_places((seed.DATA / f"{name}.toml").read_text(encoding="utf-8"))
    assert len(places.governorates) == governorates
    assert len(places.towns) >= towns
    for site in (places.emirate, *places.governorates, *places.centres, *places.towns):
        assert south < site.coordinates.latitude < north, site.name
        assert west < site.coordinates.longitude < east, site.name


def test_what_is_not_said_is_the_usual() -> None:
    places = read_places(BARE)
    (centre,) = places.centres
    assert (centre.hours, dict(centre.pauses), centre.kind) == (USUAL_HOURS, USUAL_PAUSES, CentreKind.PERMANENT)
    assert places.emirate.hours == USUAL_HOURS
    assert places.towns == places.kiosks == ()


def test_days_run_on_and_around_the_end_of_the_week() -> None:
    hours = _hours('week = { thursday-saturday = ["16:00-24:00"], sunday-wednesday = ["07:30-12:00", "13:00-15:00"] }')
    morning = (Span(time(7, 30), time(12)), Span(time(13), time(15)))
    evening = (Span(time(16), time.max),)
    assert hours == (morning, morning, morning, evening, evening, evening, morning)
    assert _hours('week = { saturday-friday = ["00:00-24:00"] }') == ALWAYS.week


def test_a_centre_says_what_is_its_own() -> None:
    text = BARE + (
        'kind = "portable"\nopens_on = 2026-12-01\ncloses_on = 2026-12-20\n'
        "stops = ["
        '{ on = 2026-12-02, arabic = "سوق", english = "Market", at = [24.2, 38.2], open = "08:00-12:00" },'
        '{ on = 2026-12-03, arabic = "بيت", english = "Home", at = [24.3, 38.3], open = "09:00-10:00", home = true }'
        "]\n"
        "[governorates.centres.pauses]\ndhuhr = { iqama = 25, pause = 20, before = 5 }\n"
    )
    (centre,) = read_places(text).centres
    assert (centre.kind, centre.opens_on, centre.closes_on) == (
        CentreKind.PORTABLE,
        date(2026, 12, 1),
        date(2026, 12, 20),
    )
    own = PrayerPause(timedelta(minutes=25), timedelta(minutes=20), timedelta(minutes=5))
    assert dict(centre.pauses) == {**USUAL_PAUSES, Prayer.DHUHR: own}
    market, home = centre.stops
    assert market.coordinates == Coordinates(24.2, 38.2)
    assert (market.home, home.home) == (False, True)
    assert home == Stop(date(2026, 12, 3), home.place, Coordinates(24.3, 38.3), Span(time(9), time(10)), home=True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("latitude = 240.0", "not TOML"),
        ("kind = 'mobile'", "governorates[1].centres[1].kind: Input should be 'permanent', 'temporary' or 'portable'"),
        ("color = 1", "governorates[1].centres[1].color: Extra inputs are not permitted"),
        ("hours = { week = {}, ramadan = { sundy = [] } }", "centres[1].hours.ramadan: no such day: sundy"),
        ("hours = { week = [], ramadan = {} }", "centres[1].hours.week: a week is a table of days"),
        ("hours = { week = { sunday = ['7-8'] }, ramadan = {} }", "hours.week: a span is written 07:30-14:30"),
        ("hours = { week = { sunday = ['0730'] }, ramadan = {} }", "hours.week: a span is written 07:30-14:30"),
        ("hours = { week = { sunday = ['09:00-08:00'] }, ramadan = {} }", "09:00-08:00 closes before it opens"),
        (
            "hours = { week = { sunday = ['09:00-12:00', '11:00-13:00'] }, ramadan = {} }",
            "the spans of a day follow each other",
        ),
        ("hours = { week = { sunday-monday = [], monday = [] }, ramadan = {} }", "monday is there twice"),
        ("pauses = { noon = { iqama = 1, pause = 1 } }", "centres[1].pauses.noon"),
        (
            "pauses = { asr = { iqama = 500, pause = 1 } }",
            "asr.iqama: Input should be less than or equal to 120",
        ),
        (
            "[[governorates.centres.kiosks]]\nid = 'K 1'\narabic = 'ك'\nenglish = 'k'",
            "kiosks[1].id: String should",
        ),
        (
            "[[governorates.centres]]\nid = 'c'\narabic = 'م'\nenglish = 'c'\nlatitude = 24.0\nlongitude = 38.0",
            "the file: the id c is there twice",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(line: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_places(f"{BARE}{line}\n")
    assert told in str(refused.value)


def _hours(week: str) -> object:
    places: RegionPlaces = read_places(f"{BARE}[governorates.centres.hours]\n{week}\nramadan = {{}}\n")
    return places.centres[0].hours.week


AGENCY = '[[agencies]]\nid = "water"\narabic = "المياه"\nenglish = "Water"\n'
WORDING = (
    '[[wordings]]\nid = "w"\narabic = "متابعة"\nenglish = "Follow up"\ntext_arabic = "يوجه"\ntext_english = "Do"\n'
)


def test_agencies_and_wordings_may_be_there() -> None:
    bare = read_places(BARE)
    assert (bare.agencies, bare.wordings) == ((), ())
    places = read_places(BARE + AGENCY + "closed_on = 2027-01-01\n" + WORDING)
    [agency], [wording] = places.agencies, places.wordings
    assert (agency.acceptance_days, agency.answer_days) == (USUAL_ACCEPTANCE_DAYS, USUAL_ANSWER_DAYS)
    assert agency.closed_on == date(2027, 1, 1)
    assert (wording.name.english, wording.text.arabic) == ("Follow up", "يوجه")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (AGENCY + AGENCY, "the id water is there twice"),
        (WORDING + WORDING, "the id w is there twice"),
        (AGENCY + "answer_days = 0", "agencies[1].answer_days"),
        (WORDING.replace("يوجه", ""), "wordings[1].text_arabic"),
    ],
)
def test_a_mistake_in_them_is_told(text: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_places(BARE + text)
    assert told in str(refused.value)
