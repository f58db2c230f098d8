"""A line that is open ends when what it came in by no longer holds: signed out, kiosk withdrawn, link issued again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.factories import BADR, BADR_1, a_citizen, an_audience
from support.store_app import ADDRESS, Browser, Service, opening_of, running_app

from signaling import switchboard as switchboard_module
from signaling.core.peer import Endpoint
from signaling.line import Line
from tawasul.access.errors import KioskNotRecognised
from tawasul.access.policy import Anonymous, CitizenPrincipal, KioskPrincipal, StaffPrincipal
from tawasul.domain.audience import Audience, State
from tawasul.domain.errors import LinkNotValid, NotSignedIn
from tawasul.domain.people import Role
from tawasul.domain.venue import OwnLocation
from tawasul.protocol.from_endpoint import Hello


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


async def staff(service: Service) -> StaffPrincipal:
    """Somebody of the office who has signed in."""
    await service.hire("office", Role.OFFICE)
    return (await service.parts.sign_ins.sign_in("office", "كلمة مرور للاختبار", source="127.0.0.1")).principal


async def invited(service: Service) -> tuple[Audience, str]:
    """An audience of somebody at their own location, and the token of the link."""
    async with service.parts.database.unit_of_work() as work:
        citizen = a_citizen()
        audience = an_audience(citizen, service.sitting, venue=OwnLocation())
        await work.citizens.add(citizen)
        await work.audiences.add(audience)
        token = await service.parts.links.issue(work, audience.id, service.sitting.closes_at)
        await work.commit()
    return audience, token


async def test_a_sign_in_holds_while_it_is_used_and_not_beyond_its_time(service: Service) -> None:
    who = await staff(service)
    for _ in range(11):
        service.clock.now += timedelta(hours=1)
        await service.parts.doorkeeper.look_again(who)
    service.clock.now += timedelta(hours=1)
    with pytest.raises(NotSignedIn):
        await service.parts.doorkeeper.look_again(who)


async def test_who_signed_out_has_no_line(service: Service) -> None:
    who = await staff(service)
    await service.parts.sign_ins.sign_out(who)
    with pytest.raises(NotSignedIn):
        await service.parts.doorkeeper.look_again(who)
    with pytest.raises(NotSignedIn):
        await service.parts.doorkeeper.look_again(Anonymous())


async def test_a_kiosk_whose_key_was_withdrawn(service: Service) -> None:
    who = KioskPrincipal(BADR_1.id, BADR_1.centre_id, BADR.id)
    async with service.parts.database.unit_of_work() as work:
        await work.kiosks.register_key(BADR_1.id, b"k" * 32)
        await work.commit()
    await service.parts.doorkeeper.look_again(who)
    async with service.parts.database.unit_of_work() as work:
        await work.kiosks.register_key(BADR_1.id, None)
        await work.commit()
    with pytest.raises(KioskNotRecognised):
        await service.parts.doorkeeper.look_again(who)


async def test_a_link_that_was_issued_again(service: Service) -> None:
    links, sitting = service.parts.links, service.sitting
    audience, token = await invited(service)
    who = (await links.begin(token, None)).principal
    assert who == CitizenPrincipal(audience.id)
    await service.parts.doorkeeper.look_again(who)
    async with service.parts.database.unit_of_work() as work:
        token = await links.issue(work, audience.id, sitting.closes_at)
        await work.commit()
    with pytest.raises(LinkNotValid):
        await service.parts.doorkeeper.look_again(who)
    other = (await links.begin(token, None)).principal
    await service.parts.doorkeeper.look_again(other)
    with pytest.raises(LinkNotValid):
        await service.parts.doorkeeper.look_again(who)


async def test_the_switchboard_shows_out_whoever_signed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switchboard_module, "PULSE_EVERY", 0.01)
    monkeypatch.setattr(switchboard_module, "LOOK_AGAIN_EVERY", 1)
    async with running_app(tmp_path) as service, asyncio.timeout(20):
        who, switchboard = await staff(service), service.parts.switchboard
        await switchboard.ready.wait()
        line = Line(Endpoint.OFFICE, "office:1", who, "127.0.0.1")
        closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def send(_: str) -> None:
            """Nothing is read but the end."""

        async def close(code: int) -> None:
            closed.set_result(code)

        writing = asyncio.create_task(line.write(send, close))
        await switchboard.greet(line, Hello(protocol=1))
        await service.parts.sign_ins.sign_out(who)
        assert await closed == 4401
        await writing


class Page:
    """A citizen's page on a line, down to ASGI: it reads, or holds still and lets what is said to it pile up."""

    def __init__(self, service: Service, browser: Browser, *, reads: bool) -> None:
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._hears: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._reads = reads
        cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
        opening = opening_of("/signaling/citizen", {"origin": ADDRESS, "cookie": cookies})
        self._hears.put_nowait({"type": "websocket.connect"})
        self.line = asyncio.create_task(service.app(opening, self._hears.get, self._take))

    def say(self, text: str) -> None:
        """To the service."""
        self._hears.put_nowait({"type": "websocket.receive", "text": text})

    async def _take(self, message: Any) -> None:
        await self.said.put(dict(message))
        if message["type"] == "websocket.send" and not self._reads:
            await asyncio.Event().wait()


async def test_who_was_shown_out_is_heard_no_more_though_they_do_not_read_it(service: Service) -> None:
    audience, token = await invited(service)
    browser = service.browser()
    await browser.begin(f"/join#{token}")
    first, second = Page(service, browser, reads=False), Page(service, browser, reads=True)
    async with asyncio.timeout(20):
        for page in (first, second):
            page.say('{"type": "hello", "protocol": 1}')
            while (await page.said.get())["type"] != "websocket.send":
                pass
        first.say('{"type": "check-in"}')
        await first.line
    async with service.parts.database.unit_of_work(reading=True) as work:
        assert (await work.audiences.get(audience.id)).state is State.BOOKED
    second.line.cancel()
