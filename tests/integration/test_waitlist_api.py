"""The waitlist over the real application: who waits, who is offered what, until when, and never two the same."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from support.desk import refusal
from support.factories import BADR_CENTRE
from support.planning import Office
from support.store_app import running_app

from tawasul.domain.people import Role
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.domain.waitlist import EntryId, EntryState


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with running_app(tmp_path) as service:
        service.clock.now += timedelta(days=1)  # the sitting of the factories is over
        yield await Office.opened(service, tmp_path)


async def test_who_joins_is_listed_with_the_reasons_for_the_place(office: Office) -> None:
    first = await office.waits(office.badr, 1)
    await office.passes(timedelta(hours=1))
    second = await office.waits(office.badr, 2, priorities=["elderly", "travelled-far"])
    await office.waits(office.yanbu, 3)
    entries = await office.waitlist(office.badr)
    assert [entry["id"] for entry in entries] == [second["id"], first["id"]]
    assert [entry["position"] for entry in entries] == [1, 2]
    assert entries[0]["why"] == ["elderly", "travelled-far", "joined"]
    assert entries[1]["why"] == ["joined"]
    assert entries[0]["citizen"]["national_id_last_four"]
    assert [entry["position"] for entry in await office.waitlist(office.yanbu)] == [3]


async def test_a_citizen_waits_once_and_what_cannot_be_is_refused(office: Office) -> None:
    entry = await office.waits(office.badr, 1)
    assert refusal(await office.joins(office.badr, entry["citizen_id"])) == (409, "already-waiting")
    other = await office.badr.registers(2)
    yesterday = (office.now.date() - timedelta(days=1)).isoformat()
    for wrong, code in (
        ({"to_day": yesterday, "from_day": yesterday}, "invalid-date"),
        ({"to_day": (office.now.date() + timedelta(days=200)).isoformat()}, "invalid-date"),
        ({"from_day": (office.now.date() + timedelta(days=40)).isoformat()}, "invalid-date"),
        ({"subject": "  "}, "invalid-text"),
        ({"venue": "kiosk"}, "invalid-input"),
        ({"centre_id": BADR_CENTRE.id}, "invalid-input"),
        ({"venue": "kiosk", "centre_id": "nowhere"}, "not-found"),
        ({"citizen_id": "nobody"}, "not-found"),
        ({"priorities": ["rebooked"]}, "invalid-input"),
    ):
        assert (await office.joins(office.badr, other, **wrong)).json()["code"] == code, wrong
    assert len(await office.waitlist(office.badr)) == 1


async def test_who_withdraws_waits_no_more_and_a_slip_is_taken_back(office: Office) -> None:
    entry = await office.waits(office.badr, 1)
    path = f"/api/desk/waitlist/{entry['id']}"
    assert refusal(await office.yanbu.browser.post(f"{path}/withdraw")) == (404, "not-found")
    assert (await office.badr.browser.post(f"{path}/withdraw")).json()["state"] == "withdrawn"
    assert await office.waitlist(office.badr) == []
    assert refusal(await office.badr.browser.post(f"{path}/withdraw")) == (409, "offer-over")
    assert (await office.badr.browser.post(f"{path}/restore")).json()["state"] == "waiting"
    assert [each["id"] for each in await office.waitlist(office.badr)] == [entry["id"]]
    assert refusal(await office.badr.browser.post(f"{path}/restore")) == (409, "offer-over")


async def test_a_new_sitting_is_offered_in_order_and_what_is_left_to_nobody_twice(office: Office) -> None:
    waiting = []
    for number in (1, 2, 3):
        waiting.append(await office.waits(office.badr, number))
        await office.passes(timedelta(minutes=1))
    await office.sits(office.tomorrow, slots=2)
    await office.turn()
    offers = await office.offers(office.badr)
    assert set(offers) == {waiting[0]["id"], waiting[1]["id"]}
    assert len({offer["starts_at"] for offer in offers.values()}) == 2
    assert offers[waiting[0]["id"]]["starts_at"] < offers[waiting[1]["id"]]["starts_at"]
    assert (await office.turn()).offered == 0
    # Held: no desk can book it meanwhile.
    await office.service.hire("yanbu-too", Role.DESK)
    sittings = (await office.asks("GET", f"sittings?from={office.now.date()}&days=7")).json()["sittings"]
    assert [(each["booked"], each["slots"]) for each in sittings] == [(2, 2)]


async def test_nobody_is_offered_a_time_in_a_sitting_in_which_they_have_one(office: Office) -> None:
    # They could not take it: a citizen has one audience in a sitting.
    sitting = await office.sits(office.tomorrow, slots=2)
    booked = await office.audience((await office.books(office.badr, 1, sitting, office.tomorrow))["id"])
    has_one = await office.joins(office.badr, booked.citizen_id)
    await office.passes(timedelta(minutes=1))
    has_none = await office.waits(office.badr, 2)
    await office.turn()
    assert set(await office.offers(office.badr)) == {has_none["id"]}
    other = await office.sits(office.tomorrow + timedelta(days=1), slots=1)
    await office.turn()
    assert (await office.offers(office.badr))[has_one.json()["id"]]["starts_at"] == other["opens_at"]


async def test_an_offer_is_accepted_by_its_link_once_and_is_a_booking(office: Office) -> None:
    entry = await office.waits(office.badr, 1, priorities=["disabled"])
    await office.sits(office.tomorrow, slots=1)
    await office.turn()
    offer = (await office.offers(office.badr))[entry["id"]]
    token = await office.token(offer["id"])
    citizen = office.service.browser()
    seen = await citizen.post("/api/offer/look", token=token)
    assert seen.status_code == 200
    assert (seen.json()["starts_at"], seen.json()["seconds_left"]) == (offer["starts_at"], 30 * 60)
    assert "عينة" not in seen.text
    taken = await citizen.post("/api/offer/accept", token=token)
    assert taken.status_code == 201, taken.text
    assert taken.json()["booking"]["slot_starts_at"] == offer["starts_at"]
    assert taken.json()["link"].startswith("/join#")
    for again in ("look", "accept", "decline"):
        assert refusal(await citizen.post(f"/api/offer/{again}", token=token)) == (409, "offer-over")
    assert await office.waitlist(office.badr) == []
    look = await citizen.post("/api/booking/look", token=taken.json()["booking_token"])
    assert look.json()["state"] == "booked"
    async with office.service.parts.database.unit_of_work(reading=True) as uow:
        audience = await uow.audiences.by_reference(look.json()["reference"])
    assert audience is not None
    assert (audience.venue, audience.governorate_id, audience.priorities) == (OwnLocation(), "badr", ("disabled",))


async def test_who_declines_makes_room_for_the_next_and_is_over_after_the_third(office: Office) -> None:
    first = await office.waits(office.badr, 1)
    await office.passes(timedelta(minutes=1))
    second = await office.waits(office.yanbu, 2)
    await office.sits(office.tomorrow, slots=1)
    await office.turn()
    offer = (await office.offers(office.badr))[first["id"]]
    # Another governorate's desk does not see it.
    assert refusal(await office.yanbu.browser.post(f"/api/desk/offers/{offer['id']}/decline")) == (404, "not-found")
    assert (await office.badr.browser.post(f"/api/desk/offers/{offer['id']}/decline")).status_code == 204
    await office.turn()
    assert (await office.offers(office.badr), list(await office.offers(office.yanbu))) == ({}, [second["id"]])
    for days in (1, 2):
        await office.sits(office.tomorrow + timedelta(days=days), slots=1)
        await office.turn()
        token = await office.token((await office.offers(office.badr))[first["id"]]["id"])
        declined = await office.service.browser().post("/api/offer/decline", token=token)
        assert declined.json() == {"waits": days == 1}
    assert await office.waitlist(office.badr) == []


async def test_an_offer_that_nobody_answers_lapses_and_goes_on(office: Office) -> None:
    entry = await office.waits(office.badr, 1)
    await office.sits(office.tomorrow, slots=1)
    await office.turn()
    offer = (await office.offers(office.badr))[entry["id"]]
    await office.passes(timedelta(minutes=30))
    token = await office.token(offer["id"])
    assert refusal(await office.service.browser().post("/api/offer/accept", token=token)) == (409, "offer-over")
    next_one = await office.waits(office.yanbu, 2)
    await office.turn()
    (line,) = await office.waitlist(office.badr)
    assert (line["state"], line["passed_over"]) == ("waiting", 1)
    assert list(await office.offers(office.yanbu)) == [next_one["id"]]


async def test_a_slot_that_is_given_back_is_offered_at_the_centre_wished_for(office: Office) -> None:
    opens_at = office.tomorrow
    sitting = await office.sits(opens_at, slots=1)
    booked = await office.books(office.badr, 1, sitting, opens_at)
    entry = await office.waits(office.badr, 2, venue="kiosk", centre_id=BADR_CENTRE.id)
    assert (await office.turn()).offered == 0
    assert (await office.badr.does("cancel", booked)).status_code == 200
    await office.turn()
    offer = (await office.offers(office.badr))[entry["id"]]
    answer = await office.badr.browser.post(f"/api/desk/offers/{offer['id']}/accept")
    assert answer.status_code == 201, answer.text
    audience = await office.audience(answer.json()["audience"]["id"])
    assert isinstance(audience.venue, AtKiosk)
    assert answer.json()["booking_link"].startswith("/booking#")


async def test_nothing_is_offered_at_night_nor_too_late_nor_on_other_days(office: Office) -> None:
    await office.passes(timedelta(hours=11))  # 23:04 in Riyadh
    soon = datetime.combine(office.now.date() + timedelta(days=1), time(7), UTC)
    later = soon + timedelta(days=1)
    entry = await office.waits(office.badr, 1, from_day=later.date().isoformat(), to_day=later.date().isoformat())
    for opens_at in (soon, later):
        await office.sits(opens_at, slots=1)
    await office.turn()
    assert await office.offers(office.badr) == {}, "at night"
    await office.passes(timedelta(hours=9))  # 8:04
    await office.turn()
    offer = (await office.offers(office.badr))[entry["id"]]
    assert datetime.fromisoformat(offer["starts_at"]) == later, "the one on the day wished for"
    await office.badr.browser.post(f"/api/desk/waitlist/{entry['id']}/withdraw")
    await office.waits(office.badr, 2, to_day=office.now.date().isoformat())
    await office.turn()
    assert await office.offers(office.badr) == {}, "in less than three hours"


async def test_an_entry_whose_last_day_is_over_ends(office: Office) -> None:
    entry = await office.waits(office.badr, 1, to_day=office.now.date().isoformat())
    await office.passes(timedelta(days=1))
    await office.turn()
    assert await office.waitlist(office.badr) == []
    async with office.service.parts.database.unit_of_work(reading=True) as uow:
        assert (await uow.waitlist.get(EntryId(entry["id"]))).state is EntryState.LAPSED


async def test_withdrawing_takes_the_offer_back_and_frees_its_slot(office: Office) -> None:
    first = await office.waits(office.badr, 1)
    await office.passes(timedelta(minutes=1))
    second = await office.waits(office.badr, 2)
    await office.sits(office.tomorrow, slots=1)
    await office.turn()
    offer = (await office.offers(office.badr))[first["id"]]
    await office.badr.browser.post(f"/api/desk/waitlist/{first['id']}/withdraw")
    await office.turn()
    assert list(await office.offers(office.badr)) == [second["id"]]
    token = await office.token(offer["id"])
    assert refusal(await office.service.browser().post("/api/offer/accept", token=token)) == (409, "offer-over")


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 101])
async def test_a_forged_link_to_an_offer_opens_nothing(office: Office, token: str) -> None:
    answer = await office.service.browser().post("/api/offer/look", token=token)
    assert answer.status_code in (403, 422)
    assert answer.json()["code"] in ("link-not-valid", "invalid-input")
