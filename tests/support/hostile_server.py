"""A server that answers whatever bytes a test tells it to: what is behind a console when its operator is malicious."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from tawasul.protocol.base import PROTOCOL_VERSION


def answer(content: bytes, media_type: str = "application/json", status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP answer of these bytes."""
    head = [f"HTTP/1.1 {status}", f"content-type: {media_type}", f"content-length: {len(content)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + content


def json_answer(value: Any, *headers: str, status: str = "200 OK") -> bytes:
    """An answer of the protocol's kind."""
    return answer(json.dumps(value).encode(), "application/json", status, *headers)


HEALTHY = json_answer({"ready": True, "version": "0.0.0", "protocol": PROTOCOL_VERSION})
SESSION = json_answer(
    {
        "role": "office",
        "display_name": "<b>عينة</b>",
        "governorate_id": None,
        "csrf": "ab" * 32,
        "first_page": "//evil",
    },
    "set-cookie: tawasul-session-office=server-secret; Path=/; HttpOnly",
    "set-cookie: evil=1; Path=/",
)


@dataclass
class Hostile:
    """`answers`: raw bytes by path, or what writes them; `asked`: the head of every request that came."""

    port: int
    answers: dict[str, bytes | Callable[[asyncio.StreamWriter], Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def heads(self, path: str) -> list[str]:
        """The heads of the requests for a path."""
        return [head for head in self.asked if head.split(" ")[1].split("?")[0] == path]


@contextlib.asynccontextmanager
async def a_hostile_server(security: ssl.SSLContext | None = None) -> AsyncIterator[Hostile]:
    """Answers /api/health and /api/session as a good one, until told otherwise; anything else with an empty object."""
    hostile = Hostile(0, {"/api/health": HEALTHY, "/api/session": SESSION})

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            hostile.asked.append(head)
            if announced := re.search(r"content-length: (\d+)", head.lower()):
                await reader.readexactly(int(announced[1]))
            told = hostile.answers.get(head.split(" ")[1].split("?")[0], json_answer({}))
            if isinstance(told, bytes):
                writer.write(told)
                await writer.drain()
            else:
                await told(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=security)
    hostile.port = server.sockets[0].getsockname()[1]
    try:
        yield hostile
    finally:
        server.close()
