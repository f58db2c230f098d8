"""``tawasul relay``: a relay alone on its host, from its refusals to its drain; and what its log tells of clients."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from support.command import environment, tawasul
from support.ports import free_port
from support.relay_client import SocketClient, credentials, error, send_indication, value
from support.relay_paper import SECRET
from support.relay_process import eventually, relay_config
from support.relay_stream import StreamClient
from typer.testing import CliRunner

from media_relay.errors import RelayError
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from tawasul.cli import app
from tawasul.domain.errors import TawasulError
from tawasul.relay_running import warnings

HOST = "127.0.0.1"
TOLD = {
    "TAWASUL_RELAY__SECRETS": json.dumps([SECRET]),
    "TAWASUL_RELAY__PORT": "0",
    "TAWASUL_RELAY__RELAY_PORTS": "[0, 0]",
}


@dataclass
class RunningRelay:
    """The command, and where its relay listens."""

    process: asyncio.subprocess.Process
    folder: Path
    first_line: str

    @property
    def address(self) -> tuple[str, int]:
        found = re.search(rf"{HOST} port (\d+)", self.first_line)
        assert found, self.first_line
        return HOST, int(found[1])

    def client(self, name: str = "kiosk", source: str | None = None, secret: str = SECRET) -> SocketClient:
        return SocketClient(self.address, credentials(name, expires_at=4e9, secret=secret), source)

    def statistics(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.folder / "relay" / "relay-stats.json").read_text())
        return found

    async def next_line(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            return (await self.process.stdout.readline()).decode()

    async def ended(self) -> int:
        async with asyncio.timeout(30):
            return await self.process.wait()


@asynccontextmanager
async def relay_command(folder: Path, *arguments: str, **told: str) -> AsyncIterator[RunningRelay]:
    """It is ready when the block begins, and gone after it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "relay", *arguments),
        env=environment(folder, **told),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    running = RunningRelay(process, folder, "")
    try:
        running.first_line = await running.next_line()
        if not running.first_line:
            assert process.stderr is not None
            raise AssertionError((await process.stderr.read()).decode())
        yield running
    finally:
        children = psutil.Process(process.pid).children() if process.returncode is None else []
        for each in (*children, process):
            try:
                each.kill()
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue
        await process.wait()


# What it refuses


async def test_a_refusal_is_a_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]
        answer = await tawasul(tmp_path, "relay", **TOLD | {"TAWASUL_RELAY__PORT": str(port)})

    assert (answer.status, answer.said) == (2, "")
    assert f"port {port} on {HOST} is taken by another program" in answer.complained
    assert "Traceback" not in answer.complained
    assert SECRET not in answer.complained
    told_of_it = [each for each in psutil.process_iter(["cmdline"]) if str(tmp_path) in str(each.info["cmdline"])]
    assert told_of_it == []


def test_what_it_cannot_do(tmp_path: Path) -> None:
    open_file = tmp_path / "open.json"
    relay_config().write(open_file)
    open_file.chmod(0o644)
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        metrics = taken.getsockname()[1]
        for arguments, told, sentence in (
            ([], {}, "TAWASUL_RELAY__SECRETS: a relay on its own host needs the secret that its servers mint"),
            (["--config-file", str(open_file)], {}, "open.json can be read by others: chmod 600 it"),
            ([], TOLD | {"TAWASUL_RELAY__ADDRESSES": '["192.0.2.1"]'}, "the relay cannot listen on 192.0.2.1"),
            ([], TOLD | {"TAWASUL_RELAY__METRICS_PORT": str(metrics)}, f"cannot be served on 127.0.0.1 port {metrics}"),
        ):
            result = CliRunner().invoke(
                app, ["relay", *arguments], env={"TAWASUL_DIRECTORY": str(tmp_path / "folder"), **told}
            )
            # The command line tells what is ours in a sentence.
            assert isinstance(result.exception, TawasulError | RelayError)
            assert sentence in str(result.exception)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"addresses": (HOST, "::1")}, ["loopback alone"]),
        ({"addresses": ("10.1.2.3",)}, ["ALLOW_PEERS"]),
        ({"addresses": ("10.1.2.3",), "allow_public": True}, []),
        ({"addresses": ("10.1.2.3",), "allow_peers": ("10.20.0.0/16",), "drain": 60}, ["ALTERNATES"]),
    ],
)
def test_what_it_warns_of(changed: dict[str, object], words: list[str]) -> None:
    found = warnings(relay_config(**changed))

    assert len(found) == len(words)
    assert all(word in warning for word, warning in zip(words, found, strict=True))


# From its start to its end


async def test_it_serves_tells_its_numbers_drains_and_ends(tmp_path: Path) -> None:
    metrics = free_port()
    told = TOLD | {
        "TAWASUL_RELAY__METRICS_PORT": str(metrics),
        "TAWASUL_RELAY__DRAIN": "60",
        "TAWASUL_RELAY__ALTERNATES": '["10.1.2.4:3478"]',
    }
    async with relay_command(tmp_path, **told) as relay:
        assert re.fullmatch(
            rf"The relay is ready on UDP {HOST} port (\d+), TCP {HOST} port \1 \(process \d+\); "
            rf"metrics at http://127\.0\.0\.1:{metrics}/metrics\.\n",
            relay.first_line,
        )
        kiosk, late = relay.client(), relay.client("late")
        kiosk.relayed()
        async with httpx.AsyncClient() as monitoring:
            assert "tawasul_relay_workers 1.0" in (await monitoring.get(f"http://{HOST}:{metrics}/metrics")).text

        relay.process.terminate()
        assert (await relay.next_line()).startswith("Draining: calls that run have 60 seconds")
        # The signal is on its way to the relay: who comes before it has an allocation, and gives it back.
        while error(turned_away := late.allocate()) != 300:
            assert error(late.refresh(0)) is None
        assert value(turned_away, stun.ALTERNATE_SERVER) == TransportAddress("10.1.2.4", 3478)
        assert error(kiosk.refresh(600)) is None, "the call that runs goes on"
        assert relay.process.returncode is None

        kiosk.refresh(0)
        assert await relay.next_line() == "The relay has ended.\n"
        assert await relay.ended() == 0
        assert relay.statistics()["draining"] is True
        assert not (tmp_path / "relay" / "relay.json").exists()
        for client in (kiosk, late):
            client.close()


async def test_a_second_signal_ends_it_at_once_and_a_file_does_in_place_of_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "given.json"
    relay_config(drain=3600, addresses=(HOST,)).write(file)
    async with relay_command(tmp_path / "folder", "--config-file", str(file)) as relay:
        kiosk = relay.client()
        kiosk.relayed()
        relay.process.send_signal(signal.SIGINT)
        await relay.next_line()
        relay.process.terminate()

        assert await relay.ended() == 0
        assert relay.statistics()["allocations"] == 1, "it did not wait for the call"
        kiosk.close()


async def test_a_relay_that_dies_is_started_again_on_its_port(tmp_path: Path) -> None:
    async with relay_command(tmp_path, **TOLD) as relay:
        first = pid_of(relay)
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: pid_of(relay) not in (0, first))
        again = relay.client()
        again.relayed()
        again.close()


def pid_of(relay: RunningRelay) -> int:
    try:
        return int(json.loads((relay.folder / "relay" / "relay.json").read_text())["pid"])
    except (OSError, ValueError):
        return 0


# What its log tells


@pytest.mark.parametrize("form", ["json", "text"])
async def test_a_log_of_a_whole_session_names_no_client(tmp_path: Path, form: str) -> None:
    names, sources = ("kiosk-of-badr-1@badr", "office-of-the-emirate"), ("127.11.12.13", "127.21.22.23")
    async with relay_command(tmp_path, **TOLD, TAWASUL_RELAY__LOG=form) as relay:
        one, other = (relay.client(name, source) for name, source in zip(names, sources, strict=True))
        ours, theirs = one.relayed(), other.relayed()
        one.permit(theirs)
        other.permit(ours)
        one.socket.send(send_indication(theirs, b"a word"))
        other.receive()
        one.bind(0x4000, TransportAddress("10.99.98.97", 9))
        stranger = relay.client("stranger", "127.31.32.33", secret="of somebody else entirely")
        stranger.allocate()
        stranger.socket.send(b"rubbish, and no STUN message")
        by_tcp, rubbish = (
            socket.create_connection(relay.address, 30, source_address=(source, 0))
            for source in ("127.41.42.43", "127.51.52.53")
        )
        StreamClient(by_tcp, credentials("kiosk-by-tcp", expires_at=4e9)).relayed()
        rubbish.sendall(b"\xff" * 100)
        with contextlib.suppress(ConnectionResetError):
            assert rubbish.recv(1) == b"", "it was thrown out"
        one.refresh(0)
        relay.process.terminate()
        await relay.ended()
        for client in (one, other, stranger, by_tcp, rubbish):
            client.close()
        assert relay.process.stderr is not None
        log = (tmp_path / "relay" / "relay.log").read_text() + (await relay.process.stderr.read()).decode()

    assert "127.11.12.0/24" in log
    assert "127.21.22.0/24" in log
    others = ("127.31.32.33", "127.41.42.43", "127.51.52.53", "10.99.98.97", "kiosk-by-tcp", "badr")
    for hidden in (*names, *sources, *others, SECRET, one.credentials.password):
        assert hidden not in log
    if form == "json":
        lines = [json.loads(line) for line in log.splitlines()]
        assert all({"time", "level", "message", "process"} <= set(line) for line in lines)
        made = [line for line in lines if line.get("event") == "allocation-made"]
        assert [(line["client"], line["transport"]) for line in made] == [
            ("127.11.12.0/24", "udp"),
            ("127.21.22.0/24", "udp"),
            ("127.41.42.0/24", "tcp"),
        ]
        ended = {line["client"]: line for line in lines if line.get("event") == "allocation-ended"}
        assert (ended["127.11.12.0/24"]["cause"], ended["127.11.12.0/24"]["to_peers"]) == ("released", 1)
