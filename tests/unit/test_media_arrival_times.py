"""When datagrams arrived, though the event loop comes to them late."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest
from aioice.ice import Connection

from kiosk_client.aiortc_private.arrival_times import MOST_AT_ONCE, ArrivalTimes, DatagramSocket

STALL = 0.2
"""Seconds for which the machine has other work."""


SOON = 10.0
"""Seconds within which the kernel notes arrivals, once it was asked to: it begins when its own work queue comes to it,
and a datagram that came before is stamped when it is read (net_enable_timestamp and __sock_recv_timestamp of Linux)."""


def noted(reading: DatagramSocket, reader: socket.socket, writer: socket.socket) -> None:
    """Waits until the kernel notes when datagrams come. Raises TimeoutError if it does not."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        writer.sendto(b"first", reader.getsockname())
        after = time.monotonic()
        time.sleep(STALL / 10)
        reader.recv(10)
        came = reading.came()
        if came is not None and came <= after + STALL / 20:
            return
    raise TimeoutError("the kernel notes nothing")


@pytest.fixture
async def connected() -> AsyncIterator[tuple[Connection, Connection]]:
    """Two ends of an ICE connection on this machine."""
    ends = Connection(ice_controlling=True), Connection(ice_controlling=False)
    for end in ends:
        await end.gather_candidates()
    for end, other in (ends, ends[::-1]):
        for candidate in other.local_candidates:
            await end.add_remote_candidate(candidate)
        await end.add_remote_candidate(None)
        end.remote_username, end.remote_password = other.local_username, other.local_password
    async with asyncio.timeout(20):
        await asyncio.gather(*(end.connect() for end in ends))
    yield ends
    for end in ends:
        await end.close()


async def test_a_stall_of_the_loop_delays_no_arrival(connected: tuple[Connection, Connection]) -> None:
    sender, receiver = connected
    times = ArrivalTimes(receiver, time.monotonic)
    sent = []
    async with asyncio.timeout(SOON):
        while True:
            await sender.send(b"\xc8first")  # with which it begins
            after = time.monotonic()
            time.sleep(STALL / 10)  # noqa: ASYNC251 - the whole loop is to stand
            if times.of(await receiver.recv()) <= after + STALL / 20:
                break  # the kernel notes it
    for number in range(5):
        await sender.send(bytes([200, number]))
        sent.append(time.monotonic())
        time.sleep(STALL / 5)  # noqa: ASYNC251 - the whole loop is to stand
    async with asyncio.timeout(20):
        read = [await receiver.recv() for _ in sent]
    found = [times.of(data) for data in read]
    assert [data[1] for data in read] == [0, 1, 2, 3, 4]
    assert all(at < when + STALL / 10 for at, when in zip(found, sent, strict=True))
    assert found == sorted(found)


async def test_what_was_read_before_or_by_somebody_else_is_of_now(connected: tuple[Connection, Connection]) -> None:
    sender, receiver = connected
    times = ArrivalTimes(receiver, time.monotonic)
    before = time.monotonic()
    assert times.of(b"never came") >= before
    for number in (1, 2):
        await sender.send(bytes([200, number]))
    async with asyncio.timeout(20):
        await receiver.recv()  # nobody asked when
        second = await receiver.recv()
    assert before <= times.of(second) <= time.monotonic()


def test_of_a_datagram_the_kernel_knows_when_it_came_and_of_a_stream_nothing() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as reader, socket.socket(type=socket.SOCK_DGRAM) as writer:
        reader.bind(("127.0.0.1", 0))
        reading = DatagramSocket(reader, time.monotonic)
        noted(reading, reader, writer)
        for _ in range(2):
            before = time.monotonic()
            writer.sendto(b"x", reader.getsockname())
            after = time.monotonic()
            time.sleep(STALL)
            reader.recv(10)
            came = reading.came()
            assert came is not None
            assert before - 0.01 <= came <= after + 0.01
            assert reading.came() is None  # of that datagram it has been said
    assert reading.came() is None
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")
        ours.recv(1)
        assert DatagramSocket(ours, time.monotonic).came() is None
    assert DatagramSocket(None, time.monotonic).came() is None


def test_what_is_there_already_is_read_at_once_but_not_without_end() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as reader, socket.socket(type=socket.SOCK_DGRAM) as writer:
        reader.bind(("127.0.0.1", 0))
        reader.setblocking(False)
        writer.bind(("127.0.0.1", 0))
        reading = DatagramSocket(reader, time.monotonic)
        assert [*reading.more()] == []
        for number in range(MOST_AT_ONCE + 10):
            writer.sendto(bytes([number]), reader.getsockname())
        assert [*reading.more()] == [(bytes([number]), writer.getsockname()) for number in range(MOST_AT_ONCE)]
        assert len([*reading.more()]) == 10
        writer.sendto(b"x", reader.getsockname())
    assert [*reading.more()] == []
