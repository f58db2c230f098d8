"""The desk's walk over the real application: find or register, book, check in, see the day."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.factories import BADR, BADR_1, BADR_2, YANBU, national_id, slot
from support.store_app import Browser, Service, running_app

from scheduler.core import reference
from tawasul.domain.people import Role

FIND, REGISTER, BOOK, DAY, SLOTS = (
    f"/api/desk/{path}" for path in ("citizens/find", "citizens", "audiences", "day", "slots")
)


NOBODY = {"citizens": [], "more": False}
NOBODYS = reference.draw(b"abcdefgh")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def desk(service: Service) -> Browser:
    return await service.signed_in("badr", Role.DESK, BADR)


async def registered(desk: Browser, number: int = 1, mobile: str = "0500000001") -> str:
    answer = await desk.post(REGISTER, name="عينة: سالم بن محمد", national_id=national_id(number), mobile=mobile)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def book(desk: Browser, service: Service, citizen: str, number: int = 0, **changes: object) -> dict[str, object]:
    wanted = {
        "citizen_id": citizen,
        "sitting_id": service.sitting.id,
        "slot_starts_at": slot(service.sitting, number).isoformat(),
        "venue": "kiosk",
        "kiosk_id": BADR_1.id,
        "subject": "طلب تعبيد طريق",
    }
    answer = await desk.post(BOOK, **{key: value for key, value in (wanted | changes).items() if value is not None})
    return {"status": answer.status_code, **answer.json()}


async def test_a_citizen_is_registered_and_found_in_each_way(service: Service, desk: Browser) -> None:
    id = await registered(desk, 4711, "٠٥٠٠٠٠٠٠٠١")
    citizen = {
        "id": id,
        "name": "عينة: سالم بن محمد",
        "kind": "citizen",
        "national_id_last_four": national_id(4711)[-4:],
        "mobile_last_four": "0001",
    }
    booked = await book(desk, service, id)
    for query, matched in (
        (national_id(4711), "national-id"),
        (national_id(4711).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), "national-id"),
        ("+966 50 000 0001", "mobile"),
        (booked["audience"]["reference"], "reference"),
        (booked["audience"]["reference"].lower().replace("-", " "), "reference"),
        ("محمد سالم", "name"),
    ):
        found = await desk.post(FIND, query=query)
        assert found.status_code == 200
        assert found.json() == {"citizens": [citizen | {"matched": matched}], "more": False}, query
        assert national_id(4711) not in found.text


@pytest.mark.parametrize("query", [national_id(99), "0555555555", NOBODYS, "نورة", "x" * 400])
async def test_nobody_is_found_for_a_number_or_a_name_of_nobody(desk: Browser, query: str) -> None:
    await registered(desk, 4711)
    assert (await desk.post(FIND, query=query)).json() == NOBODY


@pytest.mark.parametrize("query", ["", "1000000000", "0112345678", "K7M-4T", "سالم 5", "x" * 401])
async def test_a_query_that_is_neither_a_number_nor_a_name_is_told_so(desk: Browser, query: str) -> None:
    answer = await desk.post(FIND, query=query)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid-input", "query")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"national_id": "1000000000"}, "invalid-national-id", "national_id"),
        ({"mobile": "0112345678"}, "invalid-mobile", "mobile"),
        ({"name": "   "}, "invalid-text", "name"),
        ({"name": "س" * 121}, "invalid-text", "name"),
        ({"name": "س" * 401}, "invalid-input", "name"),
        ({"nationality": "SA"}, "invalid-input", "nationality"),
    ],
)
async def test_what_is_wrong_with_a_registration_is_told_by_field(
    desk: Browser, changes: dict[str, str], code: str, field: str
) -> None:
    body = {"name": "عينة: نورة", "national_id": national_id(5), "mobile": "0500000005"} | changes
    answer = await desk.post(REGISTER, **body)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


async def test_a_national_id_is_registered_once(desk: Browser) -> None:
    await registered(desk, 6)
    answer = await desk.post(REGISTER, name="عينة: أخرى", national_id=national_id(6), mobile="0500000006")
    assert (answer.status_code, answer.json()["code"]) == (409, "already-registered")


async def test_a_booking_takes_the_slot_off_the_list_and_onto_the_day(service: Service, desk: Browser) -> None:
    citizen = await registered(desk)
    before = (await desk.get(SLOTS, kiosk=BADR_1.id)).json()
    assert len(before["slots"]) == 24
    booked = await book(desk, service, citizen, 3)
    assert booked["status"] == 201
    assert booked["link"] is None
    audience = booked["audience"]
    assert (audience["state"], audience["assurance"], audience["kiosk_id"]) == ("booked", "declared", "badr-1")
    after = (await desk.get(SLOTS, kiosk=BADR_1.id)).json()
    taken = slot(service.sitting, 3)
    assert [datetime.fromisoformat(s) for s in before["slots"]] == [
        *(datetime.fromisoformat(s) for s in after["slots"][:3]),
        taken,
        *(datetime.fromisoformat(s) for s in after["slots"][3:]),
    ]
    day = (await desk.get(DAY)).json()
    assert day["sitting"]["id"] == service.sitting.id
    assert day["governorate"] == {"arabic": BADR.name.arabic, "english": BADR.name.english}
    assert [kiosk["id"] for kiosk in day["kiosks"]] == ["badr-1", "badr-2"]
    assert [(entry["audience"], entry["citizen"]["id"], entry["subject"]) for entry in day["entries"]] == [
        (audience, citizen, "طلب تعبيد طريق")
    ]


async def test_slots_that_are_over_are_not_offered(service: Service, desk: Browser) -> None:
    service.clock.now = slot(service.sitting, 2)
    free = (await desk.get(SLOTS)).json()["slots"]
    assert datetime.fromisoformat(free[0]) == slot(service.sitting, 2)
    citizen = await registered(desk)
    assert (await book(desk, service, citizen, 1))["code"] == "slot-passed"
    assert (await book(desk, service, citizen, 2))["status"] == 201


async def test_what_is_wrong_with_a_booking(service: Service, desk: Browser) -> None:
    first, second = await registered(desk, 1), await registered(desk, 2)
    assert (await book(desk, service, first, 0))["status"] == 201
    off_the_grid = (slot(service.sitting, 1) + timedelta(minutes=1)).isoformat()
    for changes, status, code in (
        ({"slot_starts_at": slot(service.sitting, 0).isoformat()}, 409, "slot-taken"),
        ({"venue": "own-location", "kiosk_id": None}, 409, "slot-taken"),
        ({"slot_starts_at": off_the_grid}, 409, "slot-not-offered"),
        ({"slot_starts_at": slot(service.sitting, 24).isoformat()}, 409, "slot-not-offered"),
        ({"slot_starts_at": "2026-02-03T09:00:00"}, 422, "invalid-input"),
        ({"slot_starts_at": slot(service.sitting, 1).isoformat(), "citizen_id": "nobody"}, 404, "not-found"),
        ({"sitting_id": "none"}, 404, "not-found"),
        ({"slot_starts_at": slot(service.sitting, 1).isoformat(), "kiosk_id": "none"}, 404, "not-found"),
        ({"kiosk_id": None}, 422, "invalid-input"),
        ({"venue": "own-location"}, 422, "invalid-input"),
        ({"venue": "car"}, 422, "invalid-input"),
        ({"slot_starts_at": slot(service.sitting, 1).isoformat(), "subject": " "}, 422, "invalid-text"),
    ):
        answer = await book(desk, service, second, 0, **changes)
        assert (answer["status"], answer["code"]) == (status, code), changes
    again = await book(desk, service, first, 5)
    assert (again["status"], again["code"]) == (409, "already-booked")
    assert (await book(desk, service, second, 5))["status"] == 201


async def test_the_walk_of_an_arrival(service: Service, desk: Browser) -> None:
    citizen = await registered(desk)
    booked = await book(desk, service, citizen)
    here = f"{BOOK}/{booked['audience']['id']}"

    for expected in ("arrived", "arrived"):
        answer = await desk.post(f"{here}/check-in")
        assert (answer.json()["state"], answer.json()["assurance"]) == (expected, "seen-at-desk")
    assert datetime.fromisoformat(answer.json()["arrived_at"]) == service.clock.now
    assert (await desk.post(f"{here}/withdraw-arrival")).json()["state"] == "booked"
    assert (await desk.post(f"{here}/withdraw-arrival")).json()["code"] == "unlawful-transition"
    declared = await desk.post(f"{here}/check-in", assurance="declared")
    assert declared.json()["assurance"] == "declared"
    assert (await desk.post(f"{here}/check-in")).json()["assurance"] == "seen-at-desk"
    assert (await desk.post(f"{here}/missed")).json()["state"] == "missed"
    for step in ("check-in", "missed", "cancel", "withdraw-arrival"):
        answer = await desk.post(f"{here}/{step}")
        assert (answer.status_code, answer.json()["code"]) == (409, "unlawful-transition"), step
    assert (await book(desk, service, citizen))["status"] == 201, "the slot is free again"


async def test_nafath_is_not_the_desks_to_give(service: Service, desk: Browser) -> None:
    booked = await book(desk, service, await registered(desk))
    answer = await desk.post(f"{BOOK}/{booked['audience']['id']}/check-in", assurance="nafath")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")


async def test_another_governorates_audience_looks_as_if_it_were_not_there(service: Service, desk: Browser) -> None:
    booked = await book(desk, service, await registered(desk), venue="own-location", kiosk_id=None)
    stranger = await service.signed_in("yanbu", Role.DESK, YANBU)
    id = booked["audience"]["id"]
    for step in ("check-in", "withdraw-arrival", "missed", "cancel", "link"):
        theirs = await stranger.post(f"{BOOK}/{id}/{step}")
        nobodys = await stranger.post(f"{BOOK}/none/{step}")
        assert theirs.status_code == 404, step
        assert theirs.json() == nobodys.json()
    assert (await stranger.get(DAY)).json()["entries"] == []
    theirs = await stranger.post(FIND, query=booked["audience"]["reference"])
    nobodys = await stranger.post(FIND, query=NOBODYS)
    assert (theirs.status_code, theirs.json()) == (nobodys.status_code, nobodys.json()) == (200, NOBODY)
    assert (await stranger.post(FIND, query="سالم")).json() == NOBODY, "a name only where the person is known"
    assert (await stranger.get(SLOTS, kiosk=BADR_2.id)).status_code == 404
    assert (await desk.get(DAY)).json()["entries"][0]["audience"]["state"] == "booked"


async def test_a_link_is_for_an_own_location_that_is_still_open(service: Service, desk: Browser) -> None:
    at_kiosk = await book(desk, service, await registered(desk, 1))
    at_home = await book(desk, service, await registered(desk, 2), 1, venue="own-location", kiosk_id=None)
    assert str(at_home["link"]).startswith("/join#")
    assert (await desk.post(f"{BOOK}/{at_kiosk['audience']['id']}/link")).status_code == 404
    await desk.post(f"{BOOK}/{at_home['audience']['id']}/cancel")
    assert (await desk.post(f"{BOOK}/{at_home['audience']['id']}/link")).status_code == 409


async def test_those_who_come_in_person_take_the_offices_time_too(service: Service, desk: Browser) -> None:
    booked = await book(desk, service, await registered(desk, 1), venue="in-person", kiosk_id=None)
    assert (booked["status"], booked["audience"]["venue"], booked["link"]) == (201, "in-person", None)
    other = await book(desk, service, await registered(desk, 2))
    assert other["code"] == "slot-taken"


async def test_without_a_sitting_the_day_is_empty(service: Service, desk: Browser) -> None:
    service.clock.now += timedelta(days=3)
    await desk.sign_in("badr")
    assert (await desk.get(DAY)).json() | {"kiosks": []} == {
        "sitting": None,
        "sittings": [],
        "governorate": {"arabic": BADR.name.arabic, "english": BADR.name.english},
        "kiosks": [],
        "entries": [],
    }
    assert (await desk.get(SLOTS)).json() == {"sitting": None, "slots": []}
    assert (await desk.get(DAY, sitting=service.sitting.id)).json()["sitting"]["id"] == service.sitting.id
    assert (await desk.get(DAY, sitting="none")).status_code == 404
    assert (await desk.get(DAY, sitting="no/such id")).status_code == 422
