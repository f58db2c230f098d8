"""`tawasul office` as people type it: it says where it is, looks for its server, and ends by Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from support.command import environment, tawasul
from support.hostile_server import a_hostile_server, json_answer
from support.ports import free_port

from tawasul.e2ee.anchor import Anchor, Title
from tawasul.e2ee.keys import SigningKey

ANCHOR = Anchor("madinah", Title("منطقة المدينة المنورة", "Madinah region"), SigningKey.generate().public)


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    file = tmp_path / "anchor.json"
    file.write_bytes(ANCHOR.to_json())
    return file


@contextlib.asynccontextmanager
async def an_office(folder: Path, anchor: Path, server: str, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command, running."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "tawasul.cli", "office", "--server", server, "--anchor", str(anchor)),
        *("--port", str(port), "--no-browser"),
        env=environment(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def said(process: asyncio.subprocess.Process, what: str) -> str:
    """The line in which this stands."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while line := (await process.stdout.readline()).decode():
            if what in line:
                return line
    raise AssertionError(f"it ended without saying {what!r}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_where_it_is_and_ends_in_order(tmp_path: Path, anchor: Path, number: signal.Signals) -> None:
    port = free_port()
    async with a_hostile_server() as server, an_office(tmp_path, anchor, server.address, port) as process:
        assert f"http://127.0.0.1:{port}/office" in await said(process, "console")
        assert ANCHOR.fingerprint in await said(process, "Anchor")
        assert "0.0.0" in await said(process, "answers")
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/sign-in")).status_code == 200
        with socket.socket(socket.AF_INET6) as other, pytest.raises(OSError, match=r"refused|Cannot assign"):
            other.connect(("::1", port))
        process.send_signal(number)
        async with asyncio.timeout(20):
            _, complained = await process.communicate()
    assert (process.returncode, complained.decode()) == (0, "")


async def test_it_starts_without_its_server_and_says_so(tmp_path: Path, anchor: Path) -> None:
    port = free_port()
    async with an_office(tmp_path, anchor, f"http://127.0.0.1:{free_port()}", port) as process:
        assert "does not answer now" in await said(process, "The server")


async def test_a_server_of_another_version_is_told(tmp_path: Path, anchor: Path) -> None:
    async with a_hostile_server() as server:
        server.answers["/api/health"] = json_answer({"ready": True, "version": "9", "protocol": 99})
        async with an_office(tmp_path, anchor, server.address, free_port()) as process:
            assert "another version of the protocol" in await said(process, "The server")


async def test_what_cannot_be_is_refused_in_a_sentence(tmp_path: Path, anchor: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        cases = [
            (("--server", "http://majlis.example", "--anchor", str(anchor)), "use https"),
            (("--server", "https://majlis.example", "--anchor", str(tmp_path / "no.json")), "not the region's anchor"),
            (("--server", "http://127.0.0.1:1", "--anchor", str(anchor), "--port", port), "cannot be listened on"),
        ]
        for arguments, why in cases:
            answer = await tawasul(tmp_path, "office", "--no-browser", *arguments)
            assert answer.status == 2
            [sentence] = answer.complaints
            assert why in sentence
