"""A slot is kept while a form is filled, over the real application."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.desk import AT_BADR, Clerk, refusal
from support.factories import BADR, BADR_1, BADR_2, slot
from support.store_app import Service, running_app

from tawasul.domain.hold import FORM_LASTS, FORM_LASTS_AT_MOST
from tawasul.domain.people import Role


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


async def test_what_is_kept_is_nobody_elses_and_says_how_long(service: Service, clerk: Clerk, colleague: Clerk) -> None:
    kept = await clerk.holds(3)
    assert kept.status_code == 201
    hold = kept.json()
    assert (hold["venue"], hold["centre_id"], hold["kiosk_id"]) == ("kiosk", "badr-centre", "badr-1")
    assert datetime.fromisoformat(hold["starts_at"]) == slot(service.sitting, 3)
    assert hold["seconds_left"] == FORM_LASTS.total_seconds()

    refused = await colleague.holds(3)
    assert refusal(refused) == (409, "slot-taken")
    others = refused.json()["alternatives"]
    assert others
    for other in others:
        assert other.keys() == {"sitting_id", "starts_at", "ends_at", "venue", "centre_id"}
        place = {"venue": other["venue"]} | ({"centre_id": other["centre_id"]} if other["centre_id"] else {})
        number = (datetime.fromisoformat(other["starts_at"]) - service.sitting.opens_at) // service.sitting.slot_length
        assert (await colleague.holds(number, place)).status_code == 201, "what is offered instead is to be had"

    service.clock.now += FORM_LASTS
    assert (await colleague.holds(3)).status_code == 201, "what is over holds nothing"
    assert refusal(await clerk.books(await clerk.registers(1), hold["id"])) == (409, "hold-expired")


async def test_of_a_centres_kiosks_the_least_used_is_chosen(clerk: Clerk) -> None:
    chosen = [(await clerk.holds(number)).json()["kiosk_id"] for number in range(4)]
    assert chosen == [BADR_1.id, BADR_2.id, BADR_1.id, BADR_2.id]


async def test_another_choice_of_the_same_form_gives_the_first_back(clerk: Clerk, colleague: Clerk) -> None:
    first = await clerk.held(1)
    assert (await colleague.holds(2)).status_code == 201
    assert refusal(await clerk.holds(2, replaces=first)) == (409, "slot-taken")
    assert refusal(await colleague.holds(1)) == (409, "slot-taken"), "a refused choice leaves the first one kept"
    assert (await clerk.holds(3, replaces=first)).status_code == 201
    assert (await colleague.holds(1)).status_code == 201


async def test_it_is_kept_longer_on_asking_but_not_for_ever(service: Service, clerk: Clerk, colleague: Clerk) -> None:
    hold = await clerk.held()
    began = service.clock.now
    for _ in range(10):
        service.clock.now += timedelta(minutes=2)
        answer = await clerk.browser.post(f"/api/desk/holds/{hold}/prolong")
        if answer.is_error:
            break
        assert datetime.fromisoformat(answer.json()["expires_at"]) <= began + FORM_LASTS_AT_MOST
    assert refusal(answer) == (409, "hold-expired")
    assert service.clock.now == began + FORM_LASTS_AT_MOST
    assert refusal(await colleague.browser.post(f"/api/desk/holds/{hold}/prolong")) == (409, "hold-expired")


async def test_what_is_given_back_is_free_and_only_its_owner_gives_it_back(clerk: Clerk, colleague: Clerk) -> None:
    hold = await clerk.held()
    assert (await colleague.browser.http.delete(f"/api/desk/holds/{hold}")).status_code == 204
    assert refusal(await colleague.holds()) == (409, "slot-taken")
    for _ in range(2):
        assert (await clerk.browser.http.delete(f"/api/desk/holds/{hold}")).status_code == 204
    assert (await colleague.holds()).status_code == 201


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"starts_at": "2026-02-03T09:01:00Z"}, (409, "slot-not-offered")),
        ({"starts_at": "2026-02-03T08:50:00Z"}, (409, "slot-not-offered")),
        ({"starts_at": "2026-02-03T09:00:00"}, (422, "invalid-input")),
        ({"sitting_id": "none"}, (404, "not-found")),
        ({"place": {"venue": "kiosk", "centre_id": "none"}}, (404, "not-found")),
        ({"place": {"venue": "kiosk", "kiosk_id": "none"}}, (404, "not-found")),
        ({"place": {"venue": "kiosk"}}, (422, "invalid-input")),
        ({"place": {"venue": "kiosk", "kiosk_id": "badr-1", "centre_id": "badr-centre"}}, (422, "invalid-input")),
        ({"place": {"venue": "own-location", "kiosk_id": "badr-1"}}, (422, "invalid-input")),
        ({"place": {"venue": "car"}}, (422, "invalid-input")),
    ],
)
async def test_what_cannot_be_kept(clerk: Clerk, changes: dict[str, object], expected: tuple[int, str]) -> None:
    wanted = {"place": AT_BADR, "sitting_id": "today", "starts_at": "2026-02-03T09:00:00Z"}
    assert refusal(await clerk.browser.post("/api/desk/holds", **(wanted | changes))) == expected


async def test_a_slot_that_has_passed(service: Service, clerk: Clerk) -> None:
    service.clock.now = slot(service.sitting, 2)
    assert refusal(await clerk.holds(1)) == (409, "slot-passed")
    assert (await clerk.holds(2)).status_code == 201
