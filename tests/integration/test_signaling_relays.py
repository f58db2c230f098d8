"""Which relays a call's ends are given by the switchboard, and what it remembers of a kiosk's way to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from support.factories import BADR, BADR_1, MADINAH
from support.relay_silence import silence
from support.store_app import ADDRESS, Service, running_app
from support.told_lines import PATIENCE, connected, console, kiosk, say, somebody, until

from media_relay.fleet import Fleet
from signaling.call_relays import CallRelays
from signaling.ice import EmbeddedRelay, IceConfig, IceIssuer
from tawasul.app import create_app
from tawasul.protocol.from_endpoint import CallIn, Conclude, Hello


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as running, asyncio.timeout(4 * PATIENCE):
        await running.parts.switchboard.ready.wait()
        yield running


async def test_what_worked_at_a_centre_comes_first_at_its_kiosks_until_it_is_forgotten(service: Service) -> None:
    parts = service.parts
    streams = EmbeddedRelay(port=3478, tcp=True, tls_port=443)
    parts.switchboard.relays = CallRelays(
        IceIssuer(IceConfig(), secret=SecretStr("the relay's"), embedded=streams),
        parts.database.unit_of_work,
        parts.clock,
    )
    at, desk = kiosk(), console()
    await parts.switchboard.greet(at.line, Hello(protocol=1))
    await parts.switchboard.greet(desk.line, Hello(protocol=1, sitting_id=service.sitting.id))

    async def call(number: int, via: str | None) -> str:
        """A call's first address at the kiosk; it ends once media have flowed."""
        audience = await somebody(parts.database, service.sitting, number=number)
        parts.switchboard.changed()
        await desk.hear("board", lambda said: any(r["audience_id"] == audience.id for r in said["rows"]))
        await say(service, desk, CallIn(audience_id=audience.id))
        told = await at.hear("negotiate", lambda said: said["audience_id"] == audience.id)
        call_id = told["call_id"]
        office = await desk.hear("negotiate", lambda said: said["call_id"] == call_id)
        assert office["ice"]["servers"][-1]["urls"][0].endswith("=udp"), "the office's site is another"
        for end, theirs in ((desk, "tls"), (at, via)):
            media = connected(call_id).model_copy(update={"via": theirs})
            await say(service, end, media)
        await desk.hear("call-state", lambda said: said["call_id"] == call_id and said["phase"] == "in-call")
        await say(service, desk, Conclude(audience_id=audience.id))
        await desk.hear("ended", lambda said: said["call_id"] == call_id)
        server = told["ice"]["servers"][-1]
        expiry, name = server["username"].split(":")
        assert name == f"{call_id}.citizen@{BADR.id}"
        assert audience.slot_ends_at is not None
        assert int(expiry) == int(max(audience.slot_ends_at, service.clock.now).timestamp()) + 1800
        return str(server["urls"][0])

    assert await call(0, "tcp") == "turn:127.0.0.1:3478?transport=udp"
    assert await call(1, None) == "turn:127.0.0.1:3478?transport=tcp"
    async with parts.database.unit_of_work(reading=True) as work:
        kept = await work.centre_relays.since(service.clock.now)
    assert kept == {BADR_1.centre_id: "tcp"}, "and the office's word changes nothing"
    parts.switchboard.relays.remember_for = timedelta(0)
    service.clock.now += timedelta(seconds=1)
    parts.switchboard.changed()
    await until(lambda: not parts.switchboard.reading.transports)
    assert await call(2, "udp") == "turn:127.0.0.1:3478?transport=udp"


async def test_health_tells_how_many_addresses_of_relays_are_silent(service: Service) -> None:
    with silence() as (mute, _):
        fleet = Fleet([mute], every=0.05)
        parts = replace(service.parts, fleet=fleet)
        app = create_app(parts, MADINAH.name)
        watching = asyncio.create_task(fleet.run())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as browser:
            try:
                before = (await browser.get("/api/health")).json()
                await until(lambda: fleet.unreachable() == (mute,))
                after = (await browser.get("/api/health")).json()
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)

    assert (before["relays_watched"], before["relays_silent"]) == (1, 0)
    assert (after["relays_watched"], after["relays_silent"]) == (1, 1)
