"""The server is killed and the answer with it: what was asked for is done once, however often it is asked again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from stdnum import luhn
from support.endpoints import signed_in
from support.service import Service, a_service

AT_HOME = {"venue": "own-location"}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path) as running:
        yield running


class Desk:
    """A desk's client of a service that is killed now and then; its sign-in is a row, and outlives that."""

    def __init__(self, service: Service, client: httpx.AsyncClient, csrf: str) -> None:
        self.service = service
        self.client = client
        self.headers = {"Origin": service.address, "X-Tawasul-CSRF": csrf}

    async def post(self, path: str, key: str | None = None, **body: object) -> httpx.Response:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"{self.service.address}/api/desk/{path}", json=body, headers=headers)

    async def registers(self, number: int) -> str:
        digits = f"1{number:08}"
        national_id = digits + str(luhn.calc_check_digit(digits))
        answer = await self.post("citizens", name="عينة: سعد", national_id=national_id, mobile=f"05{number:08}")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def free(self) -> str:
        """The last slot of the sitting: nobody has it."""
        answer = await self.client.get(f"{self.service.address}/api/desk/slots")
        return str(answer.json()["slots"][-1])

    async def killed(self) -> None:
        """As by a power cut; and started again."""
        self.service.kill()
        await self.service.start()


@pytest.fixture
async def desk(service: Service) -> AsyncIterator[Desk]:
    client, csrf = await signed_in(service, "badr")
    yield Desk(service, client, csrf)
    await client.aclose()


async def test_a_booking_and_a_walk_in_are_done_once(desk: Desk) -> None:
    sitting, starts_at = desk.service.samples.sitting.id, await desk.free()
    citizen = await desk.registers(31)
    hold = await desk.post("holds", place=AT_HOME, sitting_id=sitting, starts_at=starts_at)
    assert hold.status_code == 201, hold.text

    await desk.killed()
    booking = {"citizen_id": citizen, "hold_id": hold.json()["id"], "subject": "طلب"}
    first = await desk.post("audiences", **booking)
    assert first.status_code == 201, "what was kept is still kept"

    walk_in = {"citizen_id": await desk.registers(32), "place": AT_HOME, "subject": "طلب"}
    received = await desk.post("walk-ins", "walk-in-of-this-form", **walk_in)
    assert received.status_code == 201, received.text

    await desk.killed()
    again = await desk.post("audiences", **booking)
    assert (again.status_code, again.json()) == (201, first.json())
    same = await desk.post("walk-ins", "walk-in-of-this-form", **walk_in)
    assert (same.status_code, same.json()["audience"]) == (201, received.json()["audience"])

    taken = await desk.post("holds", place=AT_HOME, sitting_id=sitting, starts_at=starts_at)
    assert (taken.status_code, taken.json()["code"]) == (409, "slot-taken")
    assert taken.json()["alternatives"]
