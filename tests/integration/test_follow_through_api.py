"""The office's follow-through over the API: the figures, the files, the cases behind them; who is refused, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.case_people import People, right
from support.cases import ROADS, WATER
from support.factories import BADR
from support.store_app import Browser, Service, running_app

from tawasul.casework.core.figures import LEAST_SHOWN
from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.places import Name
from tawasul.domain.riyadh import day_of

PATH = "/api/office/follow-through"
FEW = "أقل من خمسة"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def people(service: Service) -> People:
    return await People.of(service)


def days(people: People, back: int = 30) -> dict[str, str]:
    """Up to today."""
    today = day_of(people.service.clock())
    return {"from": (today - timedelta(days=back)).isoformat(), "to": today.isoformat()}


async def later(people: People, count: int) -> None:
    """Days pass, and with them the sign-ins of those who work on."""
    people.service.clock.now += timedelta(days=count)
    for browser, name in ((people.office, "office"), (people.desk, "badr")):
        assert (await browser.sign_in(name)).status_code == 200


async def figures(people: People, back: int = 30) -> dict[str, Any]:
    return right(await people.office.get(PATH, **days(people, back)), 200)


async def rated(people: People, rating: int) -> None:
    case = await people.answered()
    await people.does(people.citizen, "/api/case/rate", 204, token=people.token(case), rating=rating)


async def listed(people: People, **query: str) -> list[str]:
    cases = right(await people.office.get("/api/office/cases", **query), 200)["cases"]
    return [case["id"] for case in cases]


async def test_nothing_has_happened_yet(people: People) -> None:
    found = await figures(people)
    assert found["total"] == {
        "open": 0, "overdue": 0, "opened": 0, "answered": 0, "closed": 0, "median_days": None, "contested_share": None,
    }  # fmt: skip
    assert (found["governorates"], found["agencies"], found["satisfaction"]) == ([], [], None)
    assert found["least_shown"] == LEAST_SHOWN
    assert all((week["opened"], week["closed"]) == (0, 0) for week in found["weeks"])


async def test_what_is_open_overdue_and_answered_by_agency_and_governorate(people: People) -> None:
    received, other, referred = await people.taken(), await people.taken(), await people.ratified()
    for _ in range(LEAST_SHOWN):
        await rated(people, 3)
    await later(people, 10)
    found = await figures(people)
    assert (found["total"]["open"], found["total"]["overdue"]) == (3 + LEAST_SHOWN, 3)
    assert (found["total"]["opened"], found["total"]["answered"]) == (3 + LEAST_SHOWN, LEAST_SHOWN)
    assert (found["total"]["median_days"], found["total"]["contested_share"]) == (0.0, 0.0)
    assert found["satisfaction"] == {"no": 0, "partly": 0, "yes": LEAST_SHOWN}
    (badr,) = found["governorates"]
    assert (badr["id"], badr["name"]["arabic"], badr["open"]) == (BADR.id, BADR.name.arabic, 3 + LEAST_SHOWN)
    # The agency has more that is open, the desk more that is late.
    nobody, water = found["agencies"]
    assert (water["id"], water["overdue"], water["satisfaction"]) == (WATER.id, 1, found["satisfaction"])
    assert (nobody["id"], nobody["name"], nobody["open"], nobody["median_days"]) == (None, None, 2, None)
    assert sum(week["opened"] for week in found["weeks"]) == 3 + LEAST_SHOWN

    late = {received["id"], other["id"], referred["id"]}
    assert set(await listed(people, overdue="true")) == late
    assert len(await listed(people, overdue="false")) == LEAST_SHOWN
    assert await listed(people, overdue="true", agency=WATER.id) == [referred["id"]]
    assert await listed(people, overdue="true", with_no_agency="true") == [other["id"], received["id"]]
    assert await listed(people, overdue="false", with_no_agency="true") == []
    assert set(await listed(people, overdue="true", governorate=BADR.id)) == late
    assert await listed(people, agency=ROADS.id) == []


async def test_what_is_of_too_few_is_a_word_in_the_files_and_nothing_in_the_answer(people: People) -> None:
    for _ in range(LEAST_SHOWN - 1):
        await rated(people, 1)
    found = await figures(people)
    (water,) = found["agencies"]
    for line in (found["total"], water):
        assert (line["answered"], line["median_days"], line["contested_share"]) == (LEAST_SHOWN - 1, None, None)
    assert (found["satisfaction"], water["satisfaction"]) == (None, None)
    rows = csv_of(right_bytes(await people.office.get(f"{PATH}.csv", **days(people))))
    assert rows[1][7:] == [FEW] * 5
    await rated(people, 1)
    assert (await figures(people))["satisfaction"] == {"no": LEAST_SHOWN, "partly": 0, "yes": 0}


async def test_every_week_has_its_place_from_the_sunday_on_which_the_first_begins(people: People) -> None:
    await people.taken()
    await later(people, 15)
    await people.taken()
    weeks = (await figures(people, back=20))["weeks"]
    begins = [date.fromisoformat(week["begins"]) for week in weeks]
    assert {day.isoweekday() for day in begins} == {7}
    assert [after - before for before, after in pairwise(begins)] == [timedelta(7)] * 3
    assert [week["opened"] for week in weeks if week["opened"]] == [1, 1]


async def test_the_csv_has_region_places_agencies_weeks_and_what_was_spared(people: People) -> None:
    formula = Agency(AgencyId("formula"), Name("=HYPERLINK(1)", "=HYPERLINK(1)"))
    async with people.service.parts.database.unit_of_work() as uow:
        await uow.agencies.put(formula)
        await uow.commit()
    case = await people.ratified()
    path = f"/api/office/cases/{case['id']}/reassign"
    await people.does(people.office, path, agency_id=formula.id, words="ن")
    answer = await people.office.get(f"{PATH}.csv", **days(people))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    asked = days(people)
    name = f"tawasul-follow-through-{asked['from']}-{asked['to']}.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = csv_of(answer.content)
    assert {len(row) for row in rows} == {12}
    assert [row[0] for row in rows][:4] == ["عن", "المنطقة", "محافظة", "جهة"]
    assert rows[2][1:3] == [BADR.name.arabic, "1"]
    assert rows[3][1] == "'=HYPERLINK(1)"
    assert [row[1:3] for row in rows if row[0] == "ما وُفّر"][1] == ["كيلومترات لم تُقطع", "0"]
    assert [row[4] for row in rows if row[0] == "أسبوع"][-1] == "1"


async def test_the_workbook_has_three_sheets_from_right_to_left(people: People) -> None:
    for _ in range(LEAST_SHOWN):
        await people.answered()
    answer = await people.office.get(f"{PATH}.xlsx", **days(people))
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [sheet.sheet_view.rightToLeft for sheet in book] == [True] * 3
    lines, weeks, spared = book
    assert [cell.value for cell in lines[2]][2:7] == [LEAST_SHOWN, 0, LEAST_SHOWN, LEAST_SHOWN, 0]
    assert (lines["I2"].value, lines["I2"].number_format) == (0, "0%")
    assert weeks["A2"].value.isoweekday() == 7
    assert spared["B3"].value == 0
    people.office.http.cookies.set("tawasul_language", "en")
    english = openpyxl.load_workbook(io.BytesIO((await people.office.get(f"{PATH}.xlsx", **days(people))).content))
    assert [sheet.sheet_view.rightToLeft for sheet in english] == [None] * 3


@pytest.mark.parametrize("form", ["", ".csv", ".xlsx"])
async def test_only_the_office_and_only_a_stretch_that_is_one(people: People, form: str) -> None:
    assert (await people.office.get(PATH + form, **days(people))).status_code == 200
    for browser in (people.desk, people.agency):
        assert await code(browser, PATH + form, days(people)) == (403, "refused")
    assert await code(people.citizen, PATH + form, days(people)) == (401, "not-signed-in")
    wrong = {
        "days-backwards": {"from": "2026-02-02", "to": "2026-02-01"},
        "days-too-many": {"from": "2023-01-01", "to": "2026-02-01"},
    }
    for name, asked in wrong.items():
        assert await code(people.office, PATH + form, asked) == (422, name)
    for asked in ({}, {"from": "2026-02-30", "to": "2026-03-01"}, {"from": "0001-01-01", "to": "0001-01-02"}):
        assert (await people.office.get(PATH + form, **asked)).status_code == 422


async def code(browser: Browser, path: str, query: dict[str, str]) -> tuple[int, str]:
    """How it is refused."""
    answer = await browser.get(path, **query)
    return answer.status_code, answer.json()["code"]


def right_bytes(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def csv_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
