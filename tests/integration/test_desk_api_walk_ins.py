"""Walk-ins over the real application: a free slot if there is one, else a turn; the board has the desk's order."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.desk import AT_BADR, AT_HOME, IN_PERSON, Clerk, refusal
from support.factories import BADR, BADR_1, BADR_2, EMIRATE, slot
from support.store_app import Service, running_app

from signaling.core.waiting_room import Refreshed, WaitingRoom
from signaling.reading import read
from signaling.views import board
from tawasul.domain.hours import USUAL_PAUSES
from tawasul.domain.people import Role


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def clerk(service: Service) -> Clerk:
    return Clerk(await service.signed_in("badr", Role.DESK, BADR), service)


async def test_a_slot_that_is_free_now_is_theirs(service: Service, clerk: Clerk) -> None:
    answer = await clerk.receives(await clerk.registers(1))
    assert answer.status_code == 201
    received = answer.json()
    audience = received["audience"]
    assert (audience["state"], audience["assurance"]) == ("arrived", "seen-at-desk")
    assert (audience["walk_in"], audience["holds_slot"]) == (True, True)
    assert datetime.fromisoformat(audience["slot_starts_at"]) == slot(service.sitting, 0)
    assert (received["position"], datetime.fromisoformat(received["estimate"])) == (1, service.clock.now)
    assert refusal(await clerk.holds(0)) == (409, "slot-taken")


async def test_in_a_full_sitting_there_is_a_turn_behind_some_of_the_booked(service: Service, clerk: Clerk) -> None:
    for number in range(24):
        await clerk.booked(100 + number, at=number)
    first = (await clerk.receives(await clerk.registers(1))).json()
    elderly = (await clerk.receives(await clerk.registers(2), priorities=["elderly"], place=AT_HOME)).json()
    third = (await clerk.receives(await clerk.registers(3), place=IN_PERSON)).json()
    assert not any(each["audience"]["holds_slot"] for each in (first, elderly, third))
    turns = [datetime.fromisoformat(each["audience"]["slot_starts_at"]) for each in (first, elderly, third)]
    assert turns == [slot(service.sitting, 2), slot(service.sitting, 23), slot(service.sitting, 23)]
    assert (first["position"], elderly["position"], third["position"]) == (1, 2, 3)
    expected = service.clock.now + 3 * service.sitting.slot_length
    assert datetime.fromisoformat(first["estimate"]) == expected
    assert (elderly["estimate"], third["estimate"]) == (None, None), "all time is given to others"

    lines = [(line["audience"]["id"], line["order"]) for line in await clerk.day()]
    assert [order for _, order in lines] == list(range(1, 28))
    ids = [id for id, _ in lines]
    assert ids.index(first["audience"]["id"]) == 3, "behind three who are booked"
    assert ids[-2:] == [elderly["audience"]["id"], third["audience"]["id"]]


async def test_nobody_is_told_to_come_while_people_pray(service: Service, clerk: Clerk) -> None:
    async with service.parts.database.unit_of_work() as uow:
        await uow.regions.put_emirate(replace(EMIRATE, pauses=USUAL_PAUSES))
        await uow.commit()
    for number in range(3):
        await clerk.booked(100 + number, at=number)
    today = service.sitting.opens_at.date().isoformat()
    free = await clerk.browser.get("/api/desk/availability", venue="own-location", days="1", **{"from": today})
    (prayer,) = [each for each in free.json()["days"][0]["pauses"] if each["prayer"] == "dhuhr"]
    begins, ends = (datetime.fromisoformat(prayer[edge]) for edge in ("starts_at", "ends_at"))
    received = (await clerk.receives(await clerk.registers(1), place=AT_HOME)).json()
    behind_three = service.clock.now + 3 * service.sitting.slot_length
    assert begins - service.sitting.slot_length < behind_three < ends, "their turn comes when the prayer is called"
    assert not received["audience"]["holds_slot"]
    assert datetime.fromisoformat(received["estimate"]) == ends


async def test_the_offices_board_has_the_order_of_the_desk(service: Service, clerk: Clerk) -> None:
    booked = [await clerk.booked(100 + number, at=number) for number in range(24)]
    for number, priorities in ((1, []), (2, []), (3, ["disabled"]), (4, [])):
        service.clock.now += timedelta(seconds=20)
        await clerk.receives(await clerk.registers(number), priorities=priorities)
    for audience in (booked[7], booked[0], booked[23], booked[3]):
        service.clock.now += timedelta(seconds=20)
        await clerk.does("check-in", audience)

    reading = await read(service.parts.database.unit_of_work, service.clock.now, remember_for=timedelta(days=1))
    room = WaitingRoom()
    room.handle(Refreshed(reading.entries()), 0.0)
    waiting = [row for row in board(reading, room, service.sitting.id, service.clock.now).rows if row.position]
    arrived = [line for line in await clerk.day() if line["audience"]["state"] == "arrived"]
    assert [row.audience_id for row in waiting] == [line["audience"]["id"] for line in arrived]
    assert len(waiting) == 8
    assert [row.walk_in for row in waiting].count(True) == 4
    assert [row.priorities for row in waiting if row.priorities] == [("disabled",)]


async def test_a_slot_given_up_goes_to_the_next_who_walks_in(service: Service, clerk: Clerk) -> None:
    booked = [await clerk.booked(100 + number, at=number) for number in range(24)]
    await clerk.does("cancel", booked[1])
    received = (await clerk.receives(await clerk.registers(1))).json()["audience"]
    assert received["holds_slot"]
    assert datetime.fromisoformat(received["slot_starts_at"]) == slot(service.sitting, 1)


async def test_of_a_centres_kiosks_the_one_with_the_fewest(service: Service, clerk: Clerk) -> None:
    at = [(await clerk.receives(await clerk.registers(number))).json()["audience"]["kiosk_id"] for number in range(4)]
    assert at == [BADR_1.id, BADR_2.id, BADR_1.id, BADR_2.id]


async def test_the_same_again_is_done_once(service: Service, clerk: Clerk) -> None:
    citizen = await clerk.registers(1)
    clerk.browser.http.headers["Idempotency-Key"] = "walk-in-0001"
    first, again = [await clerk.receives(citizen) for _ in range(2)]
    assert (again.status_code, again.json()) == (201, first.json())
    del clerk.browser.http.headers["Idempotency-Key"]
    refused = await clerk.receives(citizen)
    assert refusal(refused) == (409, "already-booked")
    assert refused.json()["audience"]["id"] == first.json()["audience"]["id"]


async def test_who_walked_in_leaves_and_is_given_a_time(service: Service, clerk: Clerk) -> None:
    for number in range(24):
        await clerk.booked(100 + number, at=number)
    audience = (await clerk.receives(await clerk.registers(1))).json()["audience"]
    await clerk.does("withdraw-arrival", audience)
    (other, *_) = await clerk.day()
    await clerk.does("cancel", other["audience"])
    moved = await clerk.does("reschedule", audience, hold_id=await clerk.held(0), version=1)
    assert (moved.status_code, moved.json()["walk_in"], moved.json()["holds_slot"]) == (200, False, True)


async def test_no_sitting_today_receives_nobody(service: Service, clerk: Clerk) -> None:
    citizen = await clerk.registers(1)
    service.clock.now = service.sitting.closes_at
    await clerk.browser.sign_in("badr")
    assert refusal(await clerk.receives(citizen)) == (409, "slot-passed")
    service.clock.now = service.sitting.opens_at - timedelta(days=1)
    await clerk.browser.sign_in("badr")
    assert refusal(await clerk.receives(citizen)) == (409, "slot-passed")
    service.clock.now = service.sitting.opens_at - timedelta(hours=2)
    await clerk.browser.sign_in("badr")
    assert (await clerk.receives(citizen)).status_code == 201, "before it opens, on its own day"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"place": {"venue": "kiosk", "centre_id": "none"}}, (404, "not-found")),
        ({"assurance": "nafath"}, (422, "invalid-input")),
        ({"subject": ""}, (422, "invalid-text")),
        ({"citizen_id": "nobody"}, (404, "not-found")),
    ],
)
async def test_what_cannot_be_received(clerk: Clerk, more: dict[str, object], expected: tuple[int, str]) -> None:
    body = {"citizen_id": await clerk.registers(1), "place": AT_BADR, "subject": "طلب"}
    assert refusal(await clerk.browser.post("/api/desk/walk-ins", **(body | more))) == expected
