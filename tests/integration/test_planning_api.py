"""The office plans over the real application: sittings, protocol visits with whom they cost what, hours, places."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.desk import AT_BADR, AT_HOME, Json, refusal
from support.factories import BADR, BADR_1, BADR_2, BADR_CENTRE
from support.planning import Office
from support.store_app import running_app

from tawasul.domain.audience import MissedBecause, State
from tawasul.domain.message import MessageKind
from tawasul.domain.party import Priority
from tawasul.domain.task import TaskKind
from tawasul.domain.venue import AtKiosk

SLOT = timedelta(minutes=20)
WEEK = [[{"opens": "07:30", "closes": "14:30"}]] * 7


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with running_app(tmp_path) as service:
        service.clock.now += timedelta(days=4)  # to a Saturday, when the sitting of the factories is over
        yield await Office.opened(service, tmp_path)


def visit(starts_at: datetime, hours: float = 1, **more: object) -> Json:
    ends_at = starts_at + timedelta(hours=hours)
    return {
        "reach": {"kind": "office"},
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "reason": "protocol",
    } | more


def times(consequences: Json) -> list[tuple[str, datetime | None]]:
    """Who goes where."""
    return [
        (one["audience_id"], one["to"] and datetime.fromisoformat(one["to"]["starts_at"]))
        for one in consequences["affected"]
    ]


async def test_a_protocol_visit_is_shown_first_and_then_done_just_so(office: Office) -> None:
    ten = office.tomorrow
    sitting = await office.sits(ten, slots=6)
    at_home = await office.books(office.badr, 1, sitting, ten, AT_HOME)
    at_badr = await office.books(office.badr, 2, sitting, ten + SLOT, AT_BADR)
    elderly = await office.books(office.yanbu, 3, sitting, ten + 2 * SLOT, AT_HOME, priorities=["elderly"])
    stays = await office.books(office.badr, 4, sitting, ten + 3 * SLOT, AT_HOME)
    shown = await office.asks("POST", "blackouts/preview", **visit(ten))
    assert shown.status_code == 200, shown.text
    # The elderly one first, and then the governorates by turns: who lost the earlier time before the other.
    assert times(shown.json()) == [
        (at_home["id"], ten + 5 * SLOT),
        (at_badr["id"], None),
        (elderly["id"], ten + 4 * SLOT),
    ]
    assert (shown.json()["moved"], shown.json()["unplaced"], shown.json()["arrived"]) == (2, 1, 0)
    first = shown.json()["affected"][0]
    assert (first["citizen_name"], first["why"], datetime.fromisoformat(first["from"])) == ("عينة: 1", "blackout", ten)
    for id in (at_home["id"], at_badr["id"], elderly["id"]):
        assert (await office.audience(id)).version == 0, "a preview changes nothing"

    late = await office.asks("POST", "blackouts", **visit(ten), expected=2)
    assert refusal(late) == (409, "stale")
    assert late.json()["affected"] == 3
    done = await office.asks("POST", "blackouts", **visit(ten), expected=3)
    assert done.status_code == 201, done.text
    assert times(done.json()) == times(shown.json())

    moved, lost = await office.audience(at_home["id"]), await office.audience(at_badr["id"])
    assert (moved.state, moved.slot_starts_at, moved.priorities) == (
        State.BOOKED,
        ten + 5 * SLOT,
        (Priority.REBOOKED,),
    )
    assert moved.reference == at_home["reference"]
    assert (lost.state, lost.missed_because) == (State.MISSED, MissedBecause.OFFICE)
    assert (await office.audience(stays["id"])).version == 0
    assert MessageKind.REBOOKED in await office.told(at_home["id"])
    assert await office.told(at_badr["id"]) == [MessageKind.TIME_LOST]
    assert set(await office.tasks("badr")) == {
        (TaskKind.TELL_OF_NEW_TIME, at_home["id"]),
        (TaskKind.FIND_A_TIME, at_badr["id"]),
    }
    assert await office.tasks("yanbu") == [(TaskKind.TELL_OF_NEW_TIME, elderly["id"])]
    # Nobody can be booked there any more, and who is rebooked can be found another time by the desk.
    hold = await office.badr.browser.post(
        "/api/desk/holds", place=AT_HOME, sitting_id=sitting["id"], starts_at=ten.isoformat()
    )
    assert refusal(hold) == (409, "slot-not-offered")


async def test_taking_a_visit_back_moves_nobody_and_says_so(office: Office) -> None:
    ten = office.tomorrow
    sitting = await office.sits(ten, slots=2)
    booked = await office.books(office.badr, 1, sitting, ten, AT_HOME)
    done = await office.asks("POST", "blackouts", **visit(ten, hours=1 / 3), expected=1)
    assert [each["id"] for each in (await office.asks("GET", "blackouts")).json()["blackouts"]] == [
        done.json()["blackout"]["id"]
    ]
    removed = await office.asks("DELETE", f"blackouts/{done.json()['blackout']['id']}")
    assert removed.json() == {"moved_back": 0}
    assert (await office.audience(booked["id"])).slot_starts_at == ten + SLOT
    assert (await office.asks("GET", "blackouts")).json() == {"blackouts": []}
    await office.holds(office.badr, sitting, ten)


async def test_one_kiosk_that_is_closed_costs_another_kiosk_and_no_time(office: Office) -> None:
    ten = office.tomorrow
    sitting = await office.sits(ten, slots=2)
    booked = await office.books(office.badr, 1, sitting, ten, {"venue": "kiosk", "kiosk_id": BADR_1.id})
    closed = visit(ten, reach={"kind": "kiosk", "kiosk_id": BADR_1.id}, reason="maintenance")
    done = await office.asks("POST", "blackouts", **closed, expected=1)
    assert times(done.json()) == [(booked["id"], ten)]
    assert (await office.audience(booked["id"])).venue == AtKiosk(BADR_2.id)


async def test_two_who_lose_each_others_times_are_both_placed(office: Office) -> None:
    """What one gives up another gets: they are moved together, not one after the other."""
    ten = office.tomorrow
    sitting = await office.sits(ten, slots=3)
    first = await office.books(office.badr, 1, sitting, ten, AT_BADR)
    second = await office.books(office.badr, 2, sitting, ten + SLOT, AT_BADR)
    closed = visit(ten, hours=1 / 3, reach={"kind": "centre", "centre_id": BADR_CENTRE.id})
    shown = await office.asks("POST", "blackouts/preview", **closed)
    assert times(shown.json()) == [(first["id"], ten + 2 * SLOT)]
    hours = [[{"opens": "10:20", "closes": "14:30"}]] * 7
    other = await office.asks("POST", f"centres/{BADR_CENTRE.id}/hours/preview", week=hours, ramadan=hours)
    assert times(other.json()) == [(first["id"], ten + 2 * SLOT)]
    both = await office.asks("POST", "blackouts", **visit(ten, hours=0.5), expected=2)
    assert times(both.json()) == [(first["id"], ten + 2 * SLOT), (second["id"], None)]


async def test_holiday_ramadan_and_hours_show_whom_they_cost_a_time(office: Office) -> None:
    ten = office.tomorrow
    sitting = await office.sits(ten, slots=3)
    booked = await office.books(office.badr, 1, sitting, ten + 2 * SLOT, AT_BADR)
    day = ten.date().isoformat()
    holiday = {"name": {"arabic": "عطلة", "english": "Holiday"}, "first_day": day, "last_day": day}
    shown = await office.asks("POST", "holidays/preview", **holiday)
    assert [one["why"] for one in shown.json()["affected"]] == ["holiday"]
    assert refusal(await office.asks("POST", "holidays", **holiday)) == (409, "stale")
    short = [[{"opens": "07:30", "closes": "10:30"}]] * 7
    path = f"centres/{BADR_CENTRE.id}/hours"
    assert len((await office.asks("POST", f"{path}/preview", week=short, ramadan=short)).json()["affected"]) == 1
    assert refusal(await office.asks("PUT", path, week=short, ramadan=short)) == (409, "stale")
    put = await office.asks("PUT", path, week=WEEK, ramadan=WEEK)
    assert (put.status_code, put.json()["affected"]) == (200, [])
    pauses = {"dhuhr": {"iqama_minutes": 20, "pause_minutes": 30, "before_minutes": 100}}
    shown = await office.asks("POST", f"centres/{BADR_CENTRE.id}/pauses/preview", pauses=pauses)
    assert [one["why"] for one in shown.json()["affected"]] == ["prayer"]
    assert (await office.audience(booked["id"])).version == 0
    done = await office.asks("POST", "holidays", **holiday, expected=1)
    assert (done.status_code, done.json()["unplaced"]) == (201, 1)
    found = (await office.asks("GET", "holidays")).json()["holidays"]
    assert [each["id"] for each in found] == [done.json()["holiday"]["id"]]
    assert (await office.asks("DELETE", f"holidays/{found[0]['id']}")).status_code == 204


async def test_ramadan_is_declared_within_two_days_of_the_table(office: Office) -> None:
    known = (await office.asks("GET", "ramadans")).json()["ramadans"]
    table = next(each for each in known if each["hijri_year"] == 1447)
    assert (table["first_day"], table["declared"]) == ("2026-02-18", False)
    put = await office.asks("PUT", "ramadans/1447", first_day="2026-02-19", last_day="2026-03-19")
    assert put.status_code == 200, put.text
    known = (await office.asks("GET", "ramadans")).json()["ramadans"]
    assert [each["first_day"] for each in known if each["declared"]] == ["2026-02-19"]
    far = await office.asks("PUT", "ramadans/1447", first_day="2026-03-19", last_day="2026-04-17")
    assert refusal(far) == (422, "invalid-date")
    assert (await office.asks("DELETE", "ramadans/1447")).status_code == 200
    assert refusal(await office.asks("DELETE", "ramadans/1447")) == (404, "not-found")


async def test_sittings_repeat_over_weekdays_but_not_on_holidays_nor_on_each_other(office: Office) -> None:
    sunday = office.tomorrow.date()
    day = (sunday + timedelta(days=2)).isoformat()
    name = {"arabic": "يوم التأسيس", "english": "Founding Day"}
    assert (await office.asks("POST", "holidays", name=name, first_day=day, last_day=day)).status_code == 201
    first = await office.sits(office.tomorrow, slots=2)
    answer = await office.asks(
        "POST",
        "sittings/repeat",
        weekdays=[6, 0, 1, 2, 3],
        from_day=(sunday - timedelta(days=2)).isoformat(),
        to_day=(sunday + timedelta(days=4)).isoformat(),
        opens="10:00",
        closes="12:00",
        slot_minutes=15,
        buffer_minutes=5,
        receiver="deputy",
        quota=2,
    )
    assert answer.status_code == 201, answer.text
    assert [each["opens_at"][:10] for each in answer.json()["sittings"]] == [
        (sunday + timedelta(days=days)).isoformat() for days in (1, 3, 4)
    ]
    assert answer.json()["skipped"] == [
        {"day": sunday.isoformat(), "why": "overlap"},
        {"day": day, "why": "holiday"},
    ]
    planned = (await office.asks("GET", f"sittings?from={sunday}&days=2")).json()["sittings"]
    assert planned[0]["id"] == first["id"]
    second = planned[1]
    assert (second["receiver"], second["buffer_seconds"], second["quota"], second["slots"]) == ("deputy", 300, 2, 6)
    overlapping = {"opens_at": f"{sunday}T10:20:00+03:00", "closes_at": f"{sunday}T13:00:00+03:00", "slot_minutes": 20}
    assert refusal(await office.asks("POST", "sittings", **overlapping)) == (409, "sittings-overlap")
    assert (await office.asks("DELETE", f"sittings/{second['id']}")).status_code == 204
    await office.books(office.badr, 1, first, office.tomorrow)
    assert refusal(await office.asks("DELETE", f"sittings/{first['id']}")) == (409, "conflict")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slot_minutes": 7}, "slot_minutes"),
        ({"slot_minutes": 0}, "slot_minutes"),
        ({"buffer_minutes": 3}, "slot_minutes"),
        ({"closes_at": "2026-02-08T09:00:00+03:00"}, "closes_at"),
        ({"opens_at": "2026-02-08T10:02:00+03:00"}, "slot_minutes"),
        ({"opens_at": "2026-02-06T10:00:00+03:00", "closes_at": "2026-02-06T11:00:00+03:00"}, "closes_at"),
    ],
)
async def test_a_sitting_that_cannot_be_is_refused_by_its_field(
    office: Office, change: dict[str, object], field: str
) -> None:
    wanted = {"opens_at": "2026-02-08T10:00:00+03:00", "closes_at": "2026-02-08T12:00:00+03:00", "slot_minutes": 20}
    answer = await office.asks("POST", "sittings", **(wanted | change))
    assert refusal(answer) == (422, "invalid-input")
    assert answer.json()["field"] == field


async def test_a_market_and_a_portable_centre_are_centres_like_others(office: Office) -> None:
    day = office.tomorrow.date().isoformat()
    where = {"governorate_id": BADR.id, "latitude": 23.7, "longitude": 38.7}
    stop = {
        "on": day,
        "opens": "09:00",
        "closes": "12:00",
        "place": {"arabic": "الرايس"},
        "latitude": 23.5,
        "longitude": 38.6,
    }
    market = await office.asks(
        "POST", "centres", **where, name={"arabic": "سوق بدر", "english": "Badr market"}, kind="temporary",
        opens_on=day, closes_on=day, kiosks=2, hours={"week": WEEK, "ramadan": WEEK},
    )  # fmt: skip
    assert market.status_code == 201, market.text
    van = await office.asks(
        "POST", "centres", **where, name={"arabic": "المركز المتنقل"}, kind="portable", stops=[stop]
    )
    assert van.status_code == 201, van.text
    sitting = await office.sits(office.tomorrow, slots=2)
    booked = await office.books(
        office.badr, 1, sitting, office.tomorrow, {"venue": "kiosk", "centre_id": van.json()["id"]}
    )
    path = f"centres/{van.json()['id']}/stops"
    elsewhere = [stop | {"opens": "11:00"}]
    shown = await office.asks("POST", f"{path}/preview", stops=elsewhere)
    assert times(shown.json()) == [(booked["id"], None)]
    assert (await office.asks("PUT", path, stops=elsewhere, expected=1)).status_code == 200
    found = {each["id"]: each for each in (await office.asks("GET", "centres")).json()["centres"]}
    assert found[van.json()["id"]]["stops"][0]["opens"] == "11:00"
    assert len(found[market.json()["id"]]["kiosks"]) == 2
    assert refusal(await office.asks("PUT", f"centres/{BADR_CENTRE.id}/stops", stops=[])) == (422, "invalid-input")
    two_at_once = await office.asks("PUT", path, stops=[stop, stop | {"opens": "11:00", "closes": "13:00"}])
    assert refusal(two_at_once) == (422, "invalid-input")


async def test_who_has_arrived_stays_and_is_only_counted(office: Office) -> None:
    ten = office.tomorrow
    sitting = await office.sits(ten, slots=2)
    booked = await office.books(office.badr, 1, sitting, ten, AT_BADR)
    await office.passes(ten - timedelta(minutes=20) - office.now)
    assert (await office.badr.does("check-in", booked)).status_code == 200
    done = await office.asks("POST", "blackouts", **visit(ten), expected=0)
    assert (done.json()["affected"], done.json()["arrived"]) == ([], 1)
    assert (await office.audience(booked["id"])).state is State.ARRIVED


async def test_a_visit_that_would_cost_somebody_else_than_was_shown_is_not_made(office: Office) -> None:
    """As many as before, and another: who gave their time up and who was given one since."""
    ten = office.tomorrow
    sitting = await office.sits(ten, slots=3)
    gone = await office.books(office.badr, 1, sitting, ten, AT_HOME)
    shown = (await office.asks("POST", "blackouts/preview", **visit(ten, hours=1 / 3))).json()
    assert (await office.badr.does("cancel", gone)).status_code == 200
    come = await office.books(office.badr, 2, sitting, ten, AT_HOME)
    late = await office.asks("POST", "blackouts", **visit(ten, hours=1 / 3), expected=1, seen=shown["seen"])
    assert refusal(late) == (409, "stale")
    again = (await office.asks("POST", "blackouts/preview", **visit(ten, hours=1 / 3))).json()
    assert again["seen"] != shown["seen"]
    assert again["seen"] == (await office.asks("POST", "blackouts/preview", **visit(ten, hours=1 / 3))).json()["seen"]
    done = await office.asks("POST", "blackouts", **visit(ten, hours=1 / 3), expected=1, seen=again["seen"])
    assert done.status_code == 201, done.text
    assert times(done.json()) == times(again)
    assert [each["audience_id"] for each in done.json()["affected"]] == [come["id"]]


async def test_a_desk_does_not_plan(office: Office) -> None:
    answer = await office.badr.browser.post("/api/planning/blackouts/preview", **visit(office.tomorrow))
    assert refusal(answer) == (403, "refused")


async def test_an_offer_of_a_time_that_is_closed_is_taken_back_and_costs_nothing(office: Office) -> None:
    entry = await office.waits(office.badr, 1)
    await office.sits(office.tomorrow, slots=1)
    await office.turn()
    token = await office.token((await office.offers(office.badr))[entry["id"]]["id"])
    # Nobody has it yet, so nobody is affected.
    done = await office.asks("POST", "blackouts", **visit(office.tomorrow), expected=0)
    assert done.status_code == 201
    (line,) = await office.waitlist(office.badr)
    assert (line["state"], line["passed_over"], line["offer"]) == ("waiting", 0, None)
    assert refusal(await office.service.browser().post("/api/offer/accept", token=token)) == (409, "offer-over")
    assert await office.told_last(entry["citizen_id"]) is MessageKind.OFFER_WITHDRAWN
    # It is nobody's, and nobody said no to it: when the time is open again they are asked again.
    await office.turn()
    assert await office.offers(office.badr) == {}
    await office.asks("DELETE", f"blackouts/{done.json()['blackout']['id']}")
    await office.turn()
    assert list(await office.offers(office.badr)) == [entry["id"]]


async def test_a_sitting_is_removed_though_its_time_is_offered_and_nobody_loses_their_place(office: Office) -> None:
    first = await office.waits(office.badr, 1)
    office.service.clock.now += timedelta(minutes=1)
    await office.waits(office.badr, 2)
    sitting = await office.sits(office.tomorrow, slots=1)
    await office.turn()
    assert list(await office.offers(office.badr)) == [first["id"]]
    token = await office.token((await office.offers(office.badr))[first["id"]]["id"])
    assert (await office.asks("DELETE", f"sittings/{sitting['id']}")).status_code == 204
    entries = {each["id"]: each for each in await office.waitlist(office.badr)}
    assert [(entries[first["id"]][name]) for name in ("state", "position", "passed_over")] == ["waiting", 1, 0]
    assert await office.told_last(first["citizen_id"]) is MessageKind.OFFER_WITHDRAWN
    assert refusal(await office.service.browser().post("/api/offer/accept", token=token)) == (409, "offer-over")
    async with office.service.parts.database.unit_of_work(reading=True) as uow:
        assert await uow.holds.next_end() is None, "nothing is held"


async def test_a_sitting_of_which_a_desk_holds_a_time_stays_with_its_offers(office: Office) -> None:
    entry = await office.waits(office.badr, 1)
    sitting = await office.sits(office.tomorrow, slots=2)
    await office.turn()
    await office.holds(office.badr, sitting, office.tomorrow + SLOT)
    assert refusal(await office.asks("DELETE", f"sittings/{sitting['id']}")) == (409, "conflict")
    assert list(await office.offers(office.badr)) == [entry["id"]]
