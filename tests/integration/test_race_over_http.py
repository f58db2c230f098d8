"""A thousand desks' requests for one slot, all at once: one has it, 999 are told what is free instead.

On SQLite behind one server, and on PostgreSQL behind three that share a database. (A thousand on their way into the
database itself, in one process and in several: ``tests/contract``.)
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from support.endpoints import signed_in
from support.factories import a_citizen
from support.postgres import PostgresServer
from support.service import Service, a_service
from support.tries import is_the_first

from tawasul.domain.sitting import SittingId
from tawasul.domain.slot import office_of

THOUSAND = 1000
SERVERS = 3
DESKS = ("badr", "yanbu", "badr", "yanbu")
"""Who is signed in at each server: two browsers at each of two desks."""

PATIENCE = httpx.Timeout(300.0)
AT_ONCE = httpx.Limits(max_connections=None, max_keepalive_connections=0)
"""All are on their way together, each on a connection of its own: one that the service closes because it is idle, while
it is taken up again, says nothing of a race.
"""

BADR_1, YANBU_1 = {"venue": "kiosk", "kiosk_id": "badr-1"}, {"venue": "kiosk", "kiosk_id": "yanbu-1"}
AT_HOME = {"venue": "own-location"}

FIRST_CITIZEN = 30_000_000

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

Json = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """A browser in which a desk is signed in, at one of the servers."""

    http: httpx.AsyncClient

    async def post(self, path: str, body: Json) -> httpx.Response:
        return await self.http.post(f"/api/desk/{path}", json=body)


@dataclass(frozen=True)
class Region:
    """What runs: its servers share a database."""

    service: Service
    desks: list[Desk]

    @property
    def sitting(self) -> SittingId:
        return self.service.samples.sitting.id

    def slot(self, number: int) -> datetime:
        """One in the middle of the sitting: nobody has it, and it is too near to be offered to who waits (`NOTICE`)."""
        slots = list(self.service.samples.sitting.slots())
        return slots[len(slots) // 2 + number]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Region]:
    postgres = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    async with _a_region(tmp_path_factory.mktemp("race"), postgres) as region:
        yield region


@pytest_asyncio.fixture(loop_scope="module")
async def region(request: pytest.FixtureRequest, shared: Region, tmp_path: Path) -> AsyncIterator[Region]:
    """A second try has one of its own, in which nobody has the slot yet."""
    if is_the_first(request):
        yield shared
        return
    postgres = None if shared.service.database_url is None else request.getfixturevalue("postgres_server")
    async with _a_region(tmp_path, postgres) as region:
        yield region


@asynccontextmanager
async def _a_region(folder: Path, postgres: PostgresServer | None) -> AsyncIterator[Region]:
    async with AsyncExitStack() as opened:
        servers = await _servers(opened, postgres, folder)
        async with servers[0].units() as units, units() as work:
            for number in range(THOUSAND):
                await work.citizens.add(a_citizen(FIRST_CITIZEN + number))
            await work.commit()
        desks = [await opened.enter_async_context(_a_desk(each, name)) for each in servers for name in DESKS]
        yield Region(servers[0], desks)


async def _servers(opened: AsyncExitStack, postgres: PostgresServer | None, folder: Path) -> list[Service]:
    if postgres is None:
        return [await opened.enter_async_context(a_service(folder / "one"))]
    url = opened.enter_context(postgres.database())
    first = await opened.enter_async_context(a_service(folder / "one", database_url=url))
    others = [await opened.enter_async_context(first.beside(folder / f"beside-{n}")) for n in range(1, SERVERS)]
    return [first, *others]


@asynccontextmanager
async def _a_desk(service: Service, user_name: str) -> AsyncIterator[Desk]:
    first, csrf = await signed_in(service, user_name)
    headers = {"X-Tawasul-CSRF": csrf, "Origin": service.address}
    async with httpx.AsyncClient(
        base_url=service.address, cookies=first.cookies, headers=headers, timeout=PATIENCE, limits=AT_ONCE
    ) as http:
        await first.aclose()
        yield Desk(http)


async def test_of_a_thousand_forms_one_keeps_the_slot(region: Region) -> None:
    wanted = region.slot(1)
    places: list[Json] = [{"venue": "kiosk", "centre_id": centre} for centre in await _centres(region)]

    async def keep(desk: Desk, number: int) -> httpx.Response:
        place = [*places, AT_HOME][number % (len(places) + 1)]
        return await desk.post("holds", {"place": place, "sitting_id": region.sitting, "starts_at": wanted.isoformat()})

    winner = await _race(region, wanted, keep)
    assert datetime.fromisoformat(winner["starts_at"]) == wanted
    async with region.service.units() as units, units(reading=True) as work:
        assert (await work.holds.get(winner["id"])).slot_starts_at == wanted
    await _is_taken_once(region, wanted, winner["kiosk_id"])


async def test_of_a_thousand_bookings_one_is_made(region: Region) -> None:
    wanted = region.slot(2)

    async def book(desk: Desk, number: int) -> httpx.Response:
        body = {
            "citizen_id": a_citizen(FIRST_CITIZEN + number).id,
            "sitting_id": region.sitting,
            "slot_starts_at": wanted.isoformat(),
            "subject": "طلب تعبيد طريق القرية",
        }
        return await desk.post("audiences", body | (BADR_1, YANBU_1, AT_HOME)[number % 3])

    winner = (await _race(region, wanted, book))["audience"]
    async with region.service.units() as units, units(reading=True) as work:
        there = [each for each in await work.audiences.of_sitting(region.sitting) if each.slot_starts_at == wanted]
    assert [each.id for each in there] == [winner["id"]]
    await _is_taken_once(region, wanted, winner["kiosk_id"])


async def _race(region: Region, wanted: datetime, take: Callable[[Desk, int], Awaitable[httpx.Response]]) -> Json:
    """All at once. What the one was answered who has it; the others were refused with what was free instead."""
    began = time.perf_counter()
    took: list[float] = []

    async def timed(desk: Desk, number: int) -> httpx.Response:
        while (answer := await take(desk, number)).status_code == 503:  # noqa: ASYNC110 - it is told when, and not that
            # A slow machine has not done with the others by then; nothing was done, and it may be asked again.
            await asyncio.sleep(float(answer.headers["retry-after"]))
        took.append(time.perf_counter() - began)
        return answer

    desks = itertools.cycle(region.desks)
    answers = await asyncio.gather(*(timed(next(desks), number) for number in range(THOUSAND)))
    print(f"\n{len(answers)} answered in {took[-1]:.1f} s; half of them in {took[len(took) // 2]:.1f} s", end=" ")
    told = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
    assert told == {(201, None): 1, (409, "slot-taken"): THOUSAND - 1}
    for answer in answers:
        if answer.status_code == 409:
            others = answer.json()["alternatives"]
            assert others, "somebody was sent away with nothing"
            assert all((each["sitting_id"], _moment(each)) != (region.sitting, wanted) for each in others)
    return next(answer.json() for answer in answers if answer.status_code == 201)


async def _is_taken_once(region: Region, wanted: datetime, kiosk_id: str | None) -> None:
    """By the office, and by the one kiosk of whoever has it."""
    sitting = region.service.samples.sitting
    async with region.service.units() as units, units(reading=True) as work:
        taken = await work.occupancies.taken_between(wanted, wanted + sitting.slot_length, datetime.now(wanted.tzinfo))
    kiosks = set() if kiosk_id is None else {f"kiosk:{kiosk_id}"}
    assert set(taken) == {office_of(sitting.id), *kiosks}
    assert taken[office_of(sitting.id)] == {wanted}


async def _centres(region: Region) -> list[str]:
    """Those of the two desks that stand in a building: of the others it depends on the day."""
    found = (await region.desks[0].http.get("/api/desk/places")).json()["centres"]
    return [each["id"] for each in found if each["governorate_id"] in DESKS and each["kind"] == "permanent"]


def _moment(alternative: Json) -> datetime:
    return datetime.fromisoformat(alternative["starts_at"])
