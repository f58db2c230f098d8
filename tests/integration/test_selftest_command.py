"""``tawasul selftest`` as operators run it: beside a running service, alone, and where there is nothing to test."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from support.endpoints import office_line
from support.service import Service, a_service

from tawasul.own_database import open_database

pytestmark = pytest.mark.realtime


async def selftest(*arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
    """Exit status, and the JSON it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "selftest", "--json", *arguments),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, json.loads(said)


def is_a_good_call(report: dict[str, Any]) -> bool:
    times = report["call_in_to_first_picture_ms"]
    return (
        report["ok"] is True
        and report["path"] == "relay"
        and report["audio"] is True
        and report["video"] is True
        and report["encrypted"] is True
        and all(isinstance(times[end], int) and times[end] > 0 for end in ("kiosk", "office"))
        and report["problems"] == []
    )


async def test_embedded_it_needs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    status, report = await selftest("--embedded", TAWASUL_DIRECTORY=str(tmp_path / "never"), TMPDIR=str(tmp_path))
    assert (status, is_a_good_call(report)) == (0, True), report
    assert os.listdir(tmp_path) == []


async def rows(service: Service) -> tuple[int, int, int]:
    """Citizens, staff and kiosks in the database."""
    database = open_database(service.settings)
    async with database.unit_of_work(reading=True) as work:
        counted = await work.citizens.count(), await work.staff.count(), len(await work.kiosks.all())
    await database.close()
    return counted


async def test_beside_a_running_service_it_shows_on_no_board_and_takes_itself_away(tmp_path: Path) -> None:
    async with a_service(tmp_path) as service:
        before = await rows(service)
        async with office_line(service) as office:
            shown = {row["audience_id"] for row in (await office.hear("board"))["rows"]}
            status, report = await selftest(TAWASUL_DIRECTORY=str(tmp_path))
            assert (status, is_a_good_call(report)) == (0, True), report
            assert all({row["audience_id"] for row in b["rows"]} == shown for b in office.heard if b["type"] == "board")
        assert await rows(service) == before


async def test_where_nothing_runs_it_says_so(tmp_path: Path) -> None:
    status, report = await selftest(TAWASUL_DIRECTORY=str(tmp_path))
    assert (status, report["ok"], report["problems"][0]["code"]) == (1, False, "no-server")


async def test_a_dead_relay_is_told(tmp_path: Path) -> None:
    async with a_service(tmp_path, TAWASUL_ICE__HOST="127.0.0.2") as service:
        # The endpoints are sent to an address where no relay listens.
        status, report = await selftest(TAWASUL_DIRECTORY=str(service.directory))
    assert (status, report["ok"]) == (1, False)
    assert report["problems"][0]["code"] == "in-call"
