"""What the desk's page of cases asks beside the boxes: whose they are, all of one citizen's, whether one changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.case_people import ID, People, right
from support.store_app import Service, running_app

from scheduler.live import What
from tawasul.domain.audit import AuditAction
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def people(service: Service) -> People:
    return await People.of(service)


async def times_noted(people: People, action: AuditAction) -> int:
    """In the audit log, about the citizen."""
    async with people.service.parts.database.unit_of_work(reading=True) as uow:
        links = await uow.audit.about_citizen(CitizenId(people.citizen_id), 50)
    return [link.action for link in links].count(action.value)


async def test_desk_and_office_see_in_lists_whose_a_case_is_and_an_agency_does_not(people: People) -> None:
    case = await people.ratified()
    name = (await people.sees(people.desk, "desk", case))["citizen"]["name"]
    (at_desk,) = right(await people.desk.get("/api/desk/cases", box="open"), 200)["cases"]
    (at_office,) = right(await people.office.get("/api/office/cases"), 200)["cases"]
    (at_agency,) = right(await people.agency.get("/api/agency/cases"), 200)["cases"]
    assert [at_desk["citizen_name"], at_office["citizen_name"], at_agency["citizen_name"]] == [name, name, None]


async def test_all_of_one_citizen_are_the_desks_own_and_that_they_were_shown_is_noted(people: People) -> None:
    cases = [await people.taken("إنارة الطريق"), await people.taken("بئر القرية", kind="suggestion")]
    path = f"/api/desk/cases/of/{people.citizen_id}"
    found = right(await people.desk.get(path), 200)["cases"]
    assert [case["id"] for case in found] == [case["id"] for case in reversed(cases)]
    assert right(await people.other_desk.get(path), 200)["cases"] == []
    assert (await people.desk.get("/api/desk/cases/of/nobody")).status_code == 404
    assert (await people.agency.get(path)).status_code == 403
    assert await times_noted(people, AuditAction.FOUND_CASE) == len(cases)


async def test_whether_a_case_has_changed_is_asked_without_opening_it(people: People) -> None:
    case = await people.directed()
    seen = await people.sees(people.desk, "desk", case)
    path = f"/api/desk/cases/{case['id']}/version"
    assert right(await people.desk.get(path), 200) == {"version": seen["version"]}
    await people.does(
        people.desk, f"/api/desk/cases/{case['id']}/ratify", directive_id=seen["directive"]["id"], code=ID
    )
    assert right(await people.desk.get(path), 200)["version"] > seen["version"]
    assert (await people.other_desk.get(path)).status_code == 404
    assert await times_noted(people, AuditAction.OPENED_CASE) == 1


async def test_a_task_of_a_case_says_which(people: People) -> None:
    case = await people.directed()
    (task,) = right(await people.desk.get("/api/desk/tasks"), 200)["tasks"]
    assert (task["kind"], task["case_id"]) == ("ratify", case["id"])


async def test_the_desks_of_its_governorate_are_told_that_a_case_has_changed(service: Service, people: People) -> None:
    live = service.parts.recording.live
    with (
        live.open("badr's page", GovernorateId("badr")) as own,
        live.open("yanbu's page", GovernorateId("yanbu")) as other,
    ):
        await people.taken()
        async with asyncio.timeout(20):
            while What.CASES not in (await own.next(20) or []):
                pass
        # Both were told in the same turn of the loop.
        assert What.CASES not in (await other.next(0) or [])
