"""The switchboard on its bad days: parts that fail or are slow, rows of yesterday, lines that end, two sittings."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from support.factories import BADR_2, CALL, a_sitting
from support.store import open_database, with_a_sitting
from support.store_app import ADDRESS, PASSWORD, Service, running_app
from support.told_lines import PATIENCE, Told, connected, console, kiosk, row_of, say, somebody, until

from signaling import office
from signaling import switchboard as switchboard_module
from signaling.core.call import Passed
from signaling.core.peer import Endpoint
from tawasul.access.policy import CitizenPrincipal
from tawasul.app import assemble
from tawasul.domain.audience import Audience, CallId, State
from tawasul.domain.people import IdentityAssurance, Role
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.protocol.from_endpoint import CallIn, Conclude, HangUp, Hello
from tawasul.settings import Settings
from tawasul.store.unit_of_work import Database


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as running, asyncio.timeout(4 * PATIENCE):
        await running.parts.switchboard.ready.wait()
        yield running


async def in_a_call(service: Service, at: Told, desk: Told, audience: Audience) -> str:
    """Both ends see each other: the call's id."""
    await desk.hear(
        "board", lambda said: any(r["audience_id"] == audience.id and r["state"] == "arrived" for r in said["rows"])
    )
    await say(service, desk, CallIn(audience_id=audience.id))
    call_id = str((await at.hear("negotiate"))["call_id"])
    await say(service, desk, connected(call_id))
    await say(service, at, connected(call_id))
    await desk.hear("call-state", lambda said: said["call_id"] == call_id and said["phase"] == "in-call")
    return call_id


async def test_a_call_of_yesterday_that_nobody_ended_does_not_keep_its_kiosk_for_ever(
    service: Service,
) -> None:
    database, switchboard = service.parts.database, service.parts.switchboard
    yesterday = await somebody(database, service.sitting)
    # The service dies in the middle of the call, and is started again on the next day.
    await office.call_in(database.unit_of_work, yesterday.id, CALL, service.clock.now)
    service.clock.now += timedelta(days=1)
    today = a_sitting("tomorrow", opens_at=service.clock.now - timedelta(minutes=4))
    async with database.unit_of_work() as work:
        await work.sittings.add(today)
        await work.commit()
    waits = await somebody(database, today)
    switchboard.changed()
    at, desk = kiosk(), console()
    await switchboard.greet(at.line, Hello(protocol=1))
    await switchboard.greet(desk.line, Hello(protocol=1, sitting_id=today.id))
    await until(lambda: switchboard.call(CALL) is not None)
    call = switchboard.call(CALL)
    assert call is not None
    # After the time in which its ends may come back (here: at once) it is over, as on any day.
    call.state._give_up_at = 0.0
    call.give(Passed())
    await at.hear("ended", lambda said: said["call_id"] == CALL)
    assert (await row_of(database, yesterday.id)).state is State.ARRIVED
    await in_a_call(service, at, desk, waits)


async def test_a_late_arrival_in_an_earlier_sitting_does_not_take_the_office_away_from_its_call(
    service: Service,
) -> None:
    database, switchboard = service.parts.database, service.parts.switchboard
    late = await somebody(database, service.sitting, number=3, venue=AtKiosk(BADR_2.id), there=False)
    service.clock.now = service.sitting.closes_at + timedelta(hours=1)
    afternoon = a_sitting("afternoon", opens_at=service.clock.now - timedelta(minutes=4))
    async with database.unit_of_work() as work:
        await work.sittings.add(afternoon)
        await work.commit()
    audience = await somebody(database, afternoon)
    switchboard.changed()
    at, desk = kiosk(), console()
    await switchboard.greet(at.line, Hello(protocol=1))
    await switchboard.greet(desk.line, Hello(protocol=1))
    call_id = await in_a_call(service, at, desk, audience)

    async with database.unit_of_work() as work:
        row = await work.audiences.get(late.id)
        row.arrive(IdentityAssurance.SEEN_AT_DESK, service.clock.now)
        await work.audiences.save(row)
        await work.commit()
    await until(lambda: switchboard.reading.audiences[late.id].state is State.ARRIVED)
    assert switchboard.shows(desk.line) == afternoon.id
    # Nor does a page that is loaded anew lose it.
    switchboard.left(desk.line)
    again = console(2)
    await switchboard.greet(again.line, Hello(protocol=1))
    assert (await again.hear("negotiate"))["call_id"] == call_id
    await say(service, again, HangUp(call_id=call_id))
    assert (await again.hear("ended"))["because"] == "office-hung-up"


async def test_how_long_a_call_lasts_is_not_forgotten_by_a_restart(service: Service) -> None:
    database, switchboard = service.parts.database, service.parts.switchboard
    audience = await somebody(database, service.sitting)
    began = service.clock.now
    async with database.unit_of_work() as work:
        row = await work.audiences.get(audience.id)
        row.call_in(CALL, began)
        row.join(began + timedelta(seconds=3))
        await work.audiences.save(row)
        await work.commit()
    service.clock.now += timedelta(minutes=5)
    switchboard.changed()
    desk = console()
    await switchboard.greet(desk.line, Hello(protocol=1))
    since = (await desk.hear("call-state"))["since"]
    assert datetime.fromisoformat(since) == began + timedelta(seconds=3)


async def test_nobody_is_called_in_from_a_board_that_does_not_show_them(service: Service) -> None:
    database, switchboard = service.parts.database, service.parts.switchboard
    other = a_sitting("other", opens_at=service.sitting.closes_at)
    async with database.unit_of_work() as work:
        await work.sittings.add(other)
        await work.commit()
    audience = await somebody(database, other)
    switchboard.changed()
    at, desk = kiosk(), console()
    await switchboard.greet(at.line, Hello(protocol=1))
    await switchboard.greet(desk.line, Hello(protocol=1, sitting_id=service.sitting.id))
    await at.hear("waiting", lambda said: bool(said["entries"]))
    await say(service, desk, CallIn(audience_id=audience.id))
    assert (await desk.hear("problem"))["code"] == "not-found"
    assert (await row_of(database, audience.id)).state is State.ARRIVED


async def test_a_second_tab_takes_the_call_when_the_first_is_gone_and_the_citizen_sees_nobody(
    service: Service,
) -> None:
    database, switchboard = service.parts.database, service.parts.switchboard
    audience = await somebody(database, service.sitting)
    switchboard.changed()
    at, first, second = kiosk(), console(1), console(2)
    for told in (at, second, first):
        await switchboard.greet(told.line, Hello(protocol=1))
    call_id = await in_a_call(service, at, first, audience)
    switchboard.left(first.line)
    await second.hear("call-state", lambda said: not said["office"]["online"])
    assert not any(said["type"] == "negotiate" for said in second.said), "the line says nothing about the media"
    await say(service, at, connected(call_id, "lost"))
    assert (await second.hear("negotiate"))["attempt"] == 2
    assert (await at.hear("negotiate", lambda said: said["attempt"] == 2))["call_id"] == call_id


async def test_what_the_service_could_not_do_is_told_and_the_line_goes_on(service: Service, tmp_path: Path) -> None:
    database, switchboard = service.parts.database, service.parts.switchboard
    audience = await somebody(database, service.sitting)
    switchboard.changed()
    at, desk = kiosk(), console()
    await switchboard.greet(at.line, Hello(protocol=1))
    await switchboard.greet(desk.line, Hello(protocol=1))
    await in_a_call(service, at, desk, audience)
    with sqlite3.connect(tmp_path / "tawasul.db", timeout=10, isolation_level=None) as full:
        full.execute("CREATE TRIGGER full BEFORE UPDATE ON audiences BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        await say(service, desk, Conclude(audience_id=audience.id, directive="يُتابع"))
        problem = await desk.hear("problem")
        assert (problem["code"], problem["about"]) == ("internal", "conclude")
        full.execute("DROP TRIGGER full")
    full.close()
    await say(service, desk, Conclude(audience_id=audience.id, directive="يُتابع"))
    assert (await desk.hear("concluded"))["directed"] is True


async def test_a_slow_store_does_not_stop_the_pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switchboard_module, "PULSE_EVERY", 0.01)
    monkeypatch.setattr(switchboard_module, "LOOK_AGAIN_EVERY", 1)
    async with running_app(tmp_path) as service, asyncio.timeout(PATIENCE):
        switchboard, database = service.parts.switchboard, service.parts.database
        await switchboard.ready.wait()
        await service.hire("office", Role.OFFICE)
        who = (await service.parts.sign_ins.sign_in("office", PASSWORD, source="127.0.0.1")).principal
        async with asyncio.TaskGroup() as holding:
            release = asyncio.Event()
            held = [asyncio.Event() for _ in range(database.engine.pool.size())]  # type: ignore[attr-defined]

            async def hold(begun: asyncio.Event) -> None:
                """Every connection to the store is taken: who asks it something, waits."""
                async with database.unit_of_work(reading=True) as work:
                    await work.regions.all()
                    begun.set()
                    await release.wait()

            for begun in held:
                holding.create_task(hold(begun))
            for begun in held:
                await begun.wait()
            desk = Told(Endpoint.OFFICE, "office:1", who)
            await switchboard.greet(desk.line, Hello(protocol=1))
            await until(lambda: sum(said["type"] == "pulse" for said in desk.said) >= 10)
            release.set()


async def test_a_part_that_fails_is_begun_anew_and_not_ready_until_then(service: Service) -> None:
    switchboard = service.parts.switchboard
    at, browser = kiosk(), service.browser()
    await switchboard.greet(at.line, Hello(protocol=1))
    switchboard._room_runner.give("nothing that a room knows")  # type: ignore[arg-type]
    # The lines are ended, so that endpoints come back, and find everything as the rows say.
    await until(lambda: at.ended is not None)
    assert at.ended == 1012
    assert (await browser.get("/api/health")).json()["ready"] is False
    switchboard.left(at.line)
    await switchboard.ready.wait()
    assert (await browser.get("/api/health")).json()["ready"] is True
    audience = await somebody(service.parts.database, service.sitting)
    at, desk = kiosk(), console()
    await switchboard.greet(at.line, Hello(protocol=1))
    await switchboard.greet(desk.line, Hello(protocol=1))
    await in_a_call(service, at, desk, audience)


async def test_a_line_that_is_being_closed_is_not_listened_to_any_more(service: Service) -> None:
    """Also where its endpoint does not read, so that the farewell cannot be sent."""
    database, switchboard = service.parts.database, service.parts.switchboard
    audience = await somebody(database, service.sitting, venue=OwnLocation(), there=False)
    async with database.unit_of_work() as work:
        token = await service.parts.links.issue(work, audience.id, service.sitting.closes_at)
        await work.commit()
    browser = service.browser()
    assert (await browser.begin(f"/join#{token}")).is_success
    cookie = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    greeted = asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            greeted.set()
            await asyncio.Event().wait()

    host = ADDRESS.removeprefix("http://")
    headers = {"host": host, "origin": ADDRESS, "cookie": cookie}
    scope = {
        "type": "websocket", "scheme": "ws", "path": "/signaling/citizen", "raw_path": b"/signaling/citizen",
        "query_string": b"", "root_path": "", "client": ("192.0.2.1", 50000), "server": tuple(host.split(":")),
        "subprotocols": [], "state": {}, "asgi": {"version": "3.0"},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    frames.put_nowait({"type": "websocket.connect"})
    frames.put_nowait({"type": "websocket.receive", "text": '{"type":"hello","protocol":1}'})
    serving = asyncio.create_task(service.app(scope, frames.get, send))
    async with asyncio.timeout(PATIENCE):
        await greeted.wait()
        other = Told(Endpoint.CITIZEN, f"citizen:{audience.id}", CitizenPrincipal(audience.id))
        await switchboard.greet(other.line, Hello(protocol=1))
        frames.put_nowait({"type": "websocket.receive", "text": '{"type":"check-in"}'})
        await serving
    assert (await row_of(database, audience.id)).state is State.BOOKED


async def test_a_step_that_meets_the_desks_is_taken_all_the_same(tmp_path: Path, postgres_url: str) -> None:
    """Two change one row at once: the later one looks again, and no step of a call is lost."""
    settings = Settings(directory=tmp_path, database_url=SecretStr(postgres_url))
    async with open_database(postgres_url) as database, asyncio.timeout(3 * PATIENCE):
        sitting = await with_a_sitting(database)
        audience = await somebody(database, sitting)
        parts = assemble(settings, database, relay_secret=SecretStr("the relay's"), relay_port=3478)
        running = asyncio.create_task(parts.switchboard.run())
        parts.switchboard._clock = lambda: sitting.opens_at + timedelta(minutes=4)
        at, desk = kiosk(), console()
        try:
            parts.switchboard.changed()
            await parts.switchboard.ready.wait()
            await parts.switchboard.greet(at.line, Hello(protocol=1))
            await parts.switchboard.greet(desk.line, Hello(protocol=1, sitting_id=sitting.id))
            await at.hear("waiting", lambda said: bool(said["entries"]))
            await parts.requests.deliver(desk.line, CallIn(audience_id=audience.id))
            call_id = CallId((await at.hear("negotiate"))["call_id"])
            async with database.unit_of_work() as desks:
                row = await desks.audiences.get(audience.id)
                await desks.audiences.save(row)
                # The row is the desk's until its commit: the call's step has looked at it, and waits.
                await parts.requests.deliver(desk.line, HangUp(call_id=call_id))
                await _somebody_waits_for_a_row(database)
                await desks.commit()
            assert (await at.hear("ended"))["waits_again"] is True
            assert (await row_of(database, audience.id)).state is State.ARRIVED
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _somebody_waits_for_a_row(database: Database) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while True:
        async with database.engine.connect() as connection:
            if (await connection.execute(waiting)).scalar_one():
                return
        await asyncio.sleep(0.02)
