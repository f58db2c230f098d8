"""The API does what its description says: Schemathesis, over the running service, as all who may ask it."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from support.endpoints import cookies, signed_in
from support.service import Service, a_service

# Up to a minute each on two idle cores; a machine with other work takes several.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)

DESK = r"^/api/desk"
OFFICE = r"^/api/(office|planning)"
AGENCY = r"^/api/agency"
PUBLIC = r"^/api/(booking|offer|join|health|receipt|case|own)"
OF_STAFF = r"^/api/(desk|planning|office|agency)"

NOT_ASKED = {
    # Signing in again and again is throttled, signing out ends the run's own session.
    "/api/session",
    "/api/join/begin",
    # What is told to open pages never ends.
    "/api/desk/live",
}

EDGES = ("--phases", "examples,coverage,fuzzing", "--max-examples", "2")
"""Every edge that the description has, one by one; and a little of what mixes them."""
SOME = ("--phases", "examples,fuzzing", "--max-examples", "4")
"""Lawful and unlawful requests, some for each operation: the edges of the large parts take three minutes each."""
MIXED = ("--phases", "fuzzing", "--max-examples", "10")
BRIEFLY = ("--phases", "fuzzing", "--max-examples", "2")
"""Where nobody may do anything, no body is looked at."""

ASKED = {"badr": DESK, "office": OFFICE, "water": AGENCY, None: PUBLIC}
"""Who asks for which paths; ``None`` is a citizen. One run each: most of a short run is its start."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("api")) as running:
        yield running


async def conforms(service: Service, folder: Path, only: str, how: tuple[str, ...], headers: dict[str, str]) -> None:
    """Runs Schemathesis, on the paths that fit ``only``; what it found, if anything, is the message."""
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{service.address}/api/openapi.json"),
        *("--checks", ",".join(CHECKS), *how, "--include-path-regex", only),
        *(part for path in sorted(NOT_ASKED) for part in ("--exclude-path", path)),
        *("--generation-deterministic", "--no-shrink", "--warnings", "off", "--no-color"),
        *(part for name, value in headers.items() for part in ("--header", f"{name}: {value}")),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-6000:]


async def headers_of(service: Service, user_name: str | None) -> dict[str, str]:
    """Of somebody who is signed in, or of a citizen."""
    if user_name is None:
        return {"Origin": service.address}
    client, csrf = await signed_in(service, user_name)
    await client.aclose()
    return {"Cookie": cookies(client), "Origin": service.address, "X-Tawasul-CSRF": csrf}


@pytest.mark.parametrize(("user_name", "how"), [("badr", SOME), ("office", SOME), ("water", EDGES), (None, EDGES)])
async def test_as_who_may_ask(service: Service, tmp_path: Path, user_name: str | None, how: tuple[str, ...]) -> None:
    await conforms(service, tmp_path, ASKED[user_name], how, await headers_of(service, user_name))


@pytest.mark.thorough
@pytest.mark.parametrize("user_name", ["badr", "office"])
async def test_as_who_may_ask_at_every_edge(service: Service, tmp_path: Path, user_name: str) -> None:
    await conforms(service, tmp_path, ASKED[user_name], EDGES, await headers_of(service, user_name))


@pytest.mark.thorough
@pytest.mark.parametrize("user_name", ASKED)
async def test_as_who_may_ask_with_more_that_is_mixed(service: Service, tmp_path: Path, user_name: str | None) -> None:
    await conforms(service, tmp_path, ASKED[user_name], MIXED, await headers_of(service, user_name))


async def test_as_nobody(service: Service, tmp_path: Path) -> None:
    await conforms(service, tmp_path, OF_STAFF, BRIEFLY, await headers_of(service, None))


async def test_every_route_is_asked(service: Service) -> None:
    async with httpx.AsyncClient() as client:
        paths = set((await client.get(f"{service.address}/api/openapi.json")).json()["paths"])
    for asked in (ASKED.values(), (OF_STAFF, PUBLIC)):
        assert {path for path in paths if not any(re.search(each, path) for each in asked)} <= NOT_ASKED
    assert paths >= NOT_ASKED
