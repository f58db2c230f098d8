"""Dates as people read them; the browser's twin says the same, day by day, whatever the machine's own zone."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tawasul.web.dates import Dates
from tawasul.web.words import LOCALES, catalogue, words_in

ROOT = Path(__file__).parents[2]
ISOLATES = str.maketrans("", "", "\u2068\u2069")

TWIN = """
import { readFileSync } from "node:fs";
import { Words } from "%(js)s/catalogue.js";
import { Dates } from "%(js)s/dates.js";
const given = JSON.parse(readFileSync(0, "utf8"));
const said = {};
for (const [locale, source] of Object.entries(given.catalogues)) {
  const dates = new Dates(new Words(locale, source));
  said[locale] = [
    given.moments.map((moment) => [dates.day(moment), dates.time(moment), dates.weekday(moment)]),
    given.waits.map((seconds) => dates.wait(seconds)),
  ];
}
console.log(JSON.stringify(said));
"""


def node() -> str:
    """Node: the machine's, or the one that setup put into the environment."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert found, "node is missing: run `make setup`"
    return found


def plain(text: str) -> str:
    return text.translate(ISOLATES)


def test_a_day_has_both_calendars() -> None:
    moment = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    arabic, english = Dates(words_in("ar")), Dates(words_in("en"))
    assert plain(arabic.day(moment)) == "الأحد 12 جمادى الآخرة 1448هـ، الموافق 22 نوفمبر 2026م"
    assert plain(english.day(moment)) == "Sunday 12 Jumada al-Akhirah 1448 AH, 22 November 2026"
    assert plain(arabic.time(moment)) == "10:30 صباحًا"


@pytest.mark.parametrize(
    ("moment", "time", "weekday"),
    [
        (datetime(2026, 11, 21, 20, 59, tzinfo=UTC), "11:59 مساءً", "السبت"),
        (datetime(2026, 11, 21, 21, 0, tzinfo=UTC), "12:00 صباحًا", "الأحد"),
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "12:00 مساءً", "الأحد"),
    ],
)
def test_the_day_turns_at_midnight_in_riyadh(moment: datetime, time: str, weekday: str) -> None:
    dates = Dates(words_in("ar"))
    assert (plain(dates.time(moment)), plain(dates.weekday(moment))) == (time, weekday)


@pytest.mark.parametrize(
    ("day", "hijri"),
    [
        (date(2026, 6, 16), "1 محرم 1448هـ"),
        (date(2026, 2, 18), "1 رمضان 1447هـ"),
        (date(2026, 3, 20), "1 شوال 1447هـ"),
        (date(2025, 6, 6), "10 ذو الحجة 1446هـ"),
    ],
)
def test_known_days_of_umm_al_qura(day: date, hijri: str) -> None:
    assert plain(Dates(words_in("ar")).hijri(day)) == hijri


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "أقل من دقيقة"),
        (59, "أقل من دقيقة"),
        (60, "دقيقة واحدة"),
        (12 * 60, "12 دقيقة"),
        (3600, "ساعة واحدة"),
        (2 * 3600 + 5 * 60, "ساعتان و5 دقائق"),
    ],
)
def test_waits(seconds: float, said: str) -> None:
    assert plain(Dates(words_in("ar")).wait(seconds)) == said


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Dates(words_in("ar")).time(datetime(2026, 11, 22, 7, 30))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(("zone", "step"), [("UTC", 1), ("America/Los_Angeles", 17)])
def test_the_browser_says_the_same(tmp_path: Path, zone: str, step: int) -> None:
    # Every day from 1440 to 1500 AH, at hours that are another day elsewhere.
    start = datetime(2018, 9, 11, 20, 45, tzinfo=UTC)
    moments = [start + timedelta(days=day, minutes=37 * day % 720) for day in range(0, 21_590, step)]
    assert "1500" in Dates(words_in("en")).hijri(moments[-1])
    waits = [0, 59, 60, 125, 600, 660, 3599, 3600, 7260, 36000, 39600]
    given = {
        "catalogues": {locale: catalogue(locale) for locale in LOCALES},
        "moments": [moment.isoformat() for moment in moments],
        "waits": waits,
    }
    script = tmp_path / "twin.mjs"
    script.write_text(TWIN % {"js": (ROOT / "tawasul/web/static/js").as_uri()})
    done = subprocess.run(
        [node(), str(script)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env=os.environ | {"TZ": zone},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    for locale in LOCALES:
        dates = Dates(words_in(locale))
        assert said[locale][0] == [[dates.day(m), dates.time(m), dates.weekday(m)] for m in moments]
        assert said[locale][1] == [dates.wait(seconds) for seconds in waits]
