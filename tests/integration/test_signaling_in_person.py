"""Who comes in person is received in the room: called in without a line, let go or concluded without a connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.cases import WATER
from support.factories import BADR_1, a_citizen, an_audience, arrived
from support.store_app import Service, running_app

from signaling.core.peer import Endpoint
from signaling.line import Line
from signaling.reading import calls_under_way
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.audience import Audience, State
from tawasul.domain.outcome import Directive, Urgency
from tawasul.domain.party import Priority
from tawasul.domain.people import Role, StaffId
from tawasul.domain.places import Name
from tawasul.domain.riyadh import day_of
from tawasul.domain.sign_in import SignInId
from tawasul.domain.venue import AtKiosk, InPerson, Venue
from tawasul.protocol.from_endpoint import CallIn, Conclude, FromEndpoint, HangUp, Hello

PATIENCE = 20.0
OFFICE = StaffPrincipal(StaffId("office"), Role.OFFICE, None, SignInId("one sign-in"))


class Console:
    """A console's line without a socket, and what is said on it."""

    def __init__(self, service: Service) -> None:
        self.line = Line(Endpoint.OFFICE, "office:1", OFFICE, "127.0.0.1")
        self._service = service
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._writing = asyncio.create_task(self.line.write(self._send, self._close))

    async def says(self, message: FromEndpoint) -> None:
        await self._service.parts.requests.deliver(self.line, message)

    async def hears(self, type: str) -> dict[str, Any]:
        """The next message of this type."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self._said.get()
                if message["type"] == type:
                    return message

    async def sees(self, audience: Audience, state: State) -> dict[str, Any]:
        """The row of a board on which the audience is in this state."""
        while True:
            for row in (await self.hears("board"))["rows"]:
                if row["audience_id"] == audience.id and row["state"] == state.value:
                    return dict(row)

    async def _send(self, text: str) -> None:
        await self._said.put(json.loads(text))

    async def _close(self, code: int) -> None:
        """At the end of the test the service says that it goes away."""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as running:
        await running.parts.switchboard.ready.wait()
        yield running


@pytest.fixture
async def console(service: Service) -> Console:
    console = Console(service)
    await service.parts.switchboard.greet(console.line, Hello(protocol=1))
    return console


async def comes(service: Service, number: int, venue: Venue) -> Audience:
    """Somebody who is elderly walks in, and has arrived."""
    citizen = a_citizen()
    audience = an_audience(citizen, service.sitting, number=number, venue=venue)
    audience.walk_in, audience.priorities = True, (Priority.ELDERLY,)
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(arrived(audience))
        await uow.commit()
    service.parts.switchboard.changed()
    return audience


async def test_they_are_in_the_room_at_once_and_heard(service: Service, console: Console) -> None:
    audience = await comes(service, 0, InPerson())
    waits = await console.sees(audience, State.ARRIVED)
    assert (waits["online"], waits["position"], waits["call_id"]) == (True, 1, None)
    assert (waits["walk_in"], waits["priorities"]) == (True, ["elderly"])

    await console.says(CallIn(audience_id=audience.id))
    here = await console.sees(audience, State.IN_CALL)
    assert here["call_id"]
    await console.says(HangUp(call_id=here["call_id"]))
    assert (await console.sees(audience, State.HEARD))["call_id"] is None
    await console.says(Conclude(audience_id=audience.id, directive="تُعبَّد الطريق"))
    assert (await console.hears("concluded"))["directed"] is True


async def test_the_outcome_can_be_written_while_they_are_there(service: Service, console: Console) -> None:
    audience = await comes(service, 0, InPerson())
    await console.sees(audience, State.ARRIVED)
    await console.says(CallIn(audience_id=audience.id))
    await console.sees(audience, State.IN_CALL)
    await console.says(Conclude(audience_id=audience.id))
    await console.sees(audience, State.CONCLUDED)


async def test_what_is_directed_may_say_to_whom_how_soon_and_by_when(service: Service, console: Console) -> None:
    closed = Agency(AgencyId("closed"), Name("جهة سابقة", "Former agency"), closed_on=date(2020, 1, 1))
    async with service.parts.database.unit_of_work() as uow:
        await uow.agencies.put(WATER)
        await uow.agencies.put(closed)
        await uow.commit()
    audience = await comes(service, 0, InPerson())
    await console.sees(audience, State.ARRIVED)
    await console.says(CallIn(audience_id=audience.id))
    await console.sees(audience, State.IN_CALL)
    tomorrow = day_of(service.clock()) + timedelta(days=1)
    words = Conclude(audience_id=audience.id, directive="تُصلح الشبكة", urgency=Urgency.URGENT)
    for slip, code in (
        ({"agency_id": "nowhere"}, "not-found"),
        ({"agency_id": closed.id}, "agency-closed"),
        ({"agency_id": WATER.id, "due_on": day_of(service.clock())}, "due-date-passed"),
    ):
        await console.says(words.model_copy(update=slip))
        assert (await console.hears("problem"))["code"] == code
    await console.says(words.model_copy(update={"agency_id": WATER.id, "due_on": tomorrow}))
    assert (await console.hears("concluded"))["directed"] is True
    async with service.parts.database.unit_of_work(reading=True) as uow:
        outcome = (await uow.audiences.get(audience.id)).outcome
    assert outcome == Directive.write("تُصلح الشبكة", WATER.id, Urgency.URGENT, tomorrow)


async def test_a_slip_of_the_office_leaves_them_their_place(service: Service, console: Console) -> None:
    audience = await comes(service, 0, InPerson())
    await console.sees(audience, State.ARRIVED)
    await console.says(CallIn(audience_id=audience.id))
    here = await console.sees(audience, State.IN_CALL)
    await console.says(HangUp(call_id=here["call_id"], takes_back=True))
    again = await console.sees(audience, State.ARRIVED)
    assert (again["position"], again["arrived_at"]) == (1, here["arrived_at"])
    await console.says(HangUp(call_id=here["call_id"]))
    assert (await console.hears("problem"))["code"] == "no-such-call"


async def test_meanwhile_nobody_else_is_called_in(service: Service, console: Console) -> None:
    audience = await comes(service, 0, InPerson())
    other = await comes(service, 1, InPerson())
    await console.sees(other, State.ARRIVED)
    await console.says(CallIn(audience_id=audience.id))
    await console.sees(audience, State.IN_CALL)
    await console.says(CallIn(audience_id=other.id))
    assert (await console.hears("problem"))["code"] == "office-busy"


async def test_no_reading_takes_them_for_a_call_that_was_lost(service: Service, console: Console) -> None:
    audience = await comes(service, 0, InPerson())
    await console.sees(audience, State.ARRIVED)
    await console.says(CallIn(audience_id=audience.id))
    here = await console.sees(audience, State.IN_CALL)
    reading = service.parts.switchboard.reading
    assert reading.audiences[audience.id].state is State.IN_CALL
    assert calls_under_way(list(reading.audiences.values())) == []
    assert service.parts.switchboard.call(here["call_id"]) is None


async def test_who_is_at_a_kiosk_is_called_by_its_line_alone(service: Service, console: Console) -> None:
    audience = await comes(service, 0, AtKiosk(BADR_1.id))
    assert (await console.sees(audience, State.ARRIVED))["online"] is False
    await console.says(CallIn(audience_id=audience.id))
    assert (await console.hears("problem"))["code"] == "venue-not-connected"
