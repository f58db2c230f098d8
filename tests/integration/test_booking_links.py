"""The citizen's own page for a booking: by POST with the link only; it names nobody, and opens one booking."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.desk import AT_BADR, AT_HOME, Json, refusal
from support.factories import national_id
from support.planning import Office
from support.store_app import Browser, running_app

from scheduler.web.booking_links import LIMIT
from tawasul.domain.audience import State
from tawasul.domain.message import MessageKind

SLOT = timedelta(minutes=20)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with running_app(tmp_path) as service:
        service.clock.now += timedelta(days=4)  # to a Saturday, when the sitting of the factories is over
        yield await Office.opened(service, tmp_path)


async def with_a_booking(office: Office, place: Json = AT_BADR) -> tuple[Json, Json, str]:
    """A sitting of four slots, a booking of the first, and its link."""
    sitting = await office.sits(office.tomorrow, slots=4)
    citizen = await office.badr.registers(7)
    hold = await office.holds(office.badr, sitting, office.tomorrow, place)
    booked = (await office.badr.books(citizen, hold)).json()
    return sitting, booked["audience"], booked["booking_link"].partition("#")[2]


async def ask(browser: Browser, what: str, token: str, **more: object) -> Json:
    answer = await browser.post(f"/api/booking/{what}", token=token, **more)
    return {"status": answer.status_code, **answer.json()}


async def test_the_page_shows_time_and_place_and_names_nobody(office: Office) -> None:
    _, audience, token = await with_a_booking(office)
    answer = await office.service.browser().post("/api/booking/look", token=token)
    seen = answer.json()
    assert seen == {
        "reference": audience["reference"],
        "state": "booked",
        "slot_starts_at": audience["slot_starts_at"],
        "slot_ends_at": audience["slot_ends_at"],
        "venue": "kiosk",
        "place": {"arabic": "مركز بدر", "english": "Badr centre"},
        "may_change": True,
    }
    for secret in ("عينة", national_id(7), national_id(7)[-4:], audience["id"], "050000"):
        assert secret not in answer.text


async def test_a_booking_is_moved_within_its_place_and_keeps_its_reference(office: Office) -> None:
    sitting, audience, token = await with_a_booking(office)
    await office.books(office.badr, 8, sitting, office.tomorrow + SLOT, AT_HOME)
    citizen = office.service.browser()
    days = (await ask(citizen, "times", token))["days"]
    assert [datetime.fromisoformat(slot["starts_at"]) for slot in days[0]["slots"]] == [
        office.tomorrow + 2 * SLOT,
        office.tomorrow + 3 * SLOT,
    ]
    taken = await ask(citizen, "move", token, sitting_id=sitting["id"], starts_at=(office.tomorrow + SLOT).isoformat())
    assert (taken["status"], taken["code"]) == (409, "slot-taken")
    assert taken["alternatives"]
    moved = await ask(citizen, "move", token, **{key: days[0]["slots"][0][key] for key in ("sitting_id", "starts_at")})
    assert moved["status"] == 200
    assert moved["booking"]["reference"] == audience["reference"]
    for link in (token, moved["booking_token"]):
        assert (await ask(citizen, "look", link))["slot_starts_at"] == days[0]["slots"][0]["starts_at"]
    assert MessageKind.MOVED in await office.told(audience["id"])
    await office.holds(office.badr, sitting, office.tomorrow)


async def test_a_booking_is_given_up_and_for_a_moment_taken_back(office: Office) -> None:
    sitting, audience, token = await with_a_booking(office)
    citizen = office.service.browser()
    given_up = await ask(citizen, "cancel", token)
    assert (given_up["status"], given_up["booking"]["state"]) == (200, "cancelled")
    for what in ("look", "times", "cancel"):
        assert (await ask(citizen, what, token))["code"] == "link-not-valid", "it is over, and so is its link"
    back = await citizen.post("/api/booking/undo", undo=given_up["undo"])
    assert (back.status_code, back.json()["state"]) == (200, "booked")
    assert refusal(await citizen.post("/api/booking/undo", undo=given_up["undo"])) == (409, "unlawful-transition")
    again = await ask(citizen, "cancel", token)
    await office.holds(office.badr, sitting, office.tomorrow)
    assert refusal(await citizen.post("/api/booking/undo", undo=again["undo"])) == (409, "slot-taken")
    await office.passes(timedelta(minutes=3))
    assert refusal(await citizen.post("/api/booking/undo", undo=again["undo"])) == (403, "link-expired")
    assert (await office.audience(audience["id"])).state is State.CANCELLED


async def test_too_late_the_page_only_shows(office: Office) -> None:
    sitting, _, token = await with_a_booking(office)
    citizen = office.service.browser()
    await office.passes(office.tomorrow - office.now - timedelta(minutes=59))
    assert (await ask(citizen, "look", token))["may_change"] is False
    for what, more in (
        ("times", {}),
        ("cancel", {}),
        ("move", {"sitting_id": sitting["id"], "starts_at": sitting["opens_at"]}),
    ):
        assert (await ask(citizen, what, token, **more))["code"] == "link-expired"
    await office.passes(timedelta(days=2))
    assert (await ask(citizen, "look", token))["code"] == "link-expired"


async def test_a_forged_link_opens_nothing_and_a_get_does_nothing(office: Office) -> None:
    _, audience, token = await with_a_booking(office)
    citizen = office.service.browser()
    forged = ("A" if token[0] != "A" else "C") + token[1:]
    assert (await ask(citizen, "look", forged))["code"] == "link-not-valid"
    assert (await ask(citizen, "cancel", forged))["status"] == 403
    for path in ("look", "cancel", "move", "times", "undo"):
        assert (await citizen.get(f"/api/booking/{path}", token=token)).status_code == 405
    assert (await office.audience(audience["id"])).version == 0


async def test_from_another_site_nothing_is_done(office: Office) -> None:
    _, audience, token = await with_a_booking(office)
    stranger = office.service.browser()
    stranger.http.headers["Origin"] = "https://elsewhere.example"
    assert (await stranger.post("/api/booking/cancel", token=token)).status_code == 403
    assert (await office.audience(audience["id"])).version == 0


async def test_whoever_tries_many_links_is_told_to_wait(office: Office) -> None:
    stranger = office.service.browser()
    answers = [await stranger.post("/api/booking/look", token=f"try{number}") for number in range(LIMIT.amount + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {403}
    assert refusal(answers[-1]) == (429, "too-many-attempts")
