"""A connection that sends a request without end, or never ends one, is let go; it costs the others nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request
from support.ports import free_tcp_port

from tawasul.serving import bind, serve
from tawasul.settings import ServerConfig
from tawasul.web import connections

HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"


@contextlib.asynccontextmanager
async def a_server() -> AsyncIterator[int]:
    """The port of a small application under our bounds."""
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    config, stop = ServerConfig(port=free_tcp_port()), asyncio.Event()
    with contextlib.closing(bind(config)) as listener:
        serving = asyncio.create_task(serve(app, config, listener, stop))
        try:
            yield config.port
        finally:
            stop.set()
            await serving


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def test_a_head_without_end_is_not_kept() -> None:
    async with a_server() as port, connected(port) as (reader, writer):
        writer.write(HEAD)
        sent = 0
        with contextlib.suppress(ConnectionError):
            while sent < 100 * connections.LARGEST_HEAD and not reader.at_eof():
                writer.write(b"X-More: " + b"a" * 8192 + b"\r\n")
                await writer.drain()
                sent += 8192
            assert await reader.read() == b""
        assert sent < 100 * connections.LARGEST_HEAD


@pytest.mark.parametrize("begun", [b"", b"POST /echo HTT", HEAD, HEAD + b"\r\nab"], ids=["no", "line", "head", "body"])
async def test_a_request_that_does_not_end_is_let_go(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", 0.2)
    async with a_server() as port, connected(port) as (reader, writer):
        writer.write(begun)
        assert await reader.read() == b""


async def test_a_connection_that_is_used_again_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", 0.2)
    async with a_server() as port, connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(HEAD + b"\r\nabcd")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(1) == b"4"
        writer.write(HEAD)
        assert await reader.read() == b"", "the last of them was never ended"


async def test_a_large_body_has_the_time_that_it_needs_at_a_steady_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", 0.2)
    part, parts = bytes(connections.LEAST_PACE // 4), 8  # four parts earn a second
    async with a_server() as port, connected(port) as (reader, writer):
        writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (len(part) * parts))
        began = asyncio.get_running_loop().time()
        for _ in range(parts):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.1)  # a slow line is what is tested
        assert asyncio.get_running_loop().time() - began > 3 * connections.REQUEST_WITHIN
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_a_body_that_drips_earns_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", 0.2)
    async with a_server() as port, connected(port) as (reader, writer):
        writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.01)
            assert await reader.read() == b""
