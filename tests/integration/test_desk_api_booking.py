"""Times at the desk over the real application: booked, moved, taken back; two clerks, stale pages, lost answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import AT_HOME, IN_PERSON, Clerk, refusal
from support.factories import BADR, YANBU, YANBU_CENTRE, a_sitting, national_id, slot
from support.store_app import Service, running_app

from scheduler.citizen_links import BookingLinks
from tawasul.access.keys import AccessKeys
from tawasul.domain.audience import AudienceId
from tawasul.domain.message import MessageKind, MessageState
from tawasul.domain.people import Role
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import Sitting
from tawasul.domain.task import TaskKind
from tawasul.store.key_file import load_or_create

ELSEWHERE = {"venue": "kiosk", "centre_id": YANBU_CENTRE.id}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def clerk(service: Service) -> Clerk:
    return Clerk(await service.signed_in("badr", Role.DESK, BADR), service)


@pytest.fixture
async def colleague(service: Service) -> Clerk:
    return Clerk(await service.signed_in("badr-too", Role.DESK, BADR), service)


@pytest.fixture
async def yanbu(service: Service) -> Clerk:
    return Clerk(await service.signed_in("yanbu", Role.DESK, YANBU), service)


async def another_sitting(service: Service, *, days: int = 2) -> Sitting:
    sitting = a_sitting("later", opens_at=service.sitting.opens_at + timedelta(days=days))
    async with service.parts.database.unit_of_work() as uow:
        await uow.sittings.add(sitting)
        await uow.commit()
    return sitting


async def open_tasks(service: Service) -> list[TaskKind]:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        return [task.kind for task in await uow.tasks.open_of(GovernorateId(BADR.id))]


async def messages(service: Service, audience: str, state: MessageState = MessageState.DUE) -> list[MessageKind]:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        return [m.kind for m in await uow.messages.of_audience(AudienceId(audience)) if m.state is state]


# Booking what is kept


async def test_a_booking_with_all_that_can_go_with_it(service: Service, clerk: Clerk) -> None:
    party = {
        "kind": "representative",
        "name": "عينة: وكيل",
        "national_id": national_id(77),
        "relation": "agent",
        "proof": "power-of-attorney",
        "proof_number": "٤٤٥٥",
        "proof_seen": False,
    }
    answer = await clerk.books(
        await clerk.registers(1),
        await clerk.held(),
        priorities=["travelled-far", "elderly"],
        party=party,
        petition="نص المعروض\nفي سطرين",
        language="en",
    )
    assert answer.status_code == 201
    booked = answer.json()
    audience = booked["audience"]
    assert audience["priorities"] == ["elderly", "travelled-far"]
    assert (audience["booked_here"], audience["holds_slot"], audience["walk_in"]) == (True, True, False)
    assert (audience["version"], audience["language"], audience["missed_because"]) == (0, "en", None)
    assert audience["slot_ends_at"] > audience["slot_starts_at"]
    assert booked["link"] is None
    (entry,) = await clerk.day()
    assert entry["audience"] == audience
    assert entry["party"] == {key: value for key, value in party.items() if key != "national_id"} | {
        "national_id_last_four": national_id(77)[-4:]
    }
    assert (entry["petition"], entry["attachments"], entry["order"]) == (True, 0, 1)
    assert await open_tasks(service) == [TaskKind.CHECK_PROOF]
    assert await messages(service, audience["id"]) == [MessageKind.BOOKED]
    keys = AccessKeys.from_secret(
        load_or_create(Path(str(service.parts.database.engine.url.database)).parent / "access.key")
    )
    token = str(booked["booking_link"]).removeprefix("/booking#")
    assert BookingLinks(keys.bookings).read(token, service.clock.now) == audience["reference"]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"subject": " "}, "invalid-text", "subject"),
        ({"petition": "س" * 4001}, "invalid-text", "petition"),
        ({"party": {"kind": "group", "name": "عينة", "size": 1}}, "invalid-input", "group_size"),
        ({"party": {"kind": "group", "name": "", "size": 3}}, "invalid-text", "group_name"),
        ({"priorities": ["rebooked"]}, "invalid-input", None),
        ({"sitting_id": "today"}, "invalid-input", "hold_id"),
        ({"hold_id": None}, "invalid-input", "hold_id"),
        ({"citizen_id": "nobody"}, "not-found", None),
    ],
)
async def test_what_is_wrong_leaves_the_slot_kept(clerk: Clerk, more: dict[str, object], code: str, field: str) -> None:
    citizen, hold = await clerk.registers(1), await clerk.held()
    body = {"citizen_id": citizen, "hold_id": hold, "subject": "طلب"}
    answer = await clerk.browser.post("/api/desk/audiences", **(body | more))
    assert answer.json()["code"] == code
    if field:
        assert answer.json()["field"] == field
    assert (await clerk.books(citizen, hold)).status_code == 201, "mended, and the slot is still there"


async def test_a_colleagues_hold_is_nobody_elses_to_book(clerk: Clerk, colleague: Clerk) -> None:
    citizen = await clerk.registers(1)
    assert refusal(await colleague.books(citizen, await clerk.held())) == (409, "hold-expired")


async def test_the_same_booking_again_is_answered_as_the_first_time(service: Service, clerk: Clerk) -> None:
    citizen = await clerk.registers(1)
    hold = await clerk.held(0, AT_HOME)
    first = await clerk.books(citizen, hold)
    assert first.status_code == 201
    again = await clerk.books(citizen, hold)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await clerk.day()) == 1
    assert await messages(service, first.json()["audience"]["id"]) == [MessageKind.BOOKED]
    other = await clerk.registers(2)
    assert refusal(await clerk.books(other, hold)) == (409, "hold-expired"), "the hold was used for somebody else"


async def test_without_a_hold_a_key_makes_a_booking_one(service: Service, clerk: Clerk) -> None:
    citizen = await clerk.registers(1)
    body = {
        "citizen_id": citizen,
        "sitting_id": service.sitting.id,
        "slot_starts_at": slot(service.sitting, 0).isoformat(),
        "venue": "in-person",
        "subject": "طلب",
    }
    clerk.browser.http.headers["Idempotency-Key"] = "k" * 20
    first, again = [await clerk.browser.post("/api/desk/audiences", **body) for _ in range(2)]
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (201, first.json())
    clerk.browser.http.headers["Idempotency-Key"] = "l" * 20
    assert refusal(await clerk.browser.post("/api/desk/audiences", **body)) == (409, "slot-taken")


async def test_two_clerks_on_one_citizen(service: Service, clerk: Clerk, colleague: Clerk, yanbu: Clerk) -> None:
    citizen = await clerk.registers(1)
    first = await clerk.books(citizen, await clerk.held(0))
    refused = await colleague.books(citizen, await colleague.held(1))
    assert refusal(refused) == (409, "already-booked")
    audience = first.json()["audience"]
    assert refused.json()["audience"] == {"id": audience["id"], "slot_starts_at": audience["slot_starts_at"]}
    stranger = await yanbu.books(citizen, await yanbu.held(2, ELSEWHERE))
    assert refusal(stranger) == (409, "already-booked")
    assert "audience" not in stranger.json(), "another governorate's desk learns no more than that"


async def test_at_another_governorates_centre_both_desks_look_after_it(clerk: Clerk, yanbu: Clerk) -> None:
    audience = await clerk.booked(1, place=ELSEWHERE)
    assert (audience["governorate_id"], audience["booked_here"]) == (YANBU.id, True)
    assert await clerk.day() == [], "who comes to Yanbu is on Yanbu's list"
    (entry,) = await yanbu.day()
    assert (entry["audience"]["id"], entry["audience"]["booked_here"]) == (audience["id"], False)
    assert (await yanbu.does("check-in", audience)).status_code == 200
    assert (await clerk.does("withdraw-arrival", audience)).status_code == 200
    assert (await clerk.does("cancel", audience)).status_code == 200


# Moving


async def test_a_move_keeps_the_reference_and_frees_the_slot(service: Service, clerk: Clerk, colleague: Clerk) -> None:
    audience = await clerk.booked(1, at=0)
    later = await another_sitting(service)
    moved = await clerk.does("reschedule", audience, hold_id=await clerk.held(5, sitting=later), version=0)
    assert moved.status_code == 200
    now_at = moved.json()
    assert now_at["reference"] == audience["reference"]
    assert (now_at["sitting_id"], now_at["version"], now_at["link"]) == (later.id, 1, None)
    assert (await colleague.holds(0)).status_code == 201, "the earlier slot is free"
    assert await messages(service, audience["id"], MessageState.WITHDRAWN) == [MessageKind.BOOKED]
    assert (await messages(service, audience["id"]))[0] is MessageKind.MOVED
    refused = await colleague.does("reschedule", audience, hold_id=await colleague.held(6, sitting=later), version=0)
    assert refusal(refused) == (409, "stale")


async def test_who_moves_to_another_desks_centre_is_that_desks_to_see_to(clerk: Clerk, yanbu: Clerk) -> None:
    party = {
        "kind": "representative", "name": "عينة: وكيل", "national_id": national_id(77), "relation": "agent",
        "proof": "power-of-attorney", "proof_number": "4455", "proof_seen": False,
    }  # fmt: skip
    audience = await clerk.booked(1, at=9, party=party)
    (task,) = (await clerk.browser.get("/api/desk/tasks")).json()["tasks"]
    assert (await clerk.browser.post(f"/api/desk/tasks/{task['id']}/take")).status_code == 200
    moved = await clerk.does("reschedule", audience, hold_id=await clerk.held(12, ELSEWHERE), version=0)
    assert moved.status_code == 200, moved.text
    assert (await clerk.browser.get("/api/desk/tasks")).json()["tasks"] == []
    (theirs,) = (await yanbu.browser.get("/api/desk/tasks")).json()["tasks"]
    assert (theirs["id"], theirs["owner"], theirs["due_at"]) == (task["id"], None, moved.json()["slot_starts_at"])


async def test_a_link_that_does_not_open_at_the_new_time_is_made_anew(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(1, place=AT_HOME)
    nearby = await clerk.does("reschedule", audience, hold_id=await clerk.held(4, AT_HOME), version=0)
    assert nearby.json()["link"] is None, "the same sitting: the link they have still opens"
    later = await another_sitting(service)
    moved = await clerk.does("reschedule", audience, hold_id=await clerk.held(0, AT_HOME, later), version=1)
    assert str(moved.json()["link"]).startswith("/join#")


async def test_what_cannot_be_moved(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(1)
    hold = await clerk.held(5)
    await clerk.does("check-in", audience)
    assert refusal(await clerk.does("reschedule", audience, hold_id=hold, version=1)) == (409, "unlawful-transition")
    assert refusal(await clerk.does("reschedule", audience, hold_id=hold, version=0)) == (409, "stale")
    assert refusal(await clerk.does("reschedule", audience, hold_id="none", version=1)) == (409, "hold-expired")
    assert (await clerk.does("withdraw-arrival", audience)).status_code == 200
    assert (await clerk.does("reschedule", audience, hold_id=hold, version=2)).status_code == 200


# Slips, and who was missed


async def test_a_cancellation_by_a_slip_is_taken_back(service: Service, clerk: Clerk, colleague: Clerk) -> None:
    audience = await clerk.booked(1, at=9)
    cancelled = (await clerk.does("cancel", audience, version=0)).json()
    assert refusal(await clerk.does("reinstate", audience, version=0)) == (409, "stale")
    back = await clerk.does("reinstate", audience, version=cancelled["version"])
    assert (back.status_code, back.json()["state"]) == (200, "booked")
    assert refusal(await colleague.holds(9)) == (409, "slot-taken")
    assert await messages(service, audience["id"]) == [MessageKind.BOOKED]


async def test_what_somebody_has_taken_meanwhile_is_not_taken_back(clerk: Clerk, colleague: Clerk) -> None:
    audience = await clerk.booked(1)
    await clerk.does("cancel", audience)
    await colleague.held(0)
    assert refusal(await clerk.does("reinstate", audience, version=1)) == (409, "slot-taken")
    again = await clerk.books(await _citizen_of(clerk, 1), await clerk.held(4))
    assert again.status_code == 201
    refused = await clerk.does("reinstate", audience, version=1)
    assert refusal(refused) == (409, "already-booked")
    assert refused.json()["audience"]["id"] == again.json()["audience"]["id"]


async def _citizen_of(clerk: Clerk, number: int) -> str:
    found = await clerk.browser.post("/api/desk/citizens/find", query=national_id(number))
    id: str = found.json()["citizens"][0]["id"]
    return id


async def test_marked_missed_by_a_slip_after_the_slot_has_passed(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(1)
    service.clock.now = slot(service.sitting, 3)
    missed = (await clerk.does("missed", audience)).json()
    assert (missed["missed_because"], missed["rebook"]) == ("citizen", False)
    back = (await clerk.does("reinstate", audience, version=missed["version"])).json()
    assert (back["state"], back["missed_because"]) == ("booked", None)
    assert (await clerk.does("check-in", audience)).json()["state"] == "arrived"


@pytest.mark.parametrize("because", ["office", "technical"])
async def test_who_was_not_received_has_another_time_first(service: Service, clerk: Clerk, because: str) -> None:
    audience = await clerk.booked(1)
    await clerk.does("check-in", audience)
    missed = (await clerk.does("missed", audience, because=because, version=1)).json()
    assert (missed["state"], missed["missed_because"], missed["rebook"]) == ("missed", because, True)
    assert await open_tasks(service) == [TaskKind.FIND_A_TIME]
    again = await clerk.books(await _citizen_of(clerk, 1), await clerk.held(5), priorities=["elderly"])
    assert again.json()["audience"]["priorities"] == ["rebooked", "elderly"]
    assert await open_tasks(service) == [], "a time was found"
    third = await clerk.does("cancel", again.json()["audience"])
    assert third.status_code == 200


async def test_who_did_not_come_has_no_priority(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(1)
    await clerk.does("missed", audience)
    assert await open_tasks(service) == []
    again = await clerk.books(await _citizen_of(clerk, 1), await clerk.held(5))
    assert again.json()["audience"]["priorities"] == []


async def test_missed_by_a_slip_of_the_office_leaves_no_task(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(1)
    await clerk.does("missed", audience, because="office")
    assert (await clerk.does("reinstate", audience, version=1)).status_code == 200
    assert await open_tasks(service) == []


async def test_stale_pages_are_told_so(clerk: Clerk) -> None:
    audience = await clerk.booked(1)
    await clerk.does("check-in", audience)
    for step in ("cancel", "missed"):
        assert refusal(await clerk.does(step, audience, version=0)) == (409, "stale"), step
    assert (await clerk.does("missed", audience, version=1)).status_code == 200


# Tickets


async def test_a_reference_opens_the_line_to_read_back(clerk: Clerk, yanbu: Clerk) -> None:
    audience = await clerk.booked(1)
    for typed in (audience["reference"], audience["reference"].lower().replace("-", "")):
        answer = await clerk.browser.post("/api/desk/tickets/read", code=typed)
        assert answer.status_code == 200
        assert answer.json()["audience"] == audience
        assert answer.json()["citizen"]["national_id_last_four"] == national_id(1)[-4:]
    assert refusal(await yanbu.browser.post("/api/desk/tickets/read", code=audience["reference"])) == (404, "not-found")
    nonsense = await clerk.browser.post("/api/desk/tickets/read", code="nonsense")
    assert (refusal(nonsense), nonsense.json()["field"]) == ((422, "ticket-not-valid"), "code")


async def test_in_person_takes_the_offices_time_alone(clerk: Clerk) -> None:
    audience = await clerk.booked(1, place=IN_PERSON)
    assert (audience["venue"], audience["kiosk_id"]) == ("in-person", None)
    assert refusal(await clerk.holds(0)) == (409, "slot-taken")
