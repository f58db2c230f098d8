"""The files of petitions before the office: opened by it alone of all beside the desk, sealed, saved and noted."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.cases import WATER
from support.factories import BADR, YANBU
from support.papers import a_pdf, an_audience_is_booked, send
from support.store_app import Browser, Service, running_app

from tawasul.domain.people import Role, StaffId


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        async with service.parts.database.unit_of_work() as uow:
            await uow.agencies.put(WATER)
            await uow.commit()
        yield service


@pytest.fixture
async def desk(service: Service) -> Browser:
    return await service.signed_in("badr", Role.DESK, BADR)


@pytest.fixture
async def office(service: Service) -> Browser:
    return await service.signed_in("office", Role.OFFICE)


async def attached(service: Service, desk: Browser) -> tuple[str, str]:
    """An audience, and a file of its petition."""
    kept = await an_audience_is_booked(service, reference="X2R-GG9")
    answer = await send(desk, kept.audience.id, a_pdf(), "معروض القرية.pdf")
    assert answer.status_code == 201, answer.text
    return kept.audience.id, answer.json()["id"]


async def test_the_office_opens_a_file_of_the_one_who_comes_next_and_it_is_noted(
    service: Service, desk: Browser, office: Browser
) -> None:
    audience, file = await attached(service, desk)
    card = (await office.get(f"/api/office/audiences/{audience}/card")).json()
    assert [(each["id"], each["name"]) for each in card["attachments"]] == [(file, "معروض القرية.pdf")]
    opened = await office.get(f"/api/office/attachments/{file}")
    assert (opened.status_code, opened.content) == (200, a_pdf())
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["content-disposition"].startswith("attachment;")
    assert opened.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert opened.headers["x-content-type-options"] == "nosniff"
    assert opened.headers["cache-control"] == "no-store"
    async with service.parts.database.unit_of_work(reading=True) as uow:
        links = await uow.audit.by_staff(StaffId("staff-office"), 100)
    (noted,) = [link for link in links if link.action == "opened-attachment"]
    assert (noted.subject_id, json.loads(noted.facts)["audience"]) == (file, audience)


async def test_nobody_else_opens_it_by_the_offices_door_and_the_office_removes_nothing(
    service: Service, desk: Browser, office: Browser
) -> None:
    _, file = await attached(service, desk)
    path = f"/api/office/attachments/{file}"
    assert (await service.browser().get(path)).status_code == 401
    for browser in (
        desk,
        await service.signed_in("yanbu", Role.DESK, YANBU),
        await service.signed_in("admin", Role.ADMIN),
        await service.signed_in_agency("water", WATER),
    ):
        answer = await browser.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "refused")
    assert (await office.http.delete(f"/api/desk/attachments/{file}")).status_code == 403
    assert (await office.get("/api/office/attachments/nothing")).status_code == 404
    assert (await office.get(path)).status_code == 200
