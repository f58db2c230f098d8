"""Waiting is a row, not a socket: the server is killed, and nobody loses anything."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.endpoints import begun, citizen_line, kiosk_line, office_line
from support.service import Service, a_service


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path) as running:
        yield running


def places(board: dict[str, object]) -> list[tuple[object, ...]]:
    """What of a board must not change by a restart."""
    return [(r["audience_id"], r["state"], r["position"], r["arrived_at"]) for r in board["rows"]]  # type: ignore[attr-defined]


async def test_three_wait_the_server_is_killed_and_the_board_is_the_same(service: Service) -> None:
    own = service.audience_with_link()
    cookie = await begun(service, own.link_token or "")
    async with kiosk_line(service, "badr-1") as one, kiosk_line(service, "yanbu-1") as two:
        await one.say("check-in", reference=service.audience_at("badr-1").reference)
        await two.say("check-in", reference=service.audience_at("yanbu-1").reference)
        async with citizen_line(service, None, cookie) as three:
            await three.say("check-in")
            await three.hear("waiting", lambda said: bool(said["entries"]))
            async with office_line(service) as office:
                before = await office.hear("board", _all_arrived)
                relay = service.relay_pid
                service.kill()
    await service.start()
    assert service.relay_pid == relay, "the relay outlived the server and was adopted"
    os.kill(relay, 0)
    async with office_line(service) as office:
        after = office.heard[-1]
        assert places(after) == places(before)
        assert all(not r["online"] for r in after["rows"]), "no ghosts: nobody has a line yet"
        async with kiosk_line(service, "badr-1") as one, citizen_line(service, None, cookie) as three:
            assert one.heard[-1]["entries"][0]["position"] == 1
            assert three.heard[-1]["entries"][0]["audience_id"] == own.audience_id
            await office.hear("board", lambda said: sum(r["online"] for r in said["rows"]) == 2)


async def test_a_call_goes_on_through_the_servers_death(service: Service) -> None:
    audience = service.audience_at("badr-1")
    async with kiosk_line(service, "badr-1") as kiosk, office_line(service) as office:
        await kiosk.say("check-in", reference=audience.reference)
        await office.hear("board", lambda said: any(r["state"] == "arrived" for r in said["rows"]))
        await office.say("call-in", audience_id=audience.audience_id)
        call_id = (await kiosk.hear("negotiate"))["call_id"]
        for line in (kiosk, office):
            await line.say("media", call_id=call_id, attempt=1, state="connected", path="relay")
        for line in (kiosk, office):
            await line.hear("call-state", lambda said: said["phase"] == "in-call")
        service.kill()
    await service.start()
    ongoing = {"call_id": call_id, "attempt": 1, "connected": True}
    async with kiosk_line(service, "badr-1", call=ongoing) as kiosk, office_line(service, call=ongoing) as office:
        state = await office.hear("call-state", lambda said: said["office"]["online"] and said["citizen"]["online"])
        assert (state["phase"], state["attempt"]) == ("in-call", 1)
        assert not any(said["type"] == "negotiate" for said in [*office.heard, *kiosk.heard]), "nothing was disturbed"
        await office.say("conclude", audience_id=audience.audience_id, directive="يُتابع")
        assert (await kiosk.hear("ended"))["because"] == "concluded"
        assert (await office.hear("concluded"))["directed"] is True


async def test_a_page_that_comes_back_empty_gets_its_call_again(service: Service) -> None:
    audience = service.audience_at("badr-1")
    async with office_line(service) as office:
        async with kiosk_line(service, "badr-1") as kiosk:
            await kiosk.say("check-in", reference=audience.reference)
            await office.hear("board", lambda said: any(r["state"] == "arrived" for r in said["rows"]))
            await office.say("call-in", audience_id=audience.audience_id)
            call_id = (await kiosk.hear("negotiate"))["call_id"]
            for line in (kiosk, office):
                await line.say("media", call_id=call_id, attempt=1, state="connected", path="relay")
            await office.hear("call-state", lambda said: said["phase"] == "in-call")
        # The kiosk's process was restarted: it knows of no call.
        async with kiosk_line(service, "badr-1") as kiosk:
            again = await kiosk.hear("negotiate")
            assert (again["call_id"], again["attempt"]) == (call_id, 2)
            assert (await office.hear("negotiate", lambda said: said["attempt"] == 2))["call_id"] == call_id


async def test_a_call_that_is_over_is_told_so(service: Service) -> None:
    gone = {"call_id": "long-over", "attempt": 4, "connected": True}
    async with kiosk_line(service, "badr-1", call=gone) as kiosk:
        assert any(said["type"] == "problem" and said["code"] == "no-such-call" for said in kiosk.heard)


def _all_arrived(board: dict[str, object]) -> bool:
    return sum(r["state"] == "arrived" and r["online"] for r in board["rows"]) == 3  # type: ignore[attr-defined]
