"""The records beside a running service: told to open pages, verified and exported by command, messages in a file."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from support.endpoints import signed_in
from support.service import Service, a_service
from typer.testing import CliRunner

from tawasul.cli import OURS, REFUSED, app

# Each test starts a service and several commands, one after the other.
pytestmark = pytest.mark.timeout(300)

SOON = 60.0
PLANNED = 'data: {"what":"planning"}'


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path) as running:
        yield running


@asynccontextmanager
async def a_desk(service: Service, user_name: str) -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, str]]]:
    """A signed-in client, and the headers with which it changes something."""
    client, csrf = await signed_in(service, user_name)
    async with aclosing(client):
        yield client, {"X-Tawasul-CSRF": csrf, "Origin": service.address}


class Page:
    """A desk's open page."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def hears(self, line: str) -> None:
        """Waits for a line of the stream."""
        async with asyncio.timeout(SOON):
            async for said in self._lines:
                if said == line:
                    return
        raise AssertionError(f"the stream ended without {line}")

    async def ends(self) -> list[str]:
        """Waits for its end. The changes that it told of before."""
        async with asyncio.timeout(SOON):
            return [line async for line in self._lines if line.startswith("data:")]


async def test_open_pages_hear_of_what_concerns_them(service: Service) -> None:
    audience = service.audience_at("badr-1")
    async with a_desk(service, "badr") as (badr, headers), badr.stream("GET", "/api/desk/live") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        page = Page(answer)
        await page.hears("retry: 3000")
        done = await badr.post(f"/api/desk/audiences/{audience.audience_id}/check-in", json={}, headers=headers)
        assert done.status_code == 200, done.text
        await page.hears('data: {"what":"day"}')
        path = f"/api/desk/tasks/{(await badr.get('/api/desk/tasks')).json()['tasks'][0]['id']}"
        assert (await badr.post(f"{path}/take", headers=headers)).status_code == 200
        await page.hears('data: {"what":"tasks"}')
        # What was told while the sign-in held may stand in the stream still; nothing of what came after it does.
        assert (await badr.delete("/api/session", headers=headers)).status_code == 204
        async with a_desk(service, "badr") as (again, _), again.stream("GET", "/api/desk/live") as answer:
            other = Page(answer)
            await other.hears("retry: 3000")
            await _plans(service)
            await other.hears(PLANNED)
        assert PLANNED not in await page.ends()


async def _plans(service: Service) -> None:
    """Something of which every desk hears: a holiday, far from everybody's time."""
    async with a_desk(service, "office") as (office, headers):
        day = (datetime.now(UTC) + timedelta(days=200)).date().isoformat()
        named = {"name": {"arabic": "إجازة", "english": "Holiday"}, "first_day": day, "last_day": day}
        answer = await office.post("/api/planning/holidays", json=named, headers=headers)
        assert answer.status_code == 201, answer.text


async def test_open_pages_are_bounded_and_do_not_keep_a_service_that_is_asked_to_end(service: Service) -> None:
    async with a_desk(service, "badr") as (client, _), AsyncExitStack() as open_ones:
        pages = [Page(await open_ones.enter_async_context(client.stream("GET", "/api/desk/live"))) for _ in range(6)]
        for page in pages:
            await page.hears("retry: 3000")
        async with client.stream("GET", "/api/desk/live") as answer:
            page = Page(answer)
            await page.hears("retry: 30000")
            await page.ends()
        ending = asyncio.create_task(service.end())
        for page in pages:
            # Whole: what the server has to cut off when its patience is over breaks off, and that is an error here.
            await page.ends()
    await ending


async def test_the_log_is_verified_exported_and_shown_and_messages_are_listed(service: Service, tmp_path: Path) -> None:
    audience = service.audience_at("badr-1")
    async with a_desk(service, "badr") as (client, headers):
        found = await client.post("/api/desk/citizens/find", json={"query": audience.reference}, headers=headers)
        (citizen,) = found.json()["citizens"]
        answer = await client.post(f"/api/desk/audiences/{audience.audience_id}/cancel", json={}, headers=headers)
        assert answer.status_code == 200, answer.text
    messages = await _lines(tmp_path / "messages")
    await service.end()
    await _the_log(tmp_path, citizen)
    await _the_messages(tmp_path, messages, audience.name)


async def _the_log(folder: Path, citizen: dict[str, str]) -> None:
    verified = await command(folder, "audit", "verify")
    assert verified[0] == 0
    for sentence in ("The audit log holds", "سجل التدقيق سليم", "Compared with"):
        assert sentence in verified[1]

    assert "badr  found-citizen  citizen" in (await command(folder, "audit", "show", "--citizen", citizen["id"]))[1]
    assert citizen["id"] in (await command(folder, "audit", "show", "--staff", "badr"))[1]
    assert (await command(folder, "audit", "show", "--staff", "nobody"))[0] == 2

    export, heads = folder / "export.jsonl", folder / "audit-heads.log"
    assert (await command(folder, "audit", "export", "--to", str(export)))[0] == 0
    assert (await command(folder, "audit", "export", "--to", str(export)))[0] == 2
    assert citizen["name"] not in export.read_text()
    elsewhere = folder / "elsewhere"
    offline = ("audit", "verify", "--file", str(export), "--heads", str(heads))
    assert (await command(elsewhere, *offline))[0] == 0
    assert not elsewhere.exists()

    lines = export.read_text().splitlines(keepends=True)
    changed = json.loads(lines[0])
    changed["actor_id"] = "somebody-else"
    export.write_text("".join([json.dumps(changed, sort_keys=True, separators=(",", ":")) + "\n", *lines[1:]]))
    status, told = await command(elsewhere, *offline)
    assert status == 1
    assert "Entry 1: changed after it was written." in told
    export.write_text("".join(["nothing\n", *lines[1:]]))
    assert (await command(elsewhere, *offline))[0] == 1

    with sqlite3.connect(folder / "tawasul.db") as database:
        database.execute("DELETE FROM audit_entries WHERE chain = (SELECT max(chain) FROM audit_entries)")
    status, told = await command(folder, "audit", "verify")
    assert status == 1
    assert "cut off" in told
    heads.write_text("not a head\n")
    assert (await command(folder, "audit", "verify"))[0] == 2


async def _the_messages(folder: Path, messages: list[dict[str, str]], name: str) -> None:
    (line,) = [line for line in messages if "أُلغي موعدك" in line["text"]]
    assert line["to"].startswith("+9665")
    assert name not in line["text"]
    listed = (await command(folder, "messages", "list", "--state", "sent"))[1]
    assert line["id"] in listed
    assert line["to"] not in listed
    shown = (await command(folder, "messages", "show", line["id"]))[1]
    assert line["text"] in shown
    assert line["to"] not in shown
    assert f"…{line['to'][-4:]}" in shown
    assert (await command(folder, "messages", "list", "--state", "lost"))[0] == 2
    assert (await command(folder, "messages", "show", "none"))[0] == 2


async def command(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of a command, in this process: a dozen of their own would take a minute."""
    runner = CliRunner(env={"TAWASUL_DIRECTORY": str(folder)})
    result = await asyncio.to_thread(runner.invoke, app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        assert type(result.exception).__module__.partition(".")[0] in OURS, result.exception
        return REFUSED, str(result.exception)
    return result.exit_code, result.output


async def _lines(folder: Path) -> list[dict[str, str]]:
    def read() -> list[dict[str, str]]:
        return [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]

    async with asyncio.timeout(SOON):
        while True:
            lines = await asyncio.to_thread(read)
            if any("أُلغي" in line["text"] for line in lines):
                return lines
            # The service is a process of its own: there is nothing to await but the file.
            await asyncio.sleep(0.1)
