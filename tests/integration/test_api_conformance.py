"""The API does what its description says: Schemathesis, over the running service, as a desk and as nobody."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from support.endpoints import cookies, signed_in
from support.service import Service, a_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("api")) as running:
        yield running


async def conforms(service: Service, folder: Path, *headers: str, only: str = "^/") -> None:
    """Runs Schemathesis, on the paths that begin so; what it found, if anything, is the message."""
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{service.address}/api/openapi.json"),
        *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "15"),
        *("--include-path-regex", only),
        # Signing in again and again is throttled, signing out ends the run's own session.
        *("--exclude-path", "/api/session", "--exclude-path", "/api/join/begin"),
        # What is told to open pages never ends.
        *("--exclude-path", "/api/desk/live"),
        *("--generation-deterministic", "--warnings", "off", "--no-color"),
        *(part for header in headers for part in ("--header", header)),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-6000:]


async def test_as_a_desk(service: Service, tmp_path: Path) -> None:
    client, csrf = await signed_in(service, "badr")
    await client.aclose()
    await conforms(
        service, tmp_path, f"Cookie: {cookies(client)}", f"Origin: {service.address}", f"X-Tawasul-CSRF: {csrf}"
    )


async def test_as_the_office(service: Service, tmp_path: Path) -> None:
    client, csrf = await signed_in(service, "office")
    await client.aclose()
    headers = (f"Cookie: {cookies(client)}", f"Origin: {service.address}", f"X-Tawasul-CSRF: {csrf}")
    await conforms(service, tmp_path, *headers, only="^/api/planning")


async def test_as_nobody(service: Service, tmp_path: Path) -> None:
    await conforms(service, tmp_path, f"Origin: {service.address}")
