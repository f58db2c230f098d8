"""Quotas of a relay of several worker processes: each is one bound over all of them, whichever a client comes to, and
what a worker that was killed had given out is given back."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from support.relay_client import SocketClient, credentials, error
from support.relay_process import PATIENCE, eventually
from support.relay_workers import WORKERS, running_workers, worker_of

from media_relay.group import RelayGroup

HOST = "127.0.0.1"
PER_USER, PER_GOVERNORATE, PER_SOURCE, IN_ALL = 4, 6, 8, 10
QUOTAS = {
    "addresses": (HOST,),
    "allocations_per_user": PER_USER,
    "allocations_per_governorate": PER_GOVERNORATE,
    "allocations_per_source": PER_SOURCE,
    "allocations_in_all": IN_ALL,
    "unauthenticated_answers": 10_000,
}
MANY = 4 * IN_ALL
BINDING = b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12)


@contextlib.contextmanager
def crowd(relay: RelayGroup, name: str, source: str) -> Iterator[list[SocketClient]]:
    """Many clients, of ports and so of workers as it comes; in ``name`` and ``source`` the number of each is filled in.
    What they have been given they give back."""
    expires_at = time.time() + 600
    clients = [
        SocketClient(relay.listening[0], credentials(name.format(n), expires_at=expires_at), source.format(n + 2))
        for n in range(MANY)
    ]
    try:
        yield clients
    finally:
        for client in clients:
            if client.nonce:
                client.refresh(0)
            client.close()


def given_one_by_one(clients: list[SocketClient]) -> Counter[int | None]:
    """What became of their Allocates: an error, or none."""
    return Counter(error(client.allocate()) for client in clients)


def given_at_once(clients: list[SocketClient]) -> Counter[int | None]:
    """The same, all of them asking together."""
    with ThreadPoolExecutor(len(clients)) as threads:
        return Counter(map(error, threads.map(SocketClient.allocate, clients)))


CROWDS = {
    "of a user": ("office@badr", "127.0.0.{}", PER_USER, 486),
    "of a governorate": ("call{}.citizen@badr", "127.0.0.{}", PER_GOVERNORATE, 486),
    "of a source": ("call{0}.citizen@governorate{0}", "127.0.0.2", PER_SOURCE, 486),
    "of all": ("call{0}.citizen@governorate{0}", "127.0.0.{}", IN_ALL, 508),
}


async def test_each_bound_is_one_over_all_workers(tmp_path):
    async with running_workers(tmp_path, **QUOTAS) as relay:
        for crowd_of, (name, source, bound, code) in CROWDS.items():
            with crowd(relay, name, source) as clients:
                assert given_one_by_one(clients) == {None: bound, code: MANY - bound}, crowd_of
                assert error(clients[0].refresh(0)) is None
                assert given_one_by_one(clients[1:])[None] == 1, "what one gives back another is given"
            with crowd(relay, name, source) as clients:
                # Two workers may both see the last place free, each while the other takes it.
                assert bound <= given_at_once(clients)[None] <= bound + WORKERS - 1, crowd_of
    made = [json.loads(worker.directory.statistics.read_text())["made"] for worker in relay.workers]
    assert min(made) > 0, "both have had their part"


async def test_what_a_killed_worker_had_given_out_is_given_back(tmp_path):
    async with running_workers(tmp_path, **QUOTAS) as relay:
        with crowd(relay, "call{}.citizen@badr", "127.0.0.{}") as clients:
            victim = worker_of(relay, clients[0].relayed())
            assert given_one_by_one(clients[1:])[None] == PER_GOVERNORATE - 1
            os.kill(victim.pid, signal.SIGKILL)
            await eventually(lambda: not victim.alive)
            of_the_other = answered(clients)
            await eventually(lambda: holding(of_the_other) == PER_GOVERNORATE)
            for client in clients:
                if client not in of_the_other:
                    client.nonce = ""  # there is nobody to give anything back to


def answered(clients: list[SocketClient]) -> list[SocketClient]:
    """Those whose worker lives."""
    for client in clients:
        client.socket.send(BINDING)
    time.sleep(1)  # who says nothing cannot be waited for
    heard, _, _ = select.select([client.socket for client in clients], [], [], 0)
    return [client for client in clients if client.socket in heard]


def holding(clients: list[SocketClient]) -> int:
    """How many have an allocation, once each that had none has asked for one."""
    return sum(error(client.refresh()) is None or error(client.allocate()) is None for client in clients)


async def test_a_sources_streams_are_counted_over_all_workers(tmp_path):
    async with running_workers(tmp_path, addresses=(HOST,), streams_per_source=PER_USER) as relay:
        with contextlib.ExitStack() as opened:
            for source, bound in (("127.0.0.2", PER_USER), ("127.0.0.3", PER_USER)):
                # One after the other: a stream is answered, or it is reset.
                stand = [is_answered(opened.enter_context(stream(relay, source))) for _ in range(2 * PER_USER)]
                assert sum(stand) == bound
    counted = [json.loads(worker.directory.statistics.read_text())["streams"]["ended"] for worker in relay.workers]
    assert sum(each.get("refused", 0) for each in counted) == 2 * PER_USER


@contextlib.contextmanager
def stream(relay: RelayGroup, source: str) -> Iterator[socket.socket]:
    """A connection by TCP."""
    with socket.socket() as sock:
        sock.settimeout(PATIENCE)
        sock.bind((source, 0))
        # One that is refused may be reset before we are told that it stood.
        with contextlib.suppress(ConnectionResetError):
            sock.connect((HOST, relay.streams[0][2]))
        yield sock


def is_answered(sock: socket.socket) -> bool:
    """Whether the relay says a word to it."""
    try:
        sock.sendall(BINDING)
        return bool(sock.recv(2_000))
    except ConnectionError:
        return False
