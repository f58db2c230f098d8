"""Where and when somebody can be booked, over the real application with the region of its file."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.factories import BADR
from support.store_app import Browser, Service, running_app

from tawasul.domain.calendar import Holiday, HolidayId
from tawasul.domain.people import Role
from tawasul.domain.places import Name
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.store.seed import load_places

PLACES, FREE, NEAREST = (f"/api/desk/{path}" for path in ("places", "availability", "nearest"))
DAY = timedelta(days=1)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def desk(service: Service) -> Browser:
    return await service.signed_in("badr", Role.DESK, BADR)


async def planned(service: Service) -> datetime:
    """Two working days from 10:00 in Riyadh, over Dhuhr; the second is a holiday. When the first opens."""
    opens_at = (service.clock() + 2 * DAY).replace(hour=7, minute=0, second=0, microsecond=0)
    while opens_at.weekday() not in (6, 0, 1):
        opens_at += DAY
    async with service.parts.database.unit_of_work() as uow:
        await load_places(uow)
        for number in range(2):
            at = opens_at + number * DAY
            await uow.sittings.add(
                Sitting(SittingId(f"planned-{number}"), at, at + timedelta(hours=4), timedelta(minutes=10))
            )
        tomorrow = (opens_at + DAY).date()
        await uow.calendar.add_holiday(
            Holiday(HolidayId("eid"), Name("إجازة العيد", "Eid holiday"), tomorrow, tomorrow + DAY)
        )
        await uow.commit()
    return opens_at


async def test_the_desk_sees_its_own_centres_first(service: Service, desk: Browser) -> None:
    await planned(service)
    answer = (await desk.get(PLACES)).json()
    assert answer["governorate"]["id"] == "badr"
    assert [centre["own"] for centre in answer["centres"]] == [True] + [False] * (len(answer["centres"]) - 1)
    own = answer["centres"][0]
    assert (own["id"], own["kind"], own["opens_on"], own["stops"]) == ("badr-centre", "permanent", None, [])
    assert {kiosk["id"] for kiosk in own["kiosks"]} == {"badr-1", "badr-2"}


async def test_days_say_what_is_free_and_why_others_are_not(service: Service, desk: Browser) -> None:
    opens_at = await planned(service)
    day = opens_at.date()
    answer = (await desk.http.get(f"{FREE}?venue=own-location&from={day}&days=3")).json()
    first, holiday, after = answer["days"]
    assert (first["state"], first["why"], first["free"]) == ("open", None, len(first["slots"]))
    assert (holiday["state"], holiday["why"], holiday["name"]["english"]) == ("closed", "holiday", "Eid holiday")
    assert (after["state"], after["why"]) == ("closed", "holiday")
    assert first["slots"][0]["sitting_id"] == "planned-0"
    assert first["slots"][0]["kiosks"] == 0
    assert _moment(first["slots"][0]["starts_at"]) == opens_at


async def test_no_slot_is_offered_across_a_pause_that_the_answer_tells_of(service: Service, desk: Browser) -> None:
    day = (await planned(service)).date()
    # The factory's centre receives at any hour; that of Khaybar is the file's own.
    answer = (await desk.http.get(f"{FREE}?venue=kiosk&centre_id=khaybar-centre&from={day}&days=1")).json()
    (offered,) = answer["days"]
    (pause,) = offered["pauses"]
    assert pause["prayer"] == "dhuhr"
    begins, ends = _moment(pause["starts_at"]), _moment(pause["ends_at"])
    assert timedelta(minutes=37) <= ends - begins < timedelta(minutes=45)
    slots = [(_moment(slot["starts_at"]), _moment(slot["ends_at"])) for slot in offered["slots"]]
    assert slots
    assert not any(start < ends and begins < end for start, end in slots)


async def test_the_nearest_centre_to_a_town(service: Service, desk: Browser) -> None:
    await planned(service)
    answer = (await desk.http.get(f"{NEAREST}?town=الرايس")).json()
    assert answer["towns"][0]["name"]["english"] == "Ar-Rayis"
    nearest = answer["centres"][0]
    assert (nearest["centre_id"], nearest["own"], nearest["measure"]) == ("badr-centre", True, "as-the-crow-flies")
    assert 20 < nearest["kilometres"] < 40
    assert nearest["first_free"] is not None
    distances = [centre["kilometres"] for centre in answer["centres"]]
    assert distances == sorted(distances)
    assert (await desk.http.get(f"{NEAREST}?town=لندن")).json() == {"towns": [], "centres": []}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("venue=kiosk&centre_id=nowhere&from=2026-02-03", 404, "not-found"),
        ("venue=kiosk&kiosk_id=nowhere&from=2026-02-03", 404, "not-found"),
        ("venue=kiosk&from=2026-02-03", 422, "invalid-input"),
        ("venue=own-location&kiosk_id=badr-1&from=2026-02-03", 422, "invalid-input"),
        ("venue=own-location&from=1999-12-31", 422, "invalid-date"),
        ("venue=own-location&from=2077-01-01", 422, "invalid-date"),
    ],
)
async def test_what_cannot_be_asked_is_told_by_its_code(desk: Browser, query: str, status: int, code: str) -> None:
    answer = await desk.http.get(f"{FREE}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("query", ["venue=own-location&from=2026-02-30", "venue=own-location&from=2026-02-03&days=32"])
async def test_what_is_no_day_or_too_many_of_them_is_refused(desk: Browser, query: str) -> None:
    assert (await desk.http.get(f"{FREE}?{query}")).status_code == 422


async def test_only_a_desk_may_ask(service: Service) -> None:
    office = await service.signed_in("office", Role.OFFICE, None)
    for path in (PLACES, f"{FREE}?venue=own-location&from=2026-02-03", f"{NEAREST}?town=بدر"):
        assert (await office.http.get(path)).status_code == 403


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
