"""The page of an agency's account and what stands above its lists: the agency, and how much is in each box."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.case_people import People, right
from support.cases import WATER
from support.store_app import Service, still_app

from tawasul.domain.riyadh import day_of


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with still_app(tmp_path) as service:
        yield service


@pytest.fixture
async def people(service: Service) -> People:
    return await People.of(service)


async def test_each_box_says_how_much_is_in_it_and_how_much_of_that_is_late(service: Service, people: People) -> None:
    await people.ratified()
    asked, under_way = await people.ratified(), await people.ratified()
    for case in (asked, under_way):
        await people.does(people.agency, f"/api/agency/cases/{case['id']}/take-on")
    await people.does(people.agency, f"/api/agency/cases/{asked['id']}/ask", question="أين؟")
    done = await people.answered()
    await people.answered()
    desk = right(await people.agency.get("/api/agency/boxes"), 200)
    assert desk["name"] == {"arabic": WATER.name.arabic, "english": WATER.name.english}
    assert (desk["acceptance_days"], desk["answer_days"]) == (WATER.acceptance_days, WATER.answer_days)
    assert {box: (each["cases"], each["overdue"]) for box, each in desk["boxes"].items()} == {
        "new": (1, 0),
        "open": (1, 0),
        "asked": (1, 0),
        "answered": (2, 0),
    }
    await people.does(people.citizen, "/api/case/accept", token=people.token(done))
    nothing = right(await people.other_agency.get("/api/agency/boxes"), 200)["boxes"]
    assert {each["cases"] for each in nothing.values()} == {0}
    service.clock.now += timedelta(days=5)
    await people.agency.sign_in("water")
    boxes = right(await people.agency.get("/api/agency/boxes"), 200)["boxes"]
    assert boxes["new"] == {"cases": 1, "overdue": 1}
    assert boxes["answered"] == {"cases": 1, "overdue": 0}, "what is closed is not counted"


@pytest.mark.parametrize(("days", "closed"), [(0, True), (1, False)])
async def test_an_agency_is_told_that_it_is_closed(service: Service, people: People, days: int, closed: bool) -> None:
    closed_on = day_of(service.clock()) + timedelta(days=days)
    async with service.parts.database.unit_of_work() as uow:
        await uow.agencies.put(replace(WATER, closed_on=closed_on))
        await uow.commit()
    desk = right(await people.agency.get("/api/agency/boxes"), 200)
    assert (desk["closed_on"], desk["closed"]) == (closed_on.isoformat(), closed)


async def test_the_page_is_an_agencys_alone_and_its_sign_in_begins_there(people: People) -> None:
    page = await people.agency.get("/agency")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for other in (people.desk, people.office):
        assert (await other.get("/agency")).status_code == 403
    assert right(await people.agency.get("/api/session"), 200)["first_page"] == "/agency"
