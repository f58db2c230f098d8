"""Every route of the application has a policy, and keeps it for every kind of visitor.

A new route without ``Allow(…)`` or ``Public()`` in its signature fails here.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRouter, iter_route_contexts
from starlette.routing import Mount
from support.cases import WATER
from support.factories import BADR, a_citizen
from support.store_app import ADDRESS, Browser, Service, knock, running_app

from tawasul.access.endpoint import Allow, Gate
from tawasul.access.policy import (
    TABLE,
    Action,
    Anonymous,
    CitizenPrincipal,
    Kind,
    KioskPrincipal,
    StaffPrincipal,
)
from tawasul.domain.people import Role

WHO = {Kind.DESK, Kind.OFFICE, Kind.ADMIN, Kind.AGENCY, Kind.CITIZEN, Kind.ANONYMOUS}
"""All that come by cookie. A kiosk proves itself inside its line (tests of signaling)."""


CLASS_OF = {
    Kind.DESK: StaffPrincipal,
    Kind.OFFICE: StaffPrincipal,
    Kind.ADMIN: StaffPrincipal,
    Kind.AGENCY: StaffPrincipal,
    Kind.KIOSK: KioskPrincipal,
    Kind.CITIZEN: CitizenPrincipal,
    Kind.ANONYMOUS: Anonymous,
}


@dataclass(frozen=True)
class Door:
    """One route: a method and a path, or a WebSocket's path; with the gates and the principals in its signature."""

    method: str
    path: str
    gates: tuple[Gate, ...] = ()
    takes: frozenset[type] = frozenset()

    @property
    def address(self) -> str:
        """The path with something in place of its parameters."""
        return "/".join("none" if part.startswith("{") else part for part in self.path.split("/"))


def doors_of(app: FastAPI) -> Iterator[Door]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        path = context.path or getattr(route, "path", "")
        if isinstance(route, Mount):
            yield Door("GET", f"{path}/")
            continue
        dependant = getattr(route, "dependant", None)
        gates = tuple(_gates(dependant)) if isinstance(dependant, Dependant) else ()
        for method in sorted(context.methods or {"WEBSOCKET"}):
            yield Door(method, path, gates, frozenset(_principals(context.endpoint)))


def _principals(endpoint: object) -> Iterator[type]:
    """The classes of principal that the parameters with a gate are annotated with."""
    for hint in get_type_hints(endpoint, include_extras=True).values():
        if any(isinstance(getattr(extra, "dependency", None), Gate) for extra in getattr(hint, "__metadata__", ())):
            yield from get_args(hint.__origin__) or (hint.__origin__,)


def _gates(dependant: Dependant) -> Iterator[Gate]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Gate):
            yield inner.call
        yield from _gates(inner)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


async def test_every_route_declares_one_policy(service: Service) -> None:
    doors = list(doors_of(service.app))
    assert len(doors) > 20
    undeclared = [door for door in doors if len(door.gates) != 1 and not door.path.startswith("/static/")]
    assert undeclared == []


async def test_every_signature_takes_all_whom_its_policy_lets_in(service: Service) -> None:
    wrong = []
    for door in doors_of(service.app):
        for gate in door.gates:
            may = {CLASS_OF[kind] for kind in Kind if gate.action is None or gate.action in TABLE[kind]}
            if not may <= door.takes:
                wrong.append((door.method, door.path))
    assert wrong == []


async def test_a_route_without_a_policy_is_noticed() -> None:
    app, router = FastAPI(), APIRouter(prefix="/inner")

    @router.get("/open")
    async def forgotten() -> None: ...

    app.include_router(router)
    assert Door("GET", "/inner/open") in list(doors_of(app))


async def test_every_route_keeps_its_policy_for_every_kind(service: Service) -> None:
    browsers = await _visitors(service)
    assert set(browsers) == WHO
    # What is told to open pages would never end by itself; now it ends at once.
    service.parts.recording.close()
    wrong = []
    for door in doors_of(service.app):
        if not door.gates or door.gates[0].action is Action.SIGN_OUT:
            continue
        for kind, browser in browsers.items():
            action = door.gates[0].action
            expected = action is None or action in TABLE[kind]
            admitted, told = await _try(service, door, browser)
            right_refusal = told == ("not-signed-in" if kind is Kind.ANONYMOUS else "refused")
            if admitted != expected or not (admitted or right_refusal):
                wrong.append((door.method, door.path, kind.value, told))
    assert wrong == []


async def test_whoever_is_signed_in_may_sign_out(service: Service) -> None:
    browsers = await _visitors(service)
    for kind, browser in browsers.items():
        answer = await browser.http.delete("/api/session")
        expected = {Kind.ANONYMOUS: 401, Kind.CITIZEN: 403}.get(kind, 204)
        assert answer.status_code == expected, kind
        assert (await browser.get("/api/session")).status_code == (401 if expected == 204 else expected)


async def test_the_gate_is_what_the_signature_says() -> None:
    assert Allow(Action.BOOK).dependency == Gate(Action.BOOK)


async def _visitors(service: Service) -> dict[Kind, Browser]:
    desk = await service.signed_in("badr", Role.DESK, BADR)
    citizen = await _citizen(service, desk)
    return {
        Kind.DESK: desk,
        Kind.OFFICE: await service.signed_in("office", Role.OFFICE),
        Kind.ADMIN: await service.signed_in("admin", Role.ADMIN),
        Kind.AGENCY: await service.signed_in_agency("water", WATER),
        Kind.CITIZEN: citizen,
        Kind.ANONYMOUS: service.browser(),
    }


async def _citizen(service: Service, desk: Browser) -> Browser:
    person = a_citizen(1)
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(person)
        await uow.commit()
    booked = await desk.post(
        "/api/desk/audiences",
        citizen_id=person.id,
        sitting_id=service.sitting.id,
        slot_starts_at=service.sitting.opens_at.isoformat(),
        venue="own-location",
        subject="طلب",
    )
    browser = service.browser()
    assert (await browser.begin(booked.json()["link"])).status_code == 200
    return browser


async def _try(service: Service, door: Door, browser: Browser) -> tuple[bool, str]:
    """Whether the gate let the visitor through, and the refusal's code."""
    if door.method == "WEBSOCKET":
        cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
        code = await knock(service.app, door.address, {"origin": ADDRESS, "cookie": cookies})
        return code is None, {None: "", 4401: "not-signed-in", 4403: "refused"}.get(code, str(code))
    body = None if door.method in ("GET", "HEAD") else {}
    answer = await browser.http.request(door.method, door.address, json=body)
    if answer.status_code not in (401, 403):
        return True, ""
    return False, answer.json()["code"]
