"""Signing in over the real application: sessions, throttle, origin and page tokens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.factories import BADR
from support.store_app import ADDRESS, PASSWORD, Service, knock, running_app

from tawasul.domain.people import Role

SIGN_IN = "/api/session"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


async def test_a_desk_signs_in_and_out(service: Service) -> None:
    await service.hire("badr", Role.DESK, BADR)
    browser = service.browser()
    assert (await browser.get(SIGN_IN)).json()["code"] == "not-signed-in"

    answer = await browser.sign_in("  BADR ")
    assert answer.status_code == 200
    session = answer.json()
    assert session | {"csrf": ""} == {
        "role": "desk",
        "display_name": "عينة: badr",
        "governorate_id": "badr",
        "agency_id": None,
        "csrf": "",
        "first_page": "/desk",
    }
    assert (await browser.get(SIGN_IN)).json() == session
    assert (await browser.get("/desk")).status_code == 200

    stolen = dict(browser.http.cookies)
    signed_out = await browser.http.delete(SIGN_IN)
    assert signed_out.status_code == 204
    assert dict(browser.http.cookies) == {}
    browser.http.cookies.update(stolen)
    assert (await browser.get(SIGN_IN)).status_code == 401, "the token itself is dead, not only its cookie"


@pytest.mark.parametrize(("user_name", "password"), [("badr", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD)])
async def test_wrong_unknown_and_gone_look_alike(service: Service, user_name: str, password: str) -> None:
    await service.hire("badr", Role.DESK, BADR)
    await service.hire("gone", Role.DESK, BADR)
    async with service.parts.database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE staff SET active = 0 WHERE user_name = 'gone'")
    answer = await service.browser().sign_in(user_name, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong-password")
    assert "set-cookie" not in answer.headers
    assert user_name not in answer.text


async def test_whoever_leaves_is_out_at_once(service: Service) -> None:
    browser = await service.signed_in("badr", Role.DESK, BADR)
    async with service.parts.database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE staff SET active = 0")
    assert (await browser.get(SIGN_IN)).status_code == 401


async def test_guessing_is_stopped_and_says_for_how_long(service: Service) -> None:
    await service.hire("badr", Role.DESK, BADR)
    browser = service.browser()
    answers = [await browser.sign_in("badr", f"guess {n}") for n in range(9)]
    assert [answer.status_code for answer in answers] == [401] * 8 + [429]
    assert answers[-1].json()["code"] == "too-many-attempts"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 300
    assert (await browser.sign_in("badr")).status_code == 429, "not even the right password is heard"


async def test_a_session_ends_after_twelve_hours_and_after_two_of_no_use(service: Service) -> None:
    browser = await service.signed_in("badr", Role.DESK, BADR)
    for _ in range(7):
        service.clock.now += timedelta(hours=1, minutes=40)
        assert (await browser.get(SIGN_IN)).status_code == 200
    service.clock.now += timedelta(minutes=20)
    assert (await browser.get(SIGN_IN)).status_code == 401

    await browser.sign_in("badr")
    service.clock.now += timedelta(hours=2)
    assert (await browser.get(SIGN_IN)).status_code == 401


async def test_one_browser_holds_a_desk_and_an_office(service: Service) -> None:
    browser = await service.signed_in("badr", Role.DESK, BADR)
    desk_token = browser.http.headers["X-Tawasul-CSRF"]
    await service.hire("office", Role.OFFICE)
    await browser.sign_in("office")
    assert (await browser.get("/desk")).status_code == 200
    assert (await browser.get("/office")).status_code == 200

    browser.http.headers["X-Tawasul-CSRF"] = desk_token
    assert (await browser.http.delete(SIGN_IN)).status_code == 204
    assert (await browser.get("/desk")).status_code == 403
    assert (await browser.get("/office")).status_code == 200, "only the session whose page asked has ended"


async def test_a_token_counts_in_the_cookie_of_its_own_role_only(service: Service) -> None:
    desk = await service.signed_in("badr", Role.DESK, BADR)
    forged = service.browser()
    forged.http.cookies.set("tawasul-session-office", desk.http.cookies["tawasul-session-desk"])
    assert (await forged.get("/office")).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ADDRESS.replace("http:", "https:")}, {}],
    ids=["another", "null", "another scheme", "none"],
)
async def test_another_sites_page_is_refused(service: Service, headers: dict[str, str]) -> None:
    await service.hire("badr", Role.DESK, BADR)
    signed_in = await service.signed_in("yanbu", Role.DESK, BADR)
    for browser in (service.browser(), signed_in):
        del browser.http.headers["Origin"]
        browser.http.headers.update(headers)
        answer = await browser.post(SIGN_IN, user_name="badr", password=PASSWORD)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    found = await signed_in.post("/api/desk/citizens/find", query="0500000001")
    assert found.json()["code"] == "cross-site"


async def test_a_page_without_the_token_of_its_session_is_refused(service: Service) -> None:
    browser = await service.signed_in("badr", Role.DESK, BADR)
    other = await service.signed_in("yanbu", Role.DESK, BADR)
    for token in ("", "x" * 64, other.http.headers["X-Tawasul-CSRF"]):
        browser.http.headers["X-Tawasul-CSRF"] = token
        answer = await browser.post("/api/desk/citizens/find", query="0500000001")
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


async def test_a_line_with_a_session_opens_from_our_own_page_only(service: Service) -> None:
    office = await service.signed_in("office", Role.OFFICE)
    cookie = "; ".join(f"{name}={value}" for name, value in office.http.cookies.items())
    assert await knock(service.app, "/signaling/office", {"cookie": cookie, "origin": ADDRESS}) is None
    assert await knock(service.app, "/signaling/office", {"cookie": cookie, "origin": "http://evil.example"}) == 4403
    assert await knock(service.app, "/signaling/office", {"cookie": cookie}) == 4403
    assert await knock(service.app, "/signaling/office", {"origin": ADDRESS}) == 4401
    assert await knock(service.app, "/signaling/kiosk", {}) is None
    assert await knock(service.app, "/signaling/kiosk", {"origin": "http://evil.example"}) == 4403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user_name": "badr"},
        {"user_name": "", "password": "x"},
        {"user_name": "x" * 65, "password": "x"},
        {"user_name": "badr", "password": "x" * 257},
        {"user_name": "badr", "password": "x", "role": "admin"},
        {"user_name": ["badr"], "password": "x"},
    ],
)
async def test_other_bodies_are_refused_and_not_repeated(service: Service, body: dict[str, object]) -> None:
    answer = await service.browser().post(SIGN_IN, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert "x" * 64 not in answer.text
