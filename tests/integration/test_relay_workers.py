"""A relay of several worker processes on one port: calls between them, and what becomes of the rest when one dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator

import psutil
import pytest
from support.ports import free_port
from support.relay_client import SocketClient, channel_data, credentials, error, send_indication, value
from support.relay_process import PATIENCE, eventually, relay_config
from support.relay_workers import WORKERS, running_workers, worker_of

from media_relay.child import RelayProcess
from media_relay.errors import RelayPortTaken
from media_relay.group import RelayGroup, adopt_or_start_all
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.message import parse

HOST = "127.0.0.1"


@contextlib.contextmanager
def a_client(relay: RelayGroup, name: str = "kiosk") -> Iterator[SocketClient]:
    """A client on a port of its own, of whichever worker the kernel brings it to."""
    client = SocketClient(relay.listening[0], credentials(name, expires_at=time.time() + 600))
    try:
        yield client
    finally:
        client.close()


@contextlib.contextmanager
def one_of_each(relay: RelayGroup) -> Iterator[list[tuple[SocketClient, TransportAddress]]]:
    """A client of each worker, in the order of the workers, with its relayed address."""
    with contextlib.ExitStack() as open_clients:
        found: dict[int, tuple[SocketClient, TransportAddress]] = {}
        while len(found) < len(relay.workers):
            client = open_clients.enter_context(a_client(relay, f"user-{len(found)}"))
            relayed = client.relayed()
            worker = worker_of(relay, relayed).pid
            if worker in found:
                client.refresh(0)
            else:
                found[worker] = client, relayed
        yield [found[worker.pid] for worker in relay.workers]


def heard(client: SocketClient, sender: TransportAddress) -> bytes:
    """What the client is next given of ``sender``'s."""
    said = parse(client.receive(PATIENCE))
    assert value(said, stun.XOR_PEER_ADDRESS) == sender
    return value(said, stun.DATA)


async def test_both_ends_of_a_call_are_relayed_by_different_workers(tmp_path):
    async with running_workers(tmp_path) as relay:
        assert len(set(relay.pids)) == WORKERS
        with one_of_each(relay) as [(kiosk, kiosks), (office, offices)]:
            assert error(kiosk.bind(0x4000, offices)) is None
            assert error(office.permit(kiosks)) is None
            kiosk.socket.send(channel_data(0x4000, b"by channel"))
            assert heard(office, kiosks) == b"by channel"
            office.socket.send(send_indication(kiosks, b"by indication"))
            assert kiosk.receive(PATIENCE) == channel_data(0x4000, b"by indication")

            assert error(office.refresh(0)) is None
            gone = offices
            assert error(kiosk.bind(0x4001, gone._replace(port=9))) == 403, "nobody's"
            await eventually(lambda: error(kiosk.bind(0x4000, gone)) == 403)


async def test_a_worker_dies_and_is_replaced_and_the_others_calls_do_not_notice(tmp_path):
    async with running_workers(tmp_path, addresses=(HOST,)) as relay:
        victim, survivor = relay.workers
        first = victim.pid
        with one_of_each(relay) as [(lost, losts), (kept, kepts)], a_client(relay, "another") as other:
            peers = other.relayed()
            if worker_of(relay, peers) is victim:
                peers = next_of(relay, survivor, other)
            assert error(kept.bind(0x4000, peers)) is None
            assert error(other.permit(kepts, losts)) is None
            other.socket.send(send_indication(losts, b"before"))
            keeping = asyncio.create_task(relay.keep_alive())
            try:
                os.kill(first, signal.SIGKILL)
                while victim.pid == first:
                    # In the gap as well: nobody else's client comes to another worker than before.
                    kept.socket.send(channel_data(0x4000, b"still here"))
                    assert heard(other, kepts) == b"still here"
                    await asyncio.sleep(0.05)
                for number in range(50):
                    kept.socket.send(channel_data(0x4000, b"still here %d" % number))
                    assert heard(other, kepts) == b"still here %d" % number
                assert survivor.alive
                assert await relay.healthy()

                assert error(lost.refresh()) == 437, "its allocation is gone with its worker"
                again = lost.relayed()
                assert worker_of(relay, again) is victim, "the new one, to which its packets come as before"
                other.permit(again)
                lost.permit(peers)
                lost.socket.send(send_indication(peers, b"back"))
                assert heard(other, again) == b"back"
                # What the dead one had is nobody's now, and no peer.
                assert error(kept.bind(0x4001, losts)) == 403
            finally:
                keeping.cancel()


def next_of(relay: RelayGroup, worker: RelayProcess, client: SocketClient) -> TransportAddress:
    """Moves ``client`` to ports of its own until it is ``worker``'s; its relayed address."""
    while True:
        client.refresh(0)
        where = client.socket.getpeername()
        client.socket.close()
        client.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.socket.connect(where)
        relayed = client.relayed()
        if worker_of(relay, relayed) is worker:
            return relayed


async def test_all_of_it_is_adopted_and_what_is_missing_is_started(tmp_path):
    async with running_workers(tmp_path) as first:
        again = await adopt_or_start_all(relay_config(workers=WORKERS), tmp_path)
        assert again.adopted
        assert again.pids == first.pids
        for index in range(WORKERS):
            os.kill(again.workers[index].pid, signal.SIGKILL)
            await eventually(lambda victim=again.workers[index]: not victim.alive)
            mended = await adopt_or_start_all(relay_config(workers=WORKERS), tmp_path)
            assert not mended.adopted
            assert mended.listening == first.listening
            assert [worker.adopted for worker in mended.workers] == [other != index for other in range(WORKERS)]
            again = mended
        await again.stop()
        assert not any(worker.alive for worker in again.workers)


async def test_a_worker_that_is_stuck_is_replaced_at_adoption(tmp_path):
    async with running_workers(tmp_path) as relay:
        sick = relay.workers[1]
        psutil.Process(sick.pid).suspend()
        os.utime(sick.directory.statistics, (0, 0))  # as in a quarter of a minute
        mended = await adopt_or_start_all(relay_config(workers=WORKERS), tmp_path)
        try:
            assert mended.workers[0].adopted
            assert mended.workers[1].pid != sick.pid
            assert not sick.alive
        finally:
            await mended.stop()


@pytest.mark.parametrize(("before", "after"), [(1, 2), (3, 1)])
async def test_another_number_of_workers_is_another_relay(tmp_path, before, after):
    port = free_port()
    first = await adopt_or_start_all(relay_config(workers=before, port=port), tmp_path)
    second = await adopt_or_start_all(relay_config(workers=after, port=port), tmp_path)
    try:
        assert not any(worker.alive for worker in first.workers)
        assert len(second.workers) == after
        assert await second.healthy()
        with a_client(second) as client:
            client.relayed()
    finally:
        await second.stop()


@pytest.mark.parametrize(("theirs", "ours"), [(1, 2), (2, 2)])
async def test_nobody_elses_port_is_shared(tmp_path, theirs, ours):
    """SO_REUSEPORT alone would let another relay of the same user in, which would get half of the clients."""
    first = await adopt_or_start_all(relay_config(workers=theirs), tmp_path / "theirs")
    try:
        port = first.listening[0][1]
        with pytest.raises(RelayPortTaken):
            await adopt_or_start_all(relay_config(workers=ours, port=port), tmp_path / "ours")
        assert await first.healthy()
    finally:
        await first.stop()


def is_sent_away(client: SocketClient) -> bool:
    """Whether it is told of another relay; the one that it asks may not have heard yet that it is to drain."""
    code = error(client.allocate())
    if code is None:
        client.refresh(0)
    return code == 300


async def test_while_one_still_drains_both_send_newcomers_elsewhere(tmp_path):
    elsewhere = {"alternates": ("127.0.0.9:3478",), "drain": 60, "unauthenticated_answers": 1000}
    async with running_workers(tmp_path, addresses=(HOST,), **elsewhere) as relay:
        with contextlib.ExitStack() as clients:
            last = clients.enter_context(a_client(relay))
            last.relayed()
            newcomers = [clients.enter_context(a_client(relay, f"user-{number}")) for number in range(20)]
            stopping = asyncio.create_task(relay.stop())
            for newcomer in newcomers:
                await eventually(lambda newcomer=newcomer: is_sent_away(newcomer))
            assert all(worker.alive for worker in relay.workers)
            assert error(last.refresh(0)) is None
            async with asyncio.timeout(PATIENCE):
                await stopping
        assert not relay.alive
