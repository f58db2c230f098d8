"""A real relay process under the fuzzer's packets, by UDP and by TCP: what the core's fuzzer cannot see of the shell.

The core holds by itself (``tests/property/test_relay_core_fuzz.py``); here nothing is to reach the last resort of the
shell, which gives a datagram up and writes so, and a call beside it goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket

from support.fuzz_messages import Mutator, Signature, corpus, written
from support.relay_client import SocketClient, channel_data
from support.relay_process import address_of, last_statistics, running_relay, socket_client
from support.soak import CHANNEL, Call

DATAGRAMS = 12_000
STREAMS = 60
PAUSE = 64
"""Datagrams between two questions that wait for an answer: no faster than the relay reads."""
WIDE = {"unauthenticated_answers": 100_000, "unauthenticated_datagrams": 100_000, "streams_per_source": 1_000}


def by_datagrams(client: SocketClient, call: Call) -> None:
    """A user whose every packet is wrong, or nearly right."""
    random_ = random.Random(1)
    mutator = Mutator(random_, corpus())
    for number in range(DATAGRAMS):
        if number % PAUSE == 0:
            call.say()
            client.allocate()  # what it says may have released it
        signature = Signature(client.credentials.username, client.realm, client.nonce, client.key)
        match random_.randrange(4):
            case 0:
                datagram = mutator.broken(channel_data(CHANNEL + random_.randrange(3), random_.randbytes(40)))
            case 1:
                datagram = mutator.broken(written(mutator.draft(), None))
            case _:
                datagram = written(mutator.draft(), signature, fingerprint=bool(random_.randrange(2)))
        with contextlib.suppress(OSError):
            client.socket.send(datagram)


def by_streams(relay: tuple[str, int], call: Call) -> None:
    """Clients by TCP who say anything, cut anywhere, and go in any way."""
    random_ = random.Random(2)
    mutator = Mutator(random_, corpus())
    for _ in range(STREAMS):
        # Whom the relay has reset already cannot be shut down, which is no ConnectionError.
        with socket.create_connection(relay) as stream, contextlib.suppress(OSError):
            for _ in range(random_.randrange(12)):
                message = written(mutator.draft(), None)
                stream.sendall(mutator.broken(message) if random_.randrange(4) == 0 else message)
            if random_.randrange(2):
                stream.shutdown(socket.SHUT_WR)
        call.say()


async def test_nothing_reaches_the_last_resort(tmp_path):
    async with running_relay(tmp_path, **WIDE) as relay:
        address = address_of(relay, "127.0.0.1")
        with contextlib.closing(await asyncio.to_thread(Call, address)) as call, socket_client(relay, "mad") as client:
            await asyncio.to_thread(by_datagrams, client, call)
            await asyncio.to_thread(by_streams, address, call)
        counted = await last_statistics(relay)
    assert "given up" not in relay.directory.log.read_text()
    assert counted["requests"]["dropped.malformed"] > 100
    assert counted["requests"]["refused.400"] > 100
    assert {"no-channel", "no-allocation", "not-stun"} <= counted["dropped"].keys()
    assert sum(counted["streams"]["ended"].values()) >= STREAMS
