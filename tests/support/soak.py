"""Long use and hard use of a relay process: allocations by the thousand, and a flood beside a call.

``python -m support.soak HOST PORT RATE`` is the flood, a process of its own: so many requests without credentials a
second, from many sources, until its input ends. Prints how many it has sent, and in how many seconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
from support.house import ROOT
from support.relay_client import SocketClient, channel_data, credentials, error, value

from media_relay.core.allocating import UDP
from media_relay.stun import attributes as stun
from media_relay.stun.channel import CHANNEL_HEADER
from media_relay.stun.message import MessageClass, Method, build

CHANNEL = 0x4000
SOURCES = 64
"""Sources of the flood, each an address of 127.3.0.0/24."""
PACKETS_A_SECOND = 100
"""Of a call under a flood, each way: sound at 50, and as much of a picture."""
PAYLOAD = 160
LATE = 10.0
"""Seconds that the last packets may take: whether they come is asked here, not when."""
LASTS = 300
"""Seconds for which an allocation is asked, whatever the relay would give: nobody can say how long its use takes."""
PATIENCE = 60.0


@dataclass(frozen=True)
class Footprint:
    """What a process holds: bytes of memory, open files, UDP sockets."""

    memory: int
    files: int
    sockets: int

    @classmethod
    def of(cls, pid: int) -> Footprint:
        """Of the process ``pid``, now."""
        process = psutil.Process(pid)
        return cls(process.memory_info().rss, process.num_fds(), len(process.net_connections(kind="udp")))

    def same_handles(self, other: Footprint) -> bool:
        """Whether as many files and sockets are open."""
        return (self.files, self.sockets) == (other.files, other.sockets)


@dataclass(frozen=True)
class Carried:
    """A paced stream both ways: packets sent, and those that never came."""

    sent: int
    lost: int


class Call:
    """Two clients of a relay on loopback, both relayed, each with a channel to the other. ``number``: which call, for
    each is at an address of its own; a port that is used again may still have an allocation that nobody released."""

    def __init__(self, relay: tuple[str, int], number: int = 0) -> None:
        source, until = f"127.4.{number // 250}.{number % 250 + 1}", time.time() + 600
        names = (f"a-{number}", f"b-{number}")
        self.ends = tuple(SocketClient(relay, credentials(name, expires_at=until), source) for name in names)
        relayed = [end.relayed(stun.LIFETIME(LASTS)) for end in self.ends]
        for end, other in zip(self.ends, reversed(relayed), strict=True):
            assert error(end.bind(CHANNEL, other)) is None

    def say(self) -> None:
        """One packet each way, which must come."""
        for end, other in (self.ends, self.ends[::-1]):
            spoken = os.urandom(20)
            end.socket.send(channel_data(CHANNEL, spoken))
            assert other.receive() == channel_data(CHANNEL, spoken)

    def carry(self, seconds: float) -> Carried:
        """Packets both ways at an even pace for ``seconds``."""
        count, began = int(seconds * PACKETS_A_SECOND), time.monotonic()
        came: list[set[int]] = [set(), set()]
        for number in range(count):
            for end in self.ends:
                end.socket.send(channel_data(CHANNEL, struct.pack("!I", number).ljust(PAYLOAD, b"\0")))
            self._take_until(began + (number + 1) / PACKETS_A_SECOND, came, count)
        self._take_until(time.monotonic() + LATE, came, count)
        return Carried(2 * count, 2 * count - sum(map(len, came)))

    def _take_until(self, deadline: float, came: list[set[int]], count: int) -> None:
        sockets = [end.socket for end in self.ends]
        while (left := deadline - time.monotonic()) > 0 and sum(map(len, came)) < 2 * count:
            for sock in select.select(sockets, [], [], left)[0]:
                packet = sock.recv(2048)
                if CHANNEL_HEADER.unpack_from(packet)[0] == CHANNEL:
                    came[sockets.index(sock)].add(struct.unpack_from("!I", packet, CHANNEL_HEADER.size)[0])

    def release(self) -> None:
        """Both give their allocations up."""
        for end in self.ends:
            assert value(end.refresh(0), stun.LIFETIME) == 0

    def leave(self) -> None:
        """Both stay for as long as the relay gives to those who ask for nothing."""
        for end in self.ends:
            assert value(end.refresh(), stun.LIFETIME) < LASTS

    def close(self) -> None:
        """Closes both sockets; the relay is not told."""
        for end in self.ends:
            end.close()


def used(relay: tuple[str, int], allocations: int) -> None:
    """So many allocations are made and used, two by two: half of them are released, the others are left to expire."""
    for number in range(allocations // 2):
        with contextlib.closing(Call(relay, number)) as made:
            made.say()
            if number % 2:
                made.release()
            else:
                made.leave()


def at_rest(pid: int, before: Footprint) -> Footprint:
    """Waits until the process has as many files and sockets open as ``before``: what it holds. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        now = Footprint.of(pid)
        if now.same_handles(before):
            return now
        time.sleep(0.1)  # another process' doing, of which nothing tells
    raise TimeoutError(f"{now} is not as {before}")


class Flood:
    """Use ``flood``. ``sent`` and ``seconds`` are known once it has ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.sent = 0
        self.seconds = 0.0

    def end(self) -> None:
        """Ends it, and learns what it did."""
        if self._process.poll() is None:
            said, _ = self._process.communicate(timeout=30)
            self.sent, self.seconds = json.loads(said)


@contextlib.contextmanager
def flood(relay: tuple[str, int], rate: int) -> Iterator[Flood]:
    """A flood that is under way."""
    words = [sys.executable, "-m", "support.soak", relay[0], str(relay[1]), str(rate)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "flooding\n"
            running = Flood(process)
            yield running
            running.end()
        finally:
            process.kill()


def many_files() -> None:
    """Lets this process have as many files as it may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(host: str, port: int, rate: int) -> None:
    """The flood."""
    sockets = []
    for number in range(SOURCES):
        sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sockets[-1].bind((f"127.3.0.{number + 1}", 0))
        sockets[-1].setblocking(False)
        sockets[-1].connect((host, port))
    questions = [
        build(method, MessageClass.REQUEST, os.urandom(12), [stun.REQUESTED_TRANSPORT(UDP)])
        for method in (Method.ALLOCATE, Method.ALLOCATE, Method.REFRESH, Method.BINDING)
    ]
    began, sent, ended = time.monotonic(), 0, False
    while not ended:
        due = int((time.monotonic() - began) * rate)
        for _ in range(due - sent):
            with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
                sockets[sent % SOURCES].send(questions[sent % len(questions)])
            sent += 1
            if sent == 1:
                print("flooding", flush=True)
        ended = bool(select.select([sys.stdin], [], [], 0.0005)[0])
    print(json.dumps([sent, time.monotonic() - began]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
