"""A citizen's link over the real application: the first device has it, and the desk can give it anew."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.factories import BADR, a_citizen, slot
from support.store_app import Browser, Service, running_app

from tawasul.domain.people import Citizen, Role

ME = "/api/join/me"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def desk(service: Service) -> Browser:
    return await service.signed_in("badr", Role.DESK, BADR)


async def booked(service: Service, desk: Browser, number: int = 0) -> dict[str, str]:
    """A citizen at their own location: the audience's id and the link."""
    citizen: Citizen = a_citizen()
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.commit()
    answer = await desk.post(
        "/api/desk/audiences",
        citizen_id=citizen.id,
        sitting_id=service.sitting.id,
        slot_starts_at=slot(service.sitting, number).isoformat(),
        venue="own-location",
        subject="طلب",
    )
    assert answer.status_code == 201, answer.text
    return {"id": answer.json()["audience"]["id"], "link": answer.json()["link"]}


async def test_the_first_device_has_the_link_and_may_use_it_again(service: Service, desk: Browser) -> None:
    audience = await booked(service, desk)
    telephone, other = service.browser(), service.browser()
    assert (await telephone.get(ME)).status_code == 401

    begun = await telephone.begin(audience["link"])
    assert begun.status_code == 200
    assert begun.json()["audience_id"] == audience["id"]
    assert begun.json()["state"] == "booked"
    assert (await telephone.get(ME)).json() == begun.json()
    assert (await telephone.begin(audience["link"])).status_code == 200

    refused = await other.begin(audience["link"])
    assert (refused.status_code, refused.json()["code"]) == (403, "link-used-elsewhere")
    assert (await other.get(ME)).status_code == 401
    assert (await telephone.get(ME)).status_code == 200


async def test_looking_at_the_page_uses_nothing(service: Service, desk: Browser) -> None:
    audience = await booked(service, desk)
    preview = service.browser()
    assert (await preview.get("/join")).status_code == 200
    assert not preview.http.cookies
    assert (await service.browser().begin(audience["link"])).status_code == 200


async def test_of_many_devices_at_once_one_has_it(service: Service, desk: Browser) -> None:
    audience = await booked(service, desk)
    answers = await asyncio.gather(*(service.browser().begin(audience["link"]) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 7


async def test_a_new_link_shuts_out_the_old_one_and_its_device(service: Service, desk: Browser) -> None:
    audience = await booked(service, desk)
    old, new = service.browser(), service.browser()
    await old.begin(audience["link"])
    again = await desk.post(f"/api/desk/audiences/{audience['id']}/link")
    assert again.status_code == 200
    assert again.json()["link"] != audience["link"]

    assert (await old.get(ME)).status_code == 401
    assert (await old.begin(audience["link"])).json()["code"] == "link-not-valid"
    assert (await new.begin(again.json()["link"])).status_code == 200


async def test_one_telephone_joins_for_two_of_a_family(service: Service, desk: Browser) -> None:
    father, mother = await booked(service, desk, 1), await booked(service, desk, 2)
    telephone = service.browser()
    for audience in (father, mother, father):
        assert (await telephone.begin(audience["link"])).status_code == 200
        assert (await telephone.get(ME)).json()["audience_id"] == audience["id"]


async def test_a_new_link_for_one_of_a_family_leaves_the_others_theirs(service: Service, desk: Browser) -> None:
    father, mother = await booked(service, desk, 1), await booked(service, desk, 2)
    telephone = service.browser()
    for audience in (mother, father):
        assert (await telephone.begin(audience["link"])).status_code == 200
    again = await desk.post(f"/api/desk/audiences/{father['id']}/link")
    assert (await telephone.begin(again.json()["link"])).status_code == 200
    assert (await telephone.begin(mother["link"])).status_code == 200


async def test_a_device_does_not_choose_its_own_secret(service: Service, desk: Browser) -> None:
    audience = await booked(service, desk)
    victim, planter = service.browser(), service.browser()
    for browser in (victim, planter):
        browser.http.cookies.set("tawasul-device", "planted.none")
    assert (await victim.begin(audience["link"])).status_code == 200
    assert (await planter.begin(audience["link"])).json()["code"] == "link-used-elsewhere"
    planter.http.cookies.clear()
    planter.http.cookies.set("tawasul-device", f"planted.{audience['id']}")
    assert (await planter.get(ME)).status_code == 401


async def test_a_link_runs_out_two_hours_after_the_sitting(service: Service, desk: Browser) -> None:
    audience = await booked(service, desk)
    telephone, late = service.browser(), service.browser()
    await telephone.begin(audience["link"])
    service.clock.now = service.sitting.closes_at + timedelta(hours=2) - timedelta(seconds=1)
    assert (await telephone.get(ME)).status_code == 200
    service.clock.now += timedelta(seconds=1)
    assert (await telephone.get(ME)).status_code == 401
    assert (await late.begin(audience["link"])).json()["code"] == "link-expired"


async def test_the_link_of_an_audience_given_up_opens_nothing(service: Service, desk: Browser) -> None:
    audience = await booked(service, desk)
    telephone = service.browser()
    await telephone.begin(audience["link"])
    assert (await desk.post(f"/api/desk/audiences/{audience['id']}/cancel")).status_code == 200
    assert (await telephone.get(ME)).status_code == 401
    assert (await telephone.begin(audience["link"])).json()["code"] == "link-not-valid"


@pytest.mark.parametrize("cookie", ["", ".", "x", "x.y", "a" * 500, "a" * 43 + ".none", "x.y.z"])
async def test_a_cookie_of_no_device_is_nobody(service: Service, cookie: str) -> None:
    browser = service.browser()
    browser.http.cookies.set("tawasul-device", cookie)
    assert (await browser.get(ME)).status_code == 401


async def test_the_device_of_one_audience_is_not_that_of_another(service: Service, desk: Browser) -> None:
    mine, others = await booked(service, desk, 1), await booked(service, desk, 2)
    telephone = service.browser()
    await telephone.begin(mine["link"])
    secret = telephone.http.cookies["tawasul-device"].partition(".")[0]
    telephone.http.cookies.clear()
    telephone.http.cookies.set("tawasul-device", f"{secret}.{others['id']}")
    assert (await telephone.get(ME)).status_code == 401
