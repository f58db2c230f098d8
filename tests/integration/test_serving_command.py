"""``tawasul serve`` from its start to its end: what it refuses, what it leaves behind, and the same over PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from support.command import PATIENCE, environment, tawasul
from support.endpoints import citizen_line, kiosk_line, office_line
from support.ports import free_port
from support.service import KIOSKS, Service, a_service

from tawasul.demo import prepare
from tawasul.local_authority import issue
from tawasul.own_database import open_database
from tawasul.serving import PortTaken, Running, StartFailed, address_file, bind, serve
from tawasul.settings import ServerConfig, Settings
from tawasul.store.demo import Demo as Samples

QUIET = {"TAWASUL_RELAY__PORT": "0", "TAWASUL_RELAY__ALLOW_LOOPBACK": "true"}


def at_work_in(folder: Path) -> list[psutil.Process]:
    """The processes that were told this folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(folder) in word for word in (*process.cmdline(), *process.environ().values())):
                found.append(process)
    return [process for process in found if process.pid != os.getpid()]


async def ended_by(service: Service, number: signal.Signals) -> int:
    """The exit status of the server that was sent this."""
    assert service.process is not None
    service.process.send_signal(number)
    return await asyncio.to_thread(service.process.wait, 30)


# Starting and ending


async def test_a_taken_port_is_told_in_a_sentence_and_nothing_was_begun(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = await tawasul(tmp_path / "new", "serve", TAWASUL_SERVER__PORT=str(port), **QUIET)
    assert (answer.status, answer.complaints) == (
        2,
        [f"127.0.0.1 port {port} cannot be listened on: Address already in use"],
    )
    assert os.listdir(tmp_path) == []
    assert at_work_in(tmp_path) == []


def test_of_two_that_ask_for_a_port_at_once_the_second_is_refused() -> None:
    config = ServerConfig(port=free_port())
    with bind(config), pytest.raises(PortTaken) as refusal:
        bind(config)
    assert refusal.value.where == f"127.0.0.1:{config.port}"


async def test_an_application_that_does_not_start_is_told_and_not_waited_for() -> None:
    @contextlib.asynccontextmanager
    async def failing(app: FastAPI) -> AsyncIterator[None]:
        raise OSError("no disk")
        yield

    config = ServerConfig(port=0)
    async with asyncio.timeout(10):
        with bind(config) as listener, pytest.raises(StartFailed):
            await serve(FastAPI(lifespan=failing), config, listener, asyncio.Event())


async def test_sigterm_leaves_the_relay_to_the_next_server_and_sigint_ends_all(tmp_path: Path) -> None:
    """A relay of two processes here: both are left, adopted and ended."""
    metrics = free_port()
    two = {"TAWASUL_RELAY__METRICS_PORT": str(metrics), "TAWASUL_RELAY__WORKERS": "2"}
    async with a_service(tmp_path, **two) as service:
        relay = [psutil.Process(pid) for pid in service.relay_pids]
        assert len(relay) == 2
        noted = Running.noted(tmp_path)
        assert noted == Running(service.address, https=False)
        assert await ended_by(service, signal.SIGTERM) == 0
        assert not address_file(tmp_path).exists()
        assert all(process.is_running() for process in relay)

        await service.start()
        assert service.relay_pids == [process.pid for process in relay]
        assert "relay: adopted" in service.log()
        async with httpx.AsyncClient() as monitoring:
            told = await monitoring.get(f"http://127.0.0.1:{metrics}/metrics")
            assert "tawasul_relay_workers 2.0" in told.text
        async with kiosk_line(service, "badr-1") as kiosk:
            # An open line does not keep the server from ending: it is told that it restarts.
            assert await ended_by(service, signal.SIGINT) == 0
            assert await kiosk.closed() == 1012
        assert not address_file(tmp_path).exists()
        assert at_work_in(tmp_path) == []
        assert not (tmp_path / "relay" / "relay.json").exists()
        assert "Traceback" not in service.log()


@pytest.mark.parametrize(
    ("word", "number"),
    [
        (b": starting", signal.SIGINT),
        (b"relay: started", signal.SIGINT),
        (b"pages: ", signal.SIGINT),
        (b": starting", signal.SIGTERM),
        # Nobody has been told of this relay: there is no call to leave to the next server.
        (b"relay: started", signal.SIGTERM),
    ],
)
async def test_what_is_only_just_starting_ends_in_order(word: bytes, number: signal.Signals, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "serve"),
        env=environment(tmp_path, TAWASUL_SERVER__PORT="0", **QUIET),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    said = b""
    async with asyncio.timeout(PATIENCE):
        while word not in said:
            said += await process.stderr.readline()
        process.send_signal(number)
        said += (await process.communicate())[1]
    assert process.returncode == 0, said.decode()
    assert f"{number.name}: stopping".encode() in said
    assert b"Traceback" not in said, said.decode()
    assert at_work_in(tmp_path) == []


async def test_a_second_server_in_the_same_folder_that_fails_spoils_nothing_of_the_first(tmp_path: Path) -> None:
    async with a_service(tmp_path) as service:
        relay = service.relay_pid
        shutil.move(tmp_path / "personal-data.key", tmp_path / "right.key")
        answer = await tawasul(tmp_path, "serve", TAWASUL_SERVER__PORT="0", **QUIET)
        assert answer.status == 2
        assert Running.noted(tmp_path) == Running(service.address, https=False)
        assert service.relay_pid == relay
        assert psutil.pid_exists(relay)


async def test_the_key_of_another_database_is_refused(tmp_path: Path) -> None:
    settings = Settings(directory=tmp_path, server=ServerConfig(port=0))
    await prepare(settings, tmp_path, ())
    # As a first start does.
    database = open_database(settings)
    await database.check_key()
    await database.close()
    (tmp_path / "personal-data.key").unlink()
    answer = await tawasul(tmp_path, "serve", TAWASUL_SERVER__PORT="0", **QUIET)
    assert answer.status == 2
    (line,) = answer.complaints
    assert "key" in line
    assert at_work_in(tmp_path) == []
    assert not address_file(tmp_path).exists()


# PostgreSQL


async def test_a_shared_database_is_upgraded_by_a_person_and_then_served(tmp_path: Path, postgres_url: str) -> None:
    where = {"TAWASUL_DATABASE_URL": postgres_url}
    refused = await tawasul(tmp_path, "serve", TAWASUL_SERVER__PORT="0", **QUIET, **where)
    (line,) = refused.complaints
    assert refused.status == 2
    assert line.endswith("tawasul db upgrade")
    assert at_work_in(tmp_path) == []

    upgraded = await tawasul(tmp_path, "db", "upgrade", **where)
    assert upgraded.status == 0, upgraded.complained
    samples = await _sample_people(tmp_path, postgres_url)
    service = Service(tmp_path, free_port(), samples, where)
    try:
        await service.start()
        await _walk(service)
    finally:
        await service.end()
    assert at_work_in(tmp_path) == []


async def _walk(service: Service) -> None:
    """A kiosk checks in, the office calls in, both see each other, the outcome is written."""
    audience, own = service.audience_at("badr-1"), service.audience_with_link()
    async with (
        kiosk_line(service, "badr-1") as kiosk,
        office_line(service) as office,
        citizen_line(service, own.link_token) as citizen,
    ):
        await citizen.say("check-in")
        await kiosk.say("check-in", reference=audience.reference)
        await office.hear("board", lambda said: sum(row["state"] == "arrived" for row in said["rows"]) == 2)
        await office.say("call-in", audience_id=audience.audience_id)
        call_id = (await kiosk.hear("negotiate"))["call_id"]
        for line in (kiosk, office):
            await line.say("media", call_id=call_id, attempt=1, state="connected", path="relay")
        await office.hear("call-state", lambda said: said["phase"] == "in-call")
        await office.say("call-in", audience_id=own.audience_id)
        assert await office.problem() == "office-busy"
        await office.say("conclude", audience_id=audience.audience_id, directive="يُتابع")
        assert (await kiosk.hear("ended"))["because"] == "concluded"
        await office.say("call-in", audience_id=own.audience_id)
        await citizen.hear("negotiate")


async def _sample_people(folder: Path, url: str) -> Samples:
    """Those of the demonstration, in a database that is upgraded already."""
    return await prepare(Settings(directory=folder, database_url=SecretStr(url)), folder, KIOSKS)


# HTTPS


async def test_over_https_the_authority_is_offered_and_a_page_is_to_be_had(tmp_path: Path) -> None:
    made = issue(tmp_path / "authority")
    https = {
        "TAWASUL_SERVER__PORT": "0",
        "TAWASUL_SERVER__CERTIFICATE": str(made.certificate),
        "TAWASUL_SERVER__CERTIFICATE_KEY": str(made.key),
        "TAWASUL_SERVER__AUTHORITY": str(made.authority),
    }
    async with _serving(tmp_path, **https) as address:
        assert address.startswith("https://127.0.0.1:")
        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=made.authority)) as client:
            offered = await client.get(f"{address}/authority.crt")
            assert (offered.status_code, offered.content) == (200, made.authority.read_bytes())
            assert offered.headers["content-type"] == "application/x-x509-ca-cert"
            by_name = await client.get(address.replace("127.0.0.1", "localhost") + "/")
            assert by_name.status_code == 200
            assert "strict-transport-security" not in by_name.headers


async def test_without_an_authority_none_is_offered(tmp_path: Path) -> None:
    async with _serving(tmp_path, TAWASUL_SERVER__PORT="0") as address, httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/authority.crt")).status_code == 404


@contextlib.asynccontextmanager
async def _serving(folder: Path, **told: str) -> AsyncIterator[str]:
    """A server with places and nobody: its address, as it says it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "serve"),
        env=environment(folder, **QUIET, **told),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE):
            async for line in process.stderr:
                if b"pages: " in line:
                    break
            yield line.decode().partition("pages: ")[2].strip()
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()
    assert process.returncode == 0
