"""No listener of ours keeps the second packet of an answer back until the first one is known to have come.

asyncio sees to that for sockets it made itself only; with ours, each answer over a kept connection took 40 ms more.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing

import pytest

from tawasul.issuer import serving as issuer
from tawasul.office_client.console import run as console
from tawasul.serving import bind
from tawasul.settings import ServerConfig

LISTENERS: dict[str, Callable[[], socket.socket]] = {
    "server": lambda: bind(ServerConfig(port=0)),
    "issuer": lambda: issuer.listen("127.0.0.1", 0),
    "console": lambda: console._bound(0),
}


@pytest.mark.parametrize("listen", LISTENERS.values(), ids=LISTENERS)
async def test_what_is_accepted_sends_at_once(listen: Callable[[], socket.socket]) -> None:
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sock = writer.get_extra_info("socket")
        accepted.set_result(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with closing(listen()) as listener:
        async with await asyncio.start_server(look, sock=listener) as server:
            host, port = server.sockets[0].getsockname()[:2]
            _, writer = await asyncio.open_connection(host, port)
            assert await asyncio.wait_for(accepted, 5) == 1
            writer.close()
