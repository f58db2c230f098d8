"""Signaling as endpoints meet it: a running server, real sockets, every door, and the whole walk without media."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from support.endpoints import Line, begun, citizen_line, kiosk_line, office_line, session_cookie, signed_in
from support.service import Service, a_service
from support.tries import of_this_try
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from kiosk_client.vault import DeviceKey
from signaling.core.peer import BURST
from signaling.strangers import MOST_OF_ONE_SOURCE
from tawasul.domain.audience import State
from tawasul.domain.outcome import Directive
from tawasul.own_database import open_database

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def service(request: pytest.FixtureRequest, shared: Service, tmp_path: Path) -> AsyncIterator[Service]:
    async with of_this_try(request, shared, tmp_path) as service:
        yield service


async def checked_in(service: Service, line: Line, kiosk_id: str) -> str:
    """The citizen of a kiosk has checked in on its line; the audience's id."""
    audience = service.audience_at(kiosk_id)
    await line.say("check-in", reference=audience.reference)
    await line.hear("waiting", lambda said: any(e["audience_id"] == audience.audience_id for e in said["entries"]))
    return audience.audience_id


async def connected(office: Line, citizen: Line, attempt: int) -> str:
    """Both ends say that they decode each other in this attempt; the call's id."""
    mine = await citizen.hear("negotiate", lambda said: said["attempt"] == attempt)
    theirs = await office.hear("negotiate", lambda said: said["attempt"] == attempt)
    assert (mine["offers"], theirs["offers"]) == (True, False)
    await citizen.say("offer", call_id=mine["call_id"], attempt=attempt, sdp="v=0 offer")
    assert (await office.hear("offer"))["sdp"] == "v=0 offer"
    await office.say("answer", call_id=mine["call_id"], attempt=attempt, sdp="v=0 answer")
    assert (await citizen.hear("answer"))["sdp"] == "v=0 answer"
    for line in (office, citizen):
        await line.say("media", call_id=mine["call_id"], attempt=attempt, state="connected", path="relay")
    for line in (office, citizen):
        await line.hear("call-state", lambda said: said["phase"] == "in-call")
    return str(mine["call_id"])


async def test_the_whole_walk_of_a_kiosks_citizen(service: Service) -> None:
    async with kiosk_line(service, "badr-1") as kiosk, office_line(service) as office:
        audience_id = await checked_in(service, kiosk, "badr-1")
        row = await office.hear(
            "board", lambda said: any(r["audience_id"] == audience_id and r["state"] == "arrived" for r in said["rows"])
        )
        seen = next(r for r in row["rows"] if r["audience_id"] == audience_id)
        assert (seen["position"], seen["assurance"], seen["place"]["arabic"]) == (1, "declared", "محافظة بدر")

        await office.say("call-in", audience_id=audience_id)
        call_id = await connected(office, kiosk, 1)

        await office.say("hang-up", call_id=call_id)
        for line in (office, kiosk):
            ended = await line.hear("ended")
            assert (ended["because"], ended["waits_again"]) == ("office-hung-up", False)
        await office.say("conclude", audience_id=audience_id, directive="يُنظر في الطلب خلال أسبوع")
        for line in (office, kiosk):
            assert (await line.hear("concluded"))["directed"] is True

    database = open_database(service.settings)
    async with database.unit_of_work(reading=True) as work:
        audience = await work.audiences.get(audience_id)  # type: ignore[arg-type]
    await database.close()
    assert audience.state is State.CONCLUDED
    assert isinstance(audience.outcome, Directive)
    assert audience.outcome.wording.reveal() == "يُنظر في الطلب خلال أسبوع"


async def test_lost_media_are_negotiated_anew_and_the_citizen_keeps_the_place(service: Service) -> None:
    async with kiosk_line(service, "yanbu-1") as kiosk, office_line(service) as office:
        audience_id = await checked_in(service, kiosk, "yanbu-1")
        await office.say("call-in", audience_id=audience_id)
        call_id = await connected(office, kiosk, 1)
        await kiosk.say("media", call_id=call_id, attempt=1, state="lost")
        assert await connected(office, kiosk, 2) == call_id
        # The citizen hangs up; the office writes that nothing had to be directed.
        await kiosk.say("hang-up", call_id=call_id)
        assert (await office.hear("ended"))["because"] == "citizen-hung-up"
        await office.say("conclude", audience_id=audience_id)
        assert (await kiosk.hear("concluded"))["directed"] is False


async def test_a_call_in_that_is_taken_back_leaves_the_place_as_it_was(service: Service) -> None:
    own = service.audience_with_link(0)
    async with citizen_line(service, own.link_token) as citizen, office_line(service) as office:
        await citizen.say("check-in")
        place = await citizen.hear("waiting", lambda said: bool(said["entries"]))
        assert place["office_present"] is True
        assert place["entries"][0]["position"] == 1
        await office.say("call-in", audience_id=own.audience_id)
        call = await citizen.hear("negotiate")
        assert call["ice"]["policy"] == "relay", "an own location is not shown to the other end"
        await office.say("hang-up", call_id=call["call_id"])
        ended = await citizen.hear("ended")
        assert (ended["because"], ended["waits_again"]) == ("taken-back", True)
        again = await citizen.hear("waiting", lambda said: any(e["interruptions"] == 1 for e in said["entries"]))
        assert (again["entries"][0]["position"], again["entries"][0]["interruptions"]) == (1, 1)


async def test_an_alarm_ends_the_call_on_both_ends_and_keeps_the_place(service: Service) -> None:
    own = await service.invite()
    async with citizen_line(service, own.link_token) as citizen, office_line(service) as office:
        await citizen.say("check-in")
        await citizen.hear("waiting", lambda said: bool(said["entries"]))
        await office.say("call-in", audience_id=own.audience_id)
        call = await citizen.hear("negotiate")
        assert call["other"]["device"] is None
        await citizen.say("alarm", call_id=call["call_id"], attempt=1, code="phrase-differs")
        for line in (citizen, office):
            ended = await line.hear("ended")
            assert (ended["because"], ended["waits_again"]) == ("not-private", True)
        await citizen.hear("waiting", lambda said: any(e["interruptions"] == 1 for e in said["entries"]))


async def test_one_office_one_citizen_at_a_time(service: Service) -> None:
    own = service.audience_with_link(1)
    async with (
        kiosk_line(service, "alula-1") as kiosk,
        citizen_line(service, own.link_token) as citizen,
        office_line(service) as office,
        office_line(service) as aide,
    ):
        first = await checked_in(service, kiosk, "alula-1")
        await citizen.say("check-in")
        await citizen.hear("waiting", lambda said: bool(said["entries"]))
        await office.say("call-in", audience_id=first)
        call = await office.hear("negotiate")
        await aide.say("call-in", audience_id=own.audience_id)
        assert await aide.problem() == "office-busy"
        # The aide sees how the call stands, and is no end of it.
        assert (await aide.hear("call-state"))["call_id"] == call["call_id"]
        await office.say("hang-up", call_id=call["call_id"])
        await office.hear("ended")


async def test_somebody_who_has_no_line_is_not_called_into_the_void(service: Service) -> None:
    own = service.audience_with_link(2)
    cookie = await begun(service, own.link_token or "")
    async with citizen_line(service, None, cookie) as citizen:
        await citizen.say("check-in")
        await citizen.hear("waiting", lambda said: bool(said["entries"]))
    async with office_line(service) as office:
        await office.say("call-in", audience_id=own.audience_id)
        assert await office.problem() == "venue-not-connected"


async def test_a_link_that_belongs_to_a_device_opens_nothing_on_another(service: Service) -> None:
    own = await service.invite()
    await begun(service, own.link_token or "")
    async with httpx.AsyncClient(base_url=service.address, headers={"origin": service.address}) as stranger:
        refused = await stranger.post("/api/join/begin", json={"token": own.link_token})
    assert refused.json()["code"] == "link-used-elsewhere"


async def test_a_second_page_of_the_same_citizen_replaces_the_first(service: Service) -> None:
    own = await service.invite()
    cookie = await begun(service, own.link_token or "")
    async with citizen_line(service, None, cookie) as first, citizen_line(service, None, cookie) as second:
        assert await first.problem() == "replaced"
        assert await first.closed() == 4409
        await second.say("check-in")
        await second.hear("waiting", lambda said: bool(said["entries"]))
    await service.clear()


async def test_a_kiosk_that_signs_with_another_key_is_shown_the_door(service: Service, tmp_path: Path) -> None:
    stranger = DeviceKey.load_or_create(tmp_path / "other.key")
    async with connect(service.lines("kiosk"), proxy=None) as connection:
        line = Line(connection)
        nonce = (await line.hear("challenge"))["nonce"]
        await line.say("hello", protocol=1, proof=stranger.prove(nonce, "badr-1").model_dump(mode="json"))
        assert await line.problem() == "kiosk-not-recognised"
        assert await line.closed() == 4403


async def test_a_signature_of_an_earlier_nonce_opens_nothing(service: Service) -> None:
    key = DeviceKey.load_or_create(service.kiosk_key("badr-1"))
    async with connect(service.lines("kiosk"), proxy=None) as connection:
        line = Line(connection)
        await line.hear("challenge")
        await line.say("hello", protocol=1, proof=key.prove("x" * 43, "badr-1").model_dump(mode="json"))
        assert await line.closed() == 4403


@pytest.mark.parametrize("door", ["office", "citizen"])
async def test_nobody_in_particular_is_told_to_sign_in(service: Service, door: str) -> None:
    async with connect(service.lines(door), origin=service.address, proxy=None) as connection:  # type: ignore[arg-type]
        assert await Line(connection).closed() == 4401


async def test_another_sites_page_gets_no_line(service: Service) -> None:
    cookie = await session_cookie(service, "office")
    async with connect(
        service.lines("office"),
        origin="https://elsewhere.example",  # type: ignore[arg-type]
        additional_headers={"cookie": cookie},
        proxy=None,
    ) as connection:
        assert await Line(connection).closed() == 4403


async def test_a_bad_client_is_answered_and_harms_nobody(service: Service) -> None:
    async with office_line(service) as office, kiosk_line(service, "badr-1") as bad:
        for frame, code in [
            ("{", "malformed"),
            ('{"type":"no-such-thing"}', "unknown-message"),
            ('{"type":"conclude","audience_id":"x"}', "not-for-this-endpoint"),
            ('{"type":"check-in","reference":"ZZZZ-ZZZ"}', "invalid-input"),
            ('{"type":"hang-up","call_id":"nobody"}', "no-such-call"),
        ]:
            await bad.connection.send(frame)
            assert await bad.problem() == code, frame
        await bad.connection.send(b"\x00\xff")
        assert await bad.problem() == "malformed"
        await bad.connection.send("x" * 70_000)
        assert await bad.closed() == 1009
        await office.say("call-in", audience_id="nobody")
        assert await office.problem() == "not-found"


async def test_a_flood_ends_its_own_line_only(service: Service) -> None:
    async with office_line(service) as office, kiosk_line(service, "badr-1") as bad:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(BURST * 5):
                await bad.say("hang-up", call_id="nobody")
        # What was still on its way when the server closed can make the network drop the goodbye itself.
        assert await bad.closed() in (4429, 1006)
        await office.say("call-in", audience_id="nobody")
        assert await office.problem() == "not-found"


async def test_an_old_page_is_told_to_reload(service: Service) -> None:
    cookie = await session_cookie(service, "office")
    async with connect(
        service.lines("office"),
        origin=service.address,
        additional_headers={"cookie": cookie},
        proxy=None,  # type: ignore[arg-type]
    ) as connection:
        line = Line(connection)
        await line.say("hello", protocol=7)
        assert await line.problem() == "protocol-version"
        assert await line.closed() == 4400


async def test_what_the_desk_saw_reaches_the_offices_board(service: Service) -> None:
    """The row stands where it stood, and still the office must learn that the identity was seen."""
    client, csrf = await signed_in(service, "yanbu")
    audience = next(a for a in service.samples.audiences if a.kiosk_id == "yanbu-2")
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(client.aclose)
        office = await stack.enter_async_context(office_line(service))
        for assurance in ("declared", "seen-at-desk"):
            answer = await client.post(
                f"/api/desk/audiences/{audience.audience_id}/check-in",
                json={"assurance": assurance},
                headers={"x-tawasul-csrf": csrf},
            )
            assert answer.status_code == 200, answer.text
            row = (audience.audience_id, "arrived", assurance)
            await office.hear("board", lambda said, row=row: row in seen(said))


def seen(board: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Of each row: whose, how it stands, and how sure the identity is."""
    return {(row["audience_id"], row["state"], row["assurance"]) for row in board["rows"]}


async def test_sockets_that_say_nothing_are_bounded_and_keep_nobody_out(service: Service) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(MOST_OF_ONE_SOURCE):
            silent = await stack.enter_async_context(connect(service.lines("kiosk"), proxy=None))
            await Line(silent).hear("challenge")
        async with connect(service.lines("kiosk"), proxy=None) as one_more:
            assert await Line(one_more).closed() == 1013
    async with kiosk_line(service, "badr-1") as kiosk:
        assert kiosk.heard[-1]["type"] == "waiting"
