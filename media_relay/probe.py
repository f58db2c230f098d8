"""Asks a STUN server what address it sees (a Binding round trip): is a relay alive, as a client would find it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from typing import Literal

from media_relay.errors import AnswerNotStun, RequestRefused
from media_relay.stun.address import TransportAddress
from media_relay.turn_client import TIMEOUTS, TurnClient, stream_wire, udp_wire

_NAMES = ThreadPoolExecutor(8, thread_name_prefix="relay-name")
# While no name server answers, a thread waits for each name for as long as the system does, and nobody can call it off.
# In the event loop's own executor those threads would be missing to signing in and to documents.


async def binding(
    host: str,
    port: int,
    *,
    attempts: int = len(TIMEOUTS),
    transport: Literal["udp", "tcp", "tls"] = "udp",
    context: ssl.SSLContext | None = None,
) -> TransportAddress | None:
    """Our address as the STUN server at ``host``, ``port`` sees it; None when no valid answer comes. Never raises.

    ``attempts``: four at most. ``context``: whom to trust over TLS; by default, as the system does, a certificate that
    names ``host``. On a stream the question is put once, and waited for as long as over UDP all ``attempts`` take;
    finding out what ``host`` means is a part of that time.
    """
    trusting = (context or ssl.create_default_context()) if transport == "tls" else None
    try:
        async with asyncio.timeout(sum(TIMEOUTS[:attempts])):
            for found in await _addresses(host):
                address = TransportAddress(found, port)
                with contextlib.suppress(OSError):  # no way there, or no certificate that is trusted
                    wire = await (udp_wire(address) if transport == "udp" else stream_wire(address, trusting, host))
                    with contextlib.closing(wire):
                        return await TurnClient(wire).binding()
    except (OSError, ValueError, RequestRefused, AnswerNotStun):  # among them: no answer in time, no such name
        pass
    return None


async def _addresses(host: str) -> list[str]:
    """By number, as the system prefers them. Raises OSError, ValueError."""
    with contextlib.suppress(ValueError):
        return [str(ip_address(host))]
    ask = partial(socket.getaddrinfo, host, None, type=socket.SOCK_DGRAM)
    found = await asyncio.get_running_loop().run_in_executor(_NAMES, ask)
    return [str(address[0]) for *_, address in found]
