"""A connection that sends a request without end, or never ends one, is let go; it costs the others nothing. A WebSocket
ends quietly with its server, whoever speaks first."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from support.ports import free_port
from support.web_server import serving
from websockets.asyncio.client import connect

from tawasul.serving import bind, serve
from tawasul.settings import ServerConfig
from tawasul.web import connections

WITHIN = 1.0
"""Seconds for a request in these tests: few to wait for, and more than a busy machine is away."""

HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"


@contextlib.asynccontextmanager
async def a_server() -> AsyncIterator[int]:
    """The port of a small application under our bounds."""
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    config, stop = ServerConfig(port=free_port()), asyncio.Event()
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
    monkeypatch.setattr(connections, "REQUEST_WITHIN", WITHIN)
    async with a_server() as port, connected(port) as (reader, writer):
        writer.write(begun)
        assert await reader.read() == b""


async def test_a_connection_that_is_used_again_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", WITHIN)
    async with a_server() as port, connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(HEAD + b"\r\nabcd")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(1) == b"4"
        writer.write(HEAD)
        assert await reader.read() == b"", "the last of them was never ended"


async def test_a_large_body_has_the_time_that_it_needs_at_a_steady_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", WITHIN)
    part, parts = bytes(connections.LEAST_PACE * 5 // 4), 8  # four parts earn five seconds
    async with a_server() as port, connected(port) as (reader, writer):
        writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (len(part) * parts))
        began = asyncio.get_running_loop().time()
        for _ in range(parts):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.5)  # a slow line is what is tested
        assert asyncio.get_running_loop().time() - began > 3 * WITHIN
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_a_body_that_drips_earns_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", WITHIN)
    async with a_server() as port, connected(port) as (reader, writer):
        writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.01)
            assert await reader.read() == b""


def a_listener() -> FastAPI:
    """It takes a line, and listens until the other end goes."""
    app = FastAPI()

    @app.websocket("/line")
    async def line(socket: WebSocket) -> None:
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await socket.receive_text()

    return app


async def test_who_has_said_goodbye_does_not_disturb_the_servers_end() -> None:
    """A kiosk and its server are told to stop together: the kiosk's goodbye has come, and its line is not yet gone."""
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    class EndedWithItsServer(connections.QuietlyEndedLine):
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.transport.is_closing():
                try:
                    self.shutdown()
                except Exception as error:
                    ended.set_exception(error)
                else:
                    ended.set_result(None)

    async with serving(a_listener(), ws=EndedWithItsServer) as address, asyncio.timeout(20):
        async with connect(f"ws{address.removeprefix('http')}/line", proxy=None) as line:
            await line.send("here")
            await line.close()
        await ended


async def test_who_listens_is_told_that_the_server_ends() -> None:
    async with asyncio.timeout(20):
        async with serving(a_listener(), ws=connections.QuietlyEndedLine) as address:
            line = await connect(f"ws{address.removeprefix('http')}/line", proxy=None)
        await line.wait_closed()
        assert line.close_code == 1012
